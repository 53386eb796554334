"""`python -m tools.leave_sources_out`: what each collection to learn from gives, by leaving it out.

A short run with all of them, one without each, and one without any, from the beginning; each network is measured on
other people's handwriting. Prints a table in Markdown for docs/decisions/training.md: right and not rejected of digits,
rejected of other things, at the threshold that rejects 1.25 % of people's digits. Needs MNIST_DATA, HANDWRITING_DATA
and the packages of requirements-dev.txt; takes some half an hour on two cores.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mnist.data import mnist_dataset, people
from mnist.data.labelled import Labelled
from mnist.data.people import TO_LEARN_FROM, Handwriting, Source
from mnist.evaluation import figures, sets
from mnist.evaluation.samples import AnySet, DigitSet
from mnist.training import recipe
from mnist.training.card import as_function, describe
from mnist.training.networks import SHIPPED
from mnist.training.recipe import DRAWN_VALIDATION, Data, Material
from mnist.training.train import compiled_network

EPOCHS = 2
SAMPLES = 40_000  # of an epoch, whose order is random: a fifth of it
MADE_HERE = 30_000  # digits that the program draws, as many as a short run sees, and half as many non-digits
SETTINGS = replace(SHIPPED.settings, epochs=EPOCHS, fine_tuning_epochs=0, drawn=MADE_HERE, non_digits=MADE_HERE // 2)
DIGITS = ("skahl", "skahl_pixels_pen_28", "semeion", "optdigits", "mnist_validation")
OTHER_THINGS = ("doodles", "letters", "symbols")


def read(sources: Sequence[Source]) -> Handwriting:
    """Read these collections."""
    files = people.files(sources)
    digits = people.read([*files["drawings"], *files["images"]])
    return Handwriting(digits, people.read(files["non-digits"], non_digits=True))


def trained(data: Data) -> Any:
    """Return the shipped architecture, a keras.Model, after a short run."""
    material = Material.make(data, SETTINGS)
    model = compiled_network(SETTINGS, math.ceil(SAMPLES / SETTINGS.batch))
    for epoch in range(EPOCHS):
        shown = material.epoch(SETTINGS, epoch)[:SAMPLES]
        for samples, labels in recipe.batches(material, shown, SETTINGS, epoch):
            model.train_on_batch(samples, labels)
    return model


def measured_on(validation: Mapping[str, Labelled]) -> list[tuple[str, AnySet]]:
    """Return the sets of the table's columns by key, and the drawings that non-digits are compared with."""
    sources = sets.Sources(validation["mnist_validation"], sets.COUNT)
    made = [(each.key, each.make(sources, *each.choices)) for each in sets.SETS if each.key in DIGITS + OTHER_THINGS]
    return [
        *((name, DigitSet(validation[name])) for name in ("mnist_validation", DRAWN_VALIDATION)),
        *((key, samples) for key, samples in made if samples is not None),
    ]


def main() -> None:
    """Print the table, a row as soon as its run is over."""
    if len([file for files in people.files(TO_LEARN_FROM).values() for file in files]) < len(TO_LEARN_FROM):
        raise SystemExit(f"{people.PATH_VARIABLE} should name a folder with all collections; docs/handwriting.md")
    mnist = mnist_dataset.load(None)
    development = people.development()
    validation = recipe.validation(Data(mnist, development=development), SETTINGS)
    columns = measured_on(validation)
    print(f"| without | {' | '.join(DIGITS + OTHER_THINGS)} |")
    print(f"| --- |{' ---: |' * len(DIGITS + OTHER_THINGS)}")
    rows: list[tuple[str, tuple[Source, ...]]] = [("none left out", TO_LEARN_FROM)]
    rows += [(left.title + f", {left.where or left.whose}", _but(left)) for left in TO_LEARN_FROM]
    rows += [("any", ())]
    for name, sources in rows:
        model = trained(Data(mnist, read(sources)))
        card = describe(model, [], recipe.peoples_digits(validation), SETTINGS)
        found = figures.measure(as_function(model), columns, card)
        shares = [found[key]["right"] for key in DIGITS] + [found[key]["rejected"] for key in OTHER_THINGS]
        print(f"| {name} | {' | '.join(f'{100 * share:.1f}' for share in shares)} |", flush=True)


def _but(left_out: Source) -> tuple[Source, ...]:
    return tuple(source for source in TO_LEARN_FROM if source is not left_out)


if __name__ == "__main__":
    main()
