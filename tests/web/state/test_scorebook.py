"""The scorebook of a challenge: it asks, counts, corrects and exports."""

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mnist.data import drawings
from mnist.errors import UserError
from mnist.reading.drawings.strokes import MAX_POINTS, Stroke
from mnist.reading.outputs import NO_DIGIT
from mnist.web.state import scorebook
from mnist.web.state.scorebook import Round, Scorebook

LINES = [Stroke(np.array([[1.25, 2.0], [3.0, 4.0]]), 16.0), Stroke(np.array([[279.5, 0.0]]), 16.0)]


@pytest.fixture
def book(rng: np.random.Generator) -> Scorebook:
    return Scorebook(rng)


def draw(book: Scorebook, *read: int) -> list[int]:
    """Draw what is asked, which is read as that; returns what was asked."""
    asked = []
    for number, digit in enumerate(read):
        asked.append(book.asked)
        book.keep(np.full((28, 28), number / 255, np.float32), LINES, digit, 0.0)
    return asked


def test_each_digit_is_asked_once_a_round_and_none_twice_in_a_row(book: Scorebook) -> None:
    asked = draw(book, *[0] * 500)
    rounds = [asked[start : start + 10] for start in range(0, 500, 10)]
    assert all(sorted(one) == list(range(10)) for one in rounds)
    assert all(before != after for before, after in pairwise(asked))
    assert len({tuple(one) for one in rounds}) > 40


def test_a_round_ends_with_its_tenth_digit_and_says_how_many_were_right_in_what_time(book: Scorebook) -> None:
    book.begin(100.0)
    book.begin(105.0)  # the second stroke
    for number in range(10):
        assert book.ended is None
        read = book.asked if number < 7 else NO_DIGIT
        book.keep(np.zeros((28, 28), np.float32), LINES, read, 110.0 + 4 * number)
    assert book.ended == Round(right=7, seconds=46.0)
    book.keep(np.zeros((28, 28), np.float32), LINES, 0, 300.0)
    assert book.ended is None


def test_the_order_is_drawn_from_the_generator_it_is_given() -> None:
    orders = [draw(Scorebook(np.random.default_rng(seed)), *[0] * 20) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]


def test_it_counts_what_was_read_of_what_was_asked_from_nothing_on(book: Scorebook) -> None:
    assert (book.score, book.latest, len(book.labelled)) == ((0, 0), None, 0)
    first, second, third = book.asked, *draw_right(book, 2)[1:], book.asked
    draw(book, 10)
    assert book.score == (2, 3)
    expected = np.zeros((10, 11), int)
    expected[first, first] = expected[second, second] = expected[third, 10] = 1
    assert np.array_equal(book.counts, expected)
    assert book.latest is not None
    assert (book.latest.asked, book.latest.read, book.latest.misread) == (third, 10, True)


def draw_right(book: Scorebook, times: int) -> list[int]:
    return [draw(book, book.asked)[0] for _ in range(times)]


def test_a_label_that_is_put_right_counts_and_is_taken_home(book: Scorebook) -> None:
    (asked,) = draw(book, 10)
    draw_right(book, 1)
    misread = book.entries[0]
    assert misread.asked == misread.label == asked
    read = (asked + 1) % 10
    book.relabel(misread.number, read)
    assert book.score == (1, 2)
    assert book.counts[read, 10] == 1
    assert book.labelled.labels[0] == read
    book.relabel(misread.number, 10)
    assert book.score == (2, 2)
    assert book.counts.sum() == 1  # what is no digit has no row
    assert book.labelled.labels[0] == 10


def test_what_is_thrown_away_is_gone_and_its_number_never_used_again(book: Scorebook) -> None:
    draw_right(book, 2)
    newest = book.entries[0]
    book.throw_away(newest.number)
    draw_right(book, 1)
    assert book.score == (2, 2)
    assert newest.number not in [entry.number for entry in book.entries]
    assert book.labelled.samples[:, 0, 0].tolist() == [0, 0]


