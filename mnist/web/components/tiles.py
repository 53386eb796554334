"""Tiles: small pictures side by side, to choose one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mnist.web import pictures
from mnist.web.components import component

SPRITE_COLUMNS = 8  # pictures side by side in the large one that the tiles are cut from

_tiles = component.register("tiles", "<div class='tiles'></div>")


@dataclass(frozen=True)
class Tile:
    """A tile: the number that is sent when it is chosen, its name, and a mark in its corner."""

    number: int
    name: str
    mark: str = ""


def chosen_tile(tiles: Sequence[Tile], key: str) -> int | None:
    """Return the number of the tile that was chosen last under that key, or None if it is not among these."""
    sent = component.sent(key, "chosen")
    return next((tile.number for tile in tiles if tile.number == sent), None)


def show_tiles(tiles: Sequence[Tile], maps: np.ndarray, chosen: int | None, key: str) -> None:
    """Show the tiles in this order, with maps (h, w, n) ≥ 0 as their pictures; `chosen` is a tile's number."""
    _tiles(
        data={
            "sprite": pictures.sprite_url(maps, SPRITE_COLUMNS),
            "columns": SPRITE_COLUMNS,
            "rows": -(-len(tiles) // SPRITE_COLUMNS),
            "numbers": [tile.number for tile in tiles],
            "names": [tile.name for tile in tiles],
            "marks": [tile.mark for tile in tiles],
            "chosen": chosen,
        },
        key=key,
        on_chosen_change=lambda: None,
    )
