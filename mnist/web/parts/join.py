"""The way in for a class: the address of this page, large enough for the last row, and its QR code.

PUBLIC_URL in the environment sets it where the server cannot know it, behind a proxy or in a container.
"""

import html
import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import segno
import streamlit as st

from mnist.web.parts import reading_panel
from mnist.web.server.greeting import local_address

PUBLIC_URL = "PUBLIC_URL"


@dataclass(frozen=True)
class Invitation:
    """The address to join by, and a sentence where it may not work; no address where there is none for others."""

    url: str | None
    advice: str = ""


def invitation(opened: str, public: str | None, bound: str | None, local: str | None) -> Invitation:
    """How others come to the page that was opened under that address.

    `public` is what PUBLIC_URL says, `bound` the address that the server listens on (None for all), `local` this
    machine's own in its network.
    """
    here = urlsplit(opened)
    if public:
        there = urlsplit(public.rstrip("/"))
        if there.scheme not in {"http", "https"} or not there.netloc:
            return Invitation(None, f"PUBLIC_URL is “{public}”, which is no address like https://digits.example.org.")
        return Invitation(urlunsplit((there.scheme, there.netloc, there.path + here.path, "", "")))
    if not _only_here(here.hostname):
        return Invitation(urlunsplit((here.scheme, here.netloc, here.path, "", "")))
    if local is None or (bound is not None and _only_here(bound)):
        return Invitation(None, f"{here.netloc} is an address of this machine only. {_REMEDY}")
    port = f":{here.port}" if here.port else ""
    return Invitation(
        urlunsplit((here.scheme, f"{local}{port}", here.path, "", "")),
        "For devices in the same network. If it does not open there (from a container, or through a firewall), start "
        "the server with PUBLIC_URL set to an address that does.",
    )


_REMEDY = (
    "For others to join, let the server listen in the network (make run does, without HOST=127.0.0.1), or set "
    "PUBLIC_URL to the address that they can open."
)


def _only_here(host: str | None) -> bool:
    """Whether a host name or address leads to this very machine from wherever it is opened."""
    if host is None or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def button() -> None:
    """The button, and what it opens."""
    if st.button("Join", key="join"):
        _show()


@st.dialog("Join on your own device", width="large")
def _show() -> None:
    bound = st.get_option("server.address")
    invited = invitation(st.context.url or "", os.environ.get(PUBLIC_URL), bound, local_address())
    if invited.url is not None:
        code = segno.make(invited.url, error="m").png_data_uri(scale=12, border=2)
        plain = html.escape(invited.url.removeprefix("http://"))
        st.html(f"<div class='join'><img src='{code}' alt='the address as a QR code'><p>{plain}</p></div>")
    if invited.advice:
        st.markdown(reading_panel.plain(invited.advice))