def test_a_doodle_is_struck_out_and_its_digit_asked_for_again(book: Scorebook) -> None:
    draw_right(book, 3)
    book.strike_out()  # there is none
    assert book.score == (3, 3)
    (asked,) = draw(book, NO_DIGIT)
    assert (book.rejected, book.score) == (1, (3, 4))
    book.strike_out()
    assert (book.rejected, book.score, book.asked) == (0, (3, 3), asked)
    draw(book, NO_DIGIT, NO_DIGIT)
    book.strike_out()
    book.strike_out()  # pressed twice: the one before stays
    assert (book.rejected, book.score) == (1, (3, 4))
    kept = json.loads(json.dumps(book.to_keep(0.0)))
    rest = [book.asked, *draw(book, *[0] * 7)[1:]]
    assert len(set(rest)) == 7  # each of the round is still asked once
    Scorebook(np.random.default_rng(3)).bring_back(kept, 0.0)  # and a tab can keep it


def test_a_round_that_has_ended_stays_so_whatever_is_struck_out(book: Scorebook) -> None:
    draw_right(book, 9)
    draw(book, NO_DIGIT)
    asked = book.asked
    book.strike_out()
    assert (book.score, book.asked) == ((9, 9), asked)
    assert book.ended


def test_misread_ones_are_shown_first_newest_first_and_all_are_taken_home_as_they_were_drawn(book: Scorebook) -> None:
    asked = [*draw_right(book, 1), *draw(book, 10, 10, 10), *draw_right(book, 1)]
    assert [entry.number for entry in book.entries] == [4, 3, 2, 5, 1]
    assert book.labelled.labels.tolist() == asked
    assert (book.labelled.samples[:, 0, 0] * 255).round().tolist() == [0, 0, 1, 2, 0]


def test_strokes_are_taken_home_as_they_were_drawn_with_their_true_labels(book: Scorebook, tmp_path: Path) -> None:
    first, second = draw(book, 10, 3)
    book.relabel(1, 10)
    (tmp_path / "mine").write_bytes(drawings.as_json_lines(book.drawings))
    found = drawings.read(tmp_path / "mine")
    assert [drawing.label for drawing in found] == ["no-digit", str(second)]
    for drawing in found:
        assert [stroke.tolist() for stroke in drawing.strokes] == [stroke.points.tolist() for stroke in LINES]
    assert first != second


def test_the_longest_drawing_that_the_pad_takes_can_be_read_back(book: Scorebook, tmp_path: Path) -> None:
    book.keep(np.zeros((28, 28), np.float32), [Stroke(np.full((MAX_POINTS, 2), 123.456), 16.0)], 3, 0.0)
    (tmp_path / "mine").write_bytes(drawings.as_json_lines(book.drawings))
    (found,) = drawings.read(tmp_path / "mine")
    assert len(found.strokes[0]) == MAX_POINTS


def test_a_writers_name_says_nothing_about_them() -> None:
    books = [Scorebook(np.random.default_rng(seed)) for seed in range(20)]
    for book in books:
        draw(book, 1, 2)
        assert re.fullmatch("visitor-[0-9a-f]{4}", book.writer)
        assert {drawing.writer for drawing in book.drawings} == {book.writer}
    assert len({book.writer for book in books}) > 18


def test_no_more_points_are_kept_than_there_is_room_for(book: Scorebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorebook, "MAX_POINTS", 8)
    full = []
    for _ in range(3):  # of three points and two ends each
        draw(book, 1)
        full.append(book.full)
    assert full == [False, True, True]
    assert book.score[1] == 2


def test_what_is_kept_of_a_drawing_is_eight_bytes_a_point(book: Scorebook) -> None:
    book.keep(np.zeros((28, 28), np.float32), [Stroke(np.zeros((1, 2)), 16.0)] * 2000, 3, 0.0)
    assert book.entries[0].points.nbytes == 8 * 2 * 2000


def test_no_more_is_kept_than_there_is_room_for(book: Scorebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorebook, "MAX_DRAWINGS", 2)
    draw_right(book, 2)
    assert book.full
    asked = book.asked
    draw(book, 3)
    assert book.score == (2, 2)
    assert book.asked == asked
    book.throw_away(1)
    assert not book.full


