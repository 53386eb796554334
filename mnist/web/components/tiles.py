"""Small pictures side by side, to choose one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from mnist.web import pictures

HERE = Path(__file__).parent
COLUMNS = 8  # tiles side by side in the large picture that they are cut from

_tiles = st.components.v2.component(
    "tiles",
    html="<div class='tiles'></div>",
    js=(HERE / "tiles.js").read_text("utf-8"),
    css=(HERE / "tiles.css").read_text("utf-8"),
)


@dataclass(frozen=True)
class Tile:
    """One of the pictures: its number, by which it is chosen, what it is called, and a mark in its corner."""

    number: int
    name: str
    mark: str = ""


def chosen(tiles: Sequence[Tile], key: str) -> int | None:
    """The number of the tile that was chosen last under that key; None where none of these was."""
    state = st.session_state.get(key)
    sent = state.get("chosen") if state else None
    return next((tile.number for tile in tiles if tile.number == sent), None)


def show(tiles: Sequence[Tile], maps: np.ndarray, current: int | None, key: str) -> None:
    """The tiles in this order, with maps (h, w, n) ≥ 0 as their pictures; `current` is the number of the chosen one."""
    _tiles(
        data={
            "sprite": pictures.sprite_url(maps, COLUMNS),
            "columns": COLUMNS,
            "rows": -(-len(tiles) // COLUMNS),
            "numbers": [tile.number for tile in tiles],
            "names": [tile.name for tile in tiles],
            "marks": [tile.mark for tile in tiles],
            "chosen": current,
        },
        key=key,
        on_chosen_change=lambda: None,
    )
