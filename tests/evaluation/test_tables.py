"""The tables of figures, from made-up cards."""

from typing import Any

import pytest

from mnist.errors import UserError
from mnist.evaluation import tables
from mnist.evaluation.sets import SETS

NOTES = {measured.key: measured.note for measured in SETS}
DIGITS = {"count": 2000, "accuracy": 0.9725, "rejected": 0.016, "unsure": 0.02, "calibration_error": 0.0124}
LOOSE = {**DIGITS, "confusion": [], "styles": {f"7 style {number}": number / 100 for number in range(20)}}
TEST = {"count": 9, "accuracy": 1.0, "confusion": [[2, 0], [1, 6]]}
NUMBERS = {"count": 1000, "accuracy": 0.91, "answers_right": 0.955882, "rejected": 0.048, "unsure": 0.019}
LETTERS = {"count": 2000, "rejected": 0.952, "auroc": 0.9996}


def card(network: str, **figures: Any) -> dict[str, Any]:
    return {"network": network, "parameters": 280139, "figures": figures}


def test_markdown_has_a_row_for_each_set_of_the_first_card_and_leaves_gaps_in_others() -> None:
    shipped = card(
        "convolutional", mnist_test=TEST, drawings_loose=LOOSE, numbers_loose=NUMBERS, letters=LETTERS, validation=LOOSE
    )
    simple, textbook = card("softmax", drawings_loose=LOOSE), card("textbook", letters=LETTERS)
    tables_ = tables.as_markdown([shipped, simple, textbook]).split("\n\n")
    assert [table.splitlines()[2:] for table in tables_] == [
        [
            "| This program's net | 280,139 | 100.00 % | 97.25 % |",
            "| Softmax regression | 280,139 |  | 97.25 % |",
            "| Textbook convolutional net | 280,139 |  |  |",
        ],
        [
            "| MNIST's test digits | 9 | 100.00 % |  |  |  |  |",
            f"| drawn by loose hands: {NOTES['drawings_loose']} | 2,000 | 97.25 % | 1.6 % | 2.0 % | 1.2 % |  |",
        ],
        [f"| letters: {NOTES['letters']} | 2,000 | 95.2 % | 1.000 | 1.000 |"],
        ["| numbers by loose hands | 1,000 | 91.00 % | 95.59 % | 4.8 % | 1.9 % |"],
        ["| 0 | 2 | 0 |", "| 1 | 1 | 6 |"],
        [f"| 7 style {number} | {number} % |" for number in range(tables.HARDEST_STYLES)],
    ]


def test_a_card_that_lacks_something_is_named_as_the_fault() -> None:
    with pytest.raises(UserError, match=r"lacks 'mnist_test'. Train the network anew"):
        tables.as_markdown([card("softmax")])
