"""Look inside: what the network's layers make of the drawing, and which ink spoke for the guess."""

from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import streamlit as st

from mnist import grouping, strokes
from mnist.classifier import NO_DIGIT
from mnist.explain import Explainer, Inside, Layer
from mnist.strokes import Strokes
from mnist.web import lesson, pictures, reading_panel, waiting
from mnist.web.reader import reader

HERE = Path(__file__).parent
STYLE = (HERE / "look.css").read_text("utf-8") + (HERE / "look_inside.css").read_text("utf-8")
WHY, SUMS = "why", "sums"
COVER, FADE = "Cover it up", "Fade it in"
HOW = {
    COVER: "A small dark square was put over each part of the drawing in turn.",
    FADE: "The drawing was faded in from black, and each bit of ink watched.",
}
COLUMNS = 8  # tiles side by side in the large picture that they are cut from
LISTENED_TO = 3  # maps of the layer before, of which a filter is shown
FOR, AGAINST = pictures.FOR, pictures.AGAINST

_tiles = st.components.v2.component(
    "tiles",
    html="<div class='tiles'></div>",
    js=(HERE / "tiles.js").read_text("utf-8"),
    css=(HERE / "tiles.css").read_text("utf-8"),
)


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="Look inside", page_icon=str(HERE / "icon.svg"), layout="wide")
    st.html(f"<style>{STYLE}</style><h1>Look inside</h1>")
    reader.start()
    drawn = lesson.drawing()
    if reader.error:
        st.warning(reading_panel.plain(f"Something went wrong. {reader.error}"))
    elif not reader.ready:
        st.markdown("Waking up.")
    else:
        _lesson(drawn)
    waiting.for_reader()


@st.fragment
def _lesson(drawn: Strokes) -> None:
    """The sample and its guess on the left, the part of the network that is looked at on the right."""
    explainer = reader.explainer
    sample = strokes.frame(drawn).sample
    reading = reader.read(grouping.one_digit(strokes.frame(drawn)))
    inside = explainer.look(sample)
    with st.container(key="parts"):
        part = _choose_part(inside)
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="seen"):
        picture = st.empty()
        reading_panel.show_guess(reading, reading_panel.describe(reading))
    with right, st.container(key="panel"):
        if part == WHY:
            guess = int(np.argmax(inside.logits[:NO_DIGIT]))
            picture.html(_why(explainer, sample, guess))
        elif part == SUMS:
            _sums(inside)
            picture.html(_picture(pictures.png_url(sample), "the drawing as the network sees it"))
        else:
            number = int(part) - 1
            place = _layer(inside, number)
            picture.html(_picture(pictures.png_url(sample), "the part that excites this shape most", place))


def _choose_part(inside: Inside) -> str:
    numbers = [str(number) for number in range(1, len(inside.layers) + 1)]
    names = {WHY: "Why?", SUMS: "The sums"}
    part = st.segmented_control(
        "What to look at", [WHY, *numbers, SUMS], default=WHY, required=True, key="layer", bind="query-params",
        format_func=lambda part: names.get(part, f"Layer {part}"), label_visibility="collapsed",
    )  # fmt: skip
    return part or WHY


def _picture(url: str, name: str, place: tuple[int, int, int] | None = None) -> str:
    """The sample as HTML, with a square on it: x, y and side in its pixels."""
    square = ""
    if place is not None:
        x, y, side = (100 * length / 28 for length in place)
        square = f"<i style='left:{x:.2f}%;top:{y:.2f}%;width:{side:.2f}%;height:{side:.2f}%'></i>"
    image = f"<div><img src='{url}' alt='{name}'>{square}</div>"
    return f"<figure class='sample'>{image}<figcaption>{name}</figcaption></figure>"


