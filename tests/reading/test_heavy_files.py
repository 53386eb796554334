"""Small files that would take minutes to read, or gigabytes, are refused by a sentence or read as one thing."""

from collections.abc import Callable

import pytest

from mnist.errors import UserError
from mnist.reading import find_digits, look_again
from mnist.reading.pictures import pdf
from tools.harness import heavy


@pytest.mark.parametrize("name", heavy.REFUSED)
def test_what_would_take_too_much_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content, sentence = heavy.REFUSED[name]
    monkeypatch.setattr(pdf, "MAX_SECONDS", 600)  # its time of the processor is what bounds it
    with pytest.raises(UserError, match=sentence):
        find_digits.in_file(content())


@pytest.mark.parametrize("name", heavy.ONE_THING)
def test_what_would_be_tried_in_too_many_ways_is_read_as_one_thing(name: str) -> None:
    (line,) = find_digits.in_file(heavy.ONE_THING[name]()).lines
    assert len(line.parts) == 1


def test_a_lattice_says_how_many_parts_were_too_many() -> None:
    assert find_digits.in_file(heavy.hatches()).untried > look_again.MAX_PARTS_OF_LOOKS


@pytest.mark.parametrize(("shapes", "least"), [(heavy.tables, 2_000), (heavy.blots, 500)])
def test_of_hundreds_of_shapes_as_wide_as_one_another_none_is_cut(shapes: Callable[[], bytes], least: int) -> None:
    parts = [part for line in find_digits.in_file(shapes()).lines for part in line.parts]
    assert len(parts) > least
    assert not any(part.cut for part in parts)
