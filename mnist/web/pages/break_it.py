"""The page to break it: the drawing spoiled by sliders, framed or not, and the smallest change that fools the net."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import streamlit as st

from mnist.errors import UserError
from mnist.explaining.distortion import Distortion, sample_of
from mnist.reading import strokes
from mnist.reading.classifier import Digit, Reading
from mnist.reading.rendering import render
from mnist.web import pictures
from mnist.web.pages import angle_curve
from mnist.web.pages.angle_curve import ANGLES
from mnist.web.parts import lesson_drawing, page_frame, reading_panel
from mnist.web.state import board
from mnist.web.state.baselines import baselines
from mnist.web.state.reader import reader
from mnist.web.state.turns import turns

STATIC = Path(__file__).parents[1] / "static"
STYLE = (STATIC / "look.css").read_text("utf-8") + (STATIC / "look_break.css").read_text("utf-8")
SEED = 7  # of grains and holes: the same at every move of a slider, so that only what is moved changes
START = "break_it_start"
EXACTLY = r"""
Turning, size and moving are one affine map about the middle of the digit's box, read bilinearly. The pen's edge is
moved by dilation or erosion with a disc, blur is a stack blur, noise is Gaussian in 28×28 grains.

The smallest change is the shortest $\delta$, by $\lVert\delta\rVert_2$, for which
$s_j(x + \delta) > \max_{k \ne j} s_k(x + \delta)$ with some digit $j$ other than the one that was read; $s$ are the
sums of the last layer. It is sought by a walk up the gradient of that difference for each $j$, on spheres that shrink
while it succeeds and grow while it does not (decoupled direction and norm, Rony et al., 2019): small, not proven to be
smallest.
"""
FOOL = "Find the smallest change that fools it"


@dataclass(frozen=True)
class Slider:
    """A slider for one field of a Distortion: its label, ends, steps, how its number is shown, and the field's unit."""

    field: str
    label: str
    low: int
    high: int
    step: int
    shown: str
    unit: float = 1.0
    normal: int = 0


SLIDERS = (
    Slider(
        "turn",
        "Turn",
        ANGLES[0],
        ANGLES[-1],
        ANGLES[1] - ANGLES[0],
        "%d°",
    ),
    Slider("size", "Size", 20, 140, 5, "%d %%", 0.01, normal=100),
    Slider("right", "Left or right", -50, 50, 5, "%d %%", 0.01),
    Slider("down", "Up or down", -50, 50, 5, "%d %%", 0.01),
    Slider("thicker", "Thinner or thicker", -6, 24, 1, "%d"),
    Slider("blur", "Blur", 0, 40, 2, "%d"),
    Slider("noise", "Noise", 0, 80, 5, "%d %%", 0.01),
    Slider("erase", "Rub out", 0, 90, 5, "%d %%", 0.01),
)
CORNER = {"size": 40, "right": 30, "down": -30}


@dataclass(frozen=True)
class Start:
    """Where the sliders stood when a button last set them; each time they get new keys, and with `mended` the switch.

    A message that left the browser before it knew speaks of the old keys, and cannot undo what the button did.
    """

    values: dict[str, int]
    number: int = 0
    mended: int = 0


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="Break it", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{STYLE}</style><h1>Break it</h1>")
    reader.start()
    drawn = strokes.fit(lesson_drawing.drawing(), (board.SIDE, board.SIDE))
    ink = render([stroke.points for stroke in drawn], [stroke.width for stroke in drawn], (board.SIDE,) * 2)
    if reader.error:
        st.warning(reading_panel.plain(f"Something went wrong. {reader.error}"))
    else:
        experiment(ink)
    page_frame.for_reader()


@st.fragment
def experiment(ink: np.ndarray) -> None:
    """All that changes with a slider."""
    scene, below = st.container(key="scene"), st.container(key="bench")
    with below:
        left, right = st.columns(2, gap="large")
        with left:
            distortion, framed = _controls()
    with turns.lesson():
        spoiled = distortion.of(ink, np.random.default_rng(SEED))
        sample = sample_of(spoiled, framed)
        plain, now = reader.digits(np.stack([sample_of(ink), sample])) or (None, None)
        with scene:
            _pictures(spoiled, sample, framed)
            _reading(now, empty=not sample.any(), beside="" if framed else _textbook(sample))
        with right, st.container(key="curve"):  # last, as it takes longest: the guess is on its way meanwhile
            _curve(ink, plain, distortion, framed)
    fooling(sample, now)


def _controls() -> tuple[Distortion, bool]:
    """The sliders and the switch, and what they are set to."""
    start: Start = st.session_state.setdefault(START, Start({}))
    with st.container(key="sliders"):
        values = {slider.field: _slider(slider, start) for slider in SLIDERS}
    with st.container(key="switches", horizontal=True, vertical_alignment="center"):
        framed = st.toggle("Crop and centre first", True, key=f"framed_{start.mended}")
        st.button("Into a corner", key="corner", on_click=_set, args=(CORNER,))
        st.button("Back to normal", key="normal", on_click=_set, args=({}, True))
    return Distortion(**values), framed


