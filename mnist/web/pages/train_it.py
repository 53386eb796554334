"""The page “Train it yourself”: a small network learns while the visitor watches, and reads what they draw."""

import functools
import math
import os
from pathlib import Path

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mnist.data import mnist_dataset
from mnist.errors import UserError
from mnist.files import MODEL
from mnist.reading.card import read_card
from mnist.reading.classifier import Classifier
from mnist.training import live, net_file, ready_digits
from mnist.web.components import announcement, canvas, tab_memory
from mnist.web.pages import training_curves
from mnist.web.parts import drawing_reading, guess_sentence, lesson_drawing, page_frame, reading_html
from mnist.web.parts.wording import plain
from mnist.web.state import session
from mnist.web.state.pad import PAD_WIDTH, PEN_WIDTHS
from mnist.web.state.training_queue import Ticket, trainings
from mnist.web.state.turns import turns

REFRESH_SECONDS = 0.7  # between two looks at a training
MNIST = "MNIST"
LOST = (
    "The net that you trained is gone: the page was loaded anew, the server was, or the page slept for too long. "
    "Open it from the file in which you saved it, or train another; it takes about 90 seconds."
)
MINUTES_EACH = 1.5  # that a training takes, about
NET_IN_HAND = "Your net is here: draw with it, or train another."
START = (
    "A new net knows nothing: of ten digits it reads one right, by luck. "
    "Let one learn and watch it. It takes about 90 seconds."
)


# of a training, by its phase: how far it is would be said without end; of one that is over, the sentence itself
HEARD = {"none": "", "waiting": "Another net is learning now.", "running": "Your net is learning.", "paused": "Paused."}


def page() -> None:
    """Show the page."""
    with page_frame.framed("Train it yourself", "train_it"):
        trainings.watch()
        ticket = session.TICKET.get()
        if ticket is not None and ticket.net is not None:
            session.OWN_NET.set(ticket.net)
            session.OWN_NET_FILE.set(ticket.net_file)
        net = session.OWN_NET.get()
        if ticket is None and net is None:
            trainings.prepare()
        with st.container(key="training_tools", horizontal=True, vertical_alignment="center"):
            _show_tools(ticket, net)
        if net is not None and session.DRAWING_WITH_OWN_NET.get():
            canvas.adapt()
            pad_and_readings(net)
        else:
            phase = _phase(ticket)
            running = phase in {"waiting", "running", "paused"}
            st.fragment(_show_training, run_every=REFRESH_SECONDS if running else None)(phase)
        with st.expander("Exactly"):
            st.markdown(_exactly())
        tab_memory.keep("net", None if net is None else True, lambda _: session.LOST_NET.set(True))


@functools.cache
def _exactly() -> str:
    plan, card = live.Plan(), read_card(MODEL)
    return rf"""
The network is built like the shipped one, but narrower: six convolutions with batch normalisation, an average over the
whole picture, one dense layer; {live.PARAMETERS:,} parameters instead of {card["parameters"]:,}. The first layer has
{live.WIDTH} filters of 5×5 pixels.

It learns from {ready_digits.DIGITS:,} digits and {ready_digits.NON_DIGITS:,} things that are no digit, which this
program has written in made-up hands (or from {ready_digits.DIGITS:,} of MNIST's digits), turned, slanted and bent anew
each time they are shown. After every batch of {plan.batch} each parameter moves a little against the gradient of the
loss, by AdamW (Loshchilov and Hutter, 2019), at a rate that rises to {plan.rate:g} and falls to nothing along a cosine;
{plan.steps:,} batches, fewer if time runs out.

The loss of a batch of $n$ samples is $-\frac{{1}}{{n}}\sum_{{i=1}}^{{n}}\log p_i$, where $p_i$ is the probability that
the network gives to the right one of its eleven outputs, ten digits and “no digit” (cross-entropy). How many it reads
right is counted on {ready_digits.VALIDATION} digits, by other hands, that it never learns from.

One net learns at a time on this server, on one core, when nobody else needs it. Your net is kept in this page alone: it
is gone when you close or reload the page, unless you save it. The file is a ZIP: `{net_file.NAME}.keras` opens in Keras
(`keras.models.load_model`), its card beside it says what it learned and from how sure an answer it says that something
is a digit, and `python -m mnist predict --model {net_file.NAME}.keras picture.png` reads with it. The net that ships
with this program does not change.
"""


def _phase(ticket: Ticket | None) -> str:
    """Return what decides which buttons there are."""
    if ticket is None:
        return "none"
    return "paused" if ticket.paused and not ticket.over else ticket.state


