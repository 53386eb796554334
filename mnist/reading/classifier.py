"""From samples to a reading: calibrated probabilities, and the right to say no.

The model file and its card lie side by side (`digits.keras`, `digits.json`). The card holds the model's checksum, the
temperature its logits are divided by (Guo et al., "On calibration of modern neural networks", 2017) and the thresholds:
with log odds below `digit` a sample is no digit, with a confidence below `sure` the best digit is only the likelier of
two. The network's eleventh output stands for what is no digit (outlier exposure: Hendrycks et al., 2018).
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from mnist.errors import UserError
from mnist.files import MODEL, sha256
from mnist.reading.framing import SIZE, Framed
from mnist.reading.grouping import HOPELESS, LeftOut, Line, Ways, best, left_out
from mnist.reading.tf_functions import compiled

TALL_STRAY = 0.5  # of the tallest digit: what is left out and as tall makes the digits beside it doubtful
NOT_ONE = "like no digit"  # why something that stands apart was left out
REMEDY = "Restore model and card from the repository, or train anew: python -m mnist train"
NO_DIGIT = 10  # index of the output, and the label, of what is no digit
ALL_OF_IT = (0.0, 0.0, float(SIZE), float(SIZE))  # the box of a sample that comes from nowhere else
BATCH = 500  # samples that the network is given at once
Network = Callable[[np.ndarray], np.ndarray]  # samples (n, 28, 28) to logits (n, 11)
Verdict = Literal["digit", "unsure", "not_a_digit", "empty"]


@dataclass(frozen=True)
class Digit:
    """What was read of one part: its label, or None where it is no digit, and the ten probabilities (10,).

    `sure` is whether the label stands clear of the second guess.
    """

    digit: int | None
    probabilities: np.ndarray
    framed: Framed
    sure: bool = True

    @property
    def confidence(self) -> float | None:
        """Probability of the label, 0 to 1; None where there is none."""
        return None if self.digit is None else float(self.probabilities[self.digit])

    @property
    def second(self) -> int:
        """The next likely label."""
        return int(np.argsort(self.probabilities)[-2])


@dataclass(frozen=True)
class Reading:
    """What the classifier says of a drawing or picture: lines of digits, top to bottom, each left to right.

    There are none where nothing was read. `verdict` is the worst that holds of one of the digits. `left_out` are the
    boxes of what is no writing in a picture, or stands apart and is no digit, each with the reason.
    """

    verdict: Verdict
    lines: tuple[tuple[Digit, ...], ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def digits(self) -> tuple[Digit, ...]:
        """The digits of all lines."""
        return tuple(digit for line in self.lines for digit in line)

    @property
    def text(self) -> str | None:
        """The digits read, a line for each line, ? for what is no digit among them; None where nothing was read."""
        lines = ("".join("?" if digit.digit is None else str(digit.digit) for digit in line) for line in self.lines)
        return "\n".join(lines) or None

    @property
    def confidence(self) -> float | None:
        """Probability that the whole text is right, or None where something of it was not read."""
        each = [digit.confidence for digit in self.digits]
        return float(np.prod([one for one in each if one is not None])) if each and None not in each else None


def logits_of(network: Network, samples: Sequence[np.ndarray] | np.ndarray) -> np.ndarray:
    """Logits (n, 11) of n samples (28, 28), in batches that fit any memory."""
    batches = (np.asarray(samples[start : start + BATCH]) for start in range(0, len(samples), BATCH))
    return np.concatenate([network(batch) for batch in batches])


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits (n, k), row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Calibrated probabilities (n, 10) of the digits, given that there is one, from logits (n, 11)."""
    return softmax(logits[:, :NO_DIGIT] / temperature)


def digit_odds(logits: np.ndarray) -> np.ndarray:
    """Log odds (n,) that there is a digit at all, from logits (n, 11): log Σ exp(digit's logit) − last logit."""
    digits = logits[:, :NO_DIGIT]
    top = digits.max(axis=1)
    return top + np.log(np.exp(digits - top[:, None]).sum(axis=1)) - logits[:, NO_DIGIT]


def judge(found: Ways, logits: np.ndarray, card: dict[str, Any]) -> Reading:
    """The best of the ways, by logits (n, 11) of the parts of all lines in order, with the card's numbers."""
    if not found.lines:
        return Reading("empty", left_out=found.left_out)
    all_parts = [part for line in found.lines for part in line.parts]
    calibrated = probabilities(logits, card["temperature"])
    known = digit_odds(logits) >= card["thresholds"]["digit"]
    chosen = _divided(found, logits, known)
    sure = known & (calibrated.max(axis=1) >= card["thresholds"]["sure"])
    labels = [int(row.argmax()) if is_digit else None for row, is_digit in zip(calibrated, known, strict=True)]
    strays = [box for line, parts in chosen for box in left_out(line, [all_parts[i] for i in parts])]
    all_left_out = (*found.left_out, *((box, NOT_ONE) for box in strays))
    parts = [part for _, line in chosen for part in line]
    tallest = max((all_parts[part].framed.box[3] for part in parts), default=0.0)
    if all(all_parts[part].cut for part in parts):  # a letter can be cut into what looks like digits
        sure[:] = False
    if any(box[3] > TALL_STRAY * tallest for box in strays):  # beside letters a digit may be a letter, too
        sure[:] = False
    lines = tuple(
        tuple(Digit(labels[i], calibrated[i], all_parts[i].framed, bool(sure[i])) for i in line)
        for _, line in chosen
        if line
    )
    if not known[parts].any():
        return Reading("not_a_digit", left_out=all_left_out)
    if not known[parts].all():
        return Reading("not_a_digit", lines, all_left_out)
    return Reading("digit" if sure[parts].all() else "unsure", lines, all_left_out)


