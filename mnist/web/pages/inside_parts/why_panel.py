"""The why panel: the ink of the drawing that spoke for a digit, and the ink that spoke against it."""

import numpy as np
import streamlit as st
from numpy.lib.stride_tricks import sliding_window_view
from streamlit.delta_generator import DeltaGenerator

from mnist.reading.outputs import NO_DIGIT
from mnist.web import pictures
from mnist.web.palette import AGAINST, FOR
from mnist.web.parts.wording import with_article
from mnist.web.state.explanations import explanations

COVER, FADE = "Cover it up", "Fade it in"
HOW = {
    COVER: "A small dark square was put over each part of the drawing in turn.",
    FADE: "The drawing was faded in from black while each bit of ink was watched.",
}
EXACTLY = {
    COVER: "A 5×5 square of black moves over the sample in steps of 3. A pixel's colour shows how far the log odds "
    "of the digit fell, averaged over the squares that covered it (occlusion, Zeiler and Fergus, 2014).",
    FADE: r"$x_i \int_0^1 \frac{\partial f(\alpha x)}{\partial x_i}\,d\alpha$: the gradient of the digit's log odds "
    "$f$, averaged while the ink fades in, times the ink. Together, the pixels add up to the rise of $f$ (integrated "
    "gradients, Sundararajan, Taly and Yan, 2017).",
}


def show_why(picture: DeltaGenerator, sample: np.ndarray, logits: np.ndarray, read: int | None) -> None:
    """Show the ink that spoke for and against a digit, where most of it is, and other digits to ask about.

    `read` is the digit that was read, None if it was none.
    """
    guess = int(np.argmax(logits[:NO_DIGIT]))
    sentence = st.container()
    with st.expander("More"):
        label = st.segmented_control(
            "Ask about", list(range(10)), default=guess, required=True, key=f"about_{guess}",
            help="Why not another digit? Choose it.",
        )  # fmt: skip
        how = st.segmented_control("How to find out", list(HOW), default=COVER, required=True, key="how") or COVER
        st.markdown(HOW[how])
    with st.expander("Exactly"):
        st.markdown(EXACTLY[how])
    label = guess if label is None else int(label)
    explain = explanations.occlusion if how == COVER else explanations.integrated_gradients
    evidence = explain(sample, label)
    picture.html(pictures.sample_html(pictures.evidence_url(sample, evidence), f"what spoke for and against {label}"))
    question = "Which ink made it say so?" if label == read else f"What about {with_article(label)}?"
    sentence.markdown(f"**{question}** {where(evidence, label)}")
    sentence.html(
        f"<p class='key'><b style='background:{FOR}'></b> spoke for {with_article(label)}"
        f"<b style='background:{AGAINST}'></b> spoke against it</p>"
    )


def where(evidence: np.ndarray, label: int) -> str:
    """Say where in a sample (28, 28) most speaks for a digit, evidence above 0, and where most speaks against it."""
    sentences = []
    for speaks, weights in ((f"for {with_article(label)}", evidence), ("against it", -evidence)):
        if weights.max() <= 0:
            sentences.append(f"Nothing speaks {speaks}.")
        else:
            sentences.append(f"What speaks most {speaks} is {_place(np.maximum(weights, 0))}.")
    return " ".join(sentences)


def _place(weights: np.ndarray) -> str:
    """Name the place of the 5×5 square with the largest sum."""
    sums = sliding_window_view(np.pad(weights, 2), (5, 5)).sum(axis=(2, 3))
    y, x = np.unravel_index(sums.argmax(), sums.shape)
    down = "top" if y < 11 else "bottom" if y > 16 else ""
    across = "left" if x < 11 else "right" if x > 16 else ""
    if not down:
        return f"on the {across}" if across else "in the middle"
    return f"at the {down} {across}".rstrip()
