"""Which address a class is told, and that its QR code says the same."""

import io

import cv2
import numpy as np
import pytest
import segno
from PIL import Image

from mnist.web.parts.join import invitation
from mnist.web.public_url import public_url

NETWORK = "192.168.1.20"


@pytest.mark.parametrize(
    ("opened", "public", "bound", "local", "url"),
    [
        ("http://192.168.1.20:8501/inside", None, None, NETWORK, "http://192.168.1.20:8501/inside"),
        ("https://digits.example.org/", None, "127.0.0.1", None, "https://digits.example.org/"),
        ("http://localhost:8501/inside", None, None, NETWORK, "http://192.168.1.20:8501/inside"),
        ("http://localhost:8501/", None, NETWORK, NETWORK, "http://192.168.1.20:8501/"),
        ("http://127.0.0.1:8501/", "https://school.example/", None, NETWORK, "https://school.example/"),
        ("http://10.0.0.5:8501/photos", "https://school.example/d", None, None, "https://school.example/d/photos"),
        ("https://school.example/d/photos", "https://school.example/d", None, None, "https://school.example/d/photos"),
        ("http://localhost:8501/", None, "127.0.0.1", NETWORK, None),
        ("http://[::1]:8501/", None, None, None, None),
        ("", None, None, None, None),
    ],
)
def test_the_address_that_others_can_open(
    opened: str, public: str | None, bound: str | None, local: str | None, url: str | None
) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PUBLIC_URL", public or "")
        assert invitation(opened, public_url(), bound, local)[0] == url


def test_what_to_do_is_said_where_the_address_may_not_do() -> None:
    assert invitation("http://10.0.0.5:8501/", None, None, NETWORK) == ("http://10.0.0.5:8501/", "")
    assert "PUBLIC_URL set" in invitation("http://localhost:8501/", None, None, NETWORK)[1]
    assert (
        "localhost:8501 works on this machine only"
        in invitation("http://localhost:8501/", None, "127.0.0.1", NETWORK)[1]
    )


def test_a_camera_reads_the_code() -> None:
    url = "http://192.168.1.20:8501/inside"
    file = io.BytesIO()
    segno.make(url, error="m").save(file, kind="png", scale=8, border=2)
    read, *_ = cv2.QRCodeDetector().detectAndDecode(np.asarray(Image.open(file).convert("L")))
    assert read == url
