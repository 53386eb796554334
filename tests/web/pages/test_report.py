"""The page on how good it is, part by part, without a browser: what it shows is what the cards say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist.data.drawings import Drawing, as_json_lines
from mnist.evaluation.figures import REJECTED, SEVERAL
from mnist.files import MODEL
from mnist.training.networks import BASELINES, NETWORKS, SHIPPED
from mnist.web.pages.report_parts import calibration_panel, cards, confusion_panel, mistakes_panel
from mnist.web.pages.report_parts.net_words import NETS
from mnist.web.state.reader import Reader
from mnist.web.state.reader import reader as the_reader
from tests.web.pages.app_test import (
    LoadingReader,
    announced,
    html,
    html_of,
    objects_of,
    page_of,
    put_on_canvas,
    replace,
    run,
    said,
)

CELL = re.compile(
    r"Of (?P<all>\d+) digits meant as an? (?P<meant>\d), ((?P<refused>\d+) (was|were) not read at all and )?"
    r"\*\*(?P<count>\d+)\*\* (?P<verb>was|were) "
    r"(not read: the net said that this is no digit|read as (?P<read>an? \d|several digits))\."
)
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
    assert list(NETS) == list(NETWORKS)
    assert all(cards.card(network)["network"] == name for name, network in NETWORKS.items())


def test_the_most_frequent_confusion_is_shown_first_and_another_is_chosen(page: AppTest) -> None:
    page.session_state["confusions_of"] = "drawings_loose"
    opened(page, "confusions")
    assert re.search(r"It was surest of these:|This one:", said(page))
    assert html(page).count("% sure") >= 1
    counts = np.array(CARD["figures"]["drawings_loose"]["confusion"])
    columns = 12 if counts[:, SEVERAL].any() else 11
    page.session_state["matrix_drawings_loose"] = {"chosen": columns + 1}
    opened(page, "confusions")
    assert f"**{counts[1, 1]}** were read as a 1" in said(page)
    assert html(page).count("<figure>") == 3


def test_what_was_refused_is_not_said_to_be_read_as_something(page: AppTest) -> None:
    counts = np.array(CARD["figures"]["semeion"]["confusion"])
    columns = 12 if counts[:, SEVERAL].any() else 11
    page.session_state["confusions_of"] = "semeion"
    page.session_state["matrix_semeion"] = {"chosen": 2 * columns - 1}
    opened(page, "confusions")
    refused = f"Of {counts[1].sum()} digits meant as a 1, **{counts[1, REJECTED]}** were not read: the net said"
    assert refused in said(page)


@pytest.mark.parametrize("key", [*cards.peoples_digits(), cards.MADE_UP])
def test_every_cell_in_words_is_what_the_counts_say(key: str) -> None:
    """The refused are counted apart: in their own column, and after what was read, never as read."""
    for digit, row in enumerate(CARD["figures"][key]["confusion"]):
        refused = row[REJECTED]
        for read, count in enumerate(row):
            words = confusion_panel.sentence(np.array(CARD["figures"][key]["confusion"]), digit, read)
            found = CELL.fullmatch(words)
            assert found, words
            assert (int(found["all"]), found["meant"]) == (sum(row), str(digit))
            assert int(found["count"]) == count
            assert (found["verb"] == "was") == (count == 1)
            if read == REJECTED:
                assert "read as" not in words
                assert not found["refused"]
                continue
            assert found["read"] == ("several digits" if read == SEVERAL else f"{'an' if read == 8 else 'a'} {read}")
            assert int(found["refused"] or 0) == refused


@pytest.mark.parametrize("key", [*cards.peoples_digits(), cards.MADE_UP])
def test_the_examples_of_a_cell_are_counted_in_it(key: str) -> None:
    examples = [(e["label"], e["read"]) for e in CARD["figures"][key]["examples"]]
    for digit, read in set(examples):
        column = REJECTED if not read else int(read) if len(read) == 1 else SEVERAL
        assert examples.count((digit, read)) <= CARD["figures"][key]["confusion"][digit][column]


def test_each_digits_shares_and_misreadings_are_what_the_counts_say(page: AppTest) -> None:
    """Every source counts the same, and what was refused is neither wrong nor misread."""
    opened(page, "accuracy")
    tables = [CARD["figures"][key]["confusion"] for key in cards.peoples_digits()]
    rows = html_of(page, "outcomes digits").split("<li>")[1:]
    for digit, row in enumerate(rows):
        shares = [[count / sum(table[digit]) for count in table[digit]] for table in tables]
        mean = [sum(column) / len(tables) for column in zip(*shares, strict=True)]
        wrong = {read: share for read, share in enumerate(mean) if read not in (digit, REJECTED)}
        stated = [float(number) for number in re.findall(r"<span>([\d.]+) ", row)]
        assert stated == pytest.approx([100 * mean[digit], 100 * sum(wrong.values()), 100 * mean[REJECTED]], abs=0.051)
        misread = re.search("misread as (.*?)<", row)
        names = misread[1].split(", ") if misread else []
        listed = [SEVERAL if name == "several digits" else int(name) for name in names]
        often = sorted((share for share in wrong.values() if share >= 0.0005), reverse=True)
        assert [wrong[read] for read in listed] == pytest.approx(often[:3])  # two may be as frequent


@pytest.mark.parametrize("key", [*cards.peoples_digits(), cards.MADE_UP])
def test_no_mistake_to_do_better_is_a_refusal(key: str) -> None:
    for _, mistake in mistakes_panel.mistakes_in(key):
        column = int(mistake["read"]) if len(mistake["read"]) == 1 else SEVERAL
        assert column != mistake["label"]
        assert CARD["figures"][key]["confusion"][mistake["label"]][column] > 0


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
    assert page.caption[-1].value.endswith("Digits on a tablet, stretched, Germany.")
    assert "<img src='data:image/svg" in html(page)


def test_the_reader_answers_before_the_truth_is_told(page: AppTest) -> None:
    first, second, *_ = (e for e in CARD["figures"]["drawings_loose"]["examples"] if len(e["read"]) == 1)
    opened(page, "mistakes")
    assert "What would you say?" in said(page)
    assert page.button(key="next").disabled
    page.segmented_control(key="mistake_0").set_value(first["label"]).run()
    assert "Yes, a" in said(page)
    assert any("Yes, a" in sentence for sentence in announced(page))
    assert "You: **1** of 1 · The net: **0** of 1" in said(page)
    assert page.segmented_control(key="mistake_0").disabled
    page.button(key="next").click().run()
    assert "What would you say?" in said(page)
    page.segmented_control(key="mistake_1").set_value(int(second["read"])).run()
    assert "So did the net" in said(page)
    assert "You: **1** of 2" in said(page)


def test_after_the_last_mistake_one_can_start_again(page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mistakes_panel, "mistakes_in", lambda key, few=mistakes_panel.mistakes_in: few(key)[:2])
    opened(page, "mistakes")
    for number in range(2):
        page.segmented_control(key=f"mistake_{number}").set_value(1).run()
        page.button(key="start_again" if number else "next").click().run()
    assert "What would you say?" in said(page)
    assert "You: **0** of 0" in said(page)
    assert page.segmented_control(key="mistake_0").value is None
    assert page.caption[-1].value.startswith("Mistake 1 of 2.")


def test_figures_in_sentences_are_the_cards(page: AppTest) -> None:
    figures = CARD["figures"]
    assert f"answered {100 * figures['alphabets_as_read']['rejected']:.0f} times in 100" in said(
        opened(page, "accuracy")
    )
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


def rows_of_nets(page: AppTest) -> list[tuple[str, str]]:
    """Return the name and the answer of each net's row."""
    found = re.findall(r"<b>(.)</b><em>.*?</em><div><strong>(.*?)</strong>", html_of(page, "nets"))
    return [(name, answer) for answer, name in found]


