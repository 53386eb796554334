"""Train it yourself: a small network learns while one watches, and reads what one draws."""

import os
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mnist.data import mnist_dataset
from mnist.errors import UserError
from mnist.reading import grouping, strokes
from mnist.reading.classifier import Classifier, Reading
from mnist.reading.grouping import Ways
from mnist.web.components import announcement, canvas
from mnist.web.pages import training_curves
from mnist.web.parts import page_frame, reading_panel
from mnist.web.state import board
from mnist.web.state.reader import reader
from mnist.web.state.training_queue import Ticket, workshop
from mnist.web.state.turns import turns

STATIC = Path(__file__).parents[1] / "static"
STYLE = (STATIC / "look.css").read_text("utf-8") + (STATIC / "look_train.css").read_text("utf-8")
TICKET, NET, DRAWING = "training_of_session", "net_of_session", "drawing_with_net"
EVERY = 0.7  # seconds between two looks at a training
DRAWN, MNIST = "Made-up digits", "MNIST"
START = (
    "A new net knows nothing: of ten digits it reads one, by luck. "
    "Let one learn; it takes two minutes at most, and you can watch."
)
EXACTLY = r"""
The network is the shipped one, a quarter as wide: six convolutions with batch normalisation, an average over the whole
picture, one dense layer; 18,203 parameters instead of 280,139. The first layer's eight filters are 5×5 pixels each.

It learns from 6,000 digits and 1,000 things that are no digit, written by this program by made-up hands (or from 6,000
of MNIST's digits), turned, slanted and bent anew each time they are shown. After every batch of 64 each parameter moves
a little against the gradient of the loss, by AdamW (Loshchilov and Hutter, 2019), at a rate that rises to 0.006 and
falls to nothing along a cosine; 3,000 batches, fewer where time runs out.

The loss of a batch of $n$ samples is $-\frac{1}{n}\sum_{i=1}^{n}\log p_i$, where $p_i$ is the probability that the
network gives to the right one of its eleven outputs, ten digits and “no digit” (cross-entropy). What it reads right is
counted on 500 digits, by other hands, that it never learns from.

One net learns at a time on this server, on one core, when nobody else needs it. Your net is kept in this page alone: it
is gone when you close the page. The net that ships with this program is not touched.
"""


def page() -> None:
    """The page, top to bottom."""
    st.set_page_config(page_title="Train it yourself", page_icon=str(STATIC / "icon.svg"), layout="wide")
    st.html(f"<style>{STYLE}</style><h1>Train it yourself</h1>")
    reader.start()
    workshop.watch()
    ticket, net = _ticket(), _net()
    with st.container(key="training_tools", horizontal=True, vertical_alignment="center"):
        _tools(ticket, net)
    if net is not None and st.session_state.get(DRAWING):
        pad_and_readings(net)
    else:
        phase = _phase(ticket)
        running = phase in {"waiting", "running", "paused"}
        st.fragment(_training, run_every=EVERY if running else None)(phase)
    with st.expander("Exactly"):
        st.markdown(EXACTLY)
    page_frame.for_reader()


def _ticket() -> Ticket | None:
    ticket: Ticket | None = st.session_state.get(TICKET)
    return ticket


def _net() -> Classifier | None:
    """The net that this visitor has trained last."""
    ticket = _ticket()
    if ticket is not None and ticket.net is not None:
        st.session_state[NET] = ticket.net
    net: Classifier | None = st.session_state.get(NET)
    return net


def _phase(ticket: Ticket | None) -> str:
    """What decides which buttons there are."""
    if ticket is None:
        return "none"
    return "paused" if ticket.paused and not ticket.over else ticket.state


def _tools(ticket: Ticket | None, net: Classifier | None) -> None:
    phase = _phase(ticket)
    if ticket is not None and phase in {"running", "paused"}:
        if phase == "running":
            st.button("Pause", key="pause", on_click=workshop.pause, args=(ticket,))
        else:
            st.button("Go on", key="go_on", type="primary", on_click=workshop.go_on, args=(ticket,))
        st.button("Stop", key="stop", on_click=workshop.stop, args=(ticket,))
        return
    if ticket is not None and phase == "waiting":
        st.button("Leave the line", key="leave", on_click=_leave, args=(ticket,))
        return
    drawing = bool(net and st.session_state.get(DRAWING))
    if drawing:
        st.button("See how it learned", key="look", on_click=_draw, args=(False,))
    elif net is not None:
        st.button("Draw with my net", key="draw", type="primary", on_click=_draw, args=(True,))
    file = _mnist()
    st.button(
        "Train another" if net else "Train a net",
        key="train", type="secondary" if net else "primary", on_click=_start, args=(file,),
    )  # fmt: skip
    if file is not None and not drawing:
        st.segmented_control(
            "It learns from", [DRAWN, MNIST], default=DRAWN, required=True, key="data", label_visibility="collapsed"
        )


