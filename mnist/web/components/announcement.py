"""An announcement: a sentence that a screen reader says by itself when it changes.

Screen readers notice a change inside an element that stays; `st.markdown` replaces the element.
"""

import re

from mnist.web.components import component

# some screen readers miss what changes in a shadow root
_region = component.register("announcement", "<div role='status' aria-live='polite'></div>", isolate_styles=False)


def announce(sentence: str, confidence: float | None = None, key: str = "announcement") -> None:
    """Announce a sentence of Markdown and how sure it is (0 to 1), unless it was announced last under the same key."""
    words = spoken(sentence)
    _region(key=key, data=words if confidence is None else f"{words} {confidence:.0%} sure.")


def spoken(sentence: str) -> str:
    """Return a sentence of Markdown as the words that are seen."""
    return re.sub(r"\\(.)", r"\1", sentence).strip()
