"""Explanations of a network, compared with what the network itself answers."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from mnist.explaining.inside import COVER_PIXELS, COVER_STEP_PIXELS, Activations, Explainer
from mnist.reading.classifier import Classifier
from mnist.reading.drawings import strokes
from mnist.training.networks import NETWORKS
from tools.harness import hand

pytestmark = pytest.mark.network
SEVEN = strokes.frame(hand.strokes(7)).sample


@pytest.fixture(scope="module")
def explainer(keras_model: Any) -> Explainer:
    return Explainer(keras_model)


def odds(logits: np.ndarray, label: int) -> float:
    """Log odds of one output, the plain way."""
    powers = np.exp(logits.astype(np.float64))
    return float(np.log(powers[label] / (powers.sum() - powers[label])))


def test_the_sums_are_those_of_the_classifier(classifier: Classifier, explainer: Explainer) -> None:
    inside = explainer.look(SEVEN)
    logits = classifier.network(SEVEN[None])[0]
    np.testing.assert_allclose(inside.logits, logits, atol=1e-4)
    np.testing.assert_allclose(inside.pulls.sum(axis=0) + inside.bias, logits, atol=1e-3)


def test_the_shapes_shrink_and_their_number_grows(explainer: Explainer) -> None:
    shapes = [layer.maps.shape for layer in explainer.look(SEVEN).layers]
    assert shapes[0] == (14, 14, 32)
    assert shapes[-1] == (7, 7, 128)
    assert len(shapes) == 6
    assert all(a[0] >= b[0] and a[2] <= b[2] for a, b in pairwise(shapes))


def seen_from(explainer: Explainer, number: int, row: int, column: int, rng: np.random.Generator) -> np.ndarray:
    """Which pixels (28, 28) bool change a place of a layer's maps when they alone change."""
    plain = explainer.look(SEVEN).layers[number].maps[row, column]
    seen = np.zeros((28, 28), bool)
    for y, x in rng.integers(0, 28, (60, 2)):
        changed = SEVEN.copy()
        changed[y, x] += 3.0  # more than there can be, so that it shows
        seen[y, x] = not np.allclose(explainer.look(changed).layers[number].maps[row, column], plain, atol=1e-6)
    return seen


@pytest.mark.parametrize("network", list(NETWORKS))
def test_a_place_sees_nothing_outside_its_square(network: str, rng: np.random.Generator) -> None:
    explainer = Explainer(NETWORKS[network].build())
    for number, layer in enumerate(explainer.look(SEVEN).layers):
        row, column = 3, 4
        seen = seen_from(explainer, number, row, column, rng)
        left, top = layer.first + layer.step * column, layer.first + layer.step * row
        square = np.zeros((28, 28), bool)
        square[max(top, 0) : top + layer.side, max(left, 0) : left + layer.side] = True
        assert not (seen & ~square).any()
        assert seen.any() or number == 0  # sixty pixels may all miss a small square


def test_the_best_place_is_where_the_map_is_brightest(explainer: Explainer) -> None:
    layer = explainer.look(SEVEN).layers[0]
    channel = layer.ranked_channels[0]
    x, y, side = layer.strongest_square(channel)
    rows, columns = np.nonzero(layer.maps[:, :, channel] == layer.maps[:, :, channel].max())
    assert ((x - layer.first) / layer.step, (y - layer.first) / layer.step) == (columns[0], rows[0])
    assert side == 5


def test_the_most_excited_come_first(explainer: Explainer) -> None:
    layer = explainer.look(SEVEN).layers[2]
    assert sorted(layer.ranked_channels) == list(range(64))
    stands_out = [float(layer.maps[:, :, i].max() - np.median(layer.maps[:, :, i])) for i in layer.ranked_channels]
    assert stands_out == sorted(stands_out, reverse=True)


@pytest.mark.parametrize("label", [7, 1, 4])
def test_what_fades_in_adds_up_to_what_the_odds_rise_by(explainer: Explainer, label: int) -> None:
    evidence = explainer.integrated_gradients(SEVEN, label)
    rise = odds(explainer.look(SEVEN).logits, label) - odds(explainer.look(np.zeros_like(SEVEN)).logits, label)
    assert evidence.sum() == pytest.approx(rise, rel=0.1, abs=0.3)
    assert not evidence[SEVEN == 0].any()


def test_covering_is_what_the_odds_fall_by(explainer: Explainer) -> None:
    evidence = explainer.occlusion(SEVEN, 7)
    y, x = np.argwhere(SEVEN == 1)[0]
    falls = []
    for top in range(1 - COVER_PIXELS, 28, COVER_STEP_PIXELS):
        for left in range(1 - COVER_PIXELS, 28, COVER_STEP_PIXELS):
            if top <= y < top + COVER_PIXELS and left <= x < left + COVER_PIXELS:
                covered = SEVEN.copy()
                covered[max(top, 0) : top + COVER_PIXELS, max(left, 0) : left + COVER_PIXELS] = 0
                falls.append(odds(explainer.look(SEVEN).logits, 7) - odds(explainer.look(covered).logits, 7))
    assert len(falls) in {1, 2, 4}
    assert evidence[y, x] == pytest.approx(np.mean(falls), abs=1e-3)
    assert not evidence[SEVEN == 0].any()


def test_ink_that_is_not_there_says_nothing(explainer: Explainer) -> None:
    empty = np.zeros((28, 28), np.float32)
    assert not explainer.occlusion(empty, 3).any()
    assert not explainer.integrated_gradients(empty, 3).any()
    assert isinstance(explainer.look(empty), Activations)
