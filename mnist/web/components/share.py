"""The share sheet of a phone, for a picture of the drawing and a link that opens it."""

import base64
import secrets

import streamlit as st

from mnist.web.components import component

_share = component.register("share")


def show_share_sheet(shared: tuple[bytes, str, str | None] | None) -> None:
    """Open the sheet with a picture (PNG), a sentence and the drawing for the link (reading/address.py), if given.

    Call it with None as well: where a browser has no such sheet, the script takes the button away.
    """
    data = None
    if shared:
        picture, sentence, drawing = shared
        data = {
            "press": secrets.token_hex(4),
            "picture": base64.b64encode(picture).decode(),
            "sentence": sentence,
            "drawing": drawing,
        }
    _share(key="share_sheet", data=data, on_refused_change=_say_refused)


def _say_refused() -> None:
    st.toast("The share sheet did not open. Press Share once more.")
