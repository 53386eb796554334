"""The pictures of a training, as HTML: its two curves, ten of the digits it is tested on, its filters."""

from collections.abc import Sequence

import numpy as np

from mnist.web import pictures
from mnist.web.palette import AGAINST, FOR, GREEN, GREY
from mnist.web.parts.reading_html import NO_GUESS
from mnist.web.state.training_queue import Ticket

MAX_LOSS_SHOWN = 2.5  # a net that knows nothing has log 11 = 2.4
EMPTY = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="  # a picture of nothing


def figures(ticket: Ticket | None) -> str:
    """Return all pictures; before there is anything to show, their places are there, but empty."""
    ticket = ticket or Ticket(None, lambda: False)
    points = ticket.points
    right, loss = (f"{100 * points[-1].right:.0f} of 100", f"{points[-1].loss:.2f}") if points else (NO_GUESS, NO_GUESS)
    across = [point.seen / ticket.samples_in_all for point in points]
    parts = [
        _curve("right, of digits new to it", right, across, [point.right for point in points], 1.0),
        _curve("loss: how wrong it still is", loss, across, [point.loss for point in points], MAX_LOSS_SHOWN),
        _digits(ticket),
        _filters(ticket.filters),
    ]
    return f"<div class='training'>{''.join(parts)}</div>"


def _curve(name: str, number: str, across: Sequence[float], up: Sequence[float], top: float) -> str:
    """Return a curve of points, `across` from 0 to 1 and `up` from 0 to `top`, under its latest number."""
    points = zip(across, up, strict=True)
    line = " ".join(f"{100 * x:.2f},{40 * (1 - min(y / top, 1.0)):.2f}" for x, y in points)
    grid = "".join(f'<path d="M0 {y}H100" stroke="{GREY}" stroke-width="1" opacity=".5"/>' for y in (0.2, 20, 39.8))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40" preserveAspectRatio="none" fill="none">'
        f"<style>*{{vector-effect:non-scaling-stroke}}</style>{grid}"
        f'<polyline points="{line}" stroke="{GREEN}" stroke-width="3" stroke-linejoin="round"/></svg>'
    )
    return (
        f"<figure class='learning'><figcaption><b>{number}</b> {name}</figcaption>"
        f"<div><span>{100 if top == 1 else top:g}</span><span>0</span>"
        f"<img src='{pictures.svg_url(svg)}' alt='a curve: {number} {name}'></div></figure>"
    )


def _digits(ticket: Ticket) -> str:
    cells = ""
    for index, (sample, label) in enumerate(zip(ticket.shown, ticket.labels.tolist(), strict=True)):
        url, name = (pictures.png_url(sample / 255), f"a written {label}") if sample.any() else (EMPTY, "")
        kind, sign = "", NO_GUESS
        if index < len(ticket.read):
            kind, mark = ("right", "✓") if ticket.read[index] == label else ("wrong", "✗")
            sign = f"{mark} {ticket.read[index]}"
        cells += f"<li class='{kind}'><img src='{url}' alt='{name}'><b>{sign}</b></li>"
    return f"<section><p>What it reads in ten of them</p><ol class='tested'>{cells}</ol></section>"


def _filters(filters: np.ndarray) -> str:
    urls = [pictures.signed_url(each) if each.any() else EMPTY for each in filters]
    cells = "".join(f"<li><img src='{url}' alt=''></li>" for url in urls)
    return (
        f"<section><p>Its {len(filters)} filters: what its first layer looks for. "
        f"<i style='color:{FOR}'>■</i> ink, <i style='color:{AGAINST}'>■</i> no ink</p>"
        f"<ol class='filters'>{cells}</ol></section>"
    )
