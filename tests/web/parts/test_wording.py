"""The wording that pages have in common."""

import string

import pytest
from markdown_it import MarkdownIt

from mnist.web.parts.wording import plain


@pytest.mark.parametrize(
    "name",
    [
        "# 7.png",
        "1. seven",
        "- seven",
        "> seven",
        "[x](https://y.example)",
        "<b>",
        "a_b_ *c*",
        "R&amp;D",
        string.punctuation,
    ],
)
def test_what_a_files_name_holds_is_shown_as_it_stands(name: str) -> None:
    begin, inline, _ = MarkdownIt().parse(plain(name))
    assert begin.type == "paragraph_open"
    assert [(each.type, each.content) for each in inline.children or ()] == [("text", name)]


def test_a_name_that_begins_like_an_address_is_no_link() -> None:
    for name in ("www.example.org", "https://example.org", "me@example.org"):  # GitHub's Markdown makes one of each
        assert name not in plain(name)