def _mnist() -> Path | None:
    """MNIST's file, where it is at hand; nothing is downloaded for this."""
    named = os.environ.get(mnist_dataset.ENVIRONMENT)
    return Path(named) if named and Path(named).exists() else None


def _start(file: Path | None) -> None:
    st.session_state[DRAWING] = False
    chosen = file if st.session_state.get("data") == MNIST else None
    try:
        st.session_state[TICKET] = workshop.enter(chosen, _is_open())
    except UserError as error:
        st.session_state[TICKET] = Ticket(chosen, lambda: True, state="failed", error=str(error))


def _is_open() -> Callable[[], bool]:
    """What tells whether this visitor's page is still there."""
    context = get_script_run_ctx()
    session = context.session_id if context else ""
    return lambda: runtime.get_instance().is_active_session(session)


def _leave(ticket: Ticket) -> None:
    workshop.leave(ticket)
    del st.session_state[TICKET]


def _draw(drawing: bool) -> None:
    st.session_state[DRAWING] = drawing


def _training(phase: str) -> None:
    """All that changes while it learns; `phase` is that of which the page has the buttons."""
    ticket = _ticket()
    if _phase(ticket) != phase:
        st.rerun()
    with st.container(key="lesson"):
        st.markdown(sentence(ticket, workshop.place(ticket) if ticket else 0))
    st.progress(min(1.0, ticket.share) if ticket and not ticket.over else 0.0)
    st.html(training_curves.figures(ticket))


def sentence(ticket: Ticket | None, place: int) -> str:
    """How far it is, in a sentence a child understands; `place` is how many are before it in line."""
    if ticket is None:
        return START
    if ticket.error is not None:
        return reading_panel.plain(ticket.error)
    if ticket.state == "waiting":
        return f"Another net is learning now. You are number {place} in line."
    if not ticket.points:
        told = "Digits to learn from are made ready." if ticket.share < 1 else "It is about to begin."
    else:
        latest = ticket.points[-1]
        told = f"It has seen {latest.seen:,} drawings and reads {100 * latest.right:.0f} of 100 digits."
    if ticket.state == "done":
        return f"{told} Now draw with it."
    return f"Paused. {told}" if ticket.paused else told


@st.fragment
@turns.reading()
def pad_and_readings(net: Classifier) -> None:
    """The pad, what the visitor's net reads on it, and what the shipped one reads."""
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="pad"):
        if canvas.pad_now().width != board.SIDE:
            canvas.pad_now().widen(board.SIDE)
        with st.container(key="slate"):
            pad = canvas.show_canvas(board.PENS["Medium"], board.SIDE)
        with st.container(horizontal=True, key="tools", gap="small"):
            canvas.show_undo_and_clear()
        st.caption("Your net is kept as long as you are here, on the other pages, too. Then it is gone.")
    try:
        drawn = pad.strokes
    except UserError as error:
        st.warning(reading_panel.plain(f"Something went wrong: {error}."))
        drawn = []
    ways = grouping.one_digit(strokes.frame(drawn)) if drawn else Ways()
    with right, st.container(key="nets"):
        with st.container(key="mine"):
            st.html("<h2>My net</h2>")
            mine = net.read(ways)
            reading_panel.show_guess(mine, reading_panel.describe(mine))
            st.html(reading_panel.bars(mine))
        with st.container(key="shipped"):
            st.html("<h2>The page's own net</h2>")
            _shipped(reader.read(ways))


def _shipped(reading: Reading | None) -> None:
    with st.container(key="shipped_guess"):
        st.markdown(reading.text if reading and reading.text else reading_panel.NO_GUESS)
    sentence = reading_panel.describe(reading) if reading else "Waking up."
    with st.container(key="shipped_sentence"):
        st.markdown(sentence)
    announcement.announce(f"The page's own net: {sentence}", key="announcement_shipped")
    st.html(reading_panel.bars(reading))
