"""Each colour is written once: in the palette, and in the theme that Streamlit reads."""

import re
import tomllib

from mnist.files import ROOT
from mnist.web import palette

WEB = ROOT / "mnist" / "web"


def test_the_theme_has_the_palettes_colours() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    known = (("backgroundColor", palette.PAGE), ("primaryColor", palette.ACCENT), ("textColor", palette.TEXT))
    for name, pair in known:
        assert (theme["light"][name], theme["dark"][name]) == pair
    assert theme["primaryColor"] == palette.ACCENT[0]


def test_no_other_file_holds_a_colour() -> None:
    files = [path for path in WEB.rglob("*.*") if path.suffix in {".py", ".css", ".js"}]
    colour = re.compile(r"(?<!&)#[0-9a-fA-F]{3,8}\b|\brgba?\(")
    assert [path.name for path in files if colour.search(path.read_text("utf-8"))] == ["palette.py"]


def test_every_colour_that_a_style_sheet_names_is_in_the_palette() -> None:
    css = "".join(path.read_text("utf-8") for path in WEB.rglob("*.css"))
    scripts = {"--length", "--shown", "--share", "--ratio", "--box", "--sprite"}  # set these
    own = set(re.findall(r"(--[\w-]+):", css)) | scripts
    named = set(re.findall(r"var\((--[\w-]+)", css)) | {f"--box-{kind}" for kind in palette.BOXES}
    assert named - own == set(re.findall(r"(--[\w-]+):", palette.custom_properties()))
