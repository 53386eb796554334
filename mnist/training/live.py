"""The training that a page shows: a small network learns in 90 seconds, in a process of its own.

`python -m mnist.training.live` loads TensorFlow, waits for "begin" or "begin mnist.npz" on standard input, then prints
one JSON object a line: how well the network reads, at last the network. It obeys "pause", "go on" and "stop" likewise,
and ends when its input is closed. It keeps no file. It learns from ready digits (ready_digits.py), or from MNIST's and
what is no digit among those.
"""

import base64
import io
import json
import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnist.data import mnist_dataset
from mnist.data.labelled import Labelled, concatenated
from mnist.errors import UserError
from mnist.reading.outputs import NO_DIGIT
from mnist.training import augmentation, calibration, net_file, ready_digits
from mnist.training.ready_digits import ReadyDigits

WIDTH = 8  # channels of the first layer, whose filters the page shows
PARAMETERS = 27_603  # of the network that this makes
WARM_UP_SHARE = 0.05  # of the training, in which the learning rate rises
Say = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Plan:
    """Amounts to learn. A slow or busy machine does less: it also ends by the clock."""

    seed: int = 1
    batch: int = 64
    steps: int = 3000
    rate: float = 6e-3  # peak learning rate
    report: int = 20  # steps between two reports
    learned_by_second: float = 75.0  # seconds since it was to begin


class Orders:
    """Orders from the server, which `listen` takes in a thread of its own, and the time spent, without pauses."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._began = clock, clock()
        self._begun, self._going, self._stopped = threading.Event(), threading.Event(), threading.Event()
        self._going.set()
        self._mnist: Path | None = None

    def listen(self, lines: Iterable[str]) -> None:
        """Obey one word after another until there are no more."""
        for line in lines:
            match line.strip():
                case "begin":
                    self._begun.set()
                case begin if begin.startswith("begin "):
                    self._mnist = Path(begin.removeprefix("begin "))
                    self._begun.set()
                case "pause":
                    self._going.clear()
                case "go on":
                    self._going.set()
                case "stop":
                    self._stopped.set()
                    self._going.set()

    def wait_to_begin(self) -> Path | None:
        """Wait until it is to begin, and return where the MNIST to learn from is, if it was named."""
        self._begun.wait()
        self._began = self._clock()
        return self._mnist

    def go_on(self) -> bool:
        """Return whether to go on; during a pause, wait for its end first."""
        asked = self._clock()
        self._going.wait()
        self._began += self._clock() - asked
        return not self._stopped.is_set()

    @property
    def spent(self) -> float:
        """Seconds since it was to begin, pauses not counted."""
        return self._clock() - self._began


class Trainee:
    """A network in training, which reports what it does.

    It reports `shown` (packed: ten samples that it is tested on, uint8, and their labels), then again and again `seen`
    and `of` (samples), `loss` (mean since the last report), `right` (share of the validation digits read correctly),
    `filters` (packed: (8, 5, 5) float32) and `read` (its reading of the ten samples), at last `net`: a file as
    `net_file` opens it, in base64. If it is stopped before it has learned anything, that is None.
    """

    def __init__(self, plan: Plan, orders: Orders, say: Say, ready: ReadyDigits) -> None:
        self._plan, self._orders, self._say, self._ready = plan, orders, say, ready
        self._rng = np.random.default_rng(plan.seed)
        self._model = _compiled(plan)

    def train(self, mnist: Path | None) -> None:
        """Learn from the ready digits, or from those in the file or folder `mnist`.

        Raises UserError if that is not MNIST.
        """
        material, validation = self._ready.material, self._ready.validation
        if mnist is not None:
            digits, validation = mnist_dataset.load_few(mnist, len(self._ready.digits), len(validation))
            material = concatenated([digits, self._ready.non_digits])
        tens = np.unique(validation.labels, return_index=True)[1]  # one of each digit
        shown = (255 * validation.samples[tens]).round().astype(np.uint8)
        self._say({"shown": pack([shown, validation.labels[tens]])})
        learned = self._learn(material, validation, tens) if self._orders.go_on() else None
        self._say({"net": learned and base64.b64encode(learned).decode()})

    def _learn(self, material: Labelled, validation: Labelled, tens: np.ndarray) -> bytes | None:
        """Train step by step; return the net's file, or None if stopped before the first step."""
        plan, orders, rng, model = self._plan, self._orders, self._rng, self._model
        step, began, losses = 0, orders.spent, list[float]()
        while orders.go_on() and step < plan.steps and orders.spent < plan.learned_by_second:
            progress = max(step / plan.steps, (orders.spent - began) / (plan.learned_by_second - began))
            model.optimizer.learning_rate.assign(plan.rate * _rate(progress))
            batch = material[rng.integers(len(material), size=plan.batch)]
            moved = augmentation.move(batch.samples, rng)
            losses.append(float(model.train_on_batch(moved, batch.labels)))
            step += 1
            if step == 1 or step % plan.report == 0:
                read = model.predict_on_batch(validation.samples)[:, :NO_DIGIT].argmax(axis=1)
                self._say({
                    "seen": step * plan.batch, "of": plan.steps * plan.batch, "loss": float(np.mean(losses)),
                    "right": float((read == validation.labels).mean()), "read": read[tens].tolist(),
                    "filters": pack([_filters(model)]),
                })  # fmt: skip
                losses.clear()
        if step == 0:
            return None
        logits = model.predict_on_batch(validation.samples)
        card = {
            "network": model.name,
            "parameters": model.count_params(),
            "seen": step * plan.batch,
            "right": float((logits[:, :NO_DIGIT].argmax(axis=1) == validation.labels).mean()),
            "temperature": calibration.fit_temperature(logits, validation.labels),
            "thresholds": calibration.fit_thresholds(logits, validation.labels),
        }
        return net_file.packed(model, card)


