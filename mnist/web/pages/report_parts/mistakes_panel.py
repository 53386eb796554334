"""How good is it, at its worst: the drawings it got wrong though it was sure, for the reader to do better."""

from typing import Any

import streamlit as st

from mnist.web.pages.report_parts import cards, examples
from mnist.web.parts.reading_panel import with_article

SET = "drawings_loose"
ANSWERS = "answers_to_mistakes"  # in the session: what the reader said of the first of them, one after the other
NUMBER = "number_of_mistake"


def show_mistakes() -> None:
    """One mistake after the other: first the drawing alone, then what it was meant to be."""
    mistakes = _mistakes()
    if not mistakes:
        st.markdown("The card keeps no mistakes.")
        return
    answers: list[int] = st.session_state.setdefault(ANSWERS, [])
    number = min(int(st.session_state.setdefault(NUMBER, 0)), len(mistakes) - 1)
    mistake = mistakes[number]
    st.markdown("## It was sure of these, and wrong. Can you do better?")
    left, right = st.columns([2, 3], gap="large")
    with left:
        url = examples.picture(mistake)
        st.html(f"<figure class='mistake'><img src='{url}' alt='a drawing that was misread'></figure>")
    with right:
        answered = len(answers) > number
        st.segmented_control(
            "What is it?", list(range(10)), key=f"mistake_{number}", disabled=answered,
            on_change=_answer, args=(number,), width="stretch",
        )  # fmt: skip
        with st.container(key="truth"):
            st.markdown(_truth(mistake, answers[number]) if answered else "What would you say?")
        st.button("Next", key="next", disabled=not answered or number + 1 >= len(mistakes), on_click=_next)
        with st.container(key="score"):
            right_ones = sum(a == m["label"] for a, m in zip(answers, mistakes, strict=False))
            st.markdown(f"You: **{right_ones}** of {len(answers)} · The net: **0** of {len(answers)}")
        st.caption(f"{number + 1} of {len(mistakes)}; {cards.SETS[SET]}, as the card keeps them.")


def _mistakes() -> list[dict[str, Any]]:
    kept = cards.card(cards.SHIPPED)["figures"][SET].get("examples", [])
    return [example for example in kept if example["label"] != example["guess"] and not example["refused"]]


def _answer(number: int) -> None:
    answers: list[int] = st.session_state[ANSWERS]
    said = st.session_state.get(f"mistake_{number}")
    if isinstance(said, int) and len(answers) == number:
        answers.append(said)


def _next() -> None:
    st.session_state[NUMBER] += 1


def _truth(mistake: dict[str, Any], said: int) -> str:
    label, guess = with_article(mistake["label"]), with_article(mistake["guess"])
    sure = f"{100 * mistake['confidence']:.0f} %"
    if said == mistake["label"]:
        return f"Yes, {label}. The net took it for {guess}, {sure} sure."
    if said == mistake["guess"]:
        return f"So did the net, {sure} sure. It was meant as {label}."
    return f"It was meant as {label}. The net took it for {guess}, {sure} sure."
