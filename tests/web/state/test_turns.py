"""Turns: readings never wait; lessons take turns and wait for readings."""

import threading

import pytest

from mnist.web.state.turns import Queue, Turns

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


def test_a_queue_lets_in_one_at_a_time_in_order_and_tells_how_many_are_before() -> None:
    queue, let_in, told = Queue(), [], threading.Event()
    places: list[int] = []

    def come(name: str) -> None:
        def tell(before: int) -> None:
            places.append(before)
            told.set()

        with queue.turn(tell):
            let_in.append(name)

    with queue.turn():
        threads = []
        for name in "abc":
            told.clear()
            threads.append(threading.Thread(target=come, args=(name,)))
            threads[-1].start()
            assert told.wait(SOON)
        assert let_in == []
    for thread in threads:
        thread.join(SOON)
    assert let_in == ["a", "b", "c"]
    assert set(places) == {1, 2, 3}


def test_what_fails_leaves_the_queue() -> None:
    queue = Queue()
    with pytest.raises(ZeroDivisionError), queue.turn():
        _ = 1 / 0
    with queue.turn():
        assert len(queue) == 1
    assert len(queue) == 0