def test_a_tab_keeps_the_score_the_drawings_and_what_is_asked(book: Scorebook) -> None:
    draw(book, 3, NO_DIGIT, 5, 5)
    book.relabel(2, 7)
    book.throw_away(3)
    again = Scorebook(np.random.default_rng(1))
    again.bring_back(json.loads(json.dumps(book.to_keep(0.0))), 0.0)
    assert (again.asked, again.writer, again.score) == (book.asked, book.writer, book.score)
    assert np.array_equal(again.counts, book.counts)
    assert [entry.label for entry in again.entries] == [entry.label for entry in book.entries]
    for ours, theirs in zip(again.drawings, book.drawings, strict=True):
        for line, other in zip(ours.strokes, theirs.strokes, strict=True):
            assert np.allclose(line, other, atol=1.0)
    draw(again, 4)  # and it goes on
    assert again.score[1] == 4


def test_time_away_does_not_count_in_a_round(book: Scorebook) -> None:
    book.begin(100.0)
    book.keep(np.zeros((28, 28), np.float32), LINES, book.asked, 105.0)
    again = Scorebook(np.random.default_rng(1))
    again.bring_back(book.to_keep(107.0), 1000.0)
    for number in range(9):
        again.keep(np.zeros((28, 28), np.float32), LINES, again.asked, 1001.0 + number)
    assert again.ended == Round(right=10, seconds=16.0)


def test_a_tab_keeps_the_newest_drawings_only(book: Scorebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorebook, "KEPT_IN_TAB", 2)
    asked = draw(book, *range(5))
    again = Scorebook(np.random.default_rng(1))
    again.bring_back(book.to_keep(0.0), 0.0)
    assert [entry.asked for entry in sorted(again.entries, key=lambda entry: entry.number)] == asked[-2:]


def test_a_drawing_that_cannot_be_kept_costs_no_other(book: Scorebook) -> None:
    far = [Stroke(np.array([[0.0, 0.0], [2_100.0, 5.0]]), 16.0)]
    draw(book, 1)
    book.keep(np.zeros((28, 28), np.float32), far, 2, 0.0)
    draw(book, 3)
    again = Scorebook(np.random.default_rng(1))
    again.bring_back(book.to_keep(0.0), 0.0)
    assert again.score[1] == 2


def test_a_challenge_that_has_begun_is_not_replaced(book: Scorebook) -> None:
    kept = book.to_keep(0.0)
    draw(book, 1)
    book.bring_back({**kept, "asked": 9}, 0.0)
    assert book.score[1] == 1


KEPT = {"asked": 1, "to_come": [2, 3], "right": 0, "writer": "visitor-0000", "seconds": 4.5,
        "entries": [[1, 1, 1, [1, 16, 5, 5]]]}  # fmt: skip
FORGED: list[Any] = [
    None, [], "x", 5, {}, *({**KEPT, name: value} for name, value in (
        ("entries", None), ("asked", 11), ("asked", [1]), ("asked", 2), ("writer", "<script>"), ("writer", None),
        ("to_come", [11]), ("to_come", "23"), ("right", 11), ("right", "1"), ("seconds", "x"), ("seconds", [1]),
        ("to_come", ""), ("to_come", {}), ("seconds", -1), ("seconds", float("nan")), ("seconds", float("inf")),
        ("asked", 1.0), ("to_come", [2.0]), ("right", True),
    )),
    *({**KEPT, "entries": [entry]}
      for entry in (5, [1, 1, 1], [1, 1, 1, []], [1, 1, 1, [9]], [1, 1, 1, [1, 1, 1e9, 0]], [1, 12, 1, [1, 16, 5, 5]],
                    [None, 1, 1, [1, 16, 5, 5]], [1, 1, 1, "1,2"], [1, 1, 1, [1, 16, "a", 5]],
                    [1, 3.0, 1, [1, 16, 5, 5]], [1, 1, True, [1, 16, 5, 5]])),
]  # fmt: skip


def test_what_a_tab_keeps_is_taken_over(book: Scorebook) -> None:
    book.bring_back(KEPT, 0.0)
    assert (book.asked, book.writer, book.score) == (1, "visitor-0000", (1, 1))


@pytest.mark.parametrize("kept", FORGED, ids=str)
def test_what_no_tab_keeps_changes_nothing(book: Scorebook, kept: Any) -> None:
    before = book.to_keep(0.0)
    with pytest.raises(UserError):
        book.bring_back(kept, 0.0)
    assert book.to_keep(0.0) == before
