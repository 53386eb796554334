"""`python -m tools.measure_photographs`: measure how many photographs of numbers are read correctly, and how fast.

The sets are made here: numbers of what one person drew, of each collection to develop on that is at hand
($HANDWRITING_DATA), numbers pasted from MNIST's test digits (from MNIST_DATA, or Keras's download), and numbers by
made-up writers; MNIST's test digits in cells, as people cut them out of forms; what one person drew in strips of one
number each, cut out of photographs, in tables and in sudokus. Prints two tables in Markdown, and below them the shares
by ground and the seconds.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from mnist.data import mnist_dataset, people
from mnist.data.people import TO_DEVELOP_ON, Drawn
from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from mnist.reading.pictures import images
from tools.made_cells import cell
from tools.made_crops import PENS, crop
from tools.made_photographs import BENT, FROM_ASIDE, Grounds, Write, by_made_up_writer, by_one_of, pasted_from, photo
from tools.made_strips import spoiled, strip
from tools.made_tables import (
    BY_HAND,
    COLUMNS_BY_HAND,
    NO_FRAME_BY_HAND,
    NO_RULES,
    Table,
    begun_sudoku,
    in_cells,
    sudoku,
    table,
)

SEED = 2027
COUNT = 300
LARGE = (4000, 3000)  # 12 megapixels
HEAD = """| digits | pictures | wholly right | with a part rejected | wrong and not marked as doubtful |
| --- | ---: | ---: | ---: | ---: |"""

TABLES, TABLES_SEED = 30, 2028  # photographs of each kind; reading was tried on those of SEED
RULINGS_SEED = 2029  # of tables without printed rules: reading was tried on those of TABLES_SEED, too
TABLES_HEAD = """| tables | photographs | cells | right | with all numbers in their row and column |
| --- | ---: | ---: | ---: | ---: |"""
RULINGS = {
    "without rules": NO_RULES,
    "with a frame and rules drawn by hand": BY_HAND,
    "with rules drawn by hand, and no frame": NO_FRAME_BY_HAND,
    "with upright rules drawn by hand": COLUMNS_BY_HAND,
}
Hands = Sequence[Sequence[Drawn]]
MakeSmall = Callable[[np.random.Generator], tuple[np.ndarray, str]]
MakeTable = Callable[[Hands, np.random.Generator], Table]


def measure(name: str, write: Write, classifier: Classifier, grounds: Grounds | None = None) -> str:
    """Print a row on COUNT photographs; return a line with the share that is read correctly, by ground."""
    rng = np.random.default_rng(SEED)
    count: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    wrong_but_sure = rejected = 0
    for _ in range(COUNT):
        made = photo(rng, write, grounds=grounds)
        reading = classifier.read(find_digits.in_file(made.content))
        count[made.ground] += 1
        correct[made.ground] += reading.text == made.text
        wrong_but_sure += reading.text != made.text and reading.verdict == "digit"
        rejected += reading.verdict in ("not_a_digit", "empty")
    shares = (f"{100 * number / COUNT:.1f} %" for number in (correct.total(), rejected, wrong_but_sure))
    print(f"| {name} | {COUNT} | {' | '.join(shares)} |", flush=True)
    return f"{name}: " + ", ".join(f"{ground} {correct[ground]} of {count[ground]}" for ground in sorted(count))


def measure_small(name: str, make: MakeSmall, classifier: Classifier) -> None:
    """Print a row on COUNT small pictures of a digit or a number each."""
    rng = np.random.default_rng(SEED)
    made = [make(rng) for _ in range(COUNT)]
    readings = [classifier.read(find_digits.in_picture(images.from_array(pixels))) for pixels, _ in made]
    right = np.array([reading.text == text for reading, (_, text) in zip(readings, made, strict=True)])
    rejected = np.array([reading.verdict in ("not_a_digit", "empty") for reading in readings])
    sure = np.array([reading.verdict == "digit" for reading in readings])
    shares = " | ".join(f"{100 * each.mean():.1f} %" for each in (right, rejected, sure & ~right))
    print(f"| {name} | {COUNT} | {shares} |", flush=True)


def measure_tables(name: str, make: MakeTable, hands: Hands, classifier: Classifier, seed: int = TABLES_SEED) -> None:
    """Print a row on TABLES photographs of tables filled by these hands."""
    rng = np.random.default_rng(seed)
    cells: list[bool] = []
    grids = 0
    for _ in range(TABLES):
        made = make(hands, rng)
        numbers = classifier.read(find_digits.in_file(made.content)).numbers
        found = in_cells([(number.text, number.box) for number in numbers], made)
        cells += (np.array(found) == np.array(made.texts)).ravel().tolist()
        places = [(row, column) for row, line in enumerate(made.texts) for column, text in enumerate(line) if text]
        grids += [(number.row, number.column) for number in numbers] == places
    print(f"| {name} | {TABLES} | {len(cells)} | {100 * np.mean(cells):.1f} % | {grids} |", flush=True)


def main() -> None:
    """Measure and print."""
    classifier = Classifier.load()
    test = mnist_dataset.load(None).test
    print(HEAD)
    drawings = {source.where: people.read_source(source) for source in TO_DEVELOP_ON if source.kind == "drawings"}
    hands = {where: people.by_writer(written.drawn) for where, written in drawings.items() if written is not None}
    grounds = []
    for where, drawn in hands.items():
        grounds.append(measure(f"drawn by people ({where}), side by side", by_one_of(drawn), classifier))
        bent = f"drawn by people ({where}), on ruled paper that does not lie flat"
        grounds.append(measure(bent, by_one_of(drawn), classifier, BENT))
        aside = f"drawn by people ({where}), on ruled paper photographed from aside"
        grounds.append(measure(aside, by_one_of(drawn), classifier, FROM_ASIDE))
    grounds.append(measure("of MNIST's test images, pasted", pasted_from(test), classifier))
    grounds.append(measure("by made-up writers, some run into one another", by_made_up_writer, classifier))
    measure_small("of MNIST's test images, alone in a cell", lambda rng: cell(test, rng), classifier)
    measure_small("of MNIST's test images, faint, alone in a cell", lambda rng: cell(test, rng, True), classifier)
    for where, drawn in hands.items():
        write = by_one_of(drawn)
        measure_small(f"drawn by people ({where}), in strips cut out of forms", partial(strip, write), classifier)
        spoiled_strips = f"drawn by people ({where}), in strips in uneven light or finely scanned"
        measure_small(spoiled_strips, partial(spoiled, write), classifier)
        cut_out = f"drawn by people ({where}), cut out of photographs, often of thin pencil"
        measure_small(f"{cut_out}: numbers", partial(crop, by_one_of(drawn, PENS)), classifier)
        measure_small(f"{cut_out}: digits", partial(crop, by_one_of(drawn, PENS), alone=True), classifier)
    print(f"\n{TABLES_HEAD}")
    for where, drawn in hands.items():
        measure_tables(f"ruled tables of numbers, five rows, three columns ({where})", table, drawn, classifier)
        measure_tables(f"filled sudokus ({where})", sudoku, drawn, classifier)
        askew = "photographed askew, on paper that bulges"
        measure_tables(f"such tables, {askew} ({where})", partial(table, askew=True), drawn, classifier)
        measure_tables(f"filled sudokus, {askew} ({where})", partial(sudoku, askew=True), drawn, classifier)
        measure_tables(f"begun sudokus, {askew} ({where})", partial(begun_sudoku, askew=True), drawn, classifier)
        for how, ruling in RULINGS.items():
            measure_tables(f"tables {how} ({where})", partial(table, ruling=ruling), drawn, classifier, RULINGS_SEED)
    print("", *grounds, sep="\n")
    rng = np.random.default_rng(SEED)
    seconds = []
    for _ in range(11):
        made = photo(rng, pasted_from(test), LARGE)
        start = time.perf_counter()
        classifier.read(find_digits.in_file(made.content))
        seconds.append(time.perf_counter() - start)
    print(f"12 megapixels: {np.median(seconds):.2f} s at the median, {max(seconds):.2f} s at most, of {len(seconds)}")


if __name__ == "__main__":
    main()
