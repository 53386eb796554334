"""The pages, and the way from one to the other."""

from pathlib import Path

import streamlit as st

from mnist.web import join

HERE = Path(__file__).parent
PAGES = (
    st.Page(HERE / "draw.py", title="Draw", default=True),
    st.Page(HERE / "inside.py", title="Look inside", url_path="inside"),
    st.Page(HERE / "break_it.py", title="Break it", url_path="break"),
    st.Page(HERE / "train_it.py", title="Train it yourself", url_path="train"),
    st.Page(HERE / "report.py", title="How good is it?", url_path="report"),
    st.Page(HERE / "challenge.py", title="Challenge", url_path="challenge"),
    st.Page(HERE / "photos.py", title="Read photos", url_path="photos"),
)

current = st.navigation(PAGES, position="hidden")
current.run()
with st.container(key="pages", horizontal=True, horizontal_alignment="center"):
    for page in PAGES:
        if page is not current:
            st.page_link(page)
    join.button()
