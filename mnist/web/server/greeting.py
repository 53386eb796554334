"""The lines that a starting server prints: the addresses that its pages can be opened by."""

import socket


def greeting(host: str | None, port: int) -> str:
    """Return the greeting of a server that listens on an address; `host` is None, 0.0.0.0 or :: for all addresses."""
    everywhere = host in (None, "0.0.0.0", "::")  # noqa: S104 - compared, not bound
    lines = [f"  Draw a digit:      http://{'localhost' if everywhere else host}:{port}"]
    if everywhere and (address := local_address()) is not None:
        lines.append(f"  on this network:   http://{address}:{port}")
    return "\n".join(["", *lines, ""])


def local_address() -> str | None:
    """Return this machine's address in its local network, or None if it is in none; sends nothing to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # RFC 5737: nobody's address; connecting by UDP only picks a route
        except OSError:
            return None
        return str(probe.getsockname()[0])
