"""The page on how good it is, part by part, without a browser: what it shows is what the cards say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist.data.drawings import Drawing, as_json_lines
from mnist.evaluation.figures import REJECTED, SEVERAL
from mnist.files import MODEL
from mnist.training.networks import BASELINES, NETWORKS
from mnist.web.pages.report_parts import accuracy_panel, calibration_panel, cards
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from tests.web.pages.app_test import LoadingReader, html, objects_of, page_of, put_on_canvas, replace, run, said

CARD: dict[str, Any] = json.loads(MODEL.with_suffix(".json").read_text())


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch, loaded: Reader) -> Iterator[AppTest]:
    replace(monkeypatch, the_reader, loaded)
    monkeypatch.delenv("MNIST_DATA", raising=False)
    monkeypatch.delenv("HANDWRITING_DATA", raising=False)
    cards.collection.cache_clear()
    yield page_of("report")
    cards.collection.cache_clear()


@pytest.fixture
def drawn() -> bytes:
    """A file of as many drawings as the card's examples may name, all of them a stroke down."""
    return as_json_lines([Drawing("1", "a", (np.array([[0.0, 0.0], [0.0, 9.0]]),))] * CARD["figures"]["skahl"]["count"])


def opened(page: AppTest, part: str) -> AppTest:
    page.session_state["lesson"] = part
    return run(page)


def test_people_come_first_then_the_programs_own(page: AppTest) -> None:
    opened(page, "accuracy")
    shown = html(page)
    for key, where in (
        ("skahl", "Germany, 5 people"),
        ("semeion", "Italy, 80 people"),
        ("mnist_test", "USA, 500 people"),
    ):
        figures = CARD["figures"][key]
        assert f"<small>{where}, {figures['count']:,} digits</small>" in shown
        shares = (f"{100 * figures[name]:.1f}" for name in ("right", "wrong", "rejected"))
        words = zip(shares, ("right", "wrong", "not read"), strict=True)
        assert " · ".join(f"<span>{share} {word}</span>" for share, word in words) in shown
    assert shown.count("<strong>") == len(cards.peoples_digits()) + 10  # and each digit
    headings = [element.value for element in page.markdown if element.value.startswith("## ")]
    assert headings[0] == "## Of 100 digits that people wrote, how many does it read?"
    assert headings[-1] == "## What this program wrote itself"
    for network in BASELINES:
        accuracy = cards.card(network)["figures"]["mnist_turned"]["accuracy"]
        assert f"<td>{100 * accuracy:.2f} %</td>" in shown


def test_every_network_that_can_be_trained_has_its_card_and_its_words() -> None:
    assert set(accuracy_panel.SHAPES) == set(NETWORKS)
    assert all(cards.card(network)["network"] == name for name, network in NETWORKS.items())


def test_the_most_frequent_confusion_is_shown_first_and_another_is_chosen(page: AppTest) -> None:
    page.session_state["confusions_of"] = "drawings_loose"
    opened(page, "confusions")
    assert "It was surest of these:" in said(page)
    assert html(page).count("% sure") >= 1
    counts = np.array(CARD["figures"]["drawings_loose"]["confusion"])
    columns = 12 if counts[:, SEVERAL].any() else 11
    page.session_state["matrix_drawings_loose"] = {"chosen": columns + 1}
    opened(page, "confusions")
    assert f"**{counts[1, 1]} of {counts[1].sum()}** were read correctly as a 1" in said(page)
    assert html(page).count("<figure>") == 3


def test_what_was_refused_is_not_said_to_be_read_as_something(page: AppTest) -> None:
    counts = np.array(CARD["figures"]["semeion"]["confusion"])
    columns = 12 if counts[:, SEVERAL].any() else 11
    page.session_state["confusions_of"] = "semeion"
    page.session_state["matrix_semeion"] = {"chosen": 2 * columns - 1}
    opened(page, "confusions")
    assert f"**{counts[1, REJECTED]} of {counts[1].sum()}**: meant as a 1, but the net said" in said(page)


@pytest.mark.parametrize("sent", [100, -1, "x", None, float("nan"), [1]])
def test_whatever_the_matrix_sends_a_cell_is_chosen(page: AppTest, sent: Any) -> None:
    page.session_state["matrix_skahl"] = {"chosen": sent}
    assert "read as" in said(opened(page, "confusions"))


def test_peoples_digits_are_shown_only_where_they_are(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: bytes
) -> None:
    opened(page, "confusions")
    assert "<figure>" not in html(page)
    assert "set HANDWRITING_DATA" in page.caption[-1].value
    (tmp_path / "development").mkdir()
    (tmp_path / "development" / "skahl.jsonl.gz").write_bytes(drawn)
    monkeypatch.setenv("HANDWRITING_DATA", str(tmp_path))
    cards.collection.cache_clear()
    opened(page, "confusions")
    assert html(page).count("data:image/svg") >= 1
    assert not any("HANDWRITING_DATA" in caption.value for caption in page.caption)


def test_mnists_own_images_are_shown_only_where_they_are(
    page: AppTest, mnist_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.session_state["confusions_of"] = "mnist_test"
    opened(page, "confusions")
    assert "<figure>" not in html(page)
    assert "set MNIST_DATA" in page.caption[-1].value
    monkeypatch.setenv("MNIST_DATA", str(mnist_path))
    cards.collection.cache_clear()
    opened(page, "confusions")
    assert html(page).count("data:image/png") >= 1
    assert "MNIST_DATA" not in page.caption[-1].value


def test_the_worst_mistakes_are_peoples_where_their_digits_are_at_hand(
    page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: bytes
) -> None:
    opened(page, "mistakes")
    assert "This program wrote these digits itself." in page.caption[-1].value
    (tmp_path / "development").mkdir()
    (tmp_path / "development" / "skahl.jsonl.gz").write_bytes(drawn)
    monkeypatch.setenv("HANDWRITING_DATA", str(tmp_path))
    cards.collection.cache_clear()
    opened(page, "mistakes")
    assert page.caption[-1].value.endswith("Digits on a tablet, Germany.")
    assert "<img src='data:image/svg" in html(page)


def test_the_reader_answers_before_the_truth_is_told(page: AppTest) -> None:
    first, second, *_ = (e for e in CARD["figures"]["drawings_loose"]["examples"] if len(e["read"]) == 1)
    opened(page, "mistakes")
    assert "What would you say?" in said(page)
    assert page.button(key="next").disabled
    page.segmented_control(key="mistake_0").set_value(first["label"]).run()
    assert "Yes, a" in said(page)
    assert "You: **1** of 1 · The net: **0** of 1" in said(page)
    assert page.segmented_control(key="mistake_0").disabled
    page.button(key="next").click().run()
    assert "What would you say?" in said(page)
    page.segmented_control(key="mistake_1").set_value(int(second["read"])).run()
    assert "So did the net" in said(page)
    assert "You: **1** of 2" in said(page)


def test_figures_in_sentences_are_the_cards(page: AppTest) -> None:
    figures = CARD["figures"]
    assert f"answered {100 * figures['alphabets']['rejected']:.0f} times in 100" in said(opened(page, "accuracy"))
    error = figures["semeion"]["calibration_error"]
    assert f"**{100 * error:.1f} %** (Italy: scanned digits, stretched)" in said(opened(page, "sureness"))
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
