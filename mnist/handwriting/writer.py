"""Writers: each has habits that stay the same in every digit, and makes a new accident each time.

Habits are proportions, slant, how round corners become, how steady the hand and how fast the pen is. Accidents are
knots that stray, hooks where the pen touches down, ends that overshoot or stop short, strokes that miss each other. The
result is strokes in canvas pixels, as the pad would report them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mnist.reading.drawings.rendering import steps
from mnist.reading.drawings.strokes import Stroke, smooth

POINT_STEP_HEIGHTS = 0.02  # distance of the points along a stroke, in heights of the digit
DRAGGED_SHARE = 0.04  # of digits: their strokes are joined, as the pen was not lifted
BROKEN_SHARE = 0.04  # of digits: a stroke has a gap, as the pen lost touch


@dataclass(frozen=True)
class Writer:
    """One writer's habits; lengths are in heights of the digit, angles in degrees."""

    width: float  # relative breadth of the digits
    slant: float  # positive leans to the right
    turn: float  # clockwise, of the whole digit
    wander: float  # how far knots stray from the style's
    rounding: float  # how much of a corner the pen cuts
    warp: float  # how much the page seems stretched here and there
    tremor: float  # how shaky the hand is
    hook: float  # length of the ticks where the pen touches down or leaves
    overshoot: float  # how far ends run on or stop short
    miss: float  # how far strokes are out of place
    pace: float  # distance of the points that the pad reports: large for a quick hand

    @classmethod
    def random(cls, rng: np.random.Generator, looseness: tuple[float, float] = (0.7, 2.0)) -> "Writer":
        """Make up a writer: most are practised, some are children, quick or shaky.

        `looseness` bounds how far a writer's digits stray from the styles. At 1.75 the textbook network reads fewer of
        them (84 %) than it read of strangers' pen strokes (85 to 90 %).
        """
        kind = rng.choice(["practised", "child", "quick", "shaky"], p=[0.55, 0.2, 0.17, 0.08])
        loose = {"practised": 1.0, "child": 1.8, "quick": 1.4, "shaky": 1.1}[kind] * rng.uniform(*looseness)
        return cls(
            width=float(np.exp(rng.normal(0, 0.18))),
            slant=float(rng.normal(6, 11)),
            turn=float(rng.normal(0, 3.5 * loose)),
            wander=float(0.016 * loose * rng.uniform(0.3, 1.3)),
            rounding=float(rng.uniform(0.0, 0.05) * (1.5 if kind == "quick" else 1.0)),
            warp=float(0.035 * loose * rng.uniform(0.2, 1.2)),
            tremor=float(rng.uniform(0.006, 0.016) if kind == "shaky" else rng.uniform(0.0, 0.004) * loose),
            hook=float(rng.uniform(0.03, 0.1) if rng.random() < 0.25 else 0.0),
            overshoot=float(0.03 * loose * rng.uniform(0.2, 1.2)),
            miss=float(0.022 * loose * rng.uniform(0.2, 1.2)),
            pace=float(rng.uniform(0.08, 0.2) if kind == "quick" else rng.uniform(0.02, 0.1)),
        )

    @classmethod
    def copyist(cls, rng: np.random.Generator) -> "Writer":
        """Make up somebody who writes another's strokes again: much like them, but in a hand of their own."""
        relaxed = replace(cls.random(rng, (0.3, 1.2)), hook=0.0)
        return replace(
            relaxed,
            width=float(np.exp(rng.normal(0, 0.13))),
            slant=float(rng.normal(0, 8)),
            turn=float(rng.normal(0, 4)),
            rounding=0.4 * relaxed.rounding,
        )

    def write(
        self, lines: list[np.ndarray], rng: np.random.Generator, height: float = 150.0, pen: float = 12.0
    ) -> list[Stroke]:
        """Write a style's knots as strokes about the origin, `height` pixels high, with a pen of that width."""
        return self._finished([self._trace(knots, rng) for knots in lines], rng, height, pen)

    def rewrite(
        self, strokes: Sequence[Stroke], rng: np.random.Generator, height: float = 150.0, pen: float = 12.0
    ) -> list[Stroke]:
        """Write strokes again, about the origin, `height` pixels long, with a pen of that width."""
        points = np.concatenate([stroke.points for stroke in strokes])
        scale = 1 / max(float(np.ptp(points, axis=0).max()), 1e-9)
        lines = [resampled(stroke.points * scale, POINT_STEP_HEIGHTS) for stroke in strokes]
        return self._finished([self._by_hand(line, rng) for line in lines], rng, height, pen)

    def _finished(self, written: list[np.ndarray], rng: np.random.Generator, height: float, pen: float) -> list[Stroke]:
        """Drag or break some strokes, bend the page, and report the points as the pad would."""
        if len(written) > 1 and rng.random() < DRAGGED_SHARE:
            written = [np.concatenate(written)]
        elif rng.random() < BROKEN_SHARE:
            written = _with_gap(written, rng)
        everything = np.concatenate(written)
        middle = (everything.min(axis=0) + everything.max(axis=0)) / 2
        bend = self._bend(rng)
        reported = (resampled(bend(line - middle), self.pace * rng.uniform(0.7, 1.3)) for line in written)
        return [Stroke(line * height, pen) for line in reported]

    def _trace(self, knots: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Trace one stroke as the pen moves: straying knots, then the hand's own changes."""
        strayed = knots + rng.normal(0, self.wander, knots.shape)
        again = np.concatenate([[False], (np.diff(knots, axis=0) == 0).all(axis=1)])
        strayed[again] = strayed[np.flatnonzero(again) - 1]  # a corner stays one
        return self._by_hand(resampled(smooth(strayed), POINT_STEP_HEIGHTS), rng)

    def _by_hand(self, line: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Change a line as a hand does: its ends, its corners, tremor, out of place."""
        line = self._end(self._end(line, rng)[::-1], rng)[::-1]
        line = _blurred(line, self.rounding * rng.uniform(0.3, 1.3) / POINT_STEP_HEIGHTS)
        shake = _blurred(rng.normal(0, 1, line.shape), 1.5) * 2.0
        return line + self.tremor * shake + rng.normal(0, self.miss, 2)

    def _end(self, line: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Extend, shorten or hook the line's last end."""
        if len(line) < 6:
            return line
        along = line[-1] - line[-4]
        along = along / max(float(np.hypot(*along)), 1e-9)
        further = rng.normal(0, self.overshoot)
        if further < 0:
            line = line[: max(5, len(line) + round(further / POINT_STEP_HEIGHTS))]
        else:
            line = np.concatenate([line, line[-1:] + along * further])
        if self.hook and rng.random() < 0.3:
            angle = np.deg2rad(rng.normal(0, 80))
            cosine, sine = np.cos(angle), np.sin(angle)
            back = np.array([along[0] * cosine - along[1] * sine, along @ (sine, cosine)])
            line = np.concatenate([line, line[-1:] + back * self.hook * rng.uniform(0.3, 1.0)])
        return resampled(line, POINT_STEP_HEIGHTS)

    def _bend(self, rng: np.random.Generator) -> Callable[[np.ndarray], np.ndarray]:
        """Return a function that bends points (n, 2): by breadth, slant, turn, and a smooth warp of two slow waves."""
        shear = np.tan(np.deg2rad(np.clip(self.slant + rng.normal(0, 3), -40, 45)))
        angle = np.deg2rad(self.turn + rng.normal(0, 2.5))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        breadth = self.width * np.exp(rng.normal(0, 0.07))
        matrix = turn @ np.array([[1.0, -shear], [0.0, 1.0]]) @ np.diag([breadth, 1.0])
        taper = rng.normal(0, self.warp * 3)
        waves = rng.normal(0, 2.7, (2, 2, 2))  # (wave, point axis, moved axis)
        phases = rng.uniform(0, 2 * np.pi, (2, 2))
        sizes = rng.normal(0, self.warp, (2, 2))

        def bent(points: np.ndarray) -> np.ndarray:
            points = points * np.stack([1 + taper * points[:, 1], np.ones(len(points))], axis=1)
            moved = sum(sizes[i] * np.sin(points @ waves[i] + phases[i]) for i in range(2))
            return (points + moved) @ matrix.T

        return bent


def _with_gap(lines: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Make a small gap in the longest line."""
    longest = max(range(len(lines)), key=lambda i: len(lines[i]))
    line = lines[longest]
    at, gap = round(len(line) * rng.uniform(0.2, 0.8)), rng.integers(0, 4)
    pieces = [piece for piece in (line[:at], line[at + gap :]) if len(piece) > 1] or [line]
    return [*lines[:longest], *pieces, *lines[longest + 1 :]]


def resampled(line: np.ndarray, step: float) -> np.ndarray:
    """Return points (m, 2) on `line` (n, 2) about `step` apart, both ends kept."""
    along = np.concatenate([[0.0], np.cumsum(steps(line))])
    count = max(2, round(along[-1] / step) + 1)
    where = np.linspace(0, along[-1], count)
    return np.stack([np.interp(where, along, line[:, axis]) for axis in (0, 1)], axis=1)


def _blurred(line: np.ndarray, sigma: float) -> np.ndarray:
    """Average the points along the line with a Gaussian of `sigma` points; the ends stay where they are."""
    reach = int(np.ceil(2.5 * sigma))
    if sigma < 0.3 or len(line) <= 2:
        return line
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    before = 2 * line[0] - line[np.clip(np.arange(reach, 0, -1), 0, len(line) - 1)]  # reflected through the end
    after = 2 * line[-1] - line[np.clip(len(line) - 2 - np.arange(reach), 0, len(line) - 1)]
    padded = np.concatenate([before, line, after])
    return np.stack([np.convolve(padded[:, axis], kernel, mode="valid") for axis in (0, 1)], axis=1)
