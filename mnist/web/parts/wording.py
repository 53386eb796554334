"""Wording: what the sentences of several pages have in common."""

import re


def plain(text: str) -> str:
    """Return the text for `st.markdown` as it stands: what a file puts into it becomes no link, picture or formula."""
    return re.sub(r"([\\`*_\[\]<>$|~])", r"\\\1", text)


def with_article(digit: int | None) -> str:
    """Return the digit with its article: “a 7”, “an 8”."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def capitalised(text: str) -> str:
    """Return the text with its first letter large, as a sentence begins; the others stay as they are."""
    return text[:1].upper() + text[1:]
