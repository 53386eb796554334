"""`python -m mnist serve`: what has to be right before a server is worth starting; then Streamlit takes over.

Whoever starts a container sees at once, by a sentence and a non-zero status, that it will never read a digit.
"""

import os
import socket
import sys
from typing import NoReturn

from mnist import memory
from mnist.errors import UserError
from mnist.files import MODEL, ROOT
from mnist.reading.classifier import verified_card
from mnist.web.server import frames

CONNECTIONS = 65_536  # and files that are open


def serve(address: str, port: int) -> NoReturn:
    """Become the server, or raise UserError where it could not work."""
    verified_card(MODEL)
    memory.check(memory.SERVING)
    check_port(address, port)
    frames.ancestors()
    allow_connections()
    os.chdir(ROOT)  # where Streamlit looks for its settings
    options = [f"--server.port={port}", f"--server.address={address}"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options])  # noqa: S606


def allow_connections() -> None:
    """Let the server hold as many connections as its administrator lets it, up to CONNECTIONS; usual are 1,024."""
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS if most == resource.RLIM_INFINITY else min(CONNECTIONS, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def check_port(address: str, port: int) -> None:
    """Raise UserError where nothing can listen on that port of that address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise UserError(
                f"port {port} of {address} cannot be had ({error.strerror}). "
                "Stop what uses it, or choose another with --port"
            ) from error
