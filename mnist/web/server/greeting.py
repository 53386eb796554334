"""The lines that a starting server prints: the addresses that its pages can be opened by."""

from mnist.web.local_address import local_address


def greeting(host: str | None, port: int, base_path: str = "") -> str:
    """Return the greeting of a server that listens on an address, with the pages below `base_path`.

    `host` is None, 0.0.0.0 or :: for all addresses.
    """
    below = f"{base_path}/" if base_path else ""
    everywhere = host in (None, "0.0.0.0", "::")  # noqa: S104 - compared, not bound
    lines = [f"  Draw a digit:      http://{'localhost' if everywhere else host}:{port}{below}"]
    if everywhere and (address := local_address()) is not None:
        lines.append(f"  on this network:   http://{address}:{port}{below}")
    return "\n".join(["", *lines, ""])
