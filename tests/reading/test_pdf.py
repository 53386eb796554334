"""PDFs are drawn by a process of their own, which may use only so much."""

import pytest

from mnist.errors import UserError
from mnist.reading import pdf
from tools.harness.heavy import nested_pdf


def test_one_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 0.01)
    with pytest.raises(UserError, match="the PDF takes too long to draw"):
        pdf.page(nested_pdf(1))
