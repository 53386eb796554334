"""The passing guess: what the drawing looks like while the pen still moves; the browser asks the server for it."""

import itertools

from mnist.reading import address
from mnist.reading.strokes import Strokes
from mnist.web.components import component

_follow = component.register("passing_guess")
_runs = itertools.count()


def follow(drawn: Strokes, pen: int, width: int, as_number: bool) -> None:
    """Follow the pen from now on, and take back what passing guesses have shown: call it when all else is shown.

    `drawn`: the strokes that are on the pad already. `pen`: width of the next stroke, `width`: of the pad, in pixels.
    """
    data = {
        "run": next(_runs),  # the browser is told of a run only if something is new
        "numbers": address.to_numbers(drawn),
        "pen": pen,
        "width": width,
        "asNumber": as_number,
    }
    _follow(key="passing", data=data)
