"""The helper of the photographs' page: it does and knows what Streamlit's uploader and canvas do not.

It gives pasted pictures to the uploader and describes the canvas for boxes to screen readers.
"""

from mnist.web.components import component

_helper = component.register("photo_helper")


def show_photo_helper() -> tuple[bool | None, bool, str | None]:
    """Start the helper, which cannot be seen.

    Return what it reported last: whether pages like this may use a camera (None until the browser has answered),
    whether an upload was refused, and a word that this tab of the browser, and no other, keeps when it is reloaded.
    """
    state = _helper(
        key="photo_helper",
        on_secure_change=lambda: None,
        on_refused_change=lambda: None,
        on_tab_change=lambda: None,
    )
    tab = state.tab if isinstance(state.tab, str) else None
    return None if state.secure is None else bool(state.secure), bool(state.refused), tab
