"""The tables of figures, from made-up cards."""

from typing import Any

import numpy as np
import pytest

from mnist.errors import UserError
from mnist.evaluation import tables
from mnist.evaluation.figures import REJECTED, SEVERAL
from mnist.evaluation.sets import SETS

NOTES = {measured.key: measured.note for measured in SETS}
SHARES = {"right": 0.9225, "wrong": 0.0615, "rejected": 0.016, "unsure": 0.02, "calibration_error": 0.0124}
CONFUSION = 100 * np.eye(10, 12, dtype=int)
CONFUSION[1, [1, 7, SEVERAL, REJECTED]] = 50, 10, 30, 10
PEOPLES = {"count": 473, **SHARES, "confusion": CONFUSION.tolist()}
MNIST = {"count": 10000, "accuracy": 1.0, **SHARES, "confusion": (9 * np.eye(10, 12, dtype=int)).tolist()}
LOOSE = {"count": 2000, "accuracy": 0.9725, **SHARES, "styles": {f"7 style {n}": n / 100 for n in range(20)}}
NON_DIGITS = {"count": 2000, "rejected": 0.952, "auroc": 0.9996}
AS_READ = {"count": 500, "rejected": 0.91, "unsure": 0.03}
NUMBERS = {"count": 1000, **SHARES}


def card(network: str, **figures: Any) -> dict[str, Any]:
    return {"network": network, "parameters": 280139, "figures": figures}


def test_people_come_first_and_what_the_program_wrote_is_named_so() -> None:
    shipped = card(
        "convolutional", skahl=PEOPLES, skahl_numbers=NUMBERS, mnist_test=MNIST, drawings_loose=LOOSE,
        doodles=NON_DIGITS, letters=NON_DIGITS, letters_as_read=AS_READ, numbers_loose=NUMBERS, validation=LOOSE,
    )  # fmt: skip
    simple, textbook = card("softmax", drawings_loose=LOOSE), card("textbook", letters=NON_DIGITS)
    shares = "92.25 % | 6.15 % | 1.60 % | 2.0 % | 1.2 % |"
    every = tables.as_markdown([shipped, simple, textbook]).split("\n\n")
    assert every[4] == tables.MADE_UP.rstrip()
    assert [table.splitlines()[2:] for table in (*every[:4], *every[5:])] == [
        [
            f"| digits on a tablet, stretched: by strokes | Germany | 5 | 473 | {shares}",
            f"| digits on a tablet, stretched: {NOTES['skahl_numbers']} | Germany | 5 | 1,000 | {shares}",
            f"| MNIST's test digits | USA | 500 | 10,000 | {shares}",
        ],
        ["| doodles | 2,000 | 95.2 % |  | 1.000 |"],
        [
            "| 0 | 100.0 % | 0.0 % | 0.0 % |  |",
            "| 1 | 75.0 % | 20.0 % | 5.0 % | several digits (15.0 %), 7 (5.0 %) |",
            *(f"| {digit} | 100.0 % | 0.0 % | 0.0 % |  |" for digit in range(2, 10)),
        ],
        [
            "| This program's net | 280,139 | 92.25 % | 92.25 % | 100.00 % | 92.25 % |",
            "| Softmax regression | 280,139 |  |  |  | 92.25 % |",
            "| Textbook convolutional net | 280,139 |  |  |  |  |",
        ],
        [f"| drawn by untidy hands: {NOTES['drawings_loose']} | 2,000 | {shares} 97.25 % |  |"],
        [f"| letters: {NOTES['letters']} | 2,000 | 95.2 % | 91.0 % of 500 | 1.000 | 1.000 |"],
        [f"| numbers by untidy hands | 1,000 | {shares}"],
        [f"| 7 style {number} | {number} % |" for number in range(tables.HARDEST_STYLES)],
    ]


def test_without_peoples_handwriting_at_hand_mnists_digits_stand_for_it() -> None:
    lines = tables.as_markdown([card("softmax", mnist_test=MNIST, drawings_loose=LOOSE)]).splitlines()
    assert lines[2].startswith("| MNIST's test digits | USA | 500 | 10,000 | 92.25 % |")
    assert "Germany" not in "".join(lines)


def test_a_card_that_lacks_something_is_named_as_the_fault() -> None:
    with pytest.raises(UserError, match=r"lacks 'drawings_loose'. Train the network anew"):
        tables.as_markdown([card("softmax")])
