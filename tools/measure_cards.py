"""`python -m tools.measure_cards`: calibrate and measure the shipped networks anew, and write down what comes of it.

That is in their cards and in docs/figures.md; README.md is to be put right by hand. Needs MNIST_DATA, HANDWRITING_DATA
and the packages of requirements-dev.txt; takes some ten minutes. Figures of the validation sets that a run makes stay:
they come from training.
"""

from pathlib import Path
from typing import Any

from mnist.data import mnist_dataset, people
from mnist.evaluation import figures, sets, tables
from mnist.files import ROOT, write_whole
from mnist.reading.classifier import Classifier
from mnist.training.card import as_text, calibrated
from mnist.training.networks import BASELINES, SHIPPED
from mnist.training.recipe import peoples_digits

DOCUMENT = ROOT / "docs" / "figures.md"
BEGIN, END = "<!-- begin: python -m mnist evaluate --markdown -->\n", "<!-- end -->"


def main() -> None:
    """Measure every network, write its card, then the tables."""
    mnist = mnist_dataset.load(None)
    measured_on = list(sets.every(mnist.test))
    if missing := figures.not_measured(dict(measured_on)):
        raise SystemExit("; ".join(missing))
    cards = []
    for network in (SHIPPED, *BASELINES):
        model = Classifier.load(network.model)
        validation = {"mnist_validation": mnist.validation, **({} if network.settings.plain else people.development())}
        card = {**model.card, **calibrated(model.network, peoples_digits(validation))}
        cards.append(with_figures(card, figures.measure(model.network, measured_on, card)))
        _write(network.model.with_suffix(".json"), as_text(cards[-1]))
        print(f"{network.title}: measured", flush=True)
    _write(DOCUMENT, with_tables(DOCUMENT.read_text("utf-8"), tables.as_markdown(cards)))


def _write(path: Path, text: str) -> None:
    write_whole(path, lambda temporary: temporary.write_text(text, "utf-8"))


def with_figures(card: dict[str, Any], measured: dict[str, Any]) -> dict[str, Any]:
    """Return the card with these figures after those of its validation sets."""
    validated = {name: stated for name, stated in card["figures"].items() if name.endswith("_validation")}
    return {**card, "figures": validated | measured}


def with_tables(page: str, printed: str) -> str:
    """Return the page with what `evaluate --markdown` prints between its first markers."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + printed + END + rest.partition(END)[2]


if __name__ == "__main__":
    main()
