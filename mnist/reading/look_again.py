"""Reading pictures, and looking again, in other ways, at those that were rejected."""

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from mnist.errors import UserError
from mnist.reading.judgement import NOT_A_DIGIT, judge
from mnist.reading.lattice import Lattice
from mnist.reading.network import Network, logits_of
from mnist.reading.outputs import margins
from mnist.reading.readings import Reading

MAX_PARTS_TO_LOOK_AGAIN = 4000  # of a rejected picture: it has been read long enough; a list on its side has 2,000
MAX_PARTS_OF_LOOKS = 2000  # of a rejected picture, all further looks together
MIN_TURNED_DIGITS = 3  # a lone letter, turned, may look like a digit
MIN_SURE_OF_TABLE = 0.8  # share of a table's digits: then it lies upright


def judge_all(network: Network, lattices: Sequence[Lattice], card: dict[str, Any]) -> list[Reading]:
    """Return the reading of each lattice; the network sees the parts of all of them in one batch.

    What is rejected is looked at again in other ways; the first that is read for certain is taken, or else the one with
    most digits, more than were read before. What is read in part is turned, too, if it may be upside down.
    """
    first = _judge_once(network, lattices, card)
    return [_look_again(network, *pair, card) for pair in zip(lattices, first, strict=True)]


def _judge_once(network: Network, lattices: Sequence[Lattice], card: dict[str, Any]) -> list[Reading]:
    samples = [part.framed.sample for lattice in lattices for part in lattice.parts]
    if not samples:
        return [Reading("empty", left_out=lattice.left_out) for lattice in lattices]
    ends = np.cumsum([len(lattice.parts) for lattice in lattices])
    logits = np.split(logits_of(network, samples), ends[:-1])
    return [judge(lattice, rows, card) for lattice, rows in zip(lattices, logits, strict=True)]


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
