"""Turns: readings never wait; lessons take turns and wait for readings."""

import threading

import pytest

from mnist.web.state.turns import Turns

SOON, LONG = 5.0, 60.0  # seconds: more than anything here takes


def started(turns: Turns, max_wait_seconds: float = LONG) -> threading.Event:
    """Start a lesson in a thread of its own; return the event that it has begun."""
    begun = threading.Event()

    def lesson() -> None:
        with turns.lesson(max_wait_seconds):
            begun.set()

    threading.Thread(target=lesson).start()
    return begun


def test_a_lesson_waits_for_the_reading_that_is_under_way() -> None:
    turns = Turns()
    with turns.reading():
        begun = started(turns)
        assert not begun.wait(0.05)
    assert begun.wait(SOON)


def test_it_does_not_wait_for_ever() -> None:
    turns = Turns()
    with turns.reading():
        begun = started(turns, max_wait_seconds=0.01)
        assert begun.wait(SOON)


def test_lessons_take_turns_and_a_reading_waits_for_none_of_them() -> None:
    turns = Turns()
    with turns.lesson():
        begun = started(turns)
        with turns.reading():
            assert not begun.wait(0.05)
    assert begun.wait(SOON)


def test_what_fails_gives_its_turn_back() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.lesson(), turns.reading():
        _ = 1 / 0
    begun = started(turns)
    assert begun.wait(SOON)
