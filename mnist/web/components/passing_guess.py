"""The passing guess: what the drawing looks like while the pen still moves; the browser asks the server for it."""

import itertools

from mnist.web.components import component

NOTE = "drawn"

_follow = component.register("passing_guess", reads_notes=True)
_runs = itertools.count()


def follow() -> None:
    """Have the browser follow the pen, from what the last note says was drawn."""
    _follow(key="passing")


def drawn(numbers: list[int] | None, pen: int, width: int) -> str:
    """Return HTML that takes back what passing guesses have shown: it belongs to the guess that lasts.

    `numbers`: the strokes that are on the pad already (reading/address.py), None if they are too many. `pen`: width of
    the next stroke, `width`: of the pad, in pixels.
    """
    # a browser is told only of what is new, and every run ends passing guesses
    return component.note(NOTE, {"run": next(_runs), "numbers": numbers, "pen": pen, "width": width})
