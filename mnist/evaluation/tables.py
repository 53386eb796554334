"""Tables of figures in Markdown, for the terminal and the documents: people's handwriting first."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnist.errors import UserError
from mnist.evaluation.figures import AS_READ, REJECTED, SEVERAL, by_digit
from mnist.evaluation.sets import PEOPLES_DIGITS, SETS, TITLES, MeasuredSet
from mnist.training.networks import NETWORKS

MIN_MISREAD_SHARE = 0.0005  # of a digit: rarer misreadings are not listed
COMPARED = ("textbook", "keras_example")  # have a column beside the first network; the simpler ones stand in one table
MAX_MISREADINGS = 3  # of a digit, are listed
HARDEST_STYLES = 8  # of untidy hands, are listed
SHARES = ("right", "wrong", "rejected", "unsure", "calibration_error")
HEADS = [name.replace("_", " ") for name in SHARES]
MADE_UP = """\
**What this program wrote itself**, and digits of MNIST that it spoiled. It learns from its own handwriting, so these
figures say less about anybody else's.
"""

Card = dict[str, Any]


def as_markdown(cards: Sequence[Card]) -> str:
    """Return the figures of cards as Markdown tables: those on people's handwriting, then those on the program's own.

    People's are given by source, by digit, and of every network; the program's own of digits, non-digits and numbers,
    and of the hardest styles. All are of the first card; the other cards are compared with it. Raises UserError if a
    card lacks something that is needed.
    """
    people = [measured for measured in SETS if measured.source]
    made_up = [measured for measured in SETS if not measured.source]
    try:
        styles = [[name, percent(share, 0)] for name, share in cards[0]["figures"]["drawings_loose"]["styles"].items()]
        tables = [
            _by_source(people, cards[0]),
            _non_digits("what people drew that is no digit", people, cards[:1]),
            _by_digit(cards[0]),
            _by_network(cards),
            MADE_UP,
            _digits(made_up, cards),
            _non_digits("what is no digit", made_up, cards),
            _numbers(made_up, cards[0]),
            _markdown(["hardest of its styles, by untidy hands", "best guess"], styles[:HARDEST_STYLES]),
        ]
        return "\n".join(filter(None, tables))
    except LookupError as error:
        raise UserError(f"The model's card, or one beside it, lacks {error}. Train the network anew.") from error


def _by_source(people: Sequence[MeasuredSet], card: Card) -> str:
    rows = []
    for measured in people:
        figures = card["figures"].get(measured.key, {})
        if measured.source and "right" in figures:
            source = measured.source
            who = [source.where, str(source.writers or "")]
            rows.append([measured.content, *who, f"{figures['count']:,}", *_shares(figures)])
    return _markdown(["people's digits", "country", "writers", "samples", *HEADS], rows)


def _by_digit(card: Card) -> str:
    """Return the table of digits: the mean of the sources, so that the largest does not drown the others."""
    confusions = [card["figures"][key]["confusion"] for key in PEOPLES_DIGITS if key in card["figures"]]
    rows = []
    for digit, row in enumerate(by_digit(confusions)):
        right, rejected = row[digit], row[REJECTED]
        shares = [percent(share, 1) for share in (right, max(0.0, 1 - right - rejected), rejected)]
        misread = (f"{name} ({percent(share, 1)})" for name, share in misreadings(row, digit))
        rows.append([str(digit), *shares, ", ".join(misread)])
    return _markdown(["people's digits, mean of the sources", "right", "wrong", "rejected", "misread as"], rows)


def misreadings(row: np.ndarray, digit: int) -> list[tuple[str, float]]:
    """Return what a digit was most often misread as, by its row of shares (12,), each with its share."""
    order = [column for column in np.argsort(-row[:REJECTED]) if column != digit and row[column] >= MIN_MISREAD_SHARE]
    return [("several digits" if c == SEVERAL else str(c), float(row[c])) for c in order[:MAX_MISREADINGS]]


def _by_network(cards: Sequence[Card]) -> str:
    sources = [key for key in PEOPLES_DIGITS if key in cards[0]["figures"]]
    shown = [*((key, "right") for key in sources), ("mnist_test", "accuracy"), ("drawings_loose", "right")]
    head = [*(TITLES[key] for key in sources), "MNIST's, by the best guess", f"{TITLES['drawings_loose']} (made up)"]
    rows = [
        [_network(card), f"{card['parameters']:,}", *(_stated(card, key, figure) for key, figure in shown)]
        for card in cards
    ]
    return _markdown(["network, and what it reads right", "parameters", *head], rows)


def _digits(made_up: Sequence[MeasuredSet], cards: Sequence[Card]) -> str:
    """Return the table of the program's own digits; networks are compared by their best guesses, rejected or not."""
    first, compared = cards[0], [card for card in cards[1:] if card["network"] in COMPARED]
    rows = []
    for measured in made_up:
        figures = first["figures"].get(measured.key, {})
        if "accuracy" in figures:
            guesses = [_stated(card, measured.key, "accuracy") for card in (first, *compared)]
            rows.append([measured.content, f"{figures['count']:,}", *_shares(figures), *guesses])
    head = ["its own digits", "samples", *HEADS, "best guess", *map(_network, compared)]
    return _markdown(head, rows)


def _non_digits(title: str, sets: Sequence[MeasuredSet], cards: Sequence[Card]) -> str:
    first, compared = cards[0], [card for card in cards[1:] if card["network"] in COMPARED]
    rows = []
    for measured in sets:
        figures = first["figures"].get(measured.key, {})
        if "auroc" in figures:
            aurocs = [_stated(card, measured.key, "auroc") for card in (first, *compared)]
            read = first["figures"].get(measured.key + AS_READ)
            as_read = f"{percent(read['rejected'], 1)} of {read['count']:,}" if read else ""
            rows.append([measured.content, f"{figures['count']:,}", percent(figures["rejected"], 1), as_read, *aurocs])
    head = [title, "samples", "rejected as one digit", "where numbers are sought, as the program does"]
    return _markdown([*head, "AUROC against the drawings", *map(_network, compared)], rows)


def _numbers(made_up: Sequence[MeasuredSet], card: Card) -> str:
    rows = []
    for measured in made_up:
        figures = card["figures"].get(measured.key, {})
        if "right" in figures and "accuracy" not in figures:
            rows.append([measured.content, f"{figures['count']:,}", *_shares(figures)])
    return _markdown(["its own numbers, of two to four digits", "samples", *HEADS], rows)


def _network(card: Card) -> str:
    return NETWORKS[card["network"]].title


def _shares(figures: dict[str, Any]) -> list[str]:
    return [percent(figures[name], 2 if name in ("right", "wrong", "rejected") else 1) for name in SHARES]


def _stated(card: Card, key: str, figure: str) -> str:
    """Return a figure of a card for people, or nothing if the card has none."""
    value = card["figures"].get(key, {}).get(figure)
    if value is None:
        return ""
    return f"{value:.3f}" if figure == "auroc" else percent(value)


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns, except the first, are aligned to the right; nothing without rows."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines) if rows else ""


def percent(share: float, places: int = 2) -> str:
    """Return a share, 0 to 1, as people read it aloud: 99.64 %."""
    return f"{100 * share:.{places}f} %"
