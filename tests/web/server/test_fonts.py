"""The fonts: in the place of Streamlit's, small, and with all that the pages show."""

import re

import pytest
from fontTools.ttLib import TTFont
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mnist.web.server import fonts
from tools import subset_fonts

STREAMLITS = sorted(subset_fonts.STREAMLIT.glob("media/*.woff2"))
FAR = {"star_filled"}  # Streamlit names it, its font has none


@pytest.mark.parametrize("name", ["SourceSansVF-Upright", "MaterialSymbols-Rounded"])
def test_streamlits_address_is_answered_with_a_small_font(name: str) -> None:
    (original,) = (path for path in STREAMLITS if path.name.startswith(f"{name}."))
    answer = TestClient(fonts.FontsMiddleware(Starlette())).get(f"/static/media/{original.name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "font/woff2")
    assert answer.content == fonts.FONTS[name].read_bytes()
    assert len(answer.content) < 40_000 < original.stat().st_size


def test_the_page_loads_no_other_font_of_streamlits_first() -> None:
    page = (subset_fonts.STREAMLIT.parent / "index.html").read_text("utf-8")
    assert set(re.findall(r"media/([\w-]+)\.", page)) <= set(fonts.FONTS)


def test_every_icon_is_there() -> None:
    there = subset_fonts.ligatures(TTFont(fonts.FONTS["MaterialSymbols-Rounded"]))
    assert subset_fonts.icon_names() - set(there) == FAR


def test_every_character_of_the_pages_is_there() -> None:
    (original,) = (path for path in STREAMLITS if path.name.startswith("SourceSansVF-Upright."))
    there, could_be = (set(TTFont(path).getBestCmap()) for path in (fonts.FONTS["SourceSansVF-Upright"], original))
    written = {ord(character) for page in subset_fonts.pages() for character in page}
    assert len(written & there) > 90
    assert (written & could_be) - there == set()


def test_all_weights_are_there() -> None:
    (axis,) = TTFont(fonts.FONTS["SourceSansVF-Upright"])["fvar"].axes
    assert (axis.axisTag, axis.minValue, axis.maxValue) == ("wght", 200, 900)
