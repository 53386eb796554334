"""The command line: `python -m mnist serve | train | evaluate | predict`.

Each command imports TensorFlow and the training code only if it needs them, so that `--help` answers at once.
"""

import argparse
import io
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from mnist import __version__, memory
from mnist.errors import CannotWriteError, UserError
from mnist.files import MODEL, sha256
from mnist.packages import check_tensorflow
from mnist.training.networks import BASELINES, NETWORKS, SHIPPED, HandwritingFile, Settings

if TYPE_CHECKING:  # what training needs is imported by the commands that train
    from mnist.training.recipe import Data

DEFAULT = "(default: %(default)s)"
DEFAULT_MODEL = f"(default: the shipped one, {MODEL.parent.name}/{MODEL.name})"
DATA = "mnist.npz or the folder of the four idx files (default: $MNIST_DATA, else Keras downloads it)"
HANDWRITING = {  # options of `train`: what people wrote, to learn from as well
    "drawings": "people's digits to learn from as well, drawings as JSON lines; without this and the next two, the "
    "shipped network learns from all in $HANDWRITING_DATA",
    "images": "people's digits as images, an .npz or what the page Challenge saves",
    "non-digits": "drawings and images of things that are no digit",
}
# Windows has no SIGHUP
ENDING_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 something failed, 128 + the signal that ended it."""
    options = parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be in no encoding at all
    try:
        with _signals_interrupt():
            try:
                return int(options.run(options))
            finally:
                _flush()
    except UserError as error:
        _complain(str(error), error)
        return 1
    except BrokenPipeError:  # whoever read our output has seen enough
        return 1
    except OSError as error:
        _complain(f"{error.filename or 'standard output'}: {error.strerror or error}", error)
        return 1
    except KeyboardInterrupt as error:
        _complain("interrupted.", error)
        return 128 + (error.args[0] if error.args else signal.SIGINT)


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end a command as Ctrl+C does, so that half-written files are removed.

    A container's first process would not end by them at all. The handlers are restored afterwards.
    """
    replaced = [number for number in ENDING_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]  # nohup ignores one
    for number in replaced:
        signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number in replaced:
            signal.signal(number, signal.SIG_DFL)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt(number)


