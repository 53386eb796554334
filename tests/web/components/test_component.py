"""Notes to scripts: whatever they tell arrives, and nothing in them ends what they stand in."""

import json
from html.parser import HTMLParser
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from mnist.web.components import component

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


class Notes(HTMLParser):
    """What an HTML parser finds in the elements it meets: their names and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@example("--> ]> </style> <script>'\"&quot;")
@given(JSON)
def test_what_a_note_tells_is_read_and_nothing_else(told: Any) -> None:
    parser = Notes()
    parser.feed(component.note("drawn", told))
    ((tag, attributes),) = parser.found
    assert (tag, attributes["data-note"]) == ("i", "drawn")
    text = attributes["data-told"] or ""
    assert json.loads(text) == told
    assert not {*"<>"} & {*text}  # Streamlit drops attributes that hold what might end a comment or an element
