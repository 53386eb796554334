"""Contracts: one test for each reach into private or undocumented parts of the packages below us.

A test that fails after an upgrade names what has gone. Its docstring says what of ours depends on it, and what public
thing would take its place.
"""

import asyncio
import functools
import inspect
import re
import sys
import tomllib
from contextlib import suppress
from importlib.metadata import distribution
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
import websockets
from starlette.datastructures import Headers, UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import Response
from streamlit import config, net_util, runtime
from streamlit.components.v2.component_path_utils import ComponentPathUtils
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime import memory_uploaded_file_manager, uploaded_file_manager
from streamlit.runtime.scriptrunner import exec_code, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.web import bootstrap
from streamlit.web.server import server_util
from streamlit.web.server.starlette import starlette_app, starlette_routes, starlette_server, starlette_websocket

from mnist.files import ROOT
from mnist.web.server import connections, headers, hidden_routes, upload_limits, websocket_limits
from tools.harness.running import during, in_event_loop, served_by_uvicorn

WEB = ROOT / "mnist" / "web"
UPLOAD = "/_stcore/upload_file/{session_id}/{file_id}"
PATHS_OF_PAGES = {
    "/_stcore/health", "/_stcore/host-config", "/_stcore/stream", "/_stcore/bidi-components/{path:path}", UPLOAD,
    "/component/{path:path}", "/media/{file_id:path}",
}  # fmt: skip
REFUSED_KINDS = {
    "clear_cache", "load_git_info", "set_run_on_save", "debug_disconnect_websocket", "debug_shutdown_runtime",
    "install_skills", "dismiss_skills_nudge", "dataframe_chunk",
}  # fmt: skip


SCRIPTS = ("streamlit", "streamlit/static/static/js/*.js")
CANVAS = ("streamlit-drawable-canvas", "streamlit_drawable_canvas/frontend/build/*.js")
CANVAS_IN_PYTHON = ("streamlit-drawable-canvas", "streamlit_drawable_canvas/__init__.py")
FILES = ("streamlit", "streamlit/runtime/uploaded_file_manager.py")
TEXTS = [  # a pattern, the files of a package that have it, what of ours depends on it, and what would take its place
    ("AxiosError", SCRIPTS, "photo_helper.js finds a refused upload by its alert; a callback for failed uploads"),
    (r"""mode:["`]open["`]""", SCRIPTS, "our scripts reach into the canvas's shadow root; options of the canvas"),
    ("createObjectURL", SCRIPTS, "the policy allows blob: for components' scripts; scripts that the server serves"),
    (r"\w = 200\b", CANVAS, "canvas.js presses Update, as the canvas waits for 200 ms; an argument for that time"),
    (
        '"drawing": {"raw": base_drawing, "data": None}', CANVAS_IN_PYTHON,
        "callbacks read the newest drawing before the canvas is shown; a documented value in the session's state",
    ),
    ("isolate_styles=True", CANVAS_IN_PYTHON, "canvas.js looks for a shadow root; options of the canvas"),
    ("self.file_id", FILES, "photos.py keeps what it read of a file by its id; a documented id"),
]  # fmt: skip


@functools.cache
def package_text(package: str, pattern: str) -> str:
    """The text of a package's files that match the pattern, one after the other."""
    folder = Path(str(distribution(package).locate_file(".")))
    return "".join(path.read_text("utf-8") for path in sorted(folder.glob(pattern)))


def our_text(*suffixes: str) -> str:
    """Our scripts or style sheets, one after the other."""
    return "".join(path.read_text("utf-8") for path in sorted(WEB.rglob("*")) if path.suffix in suffixes)


def test_every_setting_is_known_to_streamlit() -> None:
    """Some of config.toml's settings are hidden ones (maxWidgetStateSize, allowedOrigins), and a lost one is a warning.

    Arguments of `st.App` would take their place.
    """
    sections = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    names = {f"{section}.{name}" for section, values in sections.items() for name in values}
    names -= {"theme.light", "theme.dark"}  # sections
    assert names - config._config_options_template.keys() == set(), "Streamlit has dropped these settings"


