"""The app that `streamlit run streamlit_app.py` serves: the pages, with our routes and middleware around them."""

import streamlit as st

from mnist.web.server.app import MIDDLEWARE, ROUTES, lifespan

app = st.App("streamlit_pages.py", lifespan=lifespan, routes=ROUTES, middleware=MIDDLEWARE)
