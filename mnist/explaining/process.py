"""The process that explains. It holds TensorFlow, so that the server, and those who draw, need none.

`python -m mnist.explaining.process digits.keras` reads requests from standard input, each a pickled pair of what is
asked for and its arguments, and writes each answer, pickled, to standard output. It ends when its input ends.
"""

import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from mnist.errors import UserError
from mnist.explaining.inside import Explainer
from mnist.explaining.smallest_change import PerturbationSearch
from mnist.reading.card import REMEDY, read_card, verified
from mnist.reading.classifier import Classifier

Asked = dict[str, Callable[..., Any]]  # what can be asked for, by name


def explanations(path: Path) -> Asked:
    """Return what can be asked about a model (.keras). Raises UserError if it is missing or damaged."""
    # on one sample oneDNN gains nothing, announces itself on standard error, and rounds as each processor likes
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import keras

    verified(path, read_card(path)["sha256"])
    try:
        model = keras.models.load_model(path, compile=False, safe_mode=True)
    except (ValueError, TypeError, LookupError, OSError) as error:
        raise UserError(f"{path}: a model that `train` did not make, or another Keras than this. {REMEDY}") from error
    explainer, search = Explainer(model), PerturbationSearch(model, Classifier.load(path))
    return {
        "look": explainer.look,
        "occlusion": explainer.occlusion,
        "integrated_gradients": explainer.integrated_gradients,
        "smallest_change": search.find,
    }


def answer(path: Path, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests about a model until there are no more; to each the answer is a UserError if it is damaged."""
    asked: Asked | UserError
    try:
        asked = explanations(path)
    except UserError as error:
        asked = error
    while True:
        try:
            name, arguments = pickle.load(requests)  # noqa: S301 - the server's own
        except EOFError:
            return
        pickle.dump(asked if isinstance(asked, UserError) else asked[name](*arguments), answers)
        answers.flush()


def main(arguments: list[str]) -> None:
    """Explain the network of the model that `arguments` names."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    answer(Path(arguments[0]), sys.stdin.buffer, answers)


if __name__ == "__main__":
    main(sys.argv[1:])
