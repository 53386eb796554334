"""The ASGI entry that `streamlit run` finds: the pages, the model's warm-up, the routes."""

import streamlit as st

from mnist.web.server.app import MIDDLEWARE, ROUTES, lifespan

app = st.App("streamlit_pages.py", lifespan=lifespan, routes=ROUTES, middleware=MIDDLEWARE)