def _why(explainer: Explainer, sample: np.ndarray, guess: int) -> str:
    """What spoke for a digit, and against it; returns the picture that shows it."""
    st.markdown("#### Which ink made it say so?")
    label = st.segmented_control(
        "Ask about", list(range(10)), default=guess, required=True, key=f"about_{guess}",
        help="Why not another digit? Choose it.",
    )  # fmt: skip
    how = st.segmented_control("How it was found out", list(HOW), default=COVER, required=True, key="how") or COVER
    label = guess if label is None else int(label)
    evidence = explainer.covering(sample, label) if how == COVER else explainer.fading(sample, label)
    st.html(
        f"<p class='key'><b style='background:{FOR}'></b> spoke for {reading_panel.with_article(label)}"
        f"<b style='background:{AGAINST}'></b> spoke against it</p>"
    )
    st.markdown(f"{HOW[how]} {_where(evidence, label)}")
    with st.expander("Exactly"):
        st.markdown(_EXACTLY[how])
    return _picture(pictures.evidence_url(sample, evidence), f"what spoke for and against {label}")


_EXACTLY = {
    COVER: "A 5×5 square of black moves over the sample in steps of 2. A pixel's colour is how much the log odds of "
    "the digit fell, averaged over the squares that covered it (occlusion, Zeiler and Fergus, 2014).",
    FADE: r"$x_i \int_0^1 \frac{\partial f(\alpha x)}{\partial x_i}\,d\alpha$: the gradient of the digit's log odds "
    "$f$, averaged while the ink fades in, times the ink. All pixels together are what the odds rose by (integrated "
    "gradients, Sundararajan, Taly and Yan, 2017).",
}


def _where(evidence: np.ndarray, label: int) -> str:
    """The picture in words."""
    digit = reading_panel.with_article(label)
    places = []
    for sign in (1, -1):
        weights = np.maximum(sign * evidence, 0)
        if weights.sum() == 0:
            places.append("nowhere")
            continue
        y, x = (float((weights * index).sum() / weights.sum()) for index in np.indices(evidence.shape))
        down = "the top" if y < 11.5 else "the bottom" if y > 16.5 else "the middle"
        across = " left" if x < 11.5 else " right" if x > 16.5 else ""
        places.append(f"at {down}{across}")
    return f"What speaks for {digit} lies mostly {places[0]}; what speaks against it, {places[1]}."


