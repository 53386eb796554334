"""The passing guess: what the drawing looks like while the pen still moves; the browser asks the server for it."""

from mnist.reading import address
from mnist.reading.strokes import Strokes
from mnist.web.components import component

_follow = component.register("passing_guess")


def follow(drawn: Strokes, revision: int, pen: int, width: int, as_number: bool) -> None:
    """Follow the pen from now on, and take back what passing guesses have shown: call it when all else is shown.

    `drawn`: the strokes that are on the pad already, `revision`: of the pad. `pen`: width of the next stroke, `width`:
    of the pad, both in pixels.
    """
    data = {
        "numbers": address.to_numbers(drawn),
        "revision": revision,
        "pen": pen,
        "width": width,
        "asNumber": as_number,
    }
    _follow(key="passing", data=data)
