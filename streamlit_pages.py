"""The list of pages, and the head above each: the way home, the ways to the others, and Join. Below: the version.

Streamlit runs this file for each visitor.
"""

import streamlit as st

from mnist import __version__
from mnist.web.pages import break_it, challenge, draw, inside, photos, report, train_it
from mnist.web.parts import join
from mnist.web.parts.page_frame import STATIC

PAGES = (
    st.Page(draw.page, title="Draw", url_path="draw", default=True),
    st.Page(inside.page, title="Look inside", url_path="inside"),
    st.Page(break_it.page, title="Break it", url_path="break"),
    st.Page(train_it.page, title="Train it yourself", url_path="train"),
    st.Page(report.page, title="How good is it?", url_path="report"),
    st.Page(challenge.page, title="Challenge", url_path="challenge"),
    st.Page(photos.page, title="Read photos", url_path="photos"),
)

st.logo(STATIC / "logo.svg", size="large")
current = st.navigation(PAGES, position="top")
if st.button("Join", key="join"):
    join.show_invitation()
current.run()
st.html(
    f"<p class='foot'>Version {__version__} · MIT licence · "
    "<a href='api' target='_blank'>the interface for programs</a></p>"
)
