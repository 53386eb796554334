"""`python -m mnist serve | train | evaluate | predict`: what each is given, what it prints, how it ends.

TensorFlow and the training code are imported only by the command that needs them, so that `--help` answers at once.
"""

import argparse
import io
import json
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from mnist import memory
from mnist.errors import CannotWriteError, UserError
from mnist.files import MODEL, sha256
from mnist.training.networks import BASELINES, NETWORKS, SHIPPED, ExtraFile

DEFAULT = "(default: %(default)s)"
ENDING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has no SIGHUP


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 done, 1 something could not be done, 128 + a signal that ended it."""
    options = parser().parse_args(arguments)
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup may have asked for something else
            signal.signal(number, _interrupt)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name may be in no encoding at all
    try:
        try:
            return int(options.run(options))
        finally:
            _send_off()
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


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """End as by Ctrl+C, which takes away what is half-written; a container's first process would not end at all."""
    raise KeyboardInterrupt(number)


def _send_off() -> None:
    """Send off what was printed; where that fails drop it, as Python would try again at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise


def _complain(what: str, error: BaseException) -> None:
    """Tell what is wrong, and what was noted on the way."""
    print(" ".join([f"mnist: {what}", *getattr(error, "__notes__", [])]), file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """The command line's grammar."""
    top = argparse.ArgumentParser(
        prog="python -m mnist", description="Read handwritten digits; train and measure the network that does."
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    model = f"(default: the shipped one, {MODEL.parent.name}/{MODEL.name})"
    data = "mnist.npz or the folder of the four idx files (default: $MNIST_DATA, else Keras downloads it)"

    serve = commands.add_parser("serve", help="serve the page that people draw on")
    serve.add_argument("--address", default="0.0.0.0", help=f"of this machine, to be served {DEFAULT}")  # noqa: S104
    serve.add_argument("--port", type=_port, default=8501, metavar="N", help=DEFAULT.strip("()"))
    serve.set_defaults(run=_serve)

    train = commands.add_parser("train", help="train the network on MNIST")
    train.add_argument(
        "--network",
        choices=tuple(NETWORKS),
        default=SHIPPED.name,
        help=f"network to train: the shipped one, or one to compare it with {DEFAULT}",
    )
    train.add_argument("--epochs", type=_positive, metavar="N", help="passes over the images (default: the network's)")
    train.add_argument(
        "--without", nargs="+", default=[], metavar="STYLE", help="styles of drawn digits to leave out, to measure them"
    )
    train.add_argument(
        "--extra", nargs="+", type=Path, default=[], metavar="FILE", help="drawings from the page's challenge, to add"
    )
    train.add_argument("--data", type=Path, metavar="PATH", help=data)
    train.add_argument(
        "--output",
        type=_keras_file,
        metavar="FILE",
        help="model to write, its card beside it (default: the shipped one of that network)",
    )
    train.add_argument("--resume", action="store_true", help="go on after the last whole epoch of an interrupted run")
    train.add_argument("--seed", type=_seed, default=1, metavar="N", help=f"of all chance, 0 to 2³² − 1 {DEFAULT}")
    train.add_argument("--dry-run", action="store_true", help="go through every step on a few images and keep nothing")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="measure the model on MNIST's test set and on what is drawn here")
    evaluate.add_argument("--data", type=Path, metavar="PATH", help=data)
    evaluate.add_argument("--model", type=_keras_file, default=MODEL, metavar="FILE", help=f"model to measure {model}")
    form = evaluate.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object instead of tables; shares are 0 to 1")
    form.add_argument(
        "--markdown", action="store_true", help="the figures that the cards state, as Markdown; nothing is measured"
    )
    evaluate.set_defaults(run=_evaluate)

    predict = commands.add_parser("predict", help="read the digit in pictures and saved drawings")
    predict.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="picture, saved drawing (.json), folder of them, - for standard input",
    )
    predict.add_argument("--model", type=_keras_file, default=MODEL, metavar="FILE", help=f"model to read with {model}")
    predict.add_argument(
        "--json", action="store_true", help="a JSON object a line; confidences 0 to 1, boxes in the file's own pixels"
    )
    predict.set_defaults(run=_predict)
    return top


def _positive(text: str) -> int:
    return _at_least(1, text)