def _layer(inside: Inside, number: int) -> tuple[int, int, int]:
    """The maps of a layer, to choose from; returns the square of the sample that excites the chosen filter most."""
    layer = inside.layers[number]
    height, width, count = layer.maps.shape
    st.html(_strip(inside, number))
    st.markdown(
        f"Layer {number + 1} of {len(inside.layers)} looks for **{count} shapes**. Each picture, {width}×{height} "
        "pixels, shows where it found one: the brighter, the surer. The most excited come first."
    )
    order = layer.order
    key = f"tiles_{number}"
    state = st.session_state.get(key)
    chosen = _index(state.get("chosen") if state else None, count)
    with st.container(key="enlarged"):
        st.html(_enlarged(layer, order[chosen]))
    _tiles(
        data={
            "sprite": pictures.sprite_url(layer.maps[:, :, order], COLUMNS),
            "columns": COLUMNS,
            "rows": -(-count // COLUMNS),
            "names": [f"shape {channel + 1}" for channel in order],
            "chosen": chosen,
        },
        key=key,
        on_chosen_change=lambda: None,
    )
    return layer.best_place(order[chosen])


def _minus(number: float) -> str:
    return f"{number:.1f}".replace("-", "−")


def _index(sent: Any, count: int) -> int:
    """What the browser sent, if it is the number of one of so many tiles; else the first."""
    return int(sent) if isinstance(sent, int | float) and 0 <= sent < count else 0


def _enlarged(layer: Layer, channel: int) -> str:
    """The chosen map, and the weights it comes from, enlarged."""
    kernels = layer.kernels[:, :, :, channel]
    loudest = np.argsort(-np.abs(kernels).sum(axis=(0, 1)))[:LISTENED_TO]
    shown = pictures.png_url(layer.maps[:, :, channel] / max(float(layer.maps.max()), 1e-9))
    cells = [(shown, f"shape {channel + 1}: where it was found")]
    for before in loudest.tolist():
        name = "what it looks for" if kernels.shape[2] == 1 else f"in shape {before + 1} before"
        cells.append((pictures.signed_url(kernels[:, :, before]), name))
    figures = (
        f"<figure><div><img src='{url}' alt=''></div><figcaption>{caption}</figcaption></figure>"
        for url, caption in cells
    )
    return f"<div class='enlarged'>{''.join(figures)}</div>"


def _strip(inside: Inside, current: int) -> str:
    """How the pictures shrink and their number grows: a block for each layer, its side and its depth to scale."""
    shapes = [(28, 1), *((layer.maps.shape[0], layer.maps.shape[2]) for layer in inside.layers)]
    blocks = []
    for number, (side, count) in enumerate(shapes):
        style = f"width:{0.35 + count / 40:.2f}rem;height:{side / 7:.2f}rem"
        name = "drawing" if number == 0 else f"{count} of {side}×{side}"
        mark = " class='current'" if number == current + 1 else ""
        blocks.append(f"<li{mark}><s style='{style}'></s><span>{name}</span></li>")
    return f"<ol class='strip'>{''.join(blocks)}</ol>"


def _sums(inside: Inside) -> None:
    """What each of the last layer's sums was pulled up and down by."""
    st.markdown("#### The last step: eleven sums")
    names = [*map(str, range(NO_DIGIT)), "none"]
    up = np.maximum(inside.pulls, 0).sum(axis=0) + np.maximum(inside.bias, 0)
    down = np.minimum(inside.pulls, 0).sum(axis=0) + np.minimum(inside.bias, 0)
    rows = [
        {"digit": name, "from": 0.0, "to": float(value), "pull": pull}
        for pull, values in (("for", up), ("against", down))
        for name, value in zip(names, values, strict=True)
    ]
    totals = [{"digit": name, "sum": float(value)} for name, value in zip(names, inside.logits, strict=True)]
    scale = alt.Scale(domain=["for", "against"], range=[FOR, AGAINST])
    across = alt.X("digit:N", sort=names, title=None, axis=alt.Axis(labelAngle=0, labelFontSize=18))
    bars = alt.Chart(alt.InlineData(rows)).mark_bar().encode(
        across, alt.Y("from:Q", title="pull"), alt.Y2("to:Q"), alt.Color("pull:N", scale=scale, legend=None)
    )  # fmt: skip
    dots = alt.Chart(alt.InlineData(totals)).mark_point(size=140, filled=True, color="#8a8f8c", opacity=1).encode(
        across, alt.Y("sum:Q"), tooltip=["digit:N", alt.Tooltip("sum:Q", format=".1f")]
    )  # fmt: skip
    st.altair_chart((bars + dots).properties(height=320), width="stretch")
    best, second = np.argsort(-inside.logits)[:2].tolist()
    st.html(
        f"<p class='key'><b style='background:{FOR}'></b> pulls up<b style='background:{AGAINST}'></b> pulls down"
        "<b class='dot'></b> what is left</p>"
    )
    st.markdown(
        f"The {inside.pulls.shape[0]} shapes of the last layer pull each digit up or down. The highest sum wins: "
        f"**{names[best]}** with {_minus(inside.logits[best])}, before {names[second]} with {_minus(inside.logits[second])}."
    )
    with st.expander("Exactly"):
        st.markdown(
            r"The sums $s_i$, divided by a temperature $T$ that makes them honest, become probabilities: "
            r"$p_i = e^{s_i/T} / \sum_j e^{s_j/T}$ over the ten digits. Where *none* outweighs all ten, "
            "it is said to be no digit."
        )


page()
