"""A page with nothing but the canvas, holding the drawing that $DRAWING gives: what does Fabric itself show?"""

import json
import os

from streamlit_drawable_canvas import st_canvas

st_canvas(initial_drawing=json.loads(os.environ["DRAWING"]), background_color="#000", width=280, height=280, key="bare")
