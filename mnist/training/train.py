"""The training run of the command line: train a network epoch by epoch, then measure it and write it with its card.

An interrupted run that is resumed sees the same samples as one that was not interrupted. The test set is measured once,
at the end, when everything is decided. What was tried, and what it gave: docs/decisions/training.md.
"""

import math
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
from keras.optimizers.schedules import CosineDecay, LearningRateSchedule
from rich.console import Console
from rich.progress import track

from mnist.data.labelled import Labelled
from mnist.errors import UserError
from mnist.files import write_whole
from mnist.reading.network import Network, logits_of
from mnist.training import recipe
from mnist.training.card import as_function, describe, write_model
from mnist.training.checkpoint import Checkpoint
from mnist.training.muon import KernelMuon
from mnist.training.networks import NETWORKS, Settings
from mnist.training.recipe import Data, Material, batches

DRY_RUN_SAMPLES = 64

# Returns the figures of a card, given the network, the validation sets, MNIST's test set and the rest of the card
Measure = Callable[[Network, Mapping[str, Labelled], Labelled, dict[str, Any]], dict[str, Any]]


def train(  # noqa: PLR0913 - six things decide what it does; the last two are named by every caller
    data: Data,
    output: Path,
    settings: Settings,
    measure: Measure,
    *,
    resume: bool,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train a network, write it to `output` (a .keras file) with its card beside it, and return the card.

    After every epoch a checkpoint is written to `<output>.checkpoint`; with `resume` the run goes on from there.
    Raises UserError if there is nothing to resume, if the checkpoint was made with other settings, or if an interrupted
    run would be lost.
    """
    checkpoint = Checkpoint(output)
    if checkpoint.exists and not resume:
        raise UserError(f"{checkpoint.folder}: an interrupted run is kept there. Add --resume, or delete the folder.")
    output.parent.mkdir(parents=True, exist_ok=True)
    write_whole(output.with_suffix(".checkpoint-test"), lambda path: path.touch())  # better now than after an epoch
    output.with_suffix(".checkpoint-test").unlink()
    model, history = checkpoint.load(settings) if resume else (None, [])
    if settings.handwriting:
        say(f"learning from people's handwriting, too: {', '.join(file.name for file in settings.handwriting)}")
    say("drawing the digits to learn from and to measure on")
    validation = recipe.validation(data, settings)
    if len(history) < settings.all_epochs:
        material = Material.make(data, settings)
        model = model or compiled_network(settings, _steps(material, settings, 0))
        for epoch in range(len(history), settings.all_epochs):
            if epoch == settings.epochs:
                compile_for_fine_tuning(model, settings, _steps(material, settings, epoch))
            history.append(_one_epoch(model, material, validation, settings, epoch))
            checkpoint.save(model, history, settings)
            say(_line(history, settings))
    card = describe(model, history, recipe.peoples_digits(validation), settings)
    card["figures"] = measure(as_function(model), validation, data.mnist.test, card)  # the one look at the test set
    write_model(model, card, output)
    checkpoint.remove()
    return card


def dry_run(data: Data, settings: Settings, measure: Measure, say: Callable[[str], None] = print) -> dict[str, Any]:
    """Go through every step of `train` with a few dozen samples, in a temporary folder; return the card."""
    few = data.first(DRY_RUN_SAMPLES)
    short = replace(
        settings,
        epochs=1,
        fine_tuning_epochs=min(1, settings.fine_tuning_epochs),
        drawn=DRY_RUN_SAMPLES,
        non_digits=DRY_RUN_SAMPLES // 2,
    )
    with tempfile.TemporaryDirectory() as folder:
        return train(few, Path(folder) / "digits.keras", short, measure, resume=False, say=say)


def compiled_network(settings: Settings, steps: int) -> keras.Model:
    """Return a new network to train: its rate rises for one epoch of `steps`, then falls along a cosine to zero."""
    keras.utils.set_random_seed(settings.seed)
    model = NETWORKS[settings.network].build()

    def rising(peak: float) -> LearningRateSchedule:
        decay_steps = max(1, (settings.epochs - 1) * steps)
        return CosineDecay(peak / 20, decay_steps, warmup_target=peak, warmup_steps=steps)

    _compile(model, rising, settings)
    return model


def compile_for_fine_tuning(model: keras.Model, settings: Settings, steps: int) -> None:
    """Give the network a new optimiser whose rate falls along a cosine from a tenth of the peak to zero."""
    _compile(model, lambda peak: CosineDecay(peak / 10, settings.fine_tuning_epochs * steps), settings)


def _compile(model: keras.Model, schedule: Callable[[float], LearningRateSchedule], settings: Settings) -> None:
    """Give the network its loss and its optimiser, whose rate follows the schedule of its peak."""
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=settings.label_smoothing)
    rate, decay = settings.learning_rate, settings.weight_decay
    if settings.kernel_rate:
        optimiser = KernelMuon(
            schedule(settings.kernel_rate),
            adam_lr_ratio=rate / settings.kernel_rate,
            weight_decay=settings.kernel_decay,
            adam_weight_decay=decay,
        )
    else:
        optimiser = keras.optimizers.AdamW(schedule(rate), weight_decay=decay)
    model.compile(optimiser, loss)


def _one_epoch(
    model: keras.Model, material: Material, validation: dict[str, Labelled], settings: Settings, epoch: int
) -> dict[str, float]:
    """Train for one epoch; return its loss, the share of each validation set read correctly, and its seconds.

    Batch by batch, not by `fit`: when that ends, tf.data's autotuner may sleep for 40 seconds before it is let go.
    """
    for layer in model.layers:
        if isinstance(layer, keras.layers.Dropout):  # no checkpoint holds its state
            layer.seed_generator.state.assign([settings.seed, epoch])
    started = time.monotonic()
    shown = material.epoch(settings, epoch)
    steps = math.ceil(len(shown) / settings.batch)
    console = Console(stderr=True)
    given, title = batches(material, shown, settings, epoch), f"epoch {epoch + 1} of {settings.all_epochs}"
    tracked = track(given, title, steps, console=console, transient=True, disable=not console.is_terminal)
    losses = [float(model.train_on_batch(samples, labels)) for samples, labels in tracked]
    result = {"loss": float(np.mean(losses))}
    for name, labelled in validation.items():
        logits = logits_of(as_function(model), labelled.samples)
        result[name] = float((logits.argmax(axis=1) == labelled.labels).mean())
    return {name: round(value, 6) for name, value in {**result, "seconds": time.monotonic() - started}.items()}


def _steps(material: Material, settings: Settings, epoch: int) -> int:
    return math.ceil(len(material.epoch(settings, epoch)) / settings.batch)


def _line(history: list[dict[str, float]], settings: Settings) -> str:
    latest = dict(history[-1])
    loss, seconds = latest.pop("loss"), latest.pop("seconds")
    correct = ", ".join(f"{name} {share:.2%}" for name, share in latest.items())
    return f"epoch {len(history)} of {settings.all_epochs}: loss {loss:.4f}, correct: {correct} ({seconds:.0f} s)"
