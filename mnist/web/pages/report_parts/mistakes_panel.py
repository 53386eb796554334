"""The mistakes panel: digits that the network read wrong, for the visitor to do better."""

from functools import partial
from typing import Any

import streamlit as st

from mnist.evaluation.sets import TITLES
from mnist.training.networks import SHIPPED
from mnist.web.components import announcement
from mnist.web.pages.report_parts import cards
from mnist.web.parts.wording import capitalised, with_article
from mnist.web.state import session

Mistake = tuple[str, dict[str, Any]]  # the key of its set, and the card's example


def show_mistakes() -> None:
    """Show one mistake after the other: first the digit alone, then what it was meant to be."""
    mistakes = _of_people() or mistakes_in(cards.MADE_UP)
    if not mistakes:
        st.markdown("There are no mistakes to show.")
        return
    answers = session.MISTAKE_ANSWERS.get()
    number = min(session.MISTAKE_NUMBER.get(), len(mistakes) - 1)
    key, mistake = mistakes[number]
    answered = len(answers) > number
    truth = _truth(mistake, answers[number]) if answered else ""
    st.markdown("## It read these wrong. Can you do better?", help=cards.ABOUT_MNIST)
    left, right = st.columns([2, 3], gap="large")
    with left:
        url = cards.example_url(key, mistake)
        heard = announcement.announced(truth, of=f"mistake {number}")
        st.html(f"<figure class='mistake'><img src='{url}' alt='a digit that was misread'></figure>{heard}")
    with right:
        st.segmented_control(
            "What is it?", list(range(10)), key=session.mistake_answer(number).key, disabled=answered,
            on_change=_answer, args=(number,), width="stretch",
        )  # fmt: skip
        with st.container(key="truth"):
            st.markdown(truth or "What would you say?")
        if answered and number + 1 >= len(mistakes):
            st.button("Start again", key="start_again", on_click=_start_again)
        else:
            go_on = partial(session.MISTAKE_NUMBER.set, number + 1)
            st.button("Next", key="next", disabled=not answered, on_click=go_on)
        with st.container(key="score"):
            correct = sum(said == each["label"] for said, (_, each) in zip(answers, mistakes, strict=False))
            st.markdown(f"You: **{correct}** of {len(answers)} · The net: **0** of {len(answers)}")
        st.caption(f"Mistake {number + 1} of {len(mistakes)}. {_whose(key)}")


def _of_people() -> list[Mistake]:
    """Return the mistakes in those of people's digits that are at hand, the surest first."""
    collections = {key: collection for key in cards.peoples_digits() if (collection := cards.collection(key))}
    found = (
        (key, mistake)
        for key, collection in collections.items()
        for _, mistake in mistakes_in(key)
        if int(mistake["name"]) < len(collection)  # the collection may be shorter than the card's
    )
    return sorted(found, key=lambda mistake: -mistake[1]["confidence"])


def mistakes_in(key: str) -> list[Mistake]:
    """Return the examples in the set with that key that were read as something else; none that was refused."""
    examples = cards.card(SHIPPED)["figures"][key].get("examples", [])
    return [(key, example) for example in examples if example["read"] not in ("", str(example["label"]))]


def _whose(key: str) -> str:
    if key == cards.MADE_UP:
        return f"This program wrote these digits itself. {cards.why_not_shown(cards.peoples_digits()[0])}"
    return f"{capitalised(TITLES[key])}."


def _answer(number: int) -> None:
    answers = session.MISTAKE_ANSWERS.get()
    said = session.mistake_answer(number).get()
    if isinstance(said, int) and len(answers) == number:
        answers.append(said)


def _start_again() -> None:
    for number in range(len(session.MISTAKE_ANSWERS.get())):
        st.session_state.pop(session.mistake_answer(number).key, None)
    session.MISTAKE_ANSWERS.set([])
    session.MISTAKE_NUMBER.set(0)


def _truth(mistake: dict[str, Any], said: int) -> str:
    label, read = with_article(mistake["label"]), mistake["read"]
    guess = with_article(int(read)) if len(read) == 1 else f"the number {read}"
    sure = f"{100 * mistake['confidence']:.0f} %"
    if said == mistake["label"]:
        return f"Yes, {label}. The net took it for {guess}, {sure} sure."
    if str(said) == read:
        return f"So did the net, {sure} sure. It was meant as {label}."
    return f"It was meant as {label}. The net took it for {guess}, {sure} sure."
