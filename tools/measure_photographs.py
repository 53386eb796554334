"""`python -m tools.measure_photographs`: measure how many photographs of numbers are read correctly, and how fast.

There are two sets, made here: numbers pasted from MNIST's test digits, which real people wrote (from MNIST_DATA, or
Keras's download), and numbers by made-up writers. No choice was made on either: weights and limits were set on other
seeds and on MNIST's validation part. Prints a table in Markdown, and below it the shares by ground and the seconds.
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
HEAD = """| digits | photographs | wholly right | with a part rejected | wrong and not marked as doubtful |
| --- | ---: | ---: | ---: | ---: |"""


def measure(name: str, digits: Labelled | None, classifier: Classifier) -> str:
    """Print a row on COUNT photographs; return a line with the share that is read correctly, by ground."""
    rng = np.random.default_rng(SEED)
    count: Counter[str] = Counter()
    correct: Counter[str] = Counter()
    wrong_but_sure = rejected = 0
    for _ in range(COUNT):
        made = photo(rng, digits)
        reading = classifier.read(find_digits.in_file(made.content))
        count[made.ground] += 1
        correct[made.ground] += reading.text == made.text
        wrong_but_sure += reading.text != made.text and reading.verdict == "digit"
        rejected += reading.verdict in ("not_a_digit", "empty")
    shares = (f"{100 * number / COUNT:.1f} %" for number in (correct.total(), rejected, wrong_but_sure))
    print(f"| {name} | {COUNT} | {' | '.join(shares)} |", flush=True)
    return f"{name}: " + ", ".join(f"{ground} {correct[ground]} of {count[ground]}" for ground in sorted(count))


def main() -> None:
    """Measure and print."""
    classifier = Classifier.load()
    test = mnist_dataset.load(None).test
    print(HEAD)
    pasted = measure("of MNIST's test images, pasted", test, classifier)
    written = measure("written by made-up writers, some run into one another", None, classifier)
    print("", pasted, written, sep="\n")
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
