"""The checkpoint of a training run: the model after its latest whole epoch, to resume from."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras

from mnist.errors import UserError
from mnist.files import sha256, write_whole
from mnist.training.networks import Settings


class Checkpoint:
    """A folder beside the output: the model with its optimiser, the history so far, the settings of the run."""

    def __init__(self, output: Path) -> None:
        self.folder = output.with_suffix(".checkpoint")
        self._state = self.folder / "state.json"

    @property
    def exists(self) -> bool:
        """True if there is something to resume."""
        return self._state.exists()

    def save(self, model: keras.Model, history: list[dict[str, float]], settings: Settings) -> None:
        """Write the epoch's model, then the state that names it, then delete the epoch before."""
        self.folder.mkdir(parents=True, exist_ok=True)
        latest = self._model(len(history))
        write_whole(latest, model.save)
        state = {"sha256": sha256(latest), "history": history, "settings": asdict(settings)}
        write_whole(self._state, lambda path: path.write_text(json.dumps(state, indent=1)))
        for older in self.folder.glob("epoch-*.keras"):
            if older != latest:
                older.unlink()

    def load(self, settings: Settings) -> tuple[keras.Model, list[dict[str, float]]]:
        """Return the model and the history to go on from.

        Raises UserError if there is no checkpoint, it is damaged, or it was made with other settings.
        """
        if not self.exists:
            raise UserError(f"{self.folder}: nothing to resume there. Leave out --resume to begin anew.")
        try:
            state = json.loads(self._state.read_text())
            if differing := _differing(state["settings"], json.loads(json.dumps(asdict(settings)))):
                remedy = "Give the same options, or delete the folder to begin anew."
                raise UserError(f"{self.folder}: was begun with {differing}. {remedy}")
            model = self._model(len(state["history"]))
            if sha256(model) != state["sha256"]:
                raise ValueError(f"{model.name} is not what was written")
            return keras.models.load_model(model), state["history"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"{self.folder}: the checkpoint cannot be read ({error}). Delete the folder to begin anew."
            ) from error

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _model(self, epochs: int) -> Path:
        return self.folder / f"epoch-{epochs}.keras"


def _differing(stored: dict[str, Any], asked: dict[str, Any]) -> str:
    """Return what differs, as `seed 7, not 8`; a version of this program may know settings that another does not."""
    both = {name: (stored.get(name, "unknown"), asked.get(name, "unknown")) for name in {**stored, **asked}}
    return "; ".join(f"{name} {before}, not {now}" for name, (before, now) in both.items() if before != now)