def _seed(text: str) -> int:
    return _at_least(0, text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is no port, a whole number from 1 to {2**16 - 1}")
    return int(text)


def _at_least(least: int, text: str) -> int:
    if not text.isdecimal() or not least <= int(text) < 2**32:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {least} to {2**32 - 1}")
    return int(text)


def _keras_file(text: str) -> Path:
    if not text.endswith(".keras"):
        raise argparse.ArgumentTypeError(f"{text!r} does not end in .keras")
    return Path(text)


def _serve(options: argparse.Namespace) -> int:
    from mnist.web.server import preflight

    preflight.serve(options.address, options.port)


def _predict(options: argparse.Namespace) -> int:
    from mnist.reading import batch

    show = batch.as_json if options.json else batch.as_text
    failed = False
    for name, outcome in batch.predict(options.paths, options.model):
        failed |= isinstance(outcome, UserError)
        print(show(name, outcome), flush=True)
    return int(failed)


def _train(options: argparse.Namespace) -> int:
    memory.check(memory.DRY_RUN_BYTES if options.dry_run else memory.TRAINING_BYTES)
    _check_temporary_folder()
    from mnist.data import exported_drawings, labelled, mnist_dataset
    from mnist.evaluation import figures
    from mnist.training.checkpoint import Checkpoint
    from mnist.training.train import dry_run, train

    network = NETWORKS[options.network]
    usual = network.settings
    if usual.plain and options.without:
        raise UserError(f"{options.network} learns from MNIST alone: there are no styles to leave out.")
    without = tuple(_known_styles(options.without))
    extra = {path: exported_drawings.read(path) for path in options.extra}
    files = tuple(ExtraFile(path.name, sha256(path), len(drawn)) for path, drawn in extra.items())
    epochs = options.epochs or usual.epochs
    settings = replace(usual, epochs=epochs, seed=options.seed, without=without, extra=files)
    mnist = replace(mnist_dataset.load(options.data), extra=sum(extra.values(), labelled.NO_SAMPLES))
    output = options.output or network.model
    if options.dry_run:
        dry_run(mnist, settings, figures.card_figures)
        print("dry run: every step works; nothing was kept")
        return 0
    try:
        card = train(mnist, output, settings, figures.card_figures, resume=options.resume)
    except (KeyboardInterrupt, CannotWriteError) as error:
        kept = Checkpoint(output).exists
        error.add_note(
            "Add --resume to the same command to go on after the last whole epoch."
            if kept
            else "No epoch was finished: there is nothing to resume."
        )
        raise
    test = card["figures"]["mnist_test"]
    print(f"{output}: {test['accuracy']:.2%} of {test['count']} test images right")
    return 0


def _check_temporary_folder() -> None:
    """Raise UserError where Keras could not save a network: better now than after an epoch."""
    try:
        tempfile.gettempdir()
    except OSError as error:
        raise UserError(f"Keras needs a folder for temporary files: {error.strerror}. Name one with TMPDIR.") from error


def _known_styles(names: Sequence[str]) -> Sequence[str]:
    from mnist.handwriting.styles import STYLES

    known = {style.name: style.digit for style in STYLES}
    for name in names:
        if name not in known:
            raise UserError(f"there is no style {name!r}. The styles are: {', '.join(known)}")
    if len({digit for name, digit in known.items() if name not in names}) < 10:
        raise UserError("a digit would be left without any style. Leave fewer out.")
    return names


def _evaluate(options: argparse.Namespace) -> int:
    baselines = [options.model.with_name(spec.file) for spec in BASELINES]
    return _print_cards([options.model, *baselines]) if options.markdown else _measure(options, baselines)


def _print_cards(models: Sequence[Path]) -> int:
    """Print the figures that the first model's card states, beside those of the others that are there."""
    from mnist.evaluation import tables
    from mnist.reading.classifier import read_card

    first, *others = models
    cards = [read_card(first), *map(read_card, filter(Path.is_file, others))]
    print(tables.as_markdown(cards), end="")
    return 0


def _measure(options: argparse.Namespace, baselines: Sequence[Path]) -> int:
    """Measure the model, and those to compare it with that are there; return 1 if the model's card states otherwise."""
    from mnist.data import mnist_dataset
    from mnist.evaluation import figures, sets, tables
    from mnist.reading.classifier import Classifier

    classifier = Classifier.load(options.model)
    measured_on = list(sets.every(mnist_dataset.load(options.data).test))
    measured = figures.measure(classifier.logits, measured_on, classifier.card)
    stated = classifier.card.get("figures", {})
    differing = figures.differing(measured, stated)
    missing = figures.not_measured(measured, stated)
    compared = {}
    for path in filter(Path.is_file, baselines):
        baseline = Classifier.load(path)
        compared[path.stem] = figures.measure(baseline.logits, measured_on, baseline.card)
    if options.json:
        print(json.dumps({**measured, "baselines": compared, "card_confirmed": not differing}))
    else:
        print(tables.as_text({options.model.stem: measured, **compared}))
        print(f"differs from the card in: {', '.join(differing)}" if differing else "the card's figures are confirmed")
        if missing:
            print(f"not measured, for want of the packages in requirements-dev.txt: {', '.join(missing)}")
    return 1 if differing else 0
