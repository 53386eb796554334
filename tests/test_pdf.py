"""PDFs are drawn by a process of their own, which may use only so much."""

import pytest

from mnist import pdf
from mnist.errors import UserError


def nested(depth: int) -> bytes:
    """A PDF whose page draws a form ten times, which draws another ten times, and so on."""
    forms = [
        _stream(
            b"/F Do\n" * 10, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % (6 + i)
        )
        for i in range(depth)
    ]
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>",
        _stream(b"/F Do\n" * 10),
        *forms,
        _stream(b"0 0 m 9 9 l S\n", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
    ]
    numbered = (b"%d 0 obj\n%s\nendobj\n" % (number, item) for number, item in enumerate(objects, 1))
    return b"%PDF-1.7\n" + b"".join(numbered) + b"trailer<</Root 1 0 R>>\n%%EOF"


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def test_the_page_is_drawn() -> None:
    assert pdf.page(nested(1)).size == (pdf.SIDE, pdf.SIDE)


def test_a_small_file_that_asks_for_gigabytes_is_refused() -> None:
    bomb = nested(8)
    assert len(bomb) < 3000
    with pytest.raises(UserError, match="the PDF cannot be drawn in 10 seconds and 400 MB; a photograph"):
        pdf.page(bomb)


def test_one_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    with pytest.raises(UserError, match="the PDF takes too long to draw"):
        pdf.page(nested(1))
