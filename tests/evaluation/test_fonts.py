"""The fonts' letters: none that looks like a digit, none that the font lacks."""

from unittest.mock import Mock

import numpy as np
import pytest

from mnist.evaluation import fonts
from mnist.evaluation.fonts import ALPHABETS, DIGITS, LETTERS, SYMBOLS


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_what_is_left_out_of_an_alphabet_is_part_of_it_and_there_are_letters_left(alphabet: str) -> None:
    first, last, excluded = ALPHABETS[alphabet]
    assert all(first <= letter <= last for letter in excluded)
    letters = fonts.letters_of(alphabet, fonts.dejavu())
    assert len(letters) >= 8
    assert not set(letters) & set(excluded)


def test_a_letter_that_the_font_lacks_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ALPHABETS, "Khmer", ("ក", "អ", ""))  # which DejaVu Sans has not
    assert fonts.letters_of("Khmer", fonts.dejavu()) == []


def test_letters_are_drawn_from_every_alphabet_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    bent = Mock(return_value=np.zeros((3, 3)))
    monkeypatch.setattr(fonts, "_bent", bent)
    fonts.alphabets(2 * len(ALPHABETS), np.random.default_rng(1))
    drawn = [call.args[0] for call in bent.call_args_list]
    for letters in (drawn[: len(ALPHABETS)], drawn[len(ALPHABETS) :]):
        for letter, (first, last, _) in zip(letters, ALPHABETS.values(), strict=True):
            assert first <= letter <= last


def test_a_bent_letter_has_ink_and_paper_around_it() -> None:
    letters = fonts.alphabets(40, np.random.default_rng(2))
    for pixels in letters:
        assert pixels.max() > 200
        assert pixels[[0, -1]].max() == pixels[:, [0, -1]].max() == 0


@pytest.mark.parametrize("which", [DIGITS, LETTERS, SYMBOLS])
def test_hershey_characters_are_strokes_about_one_high(which: dict[str, str]) -> None:
    glyphs = fonts.hershey(which)
    assert len(glyphs) == sum(map(len, which.values()))
    heights = [np.ptp(np.concatenate(glyph)[:, 1]) for glyph in glyphs]
    assert 0.4 < np.median(heights) < 1.3
