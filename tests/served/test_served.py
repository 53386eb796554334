"""The real server, watched from outside: what it serves, what it accepts, and that it contacts nobody."""

import asyncio
import json
import re
import shutil
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets
from PIL import Image

from mnist.web.server import front_page
from mnist.web.server.upload_limits import BYTES_PER_FILE, FULL, MAX_UPLOADED_BYTES
from tests.conftest import skip_outside_ci
from tools.harness.image_files import file, form
from tools.harness.running import Server, ask, during
from tools.harness.session import Session
from tools.load.crowd import PHOTOGRAPHS, Photographer, Trainer, upload_headers

FILES = ("streamlit_app.py", "mnist/cli.py", ".streamlit/config.toml", "models/digits.json", "Dockerfile", ".git/HEAD")
CLIMBS = (
    "/",
    "/../",
    "/static/../../../",
    "/%2e%2e/%2e%2e/",
    "/..%2f..%2f",
    "/static/..%5c..%5c",
    "//",
    "/app/static/",
)
FOLDERS = (
    "/mnist/",
    "/static",
    "/static/",
    "/static/js",
    "/static/js/",
    "/app/static/",
    "/component/",
    "/media/",
    "/.git",
)
HIDDEN = (
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/auth/login",
    "/auth/logout",
    "/oauth2callback",
    "/media/mnist/cli.py",
    "/component/mnist/cli.py",
    "/_stcore/bidi-components/matrix/matrix.js",
)
PAGES = ("", "photos", "inside", "break", "train", "report", "challenge")
FOREIGN = "https://evil.example"
PAGE = front_page.content().encode()
MEGABYTE = 1_000_000
FILES_TO_FILL = 15
FILE_BYTES = MAX_UPLOADED_BYTES // FILES_TO_FILL - BYTES_PER_FILE - 1000  # bytes
TELEMETRY_SECONDS = 15  # after which packages that tell their makers about their use have done so
TRACED_CALLS = "connect,sendto,sendmsg,sendmmsg,write,writev"
PEER = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"|->\[?([0-9a-f.:]+?)\]?:\d+\]>')
ROUTE_PROBE = re.compile(
    r'connect\(\d+<UDP[^>]*>, \{sa_family=AF_INET, sin_port=htons\(9\), sin_addr=inet_addr\("192\.0\.2\.1"\)'
)
NAME_LOOKUP = re.compile(r"htons\(53\)|systemd/resolve")


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file in which strace notes each network call of the server and its children."""
    return tmp_path_factory.mktemp("strace") / "calls"


@pytest.fixture(scope="module")
def server(trace: Path) -> Iterator[Server]:
    """The server with its default settings, open to the network, under strace."""
    program = shutil.which("strace")
    if program is None:
        skip_outside_ci("strace is not installed (Debian, Ubuntu: apt install strace)")
    watched = [program, "-D", "-f", "-yy", "-s", "0", "--seccomp-bpf", "-e", f"trace={TRACED_CALLS}", "-o", str(trace)]
    with Server(address="0.0.0.0", under=watched) as server:  # noqa: S104
        yield server


@pytest.mark.parametrize(
    "path", [*(climb + name for climb in CLIMBS for name in (*FILES, "../" * 12 + "etc/passwd")), *FOLDERS]
)
def test_no_file_of_the_project_and_no_folder_is_served(server: Server, path: str) -> None:
    status, body = ask(server.url, "GET", path)
    assert body == PAGE if status == 200 else status in (301, 400, 404)


@pytest.mark.parametrize("path", HIDDEN)
def test_routes_that_nobody_needs_are_hidden(server: Server, path: str) -> None:
    assert ask(server.url, "GET", path)[0] == 404


def test_a_page_with_this_one_in_a_frame_may_not_command_it(server: Server) -> None:
    assert json.loads(ask(server.url, "GET", "/_stcore/host-config")[1])["allowedOrigins"] == []


def test_uploads_need_the_token_and_are_bounded(server: Server) -> None:
    async def visit() -> None:
        async with Session(server.url, page="photos") as session:
            await asyncio.to_thread(upload, server, session.id)

    during(visit())


def upload(server: Server, session: str) -> None:
    """Send files to a session, with and without the token that proves that the page sends them."""
    path = place(session, 1)
    proof = token_headers(server)
    for lacking in ("Cookie", "X-Xsrftoken"):
        partial = {name: value for name, value in proof.items() if name != lacking}
        assert ask(server.url, "PUT", path, form(bytes(MEGABYTE)), **partial)[0] == 403
        assert ask(server.url, "DELETE", path, **partial)[0] == 403
    assert ask(server.url, "PUT", place("another", 1), form(bytes(MEGABYTE)), **proof)[0] == 400
    assert ask(server.url, "PUT", path, form(bytes(MEGABYTE)), **proof)[0] == 204
    too_large = form(bytes(25 * MEGABYTE))
    assert ask(server.url, "PUT", path, too_large, **proof)[0] == 413
    assert ask(server.url, "PUT", path, iter([too_large]), **proof)[0] == 413  # without a Content-Length
    assert ask(server.url, "DELETE", path, **proof)[0] == 204


def test_uploads_of_all_together_are_bounded(server: Server) -> None:
    async def visit() -> None:
        async with Session(server.url, page="photos") as session:
            await asyncio.to_thread(fill, server, session.id)
            answer = await asyncio.to_thread(
                ask, server.url, "PUT", place(session.id, 0), form(bytes(MEGABYTE)), **token_headers(server)
            )
            assert answer == (413, FULL.encode())
            async with Session(server.url) as draws:
                await draws.draw(3)  # a full server still reads drawings
            for change in (empty, fill, empty):
                await asyncio.to_thread(change, server, session.id)

    during(visit())


def place(session: str, number: int) -> str:
    return f"/_stcore/upload_file/{session}/{number}"


def fill(server: Server, session: str) -> None:
    """Fill the server with files but for the last megabyte."""
    headers = token_headers(server)
    for number in range(1, FILES_TO_FILL + 1):
        assert ask(server.url, "PUT", place(session, number), form(bytes(FILE_BYTES)), **headers)[0] == 204


def empty(server: Server, session: str) -> None:
    for number in range(1, FILES_TO_FILL + 1):
        assert ask(server.url, "DELETE", place(session, number), **token_headers(server))[0] == 204


def token_headers(server: Server) -> dict[str, str]:
    """The headers that prove that the page sends a file."""
    with urllib.request.urlopen(server.url + "/_stcore/health", timeout=30) as answer:
        cookie, *flags = answer.headers["set-cookie"].split("; ")
    assert flags == ["Path=/", "SameSite=Lax"]  # its scripts can read it, and other sites do not send it
    return upload_headers(cookie)


def test_nobody_outside_is_contacted(server: Server, trace: Path) -> None:
    pdf = file(Image.new("L", (100, 100), 255), "PDF")

    async def visit() -> None:
        for page in PAGES:
            async with Session(server.url, page=page) as session:
                if page == "":
                    await session.draw(7)
        async with Photographer(server.url, "photos") as photographer:
            await photographer.upload(PHOTOGRAPHS[0])
        trainer, over = Trainer(server.url, "train"), asyncio.Event()
        assert (await asyncio.to_thread(server.predict, pdf))[0] == 200  # drawn by a child
        training = asyncio.ensure_future(trainer.train(over))  # in another child
        while not trainer.told.startswith("It has seen"):
            assert not training.done()
            await asyncio.sleep(0.1)
        over.set()
        await training
        with pytest.raises(websockets.InvalidStatus):
            await websockets.connect(
                server.url.replace("http", "ws") + "/_stcore/stream", origin=websockets.Origin(FOREIGN)
            )

    during(visit())
    time.sleep(TELEMETRY_SECONDS)
    calls = trace.read_text().splitlines()
    assert [call for call in calls if NAME_LOOKUP.search(call)] == [], "a name was looked up"
    asked = [call for call in calls if not ROUTE_PROBE.search(call)]
    assert len(calls) == len(asked) + 1, "the greeting alone picks a route, and nothing is sent on it"
    addresses = {next(filter(None, found.groups())) for call in asked for found in PEER.finditer(call)}
    assert addresses == {"127.0.0.1"}
