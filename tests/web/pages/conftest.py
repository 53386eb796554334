"""Import all pages before any test does, within a run: without one the canvas does not find its own files."""

from streamlit.testing.v1 import AppTest

ALL_PAGES = "from mnist.web.pages import break_it, challenge, draw, inside, photos, report, train_it"
assert not AppTest.from_string(ALL_PAGES, default_timeout=30).run().exception