def test_a_run_of_the_script_leaves_the_search_path_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit adds the script's folder to sys.path for each run; to remove it breaks imports in other threads.

    Nothing is done about it as the scripts lie in the folder that `streamlit run` adds for good.
    """
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path != str(ROOT)])
    bootstrap._fix_sys_path(str(ROOT / "streamlit_app.py"))
    before = list(sys.path)
    with exec_code.modified_sys_path(str(ROOT / "streamlit_pages.py")):
        during_run = list(sys.path)
    assert before == during_run == sys.path, "a run of a page changes sys.path: hold the script's folder on it"


def test_held_uploads_can_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """`upload_limits.held_bytes` sums up all visitors' files by the private manager of Streamlit's runtime.

    A setting for the total size of uploads would take its place.
    """
    manager = memory_uploaded_file_manager.MemoryUploadedFileManager("/upload")
    monkeypatch.setattr(runtime, "get_instance", lambda: SimpleNamespace(uploaded_file_mgr=manager))
    manager.add_file("session", uploaded_file_manager.UploadedFileRec("1", "name", "image/png", bytes(5)))
    assert upload_limits.held_bytes() == upload_limits.BYTES_PER_FILE + 5
    assert isinstance(inspect.getattr_static(runtime.Runtime, "uploaded_file_mgr"), property), "the manager has moved"


def test_the_page_knows_whether_its_session_is_open() -> None:
    """Training asks whether a visitor is still there, by the session's id in the context of the script's run.

    A public `st.context.session_id` and an event for its end would take their place.
    """
    assert get_script_run_ctx(suppress_warning=True) is None
    assert "session_id" in inspect.signature(ScriptRunContext).parameters, "the context has no session's id any more"
    assert callable(runtime.Runtime.is_active_session), "the runtime does not tell which sessions are open any more"


def test_every_route_of_streamlit_is_used_or_hidden() -> None:
    """`HiddenRoutesMiddleware` and `UploadLimitsMiddleware` know Streamlit's routes by their paths.

    Settings of `st.App` that switch routes off would take the place of the former.
    """
    routes = [route for route in starlette_app.create_streamlit_routes(Mock()) if getattr(route, "path", "")]
    paths = {route.path for route in routes if not route.path.startswith(hidden_routes.HIDDEN_PATHS)}  # type: ignore[attr-defined]
    assert paths == PATHS_OF_PAGES, "a route of Streamlit is new or has moved: use it, or add it to HIDDEN_PATHS"
    assert UPLOAD.startswith(upload_limits.UPLOAD_PATH)


def test_every_kind_of_message_is_allowed_or_refused() -> None:
    """`websocket_limits.ALLOWED_KINDS` lists the protocol's messages that a page of ours sends.

    Settings that switch off what runs git or clears caches would take its place.
    """
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    operation = BackMsg.DESCRIPTOR.fields_by_name["backend_operation_request"].message_type
    kinds |= {field.name for field in operation.oneofs_by_name["payload"].fields}
    known = {*websocket_limits.ALLOWED_KINDS, *REFUSED_KINDS, "backend_operation_request"}
    assert kinds == known, "a message of the protocol is new or gone: see whether pages send it, and what it does"


def test_a_newline_begins_each_widgets_state() -> None:
    """`websocket_limits.unpacked_bytes` counts bytes of 10: the tag of field 1, which holds each state and each id.

    A setting for the number of widgets in a message would take its place.
    """
    fields = (WidgetStates.DESCRIPTOR.fields_by_name["widgets"], WidgetState.DESCRIPTOR.fields_by_name["id"])
    assert [field.number for field in fields] == [1, 1], "states or ids have another tag now"


def test_sessions_without_a_browser_know_a_run_that_was_cut_short() -> None:
    """tools/harness/session.py speaks Streamlit's protocol, and tells finished runs from those that are run again.

    An official client for tests would take its place.
    """
    assert ForwardMsg.ScriptFinishedStatus.Name(2) == "FINISHED_EARLY_FOR_RERUN"


def test_localhost_is_let_in_and_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SameOriginMiddleware` shows Streamlit "http://localhost": for other origins it may ask an outside service.

    A callback for the check of origins, or trust in X-Forwarded-Host, would take its place.
    """
    asked = Mock(return_value=None)
    monkeypatch.setattr(net_util, "get_external_ip", asked)
    assert starlette_websocket._is_origin_allowed("http://localhost", "pad.school"), "localhost is not let in any more"
    assert not asked.called
    assert not server_util.is_url_from_allowed_origins("http://pad.example")
    assert asked.called, "Streamlit asks nobody any more: SameOriginMiddleware may leave origins as they are"


