"""The network as it is read with is the one that Keras trained."""

from typing import Any

import numpy as np
import pytest

from mnist.files import MODEL
from mnist.handwriting.samples import draw_digits, draw_non_digits
from mnist.reading.classifier import Classifier
from mnist.reading.network import SAMPLES_PER_BATCH, from_onnx, logits_of
from mnist.reading.outputs import probabilities
from mnist.training.augmentation import augment
from mnist.training.card import as_function
from mnist.training.networks import NETWORKS, NetworkSpec
from tests.conftest import in_keras

pytestmark = pytest.mark.network
FEW = 500


def test_of_no_samples_there_are_no_digits(classifier: Classifier) -> None:
    assert logits_of(classifier.network, []).shape == (0, 11)
    assert classifier.digits(np.zeros((0, 28, 28))) == []


def test_it_answers_as_keras_does_on_ten_thousand_samples(classifier: Classifier, keras_model: Any) -> None:
    rng = np.random.default_rng(7)
    drawn = np.concatenate([draw_digits(FEW, rng).samples, draw_non_digits(FEW, rng).samples])
    samples = np.concatenate([augment(drawn, rng) for _ in range(10)])
    assert len(samples) == 10_000
    ours, keras = (logits_of(network, samples) for network in (classifier.network, as_function(keras_model)))
    temperature = classifier.card["temperature"]
    assert np.abs(probabilities(ours, temperature) - probabilities(keras, temperature)).max() < 1e-4
    assert np.array_equal(ours.argmax(axis=1), keras.argmax(axis=1))


@pytest.mark.parametrize("network", NETWORKS.values(), ids=list(NETWORKS))
def test_every_shipped_network_answers_as_in_keras(network: NetworkSpec) -> None:
    samples = np.random.default_rng(1).random((20, 28, 28), np.float32)
    model = as_function(in_keras(network.model))
    np.testing.assert_allclose(Classifier.load(network.model).network(samples), model(samples), atol=1e-3)


def test_any_number_of_samples_gives_the_same() -> None:
    network = from_onnx(MODEL.with_suffix(".onnx").read_bytes())
    samples = np.random.default_rng(2).random((SAMPLES_PER_BATCH + 1, 28, 28), np.float32)
    singly = np.concatenate([network(sample[None]) for sample in samples])
    np.testing.assert_allclose(logits_of(network, samples), singly, atol=1e-4)
