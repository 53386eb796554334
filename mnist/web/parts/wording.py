"""Wording: what the sentences of several pages have in common."""

import re


def plain(text: str) -> str:
    """Return the text for `st.markdown` as it stands: what a file's name holds becomes no link, heading or formula."""
    text = re.sub(r"([\\`*_\[\]<>$|~&@]|^[#+-]|(?<=www)\.|(?<=:)/)", r"\\\1", text.lstrip(), flags=re.IGNORECASE)
    return re.sub(r"^(\d+)([.)] )", r"\1\\\2", text)  # which begins a list


def with_article(digit: int | None) -> str:
    """Return the digit with its article: “a 7”, “an 8”."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


def capitalised(text: str) -> str:
    """Return the text with its first letter large, as a sentence begins; the others stay as they are."""
    return text[:1].upper() + text[1:]
