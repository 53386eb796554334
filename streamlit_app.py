"""The ASGI entry that `streamlit run` finds: the page, the model's warm-up, the routes."""

import streamlit as st

from mnist.web import server

app = st.App("mnist/web/pages.py", lifespan=server.lifespan, routes=server.ROUTES, middleware=server.MIDDLEWARE)