def test_five_nets_read_the_drawing_of_the_pad(page: AppTest) -> None:
    put_on_canvas(page, objects_of(3))
    opened(page, "nets")
    assert [name for name, _ in rows_of_nets(page)] == [words.name for words in NETS.values()]
    assert {answer for _, answer in rows_of_nets(page)} == {"3"}
    assert "All of them say: a 3." in said(page)
    assert f"{CARD['parameters']:,} numbers learned" in html(page)


def test_on_an_empty_pad_nets_differ_and_the_sentence_says_who_reads_what(page: AppTest) -> None:
    opened(page, "nets")
    answers: dict[str, list[str]] = {}
    for name, answer in rows_of_nets(page):
        answers.setdefault(answer, []).append(name)
    assert len(answers) >= 3
    assert answers["6"][-1] == NETS[SHIPPED.name].name
    said_of = re.search(r"They differ: (.*)\.$", page.markdown[-1].value)
    assert said_of
    for part, (answer, names) in zip(said_of[1].split("; "), answers.items(), strict=True):
        assert re.fullmatch(rf"(.*) says? \*\*an? {answer}\*\*", part), part
        assert re.split(", | and ", part.rpartition(" say")[0]) == names


@pytest.mark.parametrize("part", ["accuracy", "confusions", "mistakes", "sureness", "learning", "nets"])
def test_before_the_model_is_there_nothing_fails(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    replace(monkeypatch, the_reader, LoadingReader())
    opened(page_of("report"), part)
