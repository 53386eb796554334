"""Train the network, resume where it was interrupted, write the model and its card.

Every epoch draws its own order and its own changes from (seed, epoch), so an interrupted run that is resumed sees what
an uninterrupted one would have seen. The test set is looked at once, when everything is decided.
"""

import json
import math
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow as tf

from mnist import augmentation, evaluation, network
from mnist.data import Labelled, Mnist
from mnist.errors import UserError
from mnist.files import sha256, write_whole

BATCH = 128
LEARNING_RATE = 2e-3  # peak; warmed up over one epoch, then a cosine down to zero
WEIGHT_DECAY = 1e-3
DRY_RUN_SAMPLES = 512


@dataclass(frozen=True)
class Settings:
    """What decides the outcome of a run; the card records it."""

    epochs: int = 20
    seed: int = 1
    batch: int = BATCH
    learning_rate: float = LEARNING_RATE
    weight_decay: float = WEIGHT_DECAY


class AugmentedEpoch(keras.utils.PyDataset):
    """One epoch of (samples, labels) batches, shuffled and changed at random from (seed, epoch)."""

    def __init__(self, train: Labelled, settings: Settings, epoch: int) -> None:
        super().__init__()
        self._train, self._batch, self._seed = train, settings.batch, (settings.seed, epoch)
        self._order = np.random.default_rng(self._seed).permutation(len(train))

    def __len__(self) -> int:
        return math.ceil(len(self._order) / self._batch)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = self._train[self._order[index * self._batch : (index + 1) * self._batch]]
        return augmentation.augment(chosen.samples, np.random.default_rng((*self._seed, index))), chosen.labels


def train(
    mnist: Mnist, output: Path, settings: Settings, resume: bool, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """Train on `mnist`, write `output` (a .keras file) and its card beside it; returns the card.

    After every epoch a checkpoint is written to `<output>.checkpoint`; `resume` goes on from it.
    Raises UserError where there is nothing to resume, what there is was made with other settings, or would be lost.
    """
    checkpoint = Checkpoint(output)
    if checkpoint.exists and not resume:
        raise UserError(f"{checkpoint.folder}: an interrupted run is kept there. Add --resume, or delete the folder.")
    output.parent.mkdir(parents=True, exist_ok=True)
    write_whole(output.with_suffix(".checkpoint-test"), lambda path: path.touch())  # better now than after an epoch
    output.with_suffix(".checkpoint-test").unlink()
    model, history = checkpoint.load(settings) if resume else (compiled_network(settings, len(mnist.train)), [])
    for epoch in range(len(history), settings.epochs):
        say(f"epoch {epoch + 1} of {settings.epochs}")
        history.append(_one_epoch(model, mnist, settings, epoch))
        checkpoint.save(model, history, settings)
    card = write_model(model, history, mnist, output, settings)
    checkpoint.remove()
    return card


def dry_run(mnist: Mnist, say: Callable[[str], None] = print) -> dict[str, Any]:
    """Every step of `train` on a few hundred samples, into a folder that is thrown away; returns the card."""
    few = Mnist(*(part[:DRY_RUN_SAMPLES] for part in (mnist.train, mnist.validation, mnist.test)))
    with tempfile.TemporaryDirectory() as folder:
        return train(few, Path(folder) / "digits.keras", Settings(epochs=1), resume=False, say=say)


def compiled_network(settings: Settings, samples: int) -> keras.Model:
    """A fresh network with its optimiser: AdamW, one epoch of warm-up, then a cosine down to zero."""
    keras.utils.set_random_seed(settings.seed)
    steps = math.ceil(samples / settings.batch)
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=settings.learning_rate / 20,
        warmup_target=settings.learning_rate,
        warmup_steps=steps,
        decay_steps=max(1, (settings.epochs - 1) * steps),
    )
    model = network.convolutional()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(schedule, weight_decay=settings.weight_decay), loss, metrics=["accuracy"])
    return model


