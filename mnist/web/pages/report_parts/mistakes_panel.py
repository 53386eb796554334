"""The mistakes panel: drawings that the network was sure of and read wrong, for the visitor to do better."""

from typing import Any

import streamlit as st

from mnist.evaluation.sets import TITLES
from mnist.training.networks import SHIPPED
from mnist.web.pages.report_parts import cards
from mnist.web.parts.wording import with_article
from mnist.web.state import session

SET = "drawings_loose"


def show_mistakes() -> None:
    """Show one mistake after the other: first the drawing alone, then what it was meant to be."""
    examples = cards.card(SHIPPED)["figures"][SET].get("examples", [])
    mistakes = [e for e in examples if e["label"] != e["guess"] and not e["rejected"]]
    if not mistakes:
        st.markdown("There are no mistakes to show.")
        return
    answers = session.MISTAKE_ANSWERS.get()
    number = min(session.MISTAKE_NUMBER.get(), len(mistakes) - 1)
    mistake = mistakes[number]
    st.markdown("## It was sure of these, and wrong. Can you do better?")
    left, right = st.columns([2, 3], gap="large")
    with left:
        url = cards.example_url(mistake)
        st.html(f"<figure class='mistake'><img src='{url}' alt='a drawing that was misread'></figure>")
    with right:
        answered = len(answers) > number
        st.segmented_control(
            "What is it?", list(range(10)), key=session.mistake_answer(number).key, disabled=answered,
            on_change=_answer, args=(number,), width="stretch",
        )  # fmt: skip
        with st.container(key="truth"):
            st.markdown(_truth(mistake, answers[number]) if answered else "What would you say?")
        st.button(
            "Next", key="next", disabled=not answered or number + 1 >= len(mistakes),
            on_click=session.MISTAKE_NUMBER.set, args=(number + 1,),
        )  # fmt: skip
        with st.container(key="score"):
            correct = sum(a == m["label"] for a, m in zip(answers, mistakes, strict=False))
            st.markdown(f"You: **{correct}** of {len(answers)} · The net: **0** of {len(answers)}")
        st.caption(f"Mistake {number + 1} of {len(mistakes)}, {TITLES[SET]}.")


def _answer(number: int) -> None:
    answers = session.MISTAKE_ANSWERS.get()
    said = session.mistake_answer(number).get()
    if isinstance(said, int) and len(answers) == number:
        answers.append(said)


def _truth(mistake: dict[str, Any], said: int) -> str:
    label, guess = with_article(mistake["label"]), with_article(mistake["guess"])
    sure = f"{100 * mistake['confidence']:.0f} %"
    if said == mistake["label"]:
        return f"Yes, {label}. The net took it for {guess}, {sure} sure."
    if said == mistake["guess"]:
        return f"So did the net, {sure} sure. It was meant as {label}."
    return f"It was meant as {label}. The net took it for {guess}, {sure} sure."
