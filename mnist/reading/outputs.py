"""What the network's outputs say of a sample: how likely which digit is, and whether it is a digit at all.

The model's card (card.py) holds the temperature that the logits are divided by (Guo et al., "On calibration of modern
neural networks", 2017) and the thresholds: with log odds below the `digit` of its best guess a sample is no digit, with
a confidence below `sure` the best guess is only the likelier of two. The network's eleventh output stands for what is
no digit (outlier exposure: Hendrycks et al., 2018).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mnist.reading.framing import Framed
from mnist.reading.readings import Digit

NO_DIGIT = 10  # index of the output, and the label, of anything that is no digit


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of logits (n, k), row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Return calibrated probabilities (n, 10) of the digits, given that there is one, from logits (n, 11)."""
    return softmax(logits[:, :NO_DIGIT] / temperature)


def digit_odds(logits: np.ndarray) -> np.ndarray:
    """Return log odds (n,) that there is a digit, from logits (n, 11): log Σ exp(digit's logit) − last logit."""
    digits = logits[:, :NO_DIGIT]
    top = digits.max(axis=1)
    return top + np.log(np.exp(digits - top[:, None]).sum(axis=1)) - logits[:, NO_DIGIT]


def margins(logits: np.ndarray, card: dict[str, Any]) -> np.ndarray:
    """Return how far the log odds (n,) that there is a digit are above the card's threshold for the best guess."""
    return digit_odds(logits) - np.asarray(card["thresholds"]["digit"])[logits[:, :NO_DIGIT].argmax(axis=1)]


def judge_samples(logits: np.ndarray, card: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what n samples are by logits (n, 11) and the card's temperature and thresholds.

    That is the calibrated probabilities (n, 10), which are a digit (n,), and of which the best guess is sure (n,).
    """
    calibrated = probabilities(logits, card["temperature"])
    known = margins(logits, card) >= 0
    return calibrated, known, known & (calibrated.max(axis=1) >= card["thresholds"]["sure"])


def digits_of(framed: Sequence[Framed], logits: np.ndarray, card: dict[str, Any]) -> list[Digit]:
    """Return n digits as they are read, by logits (n, 11) and the card's temperature and thresholds."""
    calibrated, known, sure = judge_samples(logits, card)
    labels = [int(row.argmax()) if is_digit else None for row, is_digit in zip(calibrated, known, strict=True)]
    return [Digit(*each) for each in zip(labels, calibrated, framed, sure.tolist(), strict=True)]
