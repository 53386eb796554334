"""The helper of the photographs' page: it does and knows what Streamlit's uploader and canvas do not.

It gives pasted pictures to the uploader and describes the canvas for boxes to screen readers.
"""

from mnist.web.components import component

_helper = component.register("photo_helper")


def show_photo_helper() -> tuple[bool | None, bool]:
    """Start the helper, which cannot be seen.

    Return what it reported last: whether pages like this may use a camera (None until the browser has answered), and
    whether an upload was refused.
    """
    state = _helper(key="photo_helper", on_secure_change=lambda: None, on_refused_change=lambda: None)
    return None if state.secure is None else bool(state.secure), bool(state.refused)
