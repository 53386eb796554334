"""Tables of figures: as text for the terminal, as Markdown for the documents."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mnist.evaluation.sets import SETS, MeasuredSet
from mnist.training.networks import NETWORKS

COMPARED = ("textbook", "keras_example")  # have a column beside the first network; the simpler ones stand in one table
TEXT_COLUMNS = ("accuracy", "answers_right", "refused", "unsure", "calibration_error", "auroc")
HARDEST_STYLES = 8  # are listed

Card = dict[str, Any]
Row = list[str]


def as_markdown(cards: Sequence[Card]) -> str:
    """Return the figures that cards state, as Markdown tables: one of the networks, then digits, non-digits, numbers.

    The last three show the first card; the other cards are compared with it.
    """
    first, *others = cards
    compared = [card for card in others if card["network"] in COMPARED]
    titles = [_network(card) for card in compared]
    digits = ["what is read", "samples", _network(first), "of it rejected", "calibration error", *titles]
    non_digits = ["what is no digit", "samples", "rejected", "AUROC against the drawings", *titles]
    numbers = ["numbers of two to four digits", "samples", "wholly correct", "of the answers", "with a part rejected"]

    def digits_row(key: str, figures: dict[str, Any]) -> Row:
        own = [
            percent(figures["accuracy"]),
            percent(figures["refused"], 1),
            percent(figures["calibration_error"], 1),
        ]
        return own + [_stated(card, key, "accuracy", percent) for card in compared]

    def non_digits_row(key: str, figures: dict[str, Any]) -> Row:
        shares = [percent(figures["refused"], 1), f"{figures['auroc']:.3f}"]
        return shares + [_stated(card, key, "auroc", "{:.3f}".format) for card in compared]

    def numbers_row(_: str, figures: dict[str, Any]) -> Row:
        return [percent(figures["accuracy"]), percent(figures["answers_right"]), percent(figures["refused"], 1)]

    tables = [
        _table(["network", "parameters", "MNIST's test digits", "drawn by loose hands"], map(_network_row, cards)),
        _table(digits, _rows(first, "confusion", digits_row)),
        _table(non_digits, _rows(first, "auroc", non_digits_row)),
        _table(numbers, _rows(first, None, numbers_row)),
    ]
    return "\n".join(tables)


def _network(card: Card) -> str:
    return NETWORKS[card["network"]].title


def _network_row(card: Card) -> Row:
    shares = (_stated(card, key, "accuracy", percent) for key in ("mnist_test", "drawings_loose"))
    return [_network(card), f"{card['parameters']:,}", *shares]


def _rows(card: Card, figure: str | None, row: Callable[[str, dict[str, Any]], Row]) -> Iterable[Row]:
    """Yield a row for each set whose figures have that one; for each set of numbers if it is None."""
    for measured in SETS:
        figures = card["figures"].get(measured.key)
        if figures and (figure in figures if figure else not {"confusion", "auroc"} & set(figures)):
            yield [_described(measured), f"{figures['count']:,}", *row(measured.key, figures)]


def _described(measured: MeasuredSet) -> str:
    return f"{measured.title}: {measured.note}" if measured.note else measured.title


def _stated(card: Card, key: str, figure: str, form: Callable[[float], str]) -> str:
    """Return a figure of a card, or nothing if the card has none."""
    figures = card["figures"].get(key, {})
    return form(figures[figure]) if figure in figures else ""


def _table(head: Row, rows: Iterable[Row]) -> str:
    """Return a Markdown table whose columns, but the first, are aligned to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def percent(share: float, places: int = 2) -> str:
    """Return a share, 0 to 1, as people read it aloud: 99.64 %."""
    return f"{100 * share:.{places}f} %"


def as_text(networks: dict[str, dict[str, dict[str, Any]]]) -> str:
    """Return tables for the terminal: what was measured of the first network, and how the others compare."""
    first = next(iter(networks.values()))
    lines = [
        f"{'':20}    count" + "".join(f"{name.replace('_', ' ').replace(' error', ''):>15}" for name in TEXT_COLUMNS)
    ]
    for name, figures in first.items():
        cells = (f"{figures[column]:>15.2%}" if column in figures else f"{'':15}" for column in TEXT_COLUMNS)
        lines.append(f"{name:20} {figures['count']:8}{''.join(cells)}".rstrip())
    lines += ["", f"{'accuracy':20}" + "".join(f"{name:>15}" for name in networks)]
    for name, figures in first.items():
        kind = "accuracy" if "accuracy" in figures else "auroc"
        cells = (f"{measured[name][kind]:>15.2%}" for measured in networks.values())
        lines.append(f"{name if kind == 'accuracy' else name + ' (AUROC)':20}{''.join(cells)}")
    lines += ["", "mnist_test: row the digit, column the guess"]
    lines.append("    " + "".join(f"{guess:6}" for guess in range(10)))
    for label, row in enumerate(first["mnist_test"]["confusion"]):
        lines.append(f"  {label} " + "".join(f"{count or '·':>6}" for count in row))
    hardest = list(first["drawings_loose"]["styles"].items())[:HARDEST_STYLES]
    lines += [
        "",
        "hardest styles of drawings_loose: " + ", ".join(f"{name} {share:.0%}" for name, share in hardest),
        "",
    ]
    return "\n".join(lines)