def _compiled(plan: Plan) -> Any:
    """Return a new network, to be moved by AdamW alone; `train` moves the kernels of convolutions by Muon."""
    import keras

    from mnist.training import architectures

    keras.utils.set_random_seed(plan.seed)
    model = architectures.convolutional(WIDTH)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.AdamW(plan.rate), loss, jit_compile=False)  # XLA makes a step a quarter longer
    return model


def _filters(model: Any) -> np.ndarray:
    """Return the filters of the first layer: (8, 5, 5) float32."""
    kernel: np.ndarray = next(layer.kernel for layer in model.layers if hasattr(layer, "kernel")).numpy()
    return kernel[:, :, 0].transpose(2, 0, 1)


def _rate(progress: float) -> float:
    """Return the share of the peak rate: it rises in a line, then falls along a cosine to zero."""
    return min(1.0, (progress + 1e-3) / WARM_UP_SHARE) * (1 + math.cos(math.pi * progress)) / 2


def pack(arrays: Sequence[np.ndarray]) -> str:
    """Return the arrays as text."""
    file = io.BytesIO()
    np.savez(file, *arrays)
    return base64.b64encode(file.getvalue()).decode()


def unpack(text: str) -> list[np.ndarray]:
    """Return the arrays that `pack` turned into text."""
    with np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as stored:
        return [stored[name] for name in stored.files]


def main() -> None:
    """Train as the server orders."""

    def say(message: dict[str, Any]) -> None:
        print(json.dumps(message), flush=True)

    def listen() -> None:
        orders.listen(sys.stdin)
        os._exit(0)  # the server is gone

    orders = Orders(time.monotonic)
    threading.Thread(target=listen, daemon=True).start()
    try:
        trainee = Trainee(Plan(), orders, say, ready_digits.load())  # takes seconds, in which nobody waits yet
        trainee.train(orders.wait_to_begin())
    except UserError as error:
        say({"error": str(error)})
    except BrokenPipeError:
        pass  # the server is gone
    os._exit(0)  # the other thread holds standard input, for which Python's own exit would wait


if __name__ == "__main__":
    main()
