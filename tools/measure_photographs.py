"""`python -m tools.measure_photographs`: how many numbers in photographs made here are read wholly right, and how fast.

Two sets: written by made-up writers, and pasted from MNIST's test digits, which real people wrote (from MNIST_DATA, or
Keras's download). No choice was made on either: weights and limits were set on other seeds and MNIST's validation part.
"""

import time
from collections import Counter

import numpy as np

from mnist.data import mnist_dataset
from mnist.data.labelled import Labelled
from mnist.reading import find_digits
from mnist.reading.classifier import Classifier
from tools.made_photographs import photo

SEED = 2027
COUNT = 300
LARGE = (4000, 3000)  # 12 megapixels


def measure(name: str, digits: Labelled | None, classifier: Classifier) -> None:
    """Print what share of COUNT photographs is read right, by what they are written on, and what the others say."""
    rng = np.random.default_rng(SEED)
    count: Counter[str] = Counter()
    right: Counter[str] = Counter()
    wrong_but_sure = refused = 0
    for _ in range(COUNT):
        made = photo(rng, digits)
        reading = classifier.read(find_digits.in_file(made.content))
        count[made.ground] += 1
        right[made.ground] += reading.text == made.text
        wrong_but_sure += reading.text != made.text and reading.verdict == "digit"
        refused += reading.verdict in ("not_a_digit", "empty")
    each = ", ".join(f"{ground} {right[ground]} of {count[ground]}" for ground in sorted(count))
    print(f"{name}: {right.total() / COUNT:.1%} of {COUNT} wholly right ({each});")
    print(f"  with a part refused {refused / COUNT:.1%}, wrong and not marked as doubtful {wrong_but_sure / COUNT:.1%}")


def main() -> None:
    """Measure and print."""
    classifier = Classifier.load()
    measure("by made-up writers", None, classifier)
    test = mnist_dataset.load(None).test
    measure("of MNIST's test digits", test, classifier)
    rng = np.random.default_rng(SEED)
    seconds = []
    for _ in range(11):
        made = photo(rng, test, LARGE)
        start = time.perf_counter()
        classifier.read(find_digits.in_file(made.content))
        seconds.append(time.perf_counter() - start)
    print(f"12 megapixels: {np.median(seconds):.2f} s at the median, {max(seconds):.2f} s at most, of {len(seconds)}")


if __name__ == "__main__":
    main()
