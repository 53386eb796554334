"""The invitation for a class: the address of this page, large enough for the last row, and its QR code."""

import html
import ipaddress
from urllib.parse import SplitResult, urlsplit

import segno
import streamlit as st

from mnist.web.local_address import local_address
from mnist.web.parts.wording import plain
from mnist.web.public_url import public_url


def invitation(opened: str, public: SplitResult | None, bound: str | None, local: str | None) -> tuple[str | None, str]:
    """Return the address under which others can open a page, None if there is none, and advice if it may not work.

    `opened` is the page's address in this browser, `public` is PUBLIC_URL, `bound` the address that the server listens
    on (None for all), `local` this machine's own address in its network.
    """
    here = urlsplit(opened)._replace(query="", fragment="")
    if public:
        below = here.path.removeprefix(public.path) if here.path.startswith(f"{public.path}/") else here.path
        return public._replace(path=public.path + below, query="", fragment="").geturl(), ""
    if not _is_loopback(here.hostname):
        return here.geturl(), ""
    if local is None or (bound is not None and _is_loopback(bound)):
        return None, (
            f"{here.netloc} works on this machine only. For others to join, let the server listen in the network "
            "(make run does, without HOST=127.0.0.1), or set PUBLIC_URL to an address that they can open."
        )
    port = f":{here.port}" if here.port else ""
    return here._replace(netloc=f"{local}{port}").geturl(), (
        "This address is for devices in the same network. If it does not open there (because of a container or a "
        "firewall), start the server with PUBLIC_URL set to an address that does."
    )


def _is_loopback(host: str | None) -> bool:
    """Tell whether a host name or address leads every machine to itself."""
    if host is None or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@st.dialog("Join on your own device", width="large")
def show_invitation() -> None:
    """Show the address, its QR code, and advice if it may not work."""
    bound = st.get_option("server.address")
    url, advice = invitation(st.context.url or "", public_url(), bound, local_address())
    if url is not None:
        code = segno.make(url, error="m").png_data_uri(scale=12, border=2)
        address = html.escape(url.removeprefix("http://"))
        st.html(f"<div class='join'><img src='{code}' alt='the address as a QR code'><p>{address}</p></div>")
    if advice:
        st.markdown(plain(advice))
