"""The page “Break it”: sliders spoil the drawing, and a button finds the smallest change that fools the network."""

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist.errors import UserError
from mnist.explaining.distortion import Distortion, sample_of
from mnist.explaining.smallest_change import Perturbation
from mnist.reading.drawings import strokes
from mnist.reading.readings import Digit, Reading
from mnist.training.networks import NETWORKS
from mnist.web import pictures
from mnist.web.components import announcement
from mnist.web.pages import angle_curve
from mnist.web.pages.angle_curve import ANGLES
from mnist.web.parts import charts, guess_sentence, lesson_drawing, page_frame, reading_html, reading_panel
from mnist.web.parts.wording import plain, with_article
from mnist.web.pictures import figure
from mnist.web.state import session
from mnist.web.state.explanations import explanations
from mnist.web.state.pad import MARGIN, PAD_SIDE
from mnist.web.state.reader import load_once, reader
from mnist.web.state.session import SliderStart
from mnist.web.state.turns import turns

SEARCHING = "Searching. This takes about two seconds, the first time about ten."
SEED = 7  # of grains and holes: the same for every move of a slider, so that nothing else changes
EXACTLY = r"""
Turning, size and moving are one affine map about the middle of the digit's box, read bilinearly. The pen's edge is
moved by dilation or erosion with a disc, blur is a stack blur, noise is Gaussian in 28×28 grains.

The smallest change, an adversarial perturbation, is the shortest $\delta$, by $\lVert\delta\rVert_2$, for which
$s_j(x + \delta) > \max_{k \ne j} s_k(x + \delta)$ with some digit $j$ other than the one that was read; $s$ are the
sums of the last layer. The search walks up the gradient of that difference for each $j$, on spheres that shrink while
it succeeds and grow while it does not (decoupled direction and norm, Rony et al., 2019). What it finds is small, but
not proven to be the smallest.
"""


@dataclass(frozen=True)
class Slider:
    """A slider for one field of a Distortion: `format` shows its number, `unit` is what one of it is in the field."""

    field: str
    label: str
    low: int
    high: int
    step: int
    format: str
    unit: float = 1.0
    normal: int = 0


SLIDERS = (
    Slider("turn", "Turn", ANGLES[0], ANGLES[-1], ANGLES[1] - ANGLES[0], "%d°"),
    Slider("size", "Size", 20, 140, 5, "%d %%", 0.01, normal=100),
    Slider("right", "Left or right", -50, 50, 5, "%d %%", 0.01),
    Slider("down", "Up or down", -50, 50, 5, "%d %%", 0.01),
    Slider("thicker", "Thinner or thicker", -6, 24, 1, "%d"),
    Slider("blur", "Blur", 0, 40, 2, "%d"),
    Slider("noise", "Noise", 0, 80, 5, "%d %%", 0.01),
    Slider("erase", "Rub out", 0, 90, 5, "%d %%", 0.01),
)
CORNER = {"size": 40, "right": 30, "down": -30}


def page() -> None:
    """Show the page."""
    with page_frame.framed("Break it", "break_it"):
        drawn = strokes.fit(strokes.moved(lesson_drawing.open_drawing(), -MARGIN), (PAD_SIDE, PAD_SIDE))
        ink = strokes.ink(drawn, (PAD_SIDE, PAD_SIDE))
        if not page_frame.reader_has_failed():
            experiment(ink)


@st.fragment
def experiment(ink: np.ndarray) -> None:
    """Show all that changes with a slider."""
    scene, below = st.container(key="scene"), st.container(key="bench")
    with below:
        left, right = st.columns(2, gap="large")
        with left:
            distortion, framed = _show_controls()
        with right:
            curve = st.container(key="curve")
    with turns.lesson():
        spoiled = distortion.apply(ink, np.random.default_rng(SEED))
        sample = sample_of(spoiled, framed)
        unspoiled, now = reader.digits(np.stack([sample_of(ink), sample])) or (None, None)
        with scene:
            drawing = figure(pictures.png_url(spoiled), "the drawing", "board")
            framing = "cropped and centred" if framed else "the whole pad, not centred"
            seen = figure(pictures.png_url(sample), f"what the net sees: {framing}")
            st.html(f"<div class='stages pair'>{drawing}{seen}</div>")
            _show_reading(now, empty=not sample.any(), addition="" if framed else _textbook_says(sample))
    fooling(sample, now)
    with curve, turns.lesson():  # last, as it takes longest: all else is there meanwhile
        _show_curve(ink, unspoiled, distortion, framed)


def _show_controls() -> tuple[Distortion, bool]:
    start = session.SLIDER_START.get()
    with st.container(key="sliders"):
        values = {
            slider.field: slider.unit * st.slider(
                slider.label, slider.low, slider.high, start.values.get(slider.field, slider.normal), slider.step,
                format=slider.format, key=f"{slider.field}_{start.number}",
            )
            for slider in SLIDERS
        }  # fmt: skip
    with st.container(key="switches", horizontal=True, vertical_alignment="center"):
        framed = st.toggle("Crop and centre first", True, key=f"framed_{start.mended}")
        st.button("Into a corner", key="corner", on_click=_set_sliders, args=(CORNER,))
        st.button("Back to normal", key="normal", on_click=_set_sliders, args=({}, True))
    return Distortion(**values), framed


