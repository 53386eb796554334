"""The page on how good it is, part by part, without a browser: what it shows is what the cards say."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mnist.files import MODEL
from mnist.training.networks import BASELINES, NETWORKS
from mnist.web.pages.report_parts import accuracy_panel, calibration_panel, cards
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from tests.web.pages.app_test import LoadingReader, html, objects_of, page_of, put_on_canvas, replace, run, said

CARD: dict[str, Any] = json.loads(MODEL.with_suffix(".json").read_text())


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> AppTest:
    replace(monkeypatch, the_reader, loaded)
    monkeypatch.delenv("MNIST_DATA", raising=False)
    cards.mnist_images.cache_clear()
    return page_of("report")


def opened(page: AppTest, part: str) -> AppTest:
    page.session_state["lesson"] = part
    return run(page)


def test_the_headlines_and_the_table_are_the_cards(page: AppTest) -> None:
    opened(page, "accuracy")
    for name in ("mnist_test", "drawings", "drawings_loose"):
        assert f"<b>{100 * CARD['figures'][name]['accuracy']:.2f} %</b>" in html(page)
    for network in BASELINES:
        accuracy = cards.card(network)["figures"]["mnist_turned"]["accuracy"]
        assert f"<td>{100 * accuracy:.2f} %</td>" in html(page)


def test_every_network_that_can_be_trained_has_its_card_and_its_words() -> None:
    assert set(accuracy_panel.SHAPES) == set(NETWORKS)
    assert all(cards.card(network)["network"] == name for name, network in NETWORKS.items())


def test_the_most_frequent_confusion_is_shown_first_and_another_is_chosen(page: AppTest) -> None:
    opened(page, "confusions")
    assert "It was surest of these:" in said(page)
    assert html(page).count("% sure") + html(page).count("no digit") >= 1
    page.session_state["matrix_drawings_loose"] = {"chosen": 11}
    opened(page, "confusions")
    counts = CARD["figures"]["drawings_loose"]["confusion"][1]
    assert f"**{counts[1]} of {sum(counts)}** were read correctly as a 1" in said(page)
    assert html(page).count("<figure>") == 3


@pytest.mark.parametrize("sent", [100, -1, "x", None, float("nan"), [1]])
def test_whatever_the_matrix_sends_a_cell_is_chosen(page: AppTest, sent: Any) -> None:
    page.session_state["matrix_drawings_loose"] = {"chosen": sent}
    assert "read as" in said(opened(page, "confusions"))


def test_mnists_own_images_are_shown_only_where_they_are(
    page: AppTest, mnist_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.session_state["confusions_of"] = "mnist_test"
    opened(page, "confusions")
    assert "<figure>" not in html(page)
    assert "not part of this program" in page.caption[0].value
    monkeypatch.setenv("MNIST_DATA", str(mnist_path))
    cards.mnist_images.cache_clear()
    opened(page, "confusions")
    assert html(page).count("data:image/png") >= 1
    assert not page.caption
    cards.mnist_images.cache_clear()


def test_the_reader_answers_before_the_truth_is_told(page: AppTest) -> None:
    first, second, *_ = (e for e in CARD["figures"]["drawings_loose"]["examples"] if not e["rejected"])
    opened(page, "mistakes")
    assert "What would you say?" in said(page)
    assert page.button(key="next").disabled
    page.segmented_control(key="mistake_0").set_value(first["label"]).run()
    assert "Yes, a" in said(page)
    assert "You: **1** of 1 · The net: **0** of 1" in said(page)
    assert page.segmented_control(key="mistake_0").disabled
    page.button(key="next").click().run()
    assert "What would you say?" in said(page)
    page.segmented_control(key="mistake_1").set_value(second["guess"]).run()
    assert "So did the net" in said(page)
    assert "You: **1** of 2" in said(page)


def test_figures_in_sentences_are_the_cards(page: AppTest) -> None:
    figures = CARD["figures"]
    assert f"answered {100 * figures['alphabets']['rejected']:.0f} times in 100" in said(opened(page, "accuracy"))
    error = figures["mnist_test"]["calibration_error"]
    assert f"**{100 * error:.1f} %** on MNIST" in said(opened(page, "sureness"))
    minutes = sum(epoch["seconds"] for epoch in CARD["history"]) / 60
    assert f"{len(CARD['history'])} rounds took **{minutes:.0f} minutes**" in said(opened(page, "learning"))


def test_wilsons_interval_against_a_table() -> None:
    """Newcombe, "Two-sided confidence intervals for the single proportion", 1998: 81 of 263 is 0.2553 to 0.3662."""
    low, high = calibration_panel.wilson(81 / 263, 263)
    assert (low, high) == pytest.approx((0.2553, 0.3662), abs=0.002)  # there by 1.96, not 2 deviations
    low, high = calibration_panel.wilson(1.0, 1)
    assert 0 < low < high <= 1


def test_five_nets_read_the_drawing_of_the_pad(page: AppTest) -> None:
    put_on_canvas(page, objects_of(3))
    opened(page, "nets")
    assert html(page).count("<li") == 5
    assert html(page).count("<b>3</b>") >= 4
    assert f"{CARD['parameters']:,} parameters" in html(page)


@pytest.mark.parametrize("part", ["accuracy", "confusions", "mistakes", "sureness", "learning", "nets"])
def test_before_the_model_is_there_nothing_fails(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    replace(monkeypatch, the_reader, LoadingReader())
    opened(page_of("report"), part)
