"""Child processes of the server: those that need TensorFlow, so that nobody who draws shares a process with it."""

import os
import subprocess
import sys
import tempfile
from typing import Any

from mnist import memory
from mnist.errors import UserError
from mnist.files import ROOT
from mnist.packages import check_tensorflow

# TensorFlow is quiet and takes one thread: drawings come first
ENVIRONMENT = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def check(needed_bytes: int) -> None:
    """Raise UserError if a child could not work, for want of TensorFlow, memory or a folder for temporary files."""
    check_tensorflow()
    memory.check_left(needed_bytes)
    try:
        tempfile.gettempdir()
    except OSError as error:
        raise UserError("The server has no folder for temporary files, which this needs.") from error


def start(module: str, *arguments: str, niceness: int, **options: Any) -> "subprocess.Popen[Any]":
    """Start a module with pipes for its input and output; `options` are subprocess.Popen's.

    Raises UserError if the system does not let it start.
    """
    try:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, env={**os.environ, **ENVIRONMENT}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl+C and a closed terminal concern the server only
            **options,
        )  # fmt: skip
    except OSError as error:
        raise UserError(f"Another process cannot be started ({error.strerror}). Try again later.") from error
    if sys.platform != "win32":  # nobody but root may give a child more than the server itself has
        os.setpriority(os.PRIO_PROCESS, process.pid, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))
    return process
