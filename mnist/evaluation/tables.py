"""Tables of figures in Markdown, for the terminal and the documents."""

from collections.abc import Sequence
from typing import Any

from mnist.errors import UserError
from mnist.evaluation.sets import SETS
from mnist.training.networks import NETWORKS

COMPARED = ("textbook", "keras_example")  # have a column beside the first network; the simpler ones stand in one table
HARDEST_STYLES = 8  # of loose hands, are listed

Card = dict[str, Any]


# For each kind of sets: the head of its table, the first network's figures, and the figure that others have beside them
TABLES: dict[str, tuple[list[str], list[str], str]] = {
    "digits": (
        ["what is read", "samples", "{network}", "of it rejected", "unsure", "calibration error"],
        ["accuracy", "rejected", "unsure", "calibration_error"],
        "accuracy",
    ),
    "non-digits": (
        ["what is no digit", "samples", "rejected", "AUROC against the drawings"], ["rejected", "auroc"], "auroc"
    ),
    "numbers": (
        ["numbers of two to four digits", "samples", "wholly correct", "of the answers", "partly rejected", "unsure"],
        ["accuracy", "answers_right", "rejected", "unsure"],
        "",
    ),
}  # fmt: skip


def as_markdown(cards: Sequence[Card]) -> str:
    """Return the figures of cards as Markdown tables: of the networks, digits, non-digits and numbers.

    After them stand the confusion matrix of MNIST's test digits and the hardest styles. All but the first table are of
    the first card; the other cards are compared with it. Raises UserError if a card lacks something that is needed.
    """
    try:
        figures = cards[0]["figures"]
        head = ["network", "parameters", "MNIST's test digits", "drawn by loose hands"]
        networks = [
            [_network(card), f"{card['parameters']:,}"]
            + [_stated(card, key, "accuracy") for key in ("mnist_test", "drawings_loose")]
            for card in cards
        ]
        confusion = [[str(label), *map(str, row)] for label, row in enumerate(figures["mnist_test"]["confusion"])]
        styles = [[name, percent(share, 0)] for name, share in figures["drawings_loose"]["styles"].items()]
        return "\n".join([
            _markdown(head, networks), *(_of_sets(kind, cards) for kind in TABLES),
            _markdown(["MNIST's test digits read as", *map(str, range(10))], confusion),
            _markdown(["hardest styles by loose hands", "correct"], styles[:HARDEST_STYLES]),
        ])  # fmt: skip
    except LookupError as error:
        raise UserError(f"The model's card, or one beside it, lacks {error}. Train the network anew.") from error


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