def _set_sliders(values: dict[str, int], mend: bool = False) -> None:
    """Set these sliders and put all others back to normal; with `mend` the switch, too."""
    start = session.SLIDER_START.get()
    session.SLIDER_START.set(SliderStart(values, start.number + 1, start.mended + mend))


def _textbook_says(sample: np.ndarray) -> str:
    """Return a sentence on what the textbook network reads; like those of most demos it cannot say “no digit”."""
    try:
        probabilities = load_once(NETWORKS["textbook"]).digits(sample[None])[0].probabilities
    except UserError as error:
        return f"The textbook net cannot be asked: {error}"
    return f"A textbook net says: {with_article(int(probabilities.argmax()))}, {probabilities.max():.0%} sure."


def _show_reading(now: Digit | None, empty: bool, addition: str) -> None:
    """Show the guess, the sentence with an addition, and the bars; a rejected drawing has its bars, too."""
    reading = None if now is None or empty else Reading("digit" if now.sure else "unsure", ((now,),))
    with st.container(key="reading"):
        guess = Reading("not_a_digit") if reading and now and now.digit is None else reading
        reading_panel.show_guess(guess, f"{_sentence(now, reading)} {addition}".strip())
        st.html(reading_html.bars(reading))


def _sentence(now: Digit | None, reading: Reading | None) -> str:
    if now is None:
        return "Waking up."
    if reading is None:
        return "There is nothing left to see."
    if now.digit is None:
        forced = with_article(int(now.probabilities.argmax()))
        return f"This does not look like a digit. If it had to be one: {forced}."
    return guess_sentence.of_digit(reading)


def _show_curve(ink: np.ndarray, unspoiled: Digit | None, distortion: Distortion, framed: bool) -> None:
    """Show how sure the network is, at every angle, of the digit that it reads unspoiled."""
    if unspoiled is None:
        return
    if unspoiled.digit is None:
        st.markdown("Even before it is spoiled, this drawing does not look like a digit. Draw another one.")
        return
    thick = Distortion(thicker=distortion.thicker).apply(ink, np.random.default_rng(SEED))  # once, not for every angle
    distortions = [replace(distortion, thicker=0.0, turn=angle) for angle in ANGLES]
    samples = [sample_of(each.apply(thick, np.random.default_rng(SEED)), framed) for each in distortions]
    turned = reader.digits(np.stack(samples)) or []
    rows = angle_curve.rows(turned, unspoiled.digit, round(distortion.turn))
    st.markdown(f"**How sure is it of the {unspoiled.digit}, turned?**")
    charts.show_chart(angle_curve.SPEC, rows)
    st.caption(angle_curve.caption(turned, unspoiled.digit))


@st.fragment
def fooling(sample: np.ndarray, before: Digit | None) -> None:
    """Show the button and what it finds: the sample, the change, and the changed sample, read as another digit."""
    digit = before.digit if before else None
    with st.container(key="fooling"):
        pressed = st.button("Find the smallest change that fools it", key="fool", disabled=digit is None)
        answer = st.container(key="fooled").empty()
        fooled = _smallest_change(sample, answer) if pressed else None
        guess = reading_html.NO_GUESS if digit is None else digit
        answer.markdown(f"{guess} → {fooled.read.digit if fooled else '?'}")
        heard, cells = "", [figure("", caption) for caption in ("before", "the change", "after")]
        if before is not None and fooled is not None:
            times = f"{1 / np.abs(fooled.change).max():.1f} times as strong"
            cells = [
                figure(pictures.png_url(sample), f"before: {_in_words(before)}"),
                figure(pictures.signed_url(fooled.change), f"the change, {times}: blue is lighter, orange darker"),
                figure(pictures.png_url(fooled.sample), f"after: {_in_words(fooled.read)}"),
            ]
            heard = f"With this change it reads {with_article(fooled.read.digit)}, no longer {with_article(digit)}."
        st.html(f"<div class='stages triple'>{''.join(cells)}</div>{announcement.announced(heard)}")
    with st.expander("Exactly"):
        st.markdown(EXACTLY)


def _smallest_change(sample: np.ndarray, answer: DeltaGenerator) -> Perturbation | None:
    """Return the smallest change that fools the network, with a word where the answer will be; say if there is none."""
    answer.caption(SEARCHING)  # a spinner would come only after half a second, and not say how long it takes
    try:
        found = explanations.smallest_change(sample)
    except UserError as error:
        _tell(str(error))
        return None
    if found is None:
        _tell("No small change fools it here.")
    return found


def _tell(sentence: str) -> None:
    st.caption(plain(sentence))
    st.html(announcement.announced(sentence))


def _in_words(read: Digit) -> str:
    return f"{with_article(read.digit)}, {read.confidence or 0.0:.0%}"
