"""The helper of the photographs' page: it does and knows what Streamlit's uploader and canvas do not.

It gives pasted pictures to the uploader and describes the canvas for boxes to screen readers.
"""

from dataclasses import dataclass

from mnist.web.components import component

_helper = component.register("photo_helper")


@dataclass(frozen=True)
class BrowserReport:
    """A report by the browser: whether pages like this may use a camera, and whether an upload was refused.

    `secure` is None until the browser has answered.
    """

    secure: bool | None
    refused: bool


def show_photo_helper() -> BrowserReport:
    """Start the helper, which cannot be seen, and return what it reported last."""
    state = _helper(key="photo_helper", on_secure_change=lambda: None, on_refused_change=lambda: None)
    return BrowserReport(None if state.secure is None else bool(state.secure), bool(state.refused))
