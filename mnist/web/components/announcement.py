"""An announcement: a sentence that a screen reader says by itself when it changes.

Screen readers notice a change inside an element that stays; `st.markdown` replaces the element.
"""

from mnist.web.components import component

# some screen readers miss what changes in a shadow root
_region = component.register("announcement", "<div role='status' aria-live='polite'></div>", isolate_styles=False)


def announce(sentence: str, confidence: float | None = None, key: str = "announcement") -> None:
    """Announce a sentence and how sure it is (0 to 1), unless it was announced last under the same key."""
    _region(key=key, data=sentence if confidence is None else f"{sentence} {confidence:.0%} sure.")
