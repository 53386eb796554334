"""Tables of figures: as text for the terminal, as Markdown for the documents."""

from collections.abc import Sequence
from typing import Any

from mnist.evaluation.sets import SETS
from mnist.training.networks import NETWORKS

COMPARED = ("textbook", "keras_example")  # have a column beside the first network; the simpler ones stand in one table
TEXT_COLUMNS = ("accuracy", "answers_right", "refused", "unsure", "calibration_error", "auroc")
HARDEST_STYLES = 8  # are listed

Card = dict[str, Any]


# For each kind of sets: the head of its table, the first network's figures, and the figure that others have beside them
TABLES: dict[str, tuple[list[str], list[str], str]] = {
    "digits": (
        ["what is read", "samples", "{network}", "of it rejected", "calibration error"],
        ["accuracy", "refused", "calibration_error"],
        "accuracy",
    ),
    "non-digits": (
        ["what is no digit", "samples", "rejected", "AUROC against the drawings"], ["refused", "auroc"], "auroc"
    ),
    "numbers": (
        ["numbers of two to four digits", "samples", "wholly correct", "of the answers", "with a part rejected"],
        ["accuracy", "answers_right", "refused"],
        "",
    ),
}  # fmt: skip


def as_markdown(cards: Sequence[Card]) -> str:
    """Return the figures that cards state, as Markdown tables: one of the networks, then digits, non-digits, numbers.

    The last three show the first card; the other cards are compared with it.
    """
    head = ["network", "parameters", "MNIST's test digits", "drawn by loose hands"]
    rows = []
    for card in cards:
        shares = (_stated(card, key, "accuracy") for key in ("mnist_test", "drawings_loose"))
        rows.append([_network(card), f"{card['parameters']:,}", *shares])
    return "\n".join([_markdown(head, rows), *(_of_sets(kind, cards) for kind in TABLES)])


def _of_sets(kind: str, cards: Sequence[Card]) -> str:
    """Return the table of a kind, with a row for each set that the first card states figures of."""
    head, figures, beside = TABLES[kind]
    first, *others = cards
    compared = [card for card in others if beside and card["network"] in COMPARED]
    rows = []
    for measured in SETS:
        stated = first["figures"].get(measured.key, {})
        if stated and kind == ("digits" if "confusion" in stated else "non-digits" if "auroc" in stated else "numbers"):
            title = f"{measured.title}: {measured.note}" if measured.note else measured.title
            own = [_stated(first, measured.key, figure) for figure in figures]
            rows.append([title, f"{stated['count']:,}", *own, *(_stated(c, measured.key, beside) for c in compared)])
    return _markdown([cell.format(network=_network(first)) for cell in head] + list(map(_network, compared)), rows)


def _network(card: Card) -> str:
    return NETWORKS[card["network"]].title


def _stated(card: Card, key: str, figure: str) -> str:
    """Return a figure of a card for people, or nothing if the card has none."""
    value = card["figures"].get(key, {}).get(figure)
    if value is None:
        return ""
    return f"{value:.3f}" if figure == "auroc" else percent(value, 2 if figure in ("accuracy", "answers_right") else 1)


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table whose columns, except the first, are aligned to the right."""
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
