"""Behind nginx and Caddy, with the lines of docs/https-and-proxies.md: pages, uploads and HTTP, also below a path."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mnist.files import ROOT
from tests.browser.conftest import write
from tests.browser.test_photos_in_browser import wait_for_photos
from tests.conftest import skip_outside_ci
from tools.harness.running import Server, answers, ask, free_port, wait_until
from tools.harness.visitor import Visitor

BLOCKS = re.findall(r"```(nginx|caddy)\n(.*?)```", (ROOT / "docs" / "https-and-proxies.md").read_text(), re.DOTALL)
NGINX, BELOW_NGINX, CADDY, BELOW_CADDY = (text for _, text in BLOCKS)
KEPT = BELOW_NGINX.replace("8501/;", "8501;")  # nginx leaves the path in what it passes on
UNNAMED = NGINX.replace("    proxy_set_header Host $http_host;\n", "")  # nginx's own Host: the server's address
NGINX_CONF = """daemon off; pid {folder}/nginx.pid; error_log stderr warn;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; {lines} }}
}}
"""
SEVEN = ROOT / "data" / "seven.png"
BASE = {"STREAMLIT_SERVER_BASE_URL_PATH": "mnist"}
CASES = {
    "nginx": (NGINX, "", {}),
    "nginx, below a path": (BELOW_NGINX, "/mnist", {}),
    "nginx, path kept": (KEPT, "/mnist", BASE),
    "nginx, path taken away though it is set": (BELOW_NGINX, "/mnist", BASE),
    "nginx, Host not passed on": (UNNAMED, "", {"PUBLIC_URL": "http://digits.localhost:PORT"}),
    "caddy": (CADDY, "", {}),
    "caddy, below a path": (BELOW_CADDY, "/mnist", {}),
}


def program(name: str) -> str:
    """A proxy's program; Debian keeps nginx where only root looks."""
    found = shutil.which(name, path="/usr/sbin:" + os.environ["PATH"])
    if found is None:
        skip_outside_ci(f"{name} is not installed (Debian, Ubuntu: apt install {name})")
    return found


@contextmanager
def proxied(lines: str, server: Server, folder: Path, port: int) -> Iterator[None]:
    """A proxy with these lines in front of a server, on that port."""
    lines = lines.replace("127.0.0.1:8501", f"127.0.0.1:{server.port}")
    conf = folder / "proxy.conf"
    if "location" in lines:
        user = "user root;\n" if os.geteuid() == 0 else ""  # nobody else may write to this folder
        conf.write_text(user + NGINX_CONF.format(folder=folder, port=port, lines=lines))
        command = [program("nginx"), "-c", str(conf)]
    else:
        options = "{\n    admin off\n    auto_https off\n}\n"
        conf.write_text(options + lines.replace("digits.example.org", f"http://:{port}"))
        command = [program("caddy"), "run", "--config", str(conf), "--adapter", "caddyfile"]
    proxy = subprocess.Popen(command, env={**os.environ, "HOME": str(folder)}, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/mnist/ready") or answers(f"http://127.0.0.1:{port}/ready"),
                   lambda: proxy.poll() is not None)  # fmt: skip
        yield
    finally:
        proxy.terminate()
        proxy.wait(10)


@pytest.mark.parametrize("case", CASES)
def test_pages_uploads_and_http_behind_a_proxy(browser: Browser, tmp_path: Path, case: str) -> None:
    lines, path, environment = CASES[case]
    port = free_port()
    environment = {name: value.replace("PORT", str(port)) for name, value in environment.items()}
    with Server(environment=environment) as server, proxied(lines, server, tmp_path, port):
        base = f"http://digits.localhost:{port}{path}"
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        visitor = Visitor(context, f"{base}/")
        write(visitor, 3)
        visitor.expect_guess("3")
        visitor.page.goto(f"{base}/photos")
        wait_for_photos(visitor.page)
        visitor.page.locator(".st-key-files input[type=file]").set_input_files(SEVEN)
        expect(visitor.page.get_by_test_id("stMain")).to_contain_text("seven.png")
        expect(visitor.page.locator("[data-testid=stMain] img").first).to_be_visible()
        assert [problem for problem in visitor.problems if base not in problem] == []
        status, body = ask(f"http://127.0.0.1:{port}", "POST", f"{path}/api/predict", SEVEN.read_bytes())
        assert status == 200, body
        assert json.loads(body)["text"] == "7"
        context.close()


def test_below_a_path_everything_is_guarded_as_at_the_root() -> None:
    with Server(environment=BASE) as server:
        for hidden in ("/_stcore/metrics", "/auth/login", "/_stcore/agent/schema"):
            assert ask(server.url, "GET", f"/mnist{hidden}")[0] == 404
        status, body = ask(server.url, "GET", "/mnist/ready")
        assert (status, body) == (200, b'{"ready":true}')
        assert ask(server.url, "GET", "/ready")[0] == 200  # the container's health check
        long = f"/mnist/_stcore/upload_file/{'x' * 300}/1"
        assert ask(server.url, "PUT", long)[0] == 404