def _flush() -> None:
    """Write out everything printed so far; if that fails drop it, as Python would try again at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise


def _complain(what: str, error: BaseException) -> None:
    """Print what is wrong, with the notes added to the error on its way."""
    print(" ".join([f"mnist: {what}", *getattr(error, "__notes__", [])]), file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m mnist", description="Read handwritten digits; train and measure the network that does."
    )
    top.add_argument("--version", action="version", version=f"mnist {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands.add_parser("serve", help="serve the page that people draw on"))
    _add_train(
        commands.add_parser("train", help="train the network, on MNIST, digits of its own and people's handwriting")
    )
    _add_evaluate(commands.add_parser("evaluate", help="measure the model on MNIST's test set and on other sets"))
    _add_predict(commands.add_parser("predict", help="read the digits in pictures and saved drawings"))
    return top


def _add_serve(serve: argparse.ArgumentParser) -> None:
    add = serve.add_argument
    add("--address", default="0.0.0.0", help=f"address of this machine to listen on {DEFAULT}")  # noqa: S104
    add("--port", type=_whole_number(1, 2**16 - 1), default=8501, metavar="N", help=DEFAULT.strip("()"))
    serve.set_defaults(run=_serve)


def _add_train(train: argparse.ArgumentParser) -> None:
    add = train.add_argument
    to_train = f"network to train: the shipped one, or one to compare it with {DEFAULT}"
    add("--network", choices=tuple(NETWORKS), default=SHIPPED.name, help=to_train)
    add("--epochs", type=_whole_number(1), metavar="N", help="passes over the data (default: the network's own)")
    add("--without", nargs="+", default=[], metavar="STYLE", help="styles of drawn digits to leave out")
    for option, what in HANDWRITING.items():
        add(f"--{option}", nargs="+", type=Path, default=[], metavar="FILE", help=what)
    add("--data", type=Path, metavar="PATH", help=DATA)
    output = "model to write, with its card beside it (default: the shipped file of that network)"
    add("--output", type=_keras_file, metavar="FILE", help=output)
    add("--resume", action="store_true", help="go on after the last complete epoch of an interrupted run")
    add("--seed", type=_whole_number(0), default=1, metavar="N", help=f"of all randomness, 0 to 2³² − 1 {DEFAULT}")
    add("--dry-run", action="store_true", help="go through every step with a few images, keep nothing")
    train.set_defaults(run=_train)


def _add_evaluate(evaluate: argparse.ArgumentParser) -> None:
    add = evaluate.add_argument
    add("--data", type=Path, metavar="PATH", help=DATA)
    add("--model", type=_keras_file, default=MODEL, metavar="FILE", help=f"model to measure {DEFAULT_MODEL}")
    add = evaluate.add_mutually_exclusive_group().add_argument
    add("--json", action="store_true", help="one JSON object instead of tables; shares are 0 to 1")
    add("--markdown", action="store_true", help="the figures that the cards state, as Markdown; nothing is measured")
    evaluate.set_defaults(run=_evaluate)


def _add_predict(predict: argparse.ArgumentParser) -> None:
    add = predict.add_argument
    paths = "picture, saved drawing (.json), a folder of them, or - for standard input"
    add("paths", nargs="+", metavar="PATH", help=paths)
    add("--model", type=_keras_file, default=MODEL, metavar="FILE", help=f"model to read with {DEFAULT_MODEL}")
    lines = "a JSON object a line; confidences 0 to 1, boxes in the file's own pixels"
    add("--json", action="store_true", help=lines)
    predict.set_defaults(run=_predict)


def _whole_number(least: int, most: int = 2**32 - 1) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return parse


def _keras_file(text: str) -> Path:
    if not text.endswith(".keras"):
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .keras")
    return Path(text)


def _serve(options: argparse.Namespace) -> int:
    from mnist.web.server import preflight, serve

    preflight.check(options.address, options.port)
    serve.run(options.address, options.port)
    return 0


def _predict(options: argparse.Namespace) -> int:
    from mnist.reading import batch

    show = batch.as_json if options.json else batch.as_text
    failed = False
    for name, outcome in batch.predict(options.paths, options.model):
        failed |= isinstance(outcome, UserError)
        print(show(name, outcome), flush=True)
    return int(failed)


def _train(options: argparse.Namespace) -> int:
    check_tensorflow()
    memory.check(memory.DRY_RUN_BYTES if options.dry_run else memory.TRAINING_BYTES)
    try:
        tempfile.gettempdir()  # better now than after an epoch
    except OSError as error:
        raise UserError(f"Keras needs a folder for temporary files: {error.strerror}. Name one with TMPDIR.") from error
    from mnist.evaluation import figures
    from mnist.training.checkpoint import Checkpoint
    from mnist.training.train import dry_run, train

    data, settings = _data_and_settings(options)
    output = options.output or NETWORKS[options.network].model
    if options.dry_run:
        dry_run(data, settings, figures.card_figures)
        print("dry run: every step works; nothing was kept")
        return 0
    try:
        card = train(data, output, settings, figures.card_figures, resume=options.resume)
    except (KeyboardInterrupt, CannotWriteError) as error:
        resume = "Add --resume to the same command to go on after the last complete epoch."
        error.add_note(resume if Checkpoint(output).exists else "No epoch was complete, so there is nothing to resume.")
        raise
    test = card["figures"]["mnist_test"]
    print(f"{output}: {test['accuracy']:.2%} of {test['count']} test images read correctly")
    return 0


def _data_and_settings(options: argparse.Namespace) -> tuple["Data", Settings]:
    """Return what a run learns from, and everything that decides its outcome."""
    from mnist.data import mnist_dataset, people
    from mnist.training.recipe import Data

    usual = NETWORKS[options.network].settings
    if usual.plain and options.without:
        raise UserError(f"{options.network} learns from MNIST alone, so there are no styles to leave out.")
    files = _handwriting_files(options, usual.plain)
    digits = people.read([*files["drawings"], *files["images"]])
    non_digits = people.read(files["non-digits"], non_digits=True)
    mnist = mnist_dataset.load(options.data)
    settings = replace(
        usual,
        epochs=options.epochs or usual.epochs,
        seed=options.seed,
        without=tuple(options.without),
        handwriting=tuple(
            HandwritingFile(kind, path.name, sha256(path), people.whose(path))
            for kind, paths in files.items()
            for path in paths
        ),
        mnist=mnist.checksum,
    )
    development = {} if usual.plain else people.development()
    return Data(mnist, people.Handwriting(digits, non_digits), development), settings


def _handwriting_files(options: argparse.Namespace, plain: bool) -> dict[str, list[Path]]:
    """Return the files of people's handwriting by option: those given, else for the shipped network those at hand."""
    from mnist.data import people

    given: dict[str, list[Path]] = {kind: getattr(options, kind.replace("-", "_")) for kind in HANDWRITING}
    return given if plain or any(given.values()) else people.files(people.TO_LEARN_FROM)


def _evaluate(options: argparse.Namespace) -> int:
    """Print the figures of a model and of the baselines beside it; return 1 if the model's card states others."""
    from mnist.evaluation import tables
    from mnist.reading.card import read_card
    from mnist.reading.classifier import Classifier

    baselines = (options.model.with_name(spec.file) for spec in BASELINES)
    paths = [options.model, *(path for path in baselines if path.is_file() and path != options.model)]
    if options.markdown:
        print(tables.as_markdown([read_card(path) for path in paths]), end="")
        return 0
    from mnist.data import mnist_dataset
    from mnist.evaluation import figures, sets

    models = [Classifier.load(path) for path in paths]
    measured_on = list(sets.every(mnist_dataset.load(options.data).test))
    measured, *compared = [figures.measure(model.network, measured_on, model.card) for model in models]
    stated = models[0].card.get("figures", {})
    differing = figures.differing(measured, stated)
    if options.json:
        beside = {path.stem: each for path, each in zip(paths[1:], compared, strict=True)}
        print(json.dumps({**measured, "baselines": beside, "card_confirmed": not differing}))
        return int(bool(differing))
    every = zip(models, [measured, *compared], strict=True)
    print(tables.as_markdown([{**model.card, "figures": each} for model, each in every]))
    print(f"differs from the card in: {', '.join(differing)}" if differing else "the card's figures are confirmed")
    for sentence in figures.not_measured(measured):
        print(sentence)
    return int(bool(differing))