def _one_epoch(model: keras.Model, mnist: Mnist, settings: Settings, epoch: int) -> dict[str, float]:
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):  # its state is in no checkpoint
            layer.seed_generator.state.assign([settings.seed, epoch])
    result = model.fit(
        AugmentedEpoch(mnist.train, settings, epoch),
        validation_data=(mnist.validation.samples, mnist.validation.labels),
        validation_batch_size=evaluation.BATCH,
        shuffle=False,
        verbose=1 if sys.stdout.isatty() else 2,
    )
    return {name: round(float(values[-1]), 6) for name, values in result.history.items()}


class Checkpoint:
    """A folder with the model after its latest whole epoch (optimiser included) and what led there."""

    def __init__(self, output: Path) -> None:
        self.folder = output.with_suffix(".checkpoint")
        self._state = self.folder / "state.json"

    @property
    def exists(self) -> bool:
        """Whether there is something to resume."""
        return self._state.exists()

    def save(self, model: keras.Model, history: list[dict[str, float]], settings: Settings) -> None:
        """Write the epoch's model, then the state that names it, then drop the epoch before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        latest = self.folder / f"epoch-{len(history)}.keras"
        write_whole(latest, model.save)
        state = {"model": latest.name, "history": history, "settings": asdict(settings)}
        write_whole(self._state, lambda path: path.write_text(json.dumps(state, indent=1)))
        for older in self.folder.glob("epoch-*.keras"):
            if older != latest:
                older.unlink()

    def load(self, settings: Settings) -> tuple[keras.Model, list[dict[str, float]]]:
        """The model and history to go on from."""
        try:
            state = json.loads(self._state.read_text())
            made_with = Settings(**state["settings"])
            if made_with != settings:
                raise UserError(
                    f"{self.folder}: was begun with {made_with}, not {settings}. "
                    "Give the same options, or leave out --resume."
                )
            return keras.models.load_model(self.folder / state["model"]), state["history"]
        except FileNotFoundError as error:
            raise UserError(f"{self.folder}: nothing to resume there. Leave out --resume to begin anew.") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"{self.folder}: the checkpoint cannot be read ({error}). Leave out --resume to begin anew."
            ) from error

    def remove(self) -> None:
        """Clear away what is no longer needed."""
        shutil.rmtree(self.folder, ignore_errors=True)


def without_optimiser(model: keras.Model) -> keras.Model:
    """The same network, a third of the size on disk."""
    return keras.Model(model.inputs, model.outputs, name=model.name)


def write_model(
    model: keras.Model, history: list[dict[str, float]], mnist: Mnist, output: Path, settings: Settings
) -> dict[str, Any]:
    """Fit temperature and thresholds on validation data, look at the test set, write the model and its card."""

    def logits(samples: np.ndarray) -> np.ndarray:
        return np.asarray(model(samples, training=False))

    validation = evaluation.logits_of(logits, mnist.validation.samples)
    card: dict[str, Any] = {
        "model": output.name,
        "command": " ".join(["python -m mnist", *sys.argv[1:]]),
        "network": model.name,
        "parameters": model.count_params(),
        "settings": asdict(settings),
        "versions": {package.__name__: package.__version__ for package in (keras, np, tf)},
        "temperature": evaluation.fit_temperature(validation, mnist.validation.labels),
        "thresholds": evaluation.fit_thresholds(validation),
        "history": history,
    }
    card["figures"] = {
        "mnist_validation": evaluation.figures(validation, mnist.validation.labels, card),
        "mnist_test": evaluation.evaluate(logits, mnist.test, card),
    }

    def save(temporary: Path) -> None:
        without_optimiser(model).save(temporary)
        card["sha256"] = sha256(temporary)
        write_whole(output.with_suffix(".json"), lambda path: path.write_text(json.dumps(card, indent=1) + "\n"))

    write_whole(output, save)  # the card goes into place just before the model: never one without the other
    return card
