"""The checks of `python -m mnist serve` before the process becomes the server.

A server that could never read a digit ends at once, with a sentence and a status other than 0.
"""

import contextlib
import errno
import socket
import sys

from mnist import memory
from mnist.errors import UserError
from mnist.files import MODEL
from mnist.reading.card import read_card, verified
from mnist.reading.network import SUFFIX
from mnist.web.server import headers, hosts

MAX_CONNECTIONS = 65_536  # and open files
OLD_MACS_CONNECTIONS = 10_240  # their kernels refuse more


def check(address: str, port: int) -> None:
    """Make sure that a server on that address and port could work. Raises UserError if not."""
    verified(MODEL.with_suffix(SUFFIX), read_card(MODEL)["onnx_sha256"])
    memory.check(memory.SERVING_BYTES)
    check_port(address, port)
    headers.frame_ancestors()
    hosts.listed_names()
    allow_connections()


def allow_connections() -> None:
    """Set the process's limit of connections (1,024 as a rule) to MAX_CONNECTIONS, or as high as it may be."""
    if sys.platform == "win32":
        return
    import resource

    _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = MAX_CONNECTIONS if hard_limit == resource.RLIM_INFINITY else min(MAX_CONNECTIONS, hard_limit)
    for most in (limit, OLD_MACS_CONNECTIONS):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard_limit))
            return


def check_port(address: str, port: int) -> None:
    """Raise UserError if the process cannot listen on that port of that address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            problem = f"cannot listen on port {port} of {address} ({error.strerror})"
            raise UserError(f"{problem}. {_remedy(error)}") from error


def _remedy(error: OSError) -> str:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return "This machine has no such address: choose one of its own with --address"
    if error.errno == errno.EACCES:
        return "Choose another port, above 1023, with --port"
    return "Stop the program that uses it, or choose another port with --port"
