"""The server's process: `streamlit run` of our app, with our connections in the place of uvicorn's.

`streamlit run streamlit_app.py` alone serves the same pages, with connections that are not bounded.
"""

import os
import signal
from contextlib import suppress

from mnist.files import ROOT


def run(address: str, port: int) -> None:
    """Serve on that address and port until the process is told to stop."""
    from click import Abort
    from streamlit.web import cli
    from uvicorn import config

    os.chdir(ROOT)  # where Streamlit looks for its settings
    config.HTTP_PROTOCOLS["auto"] = "mnist.web.server.connections:Connection"
    config.WS_PROTOCOLS["websockets-sansio"] = "mnist.web.server.connections:PageConnection"
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # a closed terminal
        signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))  # that one uvicorn knows
    options = [f"--server.port={port}", f"--server.address={address}"]
    with suppress(Abort):  # it was told to stop; uvicorn has put things in order
        cli.main(["run", "streamlit_app.py", *options], standalone_mode=False)
