"""Handwriting: every style is read, most non-digits are rejected, and the seed alone decides what is drawn."""

import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mnist import processes
from mnist.data.labelled import Labelled
from mnist.evaluation.samples import lattice_from_drawing, on_pad
from mnist.evaluation.sets import USUAL
from mnist.handwriting import samples
from mnist.handwriting.non_digits import GLYPHS, NON_DIGITS, NonDigit
from mnist.handwriting.pixels import spoil
from mnist.handwriting.styles import STYLES, Style, arc
from mnist.handwriting.writer import Writer, resampled
from mnist.reading.classifier import Classifier
from mnist.reading.drawings.strokes import frame
from mnist.reading.lattice import Lattice
from mnist.reading.outputs import NO_DIGIT

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("style", STYLES, ids=lambda style: f"{style.digit}-{style.name}")
def test_every_style_is_read_through_the_whole_path(classifier: Classifier, style: Style) -> None:
    rng = np.random.default_rng(99)
    hands = [Writer.random(rng, USUAL) for _ in range(40)]
    drawings = [on_pad(samples.write_digit(style, rng, hand), rng.uniform(8, 28), rng) for hand in hands]
    readings = classifier.read_all([lattice_from_drawing(drawing) for drawing in drawings])
    assert sum(reading.text == str(style.digit) for reading in readings) >= 36


def test_every_digit_has_several_styles_with_names() -> None:
    assert min(sum(style.digit == digit for style in STYLES) for digit in range(10)) >= 5
    assert len({style.name for style in STYLES}) == len(STYLES)
    assert len(GLYPHS) > 70


@pytest.mark.parametrize("make", [entry[0] for entry in NON_DIGITS], ids=lambda make: make.__name__)
def test_most_of_what_is_no_digit_is_refused(classifier: Classifier, make: NonDigit) -> None:
    rng = np.random.default_rng(99)
    drawings = [Writer.random(rng).write(make(rng, STYLES), rng) for _ in range(150)]
    readings = classifier.read_all([Lattice.one_digit(frame(drawing)) for drawing in drawings])
    assert sum(reading.verdict == "not_a_digit" for reading in readings) >= 120


@given(SEEDS)
def test_a_drawing_is_finite_and_of_the_asked_height(seed: int) -> None:
    rng = np.random.default_rng(seed)
    style = STYLES[rng.integers(len(STYLES))]
    drawn = Writer.random(rng).write(style.draw(rng), rng, height=200.0, pen=9.0)
    points = np.concatenate([stroke.points for stroke in drawn])
    assert np.isfinite(points).all()
    assert 100 < np.ptp(points, axis=0).max() < 500
    assert {stroke.width for stroke in drawn} == {9.0}


@given(SEEDS)
def test_what_is_no_digit_can_be_drawn(seed: int) -> None:
    drawn = samples.write_non_digit(np.random.default_rng(seed))
    assert drawn
    assert all(np.isfinite(stroke.points).all() and len(stroke.points) for stroke in drawn)


def test_a_writer_keeps_their_habits(rng: np.random.Generator) -> None:
    upright = Writer(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.02)
    leaning = Writer(1, 30, 0, 0, 0, 0, 0, 0, 0, 0, 0.02)
    stem = [np.array([[0.0, 0.0], [0.0, 0.5], [0.0, 1.0]])]

    def lean(writer: Writer) -> float:
        tops_and_feet = [writer.write(stem, rng)[0].points[[0, -1], 0] for _ in range(50)]
        return float(np.mean([top - foot for top, foot in tops_and_feet]))

    assert abs(lean(upright)) < 10
    assert lean(leaning) > 60  # tan 30° of 150 pixels, give or take the hand's own accidents


def test_points_lie_evenly_on_the_line() -> None:
    line = np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]])
    points = resampled(line, 0.5)
    assert np.allclose(np.hypot(*np.diff(points, axis=0).T), 0.5)
    assert np.array_equal(points[[0, -1]], line[[0, -1]])


def test_an_arc_goes_clockwise_from_the_right() -> None:
    assert np.allclose(arc(1, 2, 3, 4, 0, 90)[[0, -1]], [(4, 2), (1, 6)])


def test_digits_are_drawn_evenly_and_from_the_seed_alone() -> None:
    first, again, other = (samples.draw_digits(40, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(np.bincount(first.labels), np.full(10, 4))
    assert np.array_equal(first.samples, again.samples)
    assert not np.array_equal(first.samples, other.samples)
    assert first.samples.dtype == np.float32
    assert (first.samples.max(axis=(1, 2)) > 0.9).all()
    assert first.samples.max() <= 1


def test_what_is_drawn_does_not_depend_on_the_number_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "CHUNK_SAMPLES", 10)
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))  # AppTest leaves a page there, to be run again
    drawn = []
    for workers in (1, 2):
        monkeypatch.setattr(processes, "_cores", lambda workers=workers: workers)
        drawn.append(samples.draw_non_digits(30, np.random.default_rng(5)))
    assert len(drawn[0]) == 30
    assert (drawn[0].labels == NO_DIGIT).all()
    assert np.array_equal(drawn[0].samples, drawn[1].samples)


def test_spoiled_digits_are_samples_of_no_digit(rng: np.random.Generator) -> None:
    spoiled = spoil(samples.draw_digits(50, rng), 200, rng)
    assert spoiled.samples.shape == (200, 28, 28)
    assert spoiled.samples.dtype == np.float32
    assert (spoiled.labels == NO_DIGIT).all()
    assert 0 <= spoiled.samples.min() < spoiled.samples.max() <= 1


def test_parts_add_up() -> None:
    a, b = (Labelled(np.full((2, 28, 28), value, np.float32), np.full(2, value)) for value in (0, 1))
    assert (a + b).labels.tolist() == [0, 0, 1, 1]
