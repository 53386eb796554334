"""Figures that are measured anew: where they are written, and what stays."""

import pytest

from tools.measure_cards import BEGIN, DOCUMENT, END, with_figures, with_tables

pytestmark = pytest.mark.network


def test_figures_of_training_stay_and_all_others_are_new() -> None:
    card = {"network": "softmax", "figures": {"mnist_validation": 1, "mnist_test": 2, "gone": 3}}
    assert with_figures(card, {"mnist_test": 4}) == {
        "network": "softmax", "figures": {"mnist_validation": 1, "mnist_test": 4}
    }  # fmt: skip


def test_tables_take_the_place_of_the_old_ones_only() -> None:
    page = f"before\n{BEGIN}old\n{END}\nbetween\n<!-- begin: other -->\nkept\n{END}\n"
    assert with_tables(page, "new\n") == page.replace("old", "new")
    assert BEGIN in DOCUMENT.read_text("utf-8")
