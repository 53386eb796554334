"""The passing guess: what the drawing looks like while the pen still moves; the browser asks the server for it."""

import itertools

from mnist.web.components import component

_follow = component.register("passing_guess")
_runs = itertools.count()


def follow(numbers: list[int] | None, pen: int, width: int) -> None:
    """Follow the pen from now on, and take back what passing guesses have shown: call it when all else is shown.

    `numbers`: the strokes that are on the pad already (reading/address.py). `pen`: width of the next stroke,
    `width`: of the pad, in pixels.
    """
    data = {
        "run": next(_runs),  # the browser is told of a run only if something is new
        "numbers": numbers,
        "pen": pen,
        "width": width,
    }
    _follow(key="passing", data=data)
