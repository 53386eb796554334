"""PDFs are drawn by a process of their own, which may use only so much."""

from pathlib import Path

import pytest

from mnist.errors import UserError
from mnist.reading.pictures import pdf
from tools.harness.heavy import nested_pdf


def test_one_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.01)
    with pytest.raises(UserError, match="the PDF takes too long to draw"):
        pdf.page(nested_pdf(1))


def test_where_nothing_can_be_drawn_no_limit_is_blamed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError('libpdfium.so is missing')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(UserError, match="the PDF could not be drawn; send"):
        pdf.page(nested_pdf(1))
