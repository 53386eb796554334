"""An announcement: a sentence that a screen reader says by itself when it changes.

Screen readers notice a change inside an element that stays; Streamlit replaces its own.
"""

from mnist.web.components import component

NOTE = "announced"

# some screen readers miss what changes in a shadow root
_region = component.register(
    "announcement", "<div role='status' aria-live='polite'></div>", reads_notes=True, isolate_styles=False
)


def show_region() -> None:
    """Show where announcements are made, once on each page; they are heard, not seen."""
    _region(key="announcement")


def announced(sentence: str, confidence: float | None = None, of: str = "") -> str:
    """Return HTML that announces a sentence, and how sure it is (0 to 1), unless that was just announced.

    `of` tells what says so from others that may say the same.
    """
    return component.note(NOTE, [of, sentence if confidence is None else f"{sentence} {confidence:.0%} sure."])
