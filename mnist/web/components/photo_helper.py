"""The helper of the photographs' page: it does and knows what Streamlit's uploader and canvas do not.

It gives pasted pictures to the uploader and describes the canvas for boxes to screen readers.
"""

from mnist.web.components import component

_helper = component.register("photo_helper")


def show_photo_helper() -> tuple[bool | None, str | None, str | None]:
    """Start the helper, which cannot be seen.

    Return what it reported last: whether pages like this may use a camera (None until the browser has answered), "full"
    if the server had no room or no time for an upload, or "lost" if one did not arrive for another reason, and a word
    that this tab of the browser, and a copy of it, keeps when it is reloaded.
    """
    state = _helper(
        key="photo_helper",
        on_secure_change=lambda: None,
        on_failure_change=lambda: None,
        on_tab_change=lambda: None,
    )
    failure, tab = (said if isinstance(said, str) else None for said in (state.failure, state.tab))
    return None if state.secure is None else bool(state.secure), failure, tab