def _divided(found: Ways, logits: np.ndarray, known: np.ndarray) -> list[tuple[Line, list[int]]]:
    """The best lines and their parts; `known` (n,) says which of the parts are digits at all."""
    likeliest = np.log(softmax(logits)[:, :NO_DIGIT].max(axis=1) + 1e-30)
    scores = np.where(known, likeliest, HOPELESS).tolist()
    chosen = best(found, scores)
    cut = [part.cut for line in found.lines for part in line.parts]
    whole = [part for _, line in chosen for part in line if not cut[part]]
    if whole and 2 * np.count_nonzero(known[whole]) <= len(whole):  # among letters a joined pair of digits is a letter
        return best(found, scores, cutting=False)
    return chosen


def read_card(model: Path) -> dict[str, Any]:
    """The card beside the model file. Raises UserError where it is missing or is no card."""
    path = model.with_suffix(".json")
    try:
        card = json.loads(path.read_text("utf-8"))
        numbers = [card["temperature"], card["thresholds"]["digit"], card["thresholds"]["sure"]]
        if not isinstance(card["sha256"], str) or not all(isinstance(number, float) for number in numbers):
            raise ValueError("sha256, temperature or a threshold is of the wrong kind")
    except FileNotFoundError as error:
        raise UserError(f"{path}: the model's card is missing. {REMEDY}") from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UserError(f"{path}: not a model's card ({error}). {REMEDY}") from error
    return card


def verified_card(model: Path) -> dict[str, Any]:
    """The card of a model file that is there and is the one the card describes. Raises UserError where it is not."""
    card = read_card(model)
    if not model.is_file():
        raise UserError(f"{model}: the model is missing. {REMEDY}")
    if sha256(model) != card["sha256"]:
        raise UserError(f"{model}: the model is damaged, its checksum is not the card's. {REMEDY}")
    return card


class Classifier:
    """A trained network with its card. Make one with `Classifier.load()`; reading is safe from several threads."""

    def __init__(self, model: Any, card: dict[str, Any]) -> None:
        import tensorflow as tf

        self.card = card
        self.model = model
        self._logits = compiled(
            lambda samples: model(samples, training=False), tf.TensorSpec((None, SIZE, SIZE), tf.float32)
        )

    @classmethod
    def load(cls, path: Path = MODEL) -> "Classifier":
        """Load model and card, checksum first, and read one empty sample so that the next reading is quick.

        Raises UserError where the file is missing, is not the one the card describes, or would run code of its own.
        """
        card = verified_card(path)
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        # oneDNN gains nothing on one sample, announces itself on standard error, and rounds as each processor likes
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
        # absl, which TensorFlow brings, would look for a folder for temporary files; reading a digit needs none
        os.environ.setdefault("TEST_TMPDIR", os.devnull)
        import keras

        try:
            model = keras.models.load_model(path, compile=False, safe_mode=True)
        except (ValueError, TypeError, LookupError, OSError) as error:
            raise UserError(
                f"{path}: a model that `train` did not make, or another Keras than this. {REMEDY}"
            ) from error
        classifier = cls(model, card)
        classifier.logits(np.zeros((1, SIZE, SIZE), np.float32))
        return classifier

    def logits(self, samples: np.ndarray) -> np.ndarray:
        """Logits (n, 11) float32 of samples (n, 28, 28) float32 in [0, 1]."""
        logits: np.ndarray = self._logits(samples)
        return logits

    def digits(self, samples: np.ndarray) -> list[Digit]:
        """What each of the samples (n, 28, 28) is read as; its probabilities also where that is no digit."""
        logits = logits_of(self.logits, samples)
        known = digit_odds(logits) >= self.card["thresholds"]["digit"]
        read = []
        for sample, row, is_digit in zip(samples, probabilities(logits, self.card["temperature"]), known, strict=True):
            sure = bool(is_digit and row.max() >= self.card["thresholds"]["sure"])
            read.append(Digit(int(row.argmax()) if is_digit else None, row, Framed(sample, ALL_OF_IT), sure))
        return read

    def read(self, found: Ways) -> Reading:
        """Read the digits found in one drawing or picture."""
        return self.read_all([found])[0]

    def read_all(self, sources: Sequence[Ways]) -> list[Reading]:
        """Read many drawings or pictures in one batch: one reading for each."""
        parts = [[part for line in found.lines for part in line.parts] for found in sources]
        samples = [part.framed.sample for some in parts for part in some]
        if not samples:
            return [Reading("empty", left_out=found.left_out) for found in sources]
        logits = logits_of(self.logits, samples)
        readings, start = [], 0
        for found, some in zip(sources, parts, strict=True):
            rows = logits[start : start + len(some)]
            readings.append(judge(found, rows, self.card))
            start += len(some)
        return readings
