"""An app as most people write it, to compare ours with: `make load` puts both under the same load.

The whole page is run for every stroke, the canvas sends a picture, `model.predict` reads it, a chart is drawn, and
Streamlit collects garbage after every run. The network is ours, so that nothing else differs.
"""

import keras
import numpy as np
import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

from mnist.files import MODEL


@st.cache_resource
def load_model() -> keras.Model:
    """Load the network, once."""
    return keras.models.load_model(MODEL)


def frame(picture: np.ndarray) -> np.ndarray:
    """Crop the drawing, scale it to 20 pixels and put it into the middle of 28."""
    rows, columns = np.nonzero(picture > 25)
    image = Image.fromarray(picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    image.thumbnail((20, 20))
    sample = Image.new("L", (28, 28))
    sample.paste(image, ((28 - image.width) // 2, (28 - image.height) // 2))
    return np.asarray(sample, np.float32) / 255


st.title("Draw a digit")
model = load_model()
canvas = st_canvas(
    stroke_width=18, stroke_color="#fff", background_color="#000", width=280, height=280, key="canvas",
    return_image_data=True,
)  # fmt: skip
if canvas.image_data is not None and canvas.image_data[:, :, 0].any():
    framed = frame(canvas.image_data[:, :, 0])
    st.image(framed, width=140)
    logits = model.predict(framed[np.newaxis])[0][:10]
    st.markdown(f"# {logits.argmax()}")
    st.bar_chart(np.exp(logits - logits.max()))
