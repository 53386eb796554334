"""The lines that a starting server prints: the addresses that its pages can be opened by."""

from mnist.web.local_address import local_address
from mnist.web.public_url import public_url


def greeting(host: str | None, port: int, base_path: str = "") -> str:
    """Return the greeting of a server that listens on an address, with the pages below `base_path`.

    `host` is None, 0.0.0.0 or :: for all addresses. If PUBLIC_URL is set, it stands in place of this machine's address:
    that may be a container's own, where nobody else can open it.
    """
    below = f"{base_path}/" if base_path else ""
    if host is None or host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        name, address = "localhost", local_address()
    else:
        name, address = f"[{host}]" if ":" in host else host, None  # RFC 3986: IPv6 has colons of its own
    lines = [f"  Draw a digit:      http://{name}:{port}{below}"]
    if public := public_url():
        lines.append(f"  for others:        {public.geturl()}")
    elif address is not None:
        lines.append(f"  on this network:   http://{address}:{port}{below}")
    return "\n".join(["", *lines, ""])