def test_scripts_of_the_page_are_hashed() -> None:
    """The policy allows the one inline script of Streamlit's index.html and our two, by their hashes; no others run.

    A page without inline scripts, or a nonce that `st.App` sets, would take its place.
    """
    page = package_text("streamlit", "streamlit/static/index.html")
    inline = [attributes for attributes in re.findall(r"<script([^>]*)>", page) if "src=" not in attributes]
    assert len(inline) == len(headers.inline_script_hashes()) - 2 == 1, "index.html has other inline scripts now"
    assert not re.search(r"\son[a-z]+=", page), "index.html has inline handlers now, which the policy forbids"


def test_the_cookie_is_lax_and_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SecurityHeadersMiddleware` replaces "SameSite=Lax" in the cookie of Streamlit's token, within frames by HTTPS.

    `server.xsrfCookieSameSite` would, if it followed X-Forwarded-Proto and added "Partitioned".
    """
    monkeypatch.setattr(config, "get_option", {"server.enableXsrfProtection": True, "server.cookieSecret": "x"}.get)
    response = Response()
    starlette_routes._ensure_xsrf_cookie(Request({"type": "http", "headers": []}), response)
    name, _, flags = response.headers["set-cookie"].partition("=")
    assert (name, flags.split("; ")[1:]) == ("_streamlit_xsrf", ["Path=/", "SameSite=Lax"])


def test_forms_stay_in_memory() -> None:
    """api.py raises Starlette's undocumented `MultiPartParser.spool_max_size`, so that uploads need no disk.

    An argument of `Request.form` would take its place.
    """
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'

    async def parts() -> Any:
        yield head + bytes(2_000_000) + b"\r\n--b--\r\n"

    kind = Headers({"content-type": "multipart/form-data; boundary=b"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MultiPartParser, "spool_max_size", 3_000_000)
        file = during(MultiPartParser(kind, parts()).parse())["file"]
    assert isinstance(file, UploadFile)
    assert file._in_memory, "Starlette writes uploads to disk whatever spool_max_size is"
    file.file.close()


@in_event_loop
async def test_uvicorn_tells_that_a_message_was_too_long() -> None:
    """`WebSocketLimitsMiddleware` logs a message that uvicorn refuses; only the code 1009 that it is given tells.

    A line in uvicorn's log would take its place.
    """
    used = starlette_server._get_uvicorn_config_kwargs()
    assert used["ws_max_size"] == config.get_option("server.maxMessageSize") * 1_000_000
    code: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        code.set_result((await receive())["code"])

    async with served_by_uvicorn(app, ws=used["ws"], ws_max_size=10) as url, websockets.connect(url) as visitor:
        await visitor.send(bytes(11))
        assert await asyncio.wait_for(code, 5) == websocket_limits.MESSAGE_TOO_BIG


@in_event_loop
async def test_uvicorn_takes_our_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` puts our connections in the place of uvicorn's, by the names in two tables that Streamlit leaves it.

    An argument of `streamlit run` for the protocol's class would take their place.
    """
    used = starlette_server._get_uvicorn_config_kwargs()
    assert "http" not in used, "Streamlit chooses a protocol by another name now"
    monkeypatch.setitem(uvicorn.config.HTTP_PROTOCOLS, "auto", f"{connections.__name__}:Connection")
    monkeypatch.setitem(uvicorn.config.WS_PROTOCOLS, used["ws"], f"{connections.__name__}:PageConnection")
    made = uvicorn.Config("", ws=used["ws"])
    with suppress(SystemExit):  # there is no app
        made.load()
    assert (made.http_protocol_class, made.ws_protocol_class) == (connections.Connection, connections.PageConnection)


@pytest.mark.parametrize("script", sorted(WEB.rglob("*.js")), ids=lambda path: path.name)
def test_our_scripts_are_taken_for_scripts(script: Path) -> None:
    """Components are given the text of their scripts; Streamlit guesses whether a text is a script or a path.

    Two arguments, one for text and one for paths, would take the place of the guess.
    """
    assert ComponentPathUtils.looks_like_inline_content(script.read_text("utf-8"))


@pytest.mark.parametrize(("pattern", "files", "use"), TEXTS, ids=[text for text, *_ in TEXTS])
def test_a_package_has_the_text(pattern: str, files: tuple[str, str], use: str) -> None:
    assert re.search(pattern, package_text(*files)), f"{pattern} is gone (use here; successor: {use})"


def test_names_in_streamlits_page() -> None:
    """Our style sheets and scripts find parts of Streamlit's page by test ids, classes and labels.

    Theme settings and `st.container(key=...)` take their place where they can; `st-key-` itself is documented.
    """
    ours = our_text(".css", ".js")
    ids = re.findall(r'data-testid\^?="(\w+)', ours) + re.findall(r"\.(st[A-Z]\w+)", ours)
    labels = re.findall(r'aria-label\^?="([^"]+)', ours)
    assert len(ids) > 20
    assert labels
    frontend = package_text(*SCRIPTS)
    missing = {name for name in (*ids, *labels, "st-key-") if name not in frontend}
    assert missing == set(), "Streamlit's page has no such parts any more: their rules are dead"


def test_the_canvas_has_its_toolbar() -> None:
    """canvas.js hides the canvas's toolbar, which swallows strokes, and presses its buttons by their titles.

    `st_canvas(toolbar=False)` and commands for undo and reset would take its place.
    """
    names = ("dc-toolbar", "dc-container", *re.findall(r'toolbarButton\("(\w+)"\)', our_text(".js")))
    assert len(names) == 5
    canvas = package_text(*CANVAS)
    assert [name for name in names if f'"{name}' not in canvas] == [], "the canvas has no such parts any more"


@pytest.mark.network
def test_dropout_has_a_state_that_can_be_set() -> None:
    """An interrupted training goes on to the bit: the state of `Dropout.seed_generator`, in no checkpoint, is set anew.

    A checkpoint of Keras's with the state of its generators would take its place.
    """
    import keras

    state = keras.layers.Dropout(0.5).seed_generator.state
    state.assign([7, 3])
    assert list(state.numpy()) == [7, 3]


@pytest.mark.network
def test_muon_asks_what_it_leaves_to_adamw() -> None:
    """training/muon.py gives Keras's Muon the kernels of convolutions, which it leaves to AdamW otherwise.

    A Muon of Keras's that takes kernels would take its place.
    """
    import keras

    assert callable(keras.optimizers.Muon._should_use_adamw), "Muon decides elsewhere which variables it moves"


@pytest.mark.network
def test_layers_tell_what_they_see() -> None:
    """explaining/inside.py computes which pixels a place of a layer sees, from attributes that Keras does not document.

    A receptive field that Keras computes would take their place.
    """
    import keras

    convolution, pool = keras.layers.Conv2D(2, 5, 2, "same"), keras.layers.MaxPooling2D(2)
    model = keras.Sequential([keras.Input((28, 28, 1)), convolution, pool])
    assert (convolution.padding, convolution.kernel_size, convolution.strides) == ("same", (5, 5), (2, 2))
    assert (pool.pool_size, pool.strides) == ((2, 2), (2, 2))
    assert [layer.output.shape for layer in model.layers] == [(None, 14, 14, 2), (None, 7, 7, 2)]
    assert convolution.input.shape == (None, 28, 28, 1)


@pytest.mark.network
def test_tensorflow_reads_our_environment() -> None:
    """The server limits its children's TensorFlow by variables that it reads as it is loaded.

    `tf.config.threading` would for the threads.
    """
    import tensorflow

    folder = Path(tensorflow.__file__).parent
    names = set(re.findall(r'"(TF_[A-Z_]+)"', "".join(path.read_text("utf-8") for path in ROOT.glob("mnist/**/*.py"))))
    assert names
    library = b"".join(path.read_bytes() for path in folder.glob("*tensorflow_framework*"))
    assert {name for name in names if name.encode() not in library} == set(), "TensorFlow does not read these any more"