def _slider(slider: Slider, start: Start) -> float:
    value: int = st.slider(
        slider.label, slider.low, slider.high, start.values.get(slider.field, slider.normal), slider.step,
        format=slider.shown, key=f"{slider.field}_{start.number}",
    )  # fmt: skip
    return value * slider.unit


def _set(values: dict[str, int], mend: bool = False) -> None:
    """All sliders back to normal but these; the switch too, where it is told."""
    start: Start = st.session_state[START]
    st.session_state[START] = Start(values, start.number + 1, start.mended + mend)


def _pictures(spoiled: np.ndarray, sample: np.ndarray, framed: bool) -> None:
    how = "cropped and centred" if framed else "the whole board, not centred"
    cells = [
        _figure(pictures.png_url(spoiled), "the drawing", "board"),
        _figure(pictures.png_url(sample), f"what the net sees: {how}"),
    ]
    st.html(f"<div class='stages pair'>{''.join(cells)}</div>")


def _figure(url: str, caption: str, kind: str = "") -> str:
    image = f"<img src='{url}' alt=''>" if url else ""
    return f"<figure><div class='{kind}'>{image}</div><figcaption>{caption}</figcaption></figure>"


def _textbook(sample: np.ndarray) -> str:
    """What a net says of the sample that cannot say no, as those of most demos."""
    try:
        odds = baselines.digits("textbook", sample[None])[0].probabilities
    except UserError as error:
        return reading_panel.plain(f"The textbook net cannot be asked: {error}")
    return f"A textbook net says: {reading_panel.with_article(int(odds.argmax()))}, {odds.max():.0%} sure."


def _reading(now: Digit | None, empty: bool, beside: str) -> None:
    """The guess, the sentence and the bars; where there is no guess the bars show what it would be.

    `beside` is what another net says.
    """
    bars = None if now is None or empty else Reading("digit" if now.sure else "unsure", ((now,),))
    with st.container(key="reading"):
        reading_panel.show_guess(bars if now and now.digit is not None else None, f"{_sentence(now, bars)} {beside}")
        st.html(reading_panel.bars(bars))


def _sentence(now: Digit | None, reading: Reading | None) -> str:
    if now is None:
        return "Waking up."
    if reading is None:
        return "There is nothing left to see."
    if now.digit is None:
        forced = reading_panel.with_article(int(now.probabilities.argmax()))
        return f"This does not look like a digit. If it had to be one: {forced}."
    return reading_panel.describe(reading)


def _curve(ink: np.ndarray, plain: Digit | None, distortion: Distortion, framed: bool) -> None:
    """How sure the network is, at every angle, of the digit drawn; `plain` is what is read unspoiled."""
    if plain is None:
        return
    if plain.digit is None:
        st.markdown("Even before it is spoiled, this drawing does not look like a digit. Draw another one.")
        return
    turned = _turned(ink, distortion, framed)
    rows = angle_curve.rows(turned, plain.digit, round(distortion.turn))
    st.markdown(f"**How sure is it of the {plain.digit}, turned?**")
    st.vega_lite_chart({**angle_curve.SPEC, "data": {"values": rows}}, width="stretch")
    st.caption(angle_curve.caption(turned, plain.digit))


def _turned(ink: np.ndarray, distortion: Distortion, framed: bool) -> list[Digit]:
    """What is read at every angle of the curve, in one batch."""
    thick = Distortion(thicker=distortion.thicker).of(ink, np.random.default_rng(SEED))  # once, not for every angle
    turns = [replace(distortion, thicker=0.0, turn=angle) for angle in ANGLES]
    samples = [sample_of(turn.of(thick, np.random.default_rng(SEED)), framed) for turn in turns]
    return reader.digits(np.stack(samples)) or []


@st.fragment
def fooling(sample: np.ndarray, before: Digit | None) -> None:
    """The button, and what it finds: the sample, what is changed, and the sample that is read as another digit."""
    digit = before.digit if before else None
    with st.container(key="fooling"):
        pressed = st.button(FOOL, key="fool", disabled=digit is None)
        nudge = reader.nudge(sample) if pressed else None
        if pressed and nudge is None:
            st.caption("Nothing small fools it here.")
        with st.container(key="fooled"):
            st.markdown(f"{reading_panel.NO_GUESS if digit is None else digit} → {nudge.read.digit if nudge else '?'}")
        cells = [_figure("", caption) for caption in ("before", "the change", "after")]
        if before is not None and nudge is not None:
            times = f"{1 / np.abs(nudge.change).max():.1f}"
            cells = [
                _figure(pictures.png_url(sample), f"before: {_said(before)}"),
                _figure(
                    pictures.signed_url(nudge.change),
                    f"the change, {times} times as strong: blue lighter, orange darker",
                ),
                _figure(pictures.png_url(nudge.sample), f"after: {_said(nudge.read)}"),
            ]
        st.html(f"<div class='stages triple'>{''.join(cells)}</div>")
    with st.expander("Exactly"):
        st.markdown(EXACTLY)


def _said(read: Digit) -> str:
    return f"{reading_panel.with_article(read.digit)}, {read.confidence or 0.0:.0%}"
