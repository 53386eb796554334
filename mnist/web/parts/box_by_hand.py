"""Two ways to put a box around a digit on a photo, by drawing and by sliders."""

import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from mnist.reading.framing import Box
from mnist.web import palette, pictures
from mnist.web.parts import photo_picture
from mnist.web.state.photo import Photo

SIDE_PIXELS = 640  # longer side of the picture that a box is drawn on


def show_box_by_hand(photo: Photo, key: str) -> Box | None:
    """Show both ways; return the box that was put last, in the file's pixels, or None while there is none."""
    st.caption("Draw a box around one digit.")
    drawn = _drawn_box(photo_picture.annotated(photo), f"{key}_{photo.version}")
    box = _set_box(photo.picture, key) or drawn
    if box is None:
        return None
    x, y, width, height = (side / photo.scale for side in box)
    return x, y, width, height


def _drawn_box(picture: Image.Image, key: str) -> Box | None:
    """Show the picture to draw on; return the last box, in its pixels."""
    zoom = SIDE_PIXELS / max(picture.size)
    width, height = (round(side * zoom) for side in picture.size)
    with st.container(key=f"boxing_{key}"):
        drawing = st_canvas(
            background_image=pictures.jpeg(picture), drawing_mode="rect", stroke_width=3,
            stroke_color=palette.BOXES["by-hand"], fill_color=palette.BOX_FILL, width=width, height=height,
            key=f"box_{key}",
        ).json_data  # fmt: skip
    boxes = [drawn for drawn in (drawing or {}).get("objects", []) if drawn.get("width") and drawn.get("height")]
    if not boxes:
        return None
    left, top, box_width, box_height = (float(boxes[-1][name]) / zoom for name in ("left", "top", "width", "height"))
    return left, top, box_width, box_height


def _set_box(picture: Image.Image, key: str) -> Box | None:
    """Show sliders that set a box on the picture; return it, in the picture's pixels, once it is to be read."""
    with st.expander("Set the box by sliders", key=f"setting_{key}"):
        spans = [
            st.slider(f"From {name}", 0, 100, (40, 60), format="%d %%", key=f"{name.replace(' ', '_')}_{key}")
            for name in ("left to right", "top to bottom")
        ]
        (left, right), (top, bottom) = (
            [side * share / 100 for share in span] for side, span in zip(picture.size, spans, strict=True)
        )
        large_enough = right - left >= 1 and bottom - top >= 1
        if large_enough:
            crop = picture.crop((round(left), round(top), round(right), round(bottom)))
            st.html(
                f"<img src='{pictures.jpeg_url(pictures.jpeg(crop))}' alt='What is in the box' style='max-width: 100%'>"
            )
        if st.button("Read what is in it", key=f"read_{key}", disabled=not large_enough) and large_enough:
            return left, top, right - left, bottom - top
    return None
