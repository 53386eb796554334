"""The panel of one layer: its maps, to choose from, and the weights of the chosen one."""

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from mnist.explaining.inside import Activations, Layer
from mnist.web import pictures
from mnist.web.components import tiles
from mnist.web.components.tiles import Tile
from mnist.web.pictures import figure

SUCH_AS = (  # in layers of a net as deep as ours: each sees a larger part of the drawing than the one before
    "edges: where ink begins and ends",
    "lines, and how they lie",
    "corners and ends",
    "bends and crossings",
    "parts of digits: a loop or a bar",
    "large parts: half a digit, or all of it",
)
CAPTION = "in the frame: where one fits best"
MAX_KERNELS = 3  # shown of the chosen map: those with the largest weights


def show_layer(picture: DeltaGenerator, inside: Activations, number: int, sample: np.ndarray) -> None:
    """Show the sample, marked where a shape fits best, what the layer looks for, and its maps, to choose a shape."""
    layer = inside.layers[number]
    height, width, count = layer.maps.shape
    such_as = f", such as {SUCH_AS[number]}" if len(inside.layers) == len(SUCH_AS) else ""
    st.markdown(f"Layer {number + 1} of {len(inside.layers)} looks for **{count} shapes**{such_as}.")
    order = layer.ranked_channels
    key = f"tiles_{number}"
    choices = [Tile(place, f"shape {channel + 1}") for place, channel in enumerate(order)]
    chosen = tiles.chosen_tile(choices, key) or 0
    place = layer.strongest_square(order[chosen])
    picture.html(pictures.sample_html(pictures.png_url(sample), CAPTION, place))
    with st.expander("More"):
        st.html(_strip(inside, number))
        st.markdown(
            f"Each picture, {width}×{height} pixels, shows where one shape was found: the brighter, the surer. "
            "Choose one."
        )
        st.html(_enlarged(layer, order[chosen]))
        tiles.show_tiles(choices, layer.maps[:, :, order], chosen, key)


def _enlarged(layer: Layer, channel: int) -> str:
    kernels = layer.kernels[:, :, :, channel]
    strongest = np.argsort(-np.abs(kernels).sum(axis=(0, 1)))[:MAX_KERNELS]
    url = pictures.png_url(layer.maps[:, :, channel] / max(float(layer.maps.max()), 1e-9))
    cells = [figure(url, f"shape {channel + 1}: where it was found")]
    for before in strongest.tolist():
        name = "what it looks for" if kernels.shape[2] == 1 else f"in shape {before + 1} of the layer before"
        cells.append(figure(pictures.signed_url(kernels[:, :, before]), name))
    return f"<div class='enlarged'>{''.join(cells)}</div>"


def _strip(inside: Activations, current: int) -> str:
    """Return a block for each layer, its side and depth to scale: the pictures shrink and their number grows."""
    shapes = [(28, 1), *((layer.maps.shape[0], layer.maps.shape[2]) for layer in inside.layers)]
    blocks = []
    for number, (side, count) in enumerate(shapes):
        style = f"width:{0.35 + count / 40:.2f}rem;height:{side / 7:.2f}rem"
        name = "drawing" if number == 0 else f"{count} of {side}×{side}"
        mark = " class='current'" if number == current + 1 else ""
        blocks.append(f"<li{mark}><s style='{style}'></s><span>{name}</span></li>")
    return f"<ol class='strip'>{''.join(blocks)}</ol>"