def _show_tools(ticket: Ticket | None, net: Classifier | None) -> None:
    phase = _phase(ticket)
    if ticket is not None and phase in {"running", "paused"}:
        if phase == "running":
            st.button("Pause", key="pause", on_click=trainings.pause, args=(ticket,))
        else:
            st.button("Go on", key="go_on", type="primary", on_click=trainings.go_on, args=(ticket,))
        st.button("Stop", key="stop", on_click=trainings.stop, args=(ticket,))
        return
    if ticket is not None and phase == "waiting":
        st.button("Leave the line", key="leave", on_click=_leave)
        return
    drawing, draw = net is not None and session.DRAWING_WITH_OWN_NET.get(), session.DRAWING_WITH_OWN_NET.set
    if drawing and ticket is not None:
        st.button("See how it learned", key="look", on_click=draw, args=(False,))
    elif net is not None and not drawing:
        st.button("Draw with my net", key="draw", type="primary", on_click=draw, args=(True,))
    path = os.environ.get(mnist_dataset.PATH_VARIABLE)
    mnist = Path(path) if path and Path(path).exists() else None  # nothing is downloaded for this page
    st.button(
        "Train another" if net else "Train a net",
        key="train", type="secondary" if net else "primary", on_click=_start, args=(mnist,),
    )  # fmt: skip
    if mnist is not None and not drawing:
        made_up = session.TRAINING_DATA.default
        st.segmented_control(
            "It learns from", [made_up, MNIST], default=made_up, required=True, key=session.TRAINING_DATA.key,
            label_visibility="collapsed", on_change="ignore",
        )  # fmt: skip
    with st.popover("File", key="file"):
        if net is not None:
            st.download_button(
                "Save my net", session.OWN_NET_FILE.get(), f"{net_file.NAME}.zip", key="save_net", on_click="ignore",
                width="stretch",
            )  # fmt: skip
        st.file_uploader("Open a saved net", type="zip", key=session.OPENED_NET.key, on_change=_open_net)
        if session.OPENED_NET.get() is not None and (problem := session.NET_PROBLEM.get()):
            st.warning(plain(problem))


def _open_net() -> None:
    session.NET_PROBLEM.set("")
    file = session.OPENED_NET.get()
    if file is None:
        return
    try:
        net = net_file.opened(file.getvalue())
    except UserError as error:
        session.NET_PROBLEM.set(str(error))
        return
    _leave()
    session.OWN_NET.set(net)
    session.OWN_NET_FILE.set(file.getvalue())
    session.DRAWING_WITH_OWN_NET.set(True)


def _start(mnist: Path | None) -> None:
    session.DRAWING_WITH_OWN_NET.set(False)
    _leave()  # two quick presses, or a forged one: each visitor has one place
    chosen = mnist if session.TRAINING_DATA.get() == MNIST else None
    context = get_script_run_ctx()
    session_id = context.session_id if context else ""
    try:
        ticket = trainings.enter(chosen, lambda: runtime.get_instance().is_active_session(session_id))
    except UserError as error:
        ticket = Ticket(chosen, lambda: True, state="failed", error=str(error))
    session.TICKET.set(ticket)


def _leave() -> None:
    ticket = session.TICKET.get()
    if ticket is not None and not ticket.over:
        trainings.leave(ticket)
    session.TICKET.set(None)


def _show_training(phase: str) -> None:
    """Show all that changes while it learns; `phase` is the one that the page's buttons are for."""
    ticket = session.TICKET.get()
    if _phase(ticket) != phase:
        st.rerun()
    said = sentence(ticket, trainings.place(ticket) if ticket else 0)
    st.container(key="lesson").markdown(plain(said))
    st.progress(1.0 if phase == "done" else min(1.0, ticket.progress) if ticket else 0.0)
    st.html(training_curves.figures(ticket) + announcement.announced(HEARD.get(phase, said)))


def sentence(ticket: Ticket | None, place: int) -> str:
    """Return how far it is, in a sentence that a child understands; `place`: how many are before it in line."""
    if ticket is None:
        return NET_IN_HAND if session.OWN_NET.get() else LOST if session.LOST_NET.get() else START
    if ticket.error is not None:
        return ticket.error
    if ticket.state == "waiting":
        minutes = math.ceil(place * MINUTES_EACH)
        return f"Another net is learning now. You are number {place} in line: about {minutes} minutes."
    if not ticket.points:
        progress = "It is about to begin."
    else:
        latest = ticket.points[-1]
        progress = f"It has seen {latest.seen:,} drawings and reads {100 * latest.right:.0f} of 100 digits right."
    if ticket.state == "done":
        return f"{progress} Now draw with it."
    return f"Paused. {progress}" if ticket.paused else progress


@st.fragment
@turns.reading()
def pad_and_readings(net: Classifier) -> None:
    """Show the pad, what the visitor's net reads on it, and what the shipped one reads."""
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="pad"):
        with st.container(key="slate"):
            pad = canvas.show_canvas(PEN_WIDTHS["Medium"], PAD_WIDTH)
        with st.container(horizontal=True, key="tools", gap="small"):
            canvas.show_undo_and_clear()
        drawing = drawing_reading.read_pad(pad, as_one_digit=True)
        if drawing_reading.holds_several_digits(drawing):
            st.caption(lesson_drawing.SEVERAL)
        st.caption("Your net stays as long as you are here, on the other pages, too. To keep it longer, save it: File.")
    st.html(reading_html.shown(drawing.strokes) + canvas.loaded(pad))
    if drawing.problem and drawing.reading:  # while the model is loading, its own sentence below says so
        st.warning(plain(drawing.problem))
    with right, st.container(key="nets"):
        with st.container(key="mine"):
            st.html("<h2>My net</h2>")
            mine = net.read(drawing.lattice)
            of_mine = guess_sentence.of_digit(mine)
            st.html(reading_html.answer(mine, of_mine))
            st.html(reading_html.bars(mine))
        with st.container(key="shipped"):
            st.html("<h2>The page's own net</h2>")
            shipped = drawing.reading
            of_shipped = guess_sentence.of_digit(shipped) if shipped else "Waking up."
            # one announcement of both: a second one might come before the first is spoken
            announced = announcement.announced(f"My net: {of_mine} The page's own net: {of_shipped}")
            st.html(reading_html.answer(shipped, of_shipped) + announced)
            st.html(reading_html.bars(shipped))
