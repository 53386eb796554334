"""The container's health check asks the server itself."""

import pytest

from mnist.web.server import healthcheck
from tools.harness.running import free_port


def test_it_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(healthcheck, "READY_URL", f"http://127.0.0.1:{free_port()}/ready")
    monkeypatch.setenv("http_proxy", "http://proxy.invalid:3128")
    assert "refused" in (healthcheck.problem() or "")
