"""SECURITY.md: its figures are those of the constants and settings it names, and no limit of the server is missing."""

import importlib
import inspect
import re
import tomllib
from typing import Any

import pytest

from mnist.files import ROOT
from mnist.reading.drawings import strokes
from mnist.reading.pictures import image_limits
from mnist.web.server import api, connections, guess_api, message_pace, preflight, upload_limits, websocket_limits
from mnist.web.state import album, explanations, photo, scorebook, training_queue

SECURITY = " ".join((ROOT / "SECURITY.md").read_text("utf-8").split())
UNITS = {"kB": 1e3, "MB": 1e6, "million": 1e6, "minutes": 60, "milliseconds": 1e-3}
FIGURES = re.findall(r"(\d[\d,]*) ?([A-Za-z]*)[^\d|`]*\(`(\w+)\.(\w+)`", SECURITY)


def value(module: str, name: str) -> Any:
    """The value of a module's constant, or of one of Streamlit's settings, in bytes."""
    if module == "server":
        settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
        return settings["server"][name] * 1_000_000
    (path,) = (ROOT / "mnist").rglob(f"{module}.py")
    return getattr(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)), name)


@pytest.mark.parametrize(("number", "unit", "module", "name"), FIGURES, ids=[".".join(found[2:]) for found in FIGURES])
def test_a_figure_is_that_of_its_constant(number: str, unit: str, module: str, name: str) -> None:
    assert int(number.replace(",", "")) * UNITS.get(unit, 1) == value(module, name)


def test_every_limit_of_the_server_is_listed() -> None:
    listed = {(module, name) for _, _, module, name in FIGURES}
    assert len(listed) > 40
    of_state = (album, explanations, photo, scorebook, training_queue)
    for module in (*of_state, api, connections, guess_api, message_pace, preflight, upload_limits, websocket_limits):
        own = re.findall(r"^(\w+)\b.* = ", inspect.getsource(module), re.MULTILINE)
        kinds = ("MAX_",) if module in of_state else ("MAX_", "_SECONDS")
        limits = [name for name in own if name.startswith(kinds) or name.endswith(kinds)]
        short = module.__name__.rpartition(".")[2]
        assert [name for name in limits if (short, name) not in listed] == [], f"SECURITY.md lacks limits of {short}"


def test_the_description_of_the_http_interface_has_the_same_limits() -> None:
    body = api.DESCRIPTION["paths"]["/api/predict"]["post"]["requestBody"]["description"]
    numbers = [int(number) for number in re.findall(r"\d+(?= MB| million)", body)]
    limits = [image_limits.MAX_FILE_BYTES, image_limits.MAX_PIXELS, strokes.MAX_DRAWING_BYTES]
    assert [number * 1_000_000 for number in numbers] == limits
    drawing = api.DESCRIPTION["components"]["schemas"]["Drawing"]["properties"]["objects"]
    assert drawing["maxItems"] == strokes.MAX_STROKES
    assert drawing["items"]["properties"]["path"]["maxItems"] == strokes.MAX_PATH_COMMANDS
