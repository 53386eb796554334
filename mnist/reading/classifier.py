"""The classifier: samples become calibrated probabilities and a reading, which may reject them as no digit.

The model's card (card.py) holds the temperature that the logits are divided by (Guo et al., "On calibration of modern
neural networks", 2017) and the thresholds: with log odds below the `digit` of its best guess a sample is no digit, with
a confidence below `sure` the best guess is only the likelier of two. The network's eleventh output stands for what is
no digit (outlier exposure: Hendrycks et al., 2018).
"""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mnist.errors import UserError
from mnist.files import MODEL
from mnist.reading import headings, layout, look_alikes
from mnist.reading.card import REMEDY, read_card, verified
from mnist.reading.framing import SIZE, Box, Framed, around
from mnist.reading.gutters import Wall
from mnist.reading.lattice import Chosen, Lattice, Part, best_path, unused_strays
from mnist.reading.mesh import Mesh
from mnist.reading.network import SUFFIX, Network, from_onnx, logits_of
from mnist.reading.readings import Digit, Reading, Verdict

MIN_TALL_STRAY_OF_DIGIT = 0.5  # height, of the tallest digit: a taller stray makes the digits beside it doubtful
MAX_PARTS_TO_LOOK_AGAIN = 4000  # of a rejected picture: it has been read long enough; a list on its side has 2,000
MAX_PARTS_OF_LOOKS = 2000  # of a rejected picture, all further looks together
MIN_TURNED_DIGITS = 3  # a lone letter, turned, may look like a digit
MIN_SURE_MARGIN = 0.1  # a logarithm: with less, a part is doubtful, for the line could as well be divided otherwise
MIN_SURE_CUT_MARGIN = 1.0  # of a part that was cut off: long flags of a 1 look like digits of their own
MIN_SURE_OF_SEVERAL = 0.98  # probability: of several digits each may be the wrong one, so each has to be surer
LEAST_ODDS_AMONG_DIGITS = 2.0  # log odds below the threshold: there a part may be a doubtful digit
MIN_SURE_OF_TABLE = 0.8  # share of a table's digits: then it lies upright
MAX_MARGIN_OF_MIRRORED = 2.0  # log odds above the threshold, of a 1 that is a mirrored one,
MIN_GAIN_BY_MIRROR = 4.0  # and how far a mirror raises them: it does so to none of 9,862 digits by people
MIN_LONE_DIGIT = 1 / 3  # height, of the other digits' median: smaller, alone in its line, it is a mark or a shadow
NOT_A_DIGIT = "not a digit"  # why something that stands apart was left out
NO_DIGIT = 10  # index of the output, and the label, of anything that is no digit
WHOLE_SAMPLE = (0.0, 0.0, float(SIZE), float(SIZE))  # the box of a sample that comes from nowhere else


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return the probabilities of logits (n, k), row by row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Return calibrated probabilities (n, 10) of the digits, given that there is one, from logits (n, 11)."""
    return softmax(logits[:, :NO_DIGIT] / temperature)


def digit_odds(logits: np.ndarray) -> np.ndarray:
    """Return log odds (n,) that there is a digit, from logits (n, 11): log Σ exp(digit's logit) − last logit."""
    digits = logits[:, :NO_DIGIT]
    top = digits.max(axis=1)
    return top + np.log(np.exp(digits - top[:, None]).sum(axis=1)) - logits[:, NO_DIGIT]


def margins(logits: np.ndarray, card: dict[str, Any]) -> np.ndarray:
    """Return how far the log odds (n,) that there is a digit are above the card's threshold for the best guess."""
    return digit_odds(logits) - np.asarray(card["thresholds"]["digit"])[logits[:, :NO_DIGIT].argmax(axis=1)]


def judge_samples(logits: np.ndarray, card: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what n samples are by logits (n, 11) and the card's temperature and thresholds.

    That is the calibrated probabilities (n, 10), which are a digit (n,), and of which the best guess is sure (n,).
    """
    calibrated = probabilities(logits, card["temperature"])
    known = margins(logits, card) >= 0
    return calibrated, known, known & (calibrated.max(axis=1) >= card["thresholds"]["sure"])


def digits_of(framed: Sequence[Framed], logits: np.ndarray, card: dict[str, Any]) -> list[Digit]:
    """Return n digits as they are read, by logits (n, 11) and the card's temperature and thresholds."""
    calibrated, known, sure = judge_samples(logits, card)
    labels = [int(row.argmax()) if is_digit else None for row, is_digit in zip(calibrated, known, strict=True)]
    return [Digit(*each) for each in zip(labels, calibrated, framed, sure.tolist(), strict=True)]


def judge(lattice: Lattice, logits: np.ndarray, card: dict[str, Any]) -> Reading:
    """Return the reading of the best path, by logits (n, 11) of the lattice's parts and the card's numbers."""
    if not lattice.lines:
        return Reading("empty", left_out=lattice.left_out)
    parts = lattice.parts
    candidates = digits_of([part.framed for part in parts], logits, card)
    candidates = [
        digit if part.may_be_digit else replace(digit, digit=None, sure=False)
        for digit, part in zip(candidates, parts, strict=True)
    ]
    rejected = [digit.digit is None for digit in candidates]
    found = _best_path(lattice, logits, ~np.array(rejected))
    for index in _accepted(lattice, found, rejected, logits, card):
        likeliest = int(candidates[index].probabilities.argmax())
        candidates[index] = replace(candidates[index], digit=likeliest, sure=False)
    rejected = [digit.digit is None for digit in candidates]
    path, strays = _without_marks(found, parts, rejected, lattice.mesh)
    left_out = (*lattice.left_out, *((box, NOT_A_DIGIT) for box in strays))
    for index in _doubtful(lattice, path, strays, candidates):
        candidates[index] = replace(candidates[index], sure=False)
    lines = tuple(tuple(candidates[i] for i in each.parts) for each in path if each.parts)
    digits = [digit for line in lines for digit in line]
    if all(digit.digit is None for digit in digits):
        return Reading("not_a_digit", left_out=left_out, mesh=lattice.mesh)
    verdict: Verdict = "digit" if all(digit.sure for digit in digits) else "unsure"
    if any(digit.digit is None for digit in digits):
        verdict = "not_a_digit"
    walls: tuple[Wall, ...] = ()
    if lattice.mesh is None:
        of_lines = [[digit.framed.box for digit in line] for line in lines]
        walls = layout.of_table(lattice.walls, of_lines, [sign.box for sign in lattice.signs])
    return Reading(verdict, lines, left_out, walls, lattice.mesh, lattice.signs, lattice.turned)


def _accepted(
    lattice: Lattice, path: Sequence[Chosen], rejected: Sequence[bool], logits: np.ndarray, card: dict[str, Any]
) -> list[int]:
    """Return the rejected parts that are likely digits, for they stand among digits: in their line, or their table."""
    groups = [each.parts for each in path]
    if lattice.mesh is not None:  # the cells of a table are together what a line is elsewhere
        numbers = [each.parts for each in path if not each.line.is_words(rejected[i] for i in each.parts)]
        groups = [[index for own in numbers for index in own]]
    return [index for group in groups for index in _among_digits(group, lattice.parts, logits, card)]


def _among_digits(line: Sequence[int], parts: Sequence[Part], logits: np.ndarray, card: dict[str, Any]) -> list[int]:
    """Return the rejected parts of a line, half of it digits, that are likely digits, too, for they stand among these.

    What was cut off counts for nothing here: letters can be cut into what looks like digits.
    """
    whole = [index for index in line if parts[index].may_be_digit and not parts[index].cut]
    above_threshold = margins(logits[whole], card)
    if 2 * np.count_nonzero(above_threshold >= 0) < len(line):
        return []
    return [index for index, above in zip(whole, above_threshold, strict=True) if -LEAST_ODDS_AMONG_DIGITS <= above < 0]


def _without_marks(
    path: Sequence[Chosen], parts: Sequence[Part], rejected: Sequence[bool], mesh: Mesh | None
) -> tuple[list[Chosen], list[Box]]:
    """Return the lines that hold numbers, and boxes of what is left out: strays, and beside numbers words and marks.

    With the mesh of a table, also its headings.
    """
    strays = [box for each in path for box in unused_strays(each.line, [parts[i] for i in each.parts])]
    words = [each for each in path if each.line.is_words(rejected[i] for i in each.parts)]
    if mesh is not None:
        words += [each for each in headings.of_table(path, parts, rejected, mesh) if each not in words]
    if len(words) == sum(bool(each.parts) for each in path):
        words = []
    numbers = [each for each in path if each not in words]
    marks = [each for each in numbers if _is_mark(each, numbers, parts)]
    strays += [around([parts[i].framed.box for i in each.parts]) for each in (*words, *marks)]
    return [each for each in numbers if each not in marks], strays


def _doubtful(
    lattice: Lattice, path: Sequence[Chosen], strays: Sequence[Box], candidates: Sequence[Digit]
) -> list[int]:
    """Return the parts of the lines that are doubtful, by how they were divided and by what stands beside them."""
    chosen = [index for each in path for index in each.parts]
    parts = lattice.parts
    signs_in_doubt = [sign.box for sign in lattice.signs if sign.doubtful]
    only_cut = all(parts[index].cut for index in chosen)  # a letter can be cut into what looks like digits
    doubtful = _unsure_of_path(path, parts, candidates)
    if lattice.mesh is not None:
        cells = set(lattice.mesh.cells(signs_in_doubt))
        boxes = lattice.mesh.cells([parts[index].framed.box for index in chosen])
        in_these = [index for index, cell in zip(chosen, boxes, strict=True) if cell in cells]
        return chosen if only_cut else [*doubtful, *in_these]
    tall = MIN_TALL_STRAY_OF_DIGIT * max((parts[index].framed.box[3] for index in chosen), default=0.0)
    beside_letters = any(box[3] > tall for box in strays)  # it may be one, too
    return chosen if only_cut or beside_letters or signs_in_doubt else doubtful


def _unsure_of_path(path: Sequence[Chosen], parts: Sequence[Part], candidates: Sequence[Digit]) -> list[int]:
    """Return the parts of the lines that may be divided otherwise, that several make unsure, or that may be signs."""
    least = MIN_SURE_OF_SEVERAL if sum(len(each.parts) for each in path) > 1 else 0.0
    doubtful = [
        index
        for each in path
        for index, margin in zip(each.parts, each.margins, strict=True)
        if margin < (MIN_SURE_CUT_MARGIN if parts[index].cut else MIN_SURE_MARGIN)
        or (candidates[index].confidence or 0.0) < least
    ]
    for each in path:
        doubtful += [each.parts[i] for i in look_alikes.among([candidates[index] for index in each.parts])]
    return doubtful


def _is_mark(line: Chosen, path: Sequence[Chosen], parts: Sequence[Part]) -> bool:
    """Return whether a line is one part, far smaller than the digits of the others."""
    others = [parts[i].framed.box[3] for other in path if other is not line for i in other.parts]
    if len(line.parts) != 1 or not others:
        return False
    return parts[line.parts[0]].framed.box[3] < MIN_LONE_DIGIT * float(np.median(others))


def judge_all(network: Network, lattices: Sequence[Lattice], card: dict[str, Any]) -> list[Reading]:
    """Return the reading of each lattice; the network sees the parts of all of them in one batch.

    What is rejected is looked at again in other ways; the first that is read for certain is taken, or else the one with
    most digits, more than were read before. What is read in part is turned, too, if it may be upside down.
    """
    first = _judge_once(network, lattices, card)
    return [_look_again(network, *pair, card) for pair in zip(lattices, first, strict=True)]


def _look_again(network: Network, lattice: Lattice, reading: Reading, card: dict[str, Any]) -> Reading:
    rejected = reading.verdict == "not_a_digit"
    if not (rejected or _is_read_in_part(reading)):
        return reading
    if max(len(lattice.parts), lattice.untried) > MAX_PARTS_TO_LOOK_AGAIN:
        return reading
    turns = _ways_up(network, lattice, card)
    if not (rejected or turns):
        return reading
    parts = 0
    with contextlib.suppress(UserError):  # what cannot be looked at in another way stays rejected
        for other in lattice.again(turns):
            if not other.turned and (reading.turned or not rejected):
                break
            these = max(len(other.parts), other.untried)
            if parts + these > MAX_PARTS_OF_LOOKS:
                continue
            parts += these
            found = _judge_once(network, [other], card)[0]
            is_table = _is_surer_table(found, reading)
            if found.turned and not is_table and len(found.digits) < MIN_TURNED_DIGITS:
                continue
            if found.verdict == "digit" or is_table:
                return found
            read = sum(digit.digit is not None for digit in reading.digits)
            if found.verdict == "unsure" and len(found.digits) > max(1, read):
                reading = found  # a small strip: digits that touch are never sure
    return reading


def _ways_up(network: Network, lattice: Lattice, card: dict[str, Any]) -> list[int]:
    """Return by how many degrees, clockwise, a picture may have to be turned: more of its patches are digits then.

    At least half of them are; the way with most comes first.
    """
    if len(lattice.patches) < MIN_TURNED_DIGITS:
        return []
    samples = np.array(lattice.patches)
    turned = {degrees: np.rot90(samples, -degrees // 90, axes=(1, 2)) for degrees in (0, 90, 180, 270)}
    digits = {way: int((margins(logits_of(network, each), card) >= 0).sum()) for way, each in turned.items()}
    least = max(digits[0] + 1, len(samples) / 2, MIN_TURNED_DIGITS)
    return sorted((way for way in digits if digits[way] >= least), key=lambda way: -digits[way])


def _is_read_in_part(reading: Reading) -> bool:
    """Return whether it is doubtful and something beside it was no digit: it may be upside down."""
    return reading.verdict == "unsure" and any(why == NOT_A_DIGIT for _, why in reading.left_out)


def _is_surer_table(found: Reading, reading: Reading) -> bool:
    """Return whether it is a table of which most digits are sure, more than of another reading of the picture."""
    sure, before = (sum(digit.sure for digit in each.digits) for each in (found, reading))
    return found.mesh is not None and sure > before and sure >= MIN_SURE_OF_TABLE * len(found.digits)


def _judge_once(network: Network, lattices: Sequence[Lattice], card: dict[str, Any]) -> list[Reading]:
    samples = [part.framed.sample for lattice in lattices for part in lattice.parts]
    if not samples:
        return [Reading("empty", left_out=lattice.left_out) for lattice in lattices]
    ends = np.cumsum([len(lattice.parts) for lattice in lattices])
    logits = np.split(logits_of(network, samples), ends[:-1])
    return [judge(lattice, rows, card) for lattice, rows in zip(lattices, logits, strict=True)]


def _best_path(lattice: Lattice, logits: np.ndarray, known: np.ndarray) -> list[Chosen]:
    """Return the best lines and their parts; `known` (n,) says which of the parts are digits at all."""
    parts = lattice.parts
    likeliest = np.log(softmax(logits)[:, :NO_DIGIT].max(axis=1) + 1e-30)
    likeliest += np.where(logits[:, :NO_DIGIT].argmax(axis=1) == 1, [part.as_one for part in parts], 0.0)
    scores = np.where(known, likeliest, [part.rejected for part in parts]).tolist()
    labels = np.where(known, logits[:, :NO_DIGIT].argmax(axis=1), -1).tolist()
    path = best_path(lattice, scores, labels)
    whole = [index for each in path for index in each.parts if not parts[index].cut]
    if whole and 2 * np.count_nonzero(known[whole]) <= len(whole):  # among letters a joined pair of digits is a letter
        return best_path(lattice, scores, labels, cutting=False)
    return path


class Classifier:
    """A trained network with its card. `Classifier.load()` makes one; reading is safe from several threads."""

    def __init__(self, network: Network, card: dict[str, Any]) -> None:
        self.network = network
        self.card = card

    @classmethod
    def load(cls, path: Path = MODEL) -> "Classifier":
        """Load the network beside a model's .keras with its card, checksum first.

        Raises UserError if a file is missing, or is not the one the card describes.
        """
        card = read_card(path)
        network = path.with_suffix(SUFFIX)
        content = verified(network, card["onnx_sha256"])
        try:
            return cls(from_onnx(content), card)
        except ValueError as error:
            raise UserError(f"{network}: a network that `train` did not make ({error}). {REMEDY}") from error

    def digits(self, samples: np.ndarray) -> list[Digit]:
        """Read each of the samples (n, 28, 28) as one digit; probabilities are given even if it is none."""
        framed = [Framed(sample, WHOLE_SAMPLE) for sample in samples]
        return digits_of(framed, logits_of(self.network, samples), self.card)

    def is_mirrored_one(self, sample: np.ndarray) -> bool:
        """Tell whether a sample (28, 28) that is read as a 1 is hardly one, but plainly in a mirror."""
        logits = logits_of(self.network, np.stack([sample, sample[:, ::-1]]))
        here, in_mirror = margins(logits, self.card)
        are_ones = (logits[:, :NO_DIGIT].argmax(axis=1) == 1).all()
        return bool(are_ones and here < MAX_MARGIN_OF_MIRRORED and in_mirror - here > MIN_GAIN_BY_MIRROR)

    def read(self, lattice: Lattice) -> Reading:
        """Read one drawing or picture."""
        return self.read_all([lattice])[0]

    def read_all(self, lattices: Sequence[Lattice]) -> list[Reading]:
        """Read many drawings or pictures in one batch and return a reading for each."""
        return judge_all(self.network, lattices, self.card)
