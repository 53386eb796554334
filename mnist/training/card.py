"""The card of a trained network, and how model and card are written together."""

import json
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mnist.data.labelled import Labelled
from mnist.files import sha256, sync, write_whole
from mnist.reading.framing import SIZE
from mnist.reading.network import SUFFIX, Network, logits_of
from mnist.reading.outputs import probabilities
from mnist.training import calibration
from mnist.training.networks import Settings


def as_function(model: keras.Model) -> Network:
    """Return the model as a function from samples (n, 28, 28) to logits (n, 11)."""
    return lambda samples: np.asarray(model(samples, training=False))


def describe(
    model: keras.Model, history: list[dict[str, float]], hands: Mapping[str, Labelled], settings: Settings
) -> dict[str, Any]:
    """Return the card without its figures, calibrated on `hands`."""
    return {
        "command": f"python -m mnist {shlex.join(word for word in sys.argv[1:] if word != '--resume')}",
        "network": model.name,
        "parameters": model.count_params(),
        "settings": asdict(settings),
        "versions": {package.__name__: package.__version__ for package in (keras, np, tf)},
        **calibrated(as_function(model), hands),
        "history": history,
    }


def calibrated(network: Network, hands: Mapping[str, Labelled]) -> dict[str, Any]:
    """Return a card's temperature, thresholds and calibration curve.

    They are fitted on `hands`: digits of people that the network did not learn from. For temperature and thresholds
    each collection counts the same, however large it is; in the curve each digit does.
    """
    logits = np.concatenate([logits_of(network, part.samples) for part in hands.values()])
    labels = np.concatenate([part.labels for part in hands.values()])
    weights = np.concatenate([np.full(len(part), 1 / len(part)) for part in hands.values()])
    temperature = calibration.fit_temperature(logits, labels, weights)
    confidences = probabilities(logits, temperature)
    return {
        "temperature": temperature,
        "thresholds": calibration.fit_thresholds(logits, labels, weights),
        "calibration": calibration.calibration_curve(confidences.max(axis=1), confidences.argmax(axis=1) == labels),
    }


def as_text(card: dict[str, Any]) -> str:
    """Return the card as JSON with one line for each list of numbers, point of a curve, or example."""
    numbers, records = r"\[[\s\d,.e+-]+\]", r"(?<=[\[,])\s+\{[^{}\[\]]+\}"
    lines = re.sub(numbers, lambda found: " ".join(found[0].split()), json.dumps(card, indent=1))
    return re.sub(records, lambda found: "\n   " + " ".join(found[0].split()), lines) + "\n"


def export(model: keras.Model, path: Path) -> None:
    """Write the form of the model that is read with, to a file that ends in .onnx."""
    model(np.zeros((1, SIZE, SIZE), np.float32))  # Keras exports only what has been called
    model.export(path, format="onnx", verbose=False)


def write_model(model: keras.Model, card: dict[str, Any], output: Path) -> None:
    """Write the model without its optimiser (a third of the size), and just before it its ONNX form and the card.

    Raises CannotWriteError if there is no room, or no right to write there.
    """
    network_file = output.with_suffix(SUFFIX)

    def save(model_file: Path) -> None:
        keras.Model(model.input, model.output, name=model.name).save(model_file)
        sync(model_file)  # before the card is there that belongs to it
        write_whole(network_file, partial(save_network, model_file))

    def save_network(model_file: Path, temporary: Path) -> None:
        export(model, temporary)
        sync(temporary)
        signed = {"model": output.name, "sha256": sha256(model_file), "onnx_sha256": sha256(temporary), **card}
        write_whole(output.with_suffix(".json"), lambda path: path.write_text(as_text(signed)))

    write_whole(output, save)
