"""The ways in for input, each as a function of bytes that may raise UserError and nothing else.

`tools.fuzz` runs them on bytes that atheris thinks of, `tests/tools/test_fuzz_findings.py` on those that once were a
finding. Where bytes alone would rarely get past the first check, they choose among pieces that do.
"""

import base64
import contextlib
import gzip
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from starlette.requests import Request
from starlette.types import Message

from mnist.data import drawings, labelled_images
from mnist.data.labelled import Labelled
from mnist.data.labelled_images import as_idx, as_npz, as_png
from mnist.errors import UserError
from mnist.files import MODEL, ROOT
from mnist.reading import find_digits
from mnist.reading.card import read_card
from mnist.reading.drawings import address, fabric_paths, strokes
from mnist.training import net_file
from mnist.web import palette
from mnist.web.server import api, guess_api
from mnist.web.state.pad import Pad
from tools.harness import hand
from tools.harness.image_files import FORM_TYPE, file, form
from tools.harness.running import during

ODD: tuple[Any, ...] = (
    0, -1, 0.5, 1e6, 1e300, -1e-300, float("nan"), float("inf"), 10**400, True, None, "", "<b>x</b>", [], {}, [[]],
)  # fmt: skip
NAMES = ("left", "top", "scaleX", "scaleY", "angle", "skewX", "skewY", "strokeWidth", "originX", "flipX", "stroke")
FORM = b"multipart/form-data"
FORMS = (b"", b"application/json", FORM_TYPE.encode(), FORM, FORM + b"; boundary=\xff")  # kinds of requests
CARD = json.dumps({
    "temperature": 1.0, "sha256": "", "onnx_sha256": "", "thresholds": {"digit": [0.0] * 10, "sure": 0.5},
}).encode()  # fmt: skip
MODES = ("L", "LA", "RGB", "RGBA", "I;16", "F", "1", "P")


class Choices:
    """A row of choices, made by bytes; once these are used up, each choice is the first one."""

    def __init__(self, content: bytes) -> None:
        self._bytes = iter(content)

    def number(self, below: int) -> int:
        """Choose a number from 0 to below `below`, which is at most 256."""
        return next(self._bytes, 0) % below

    def one(self, choices: Any) -> Any:
        """Choose one of a sequence."""
        return choices[self.number(len(choices))]

    def coordinate(self) -> float:
        """Choose a coordinate, mostly on the pad."""
        return self.one(ODD) if self.number(32) == 1 else 2.0 * self.number(256) - 100

    def drawing(self) -> Any:
        """Choose what a canvas might report, or a forger."""
        if self.number(16) == 1:
            return self.one(ODD)
        return {"objects": [self._object() for _ in range(self.number(6))], "background": self.one(ODD)}

    def _object(self) -> Any:
        if self.number(32) == 1:
            return self.one(ODD)
        item = {"type": "Path" if self.number(32) != 1 else self.one(ODD), "stroke": self.one(palette.CHALKS)}
        for _ in range(self.number(5)):
            item[self.one(NAMES)] = self.one(("center", "right", *ODD)) if self.number(4) == 1 else self.coordinate()
        item["path"] = [self._command() for _ in range(self.number(12))]
        return item

    def _command(self) -> Any:
        if self.number(64) == 1:
            return self.one(ODD)
        name = self.one(("M", "L", "Q", "C", "Z", "A"))
        return [name, *(self.coordinate() for _ in range(fabric_paths.OPERANDS.get(name, 3)))]


def drawing_bytes(content: bytes) -> None:
    """Read a saved drawing."""
    drawn = strokes.parse(content)
    if drawn:
        strokes.frame(drawn)


def drawing(content: bytes) -> None:
    """Read what is almost a drawing as a number, and write it again."""
    drawn = strokes.from_drawing(Choices(content).drawing())
    find_digits.of_strokes(strokes.fit(drawn, (560, 280)))
    assert len(strokes.from_drawing(strokes.to_drawing(drawn, palette.CHALK))) == len(drawn)


def pad(content: bytes) -> None:
    """Use a session's pad: reports, true and forged, between the buttons."""
    choices, session = Choices(content), Pad()
    commands: tuple[Callable[[], None], ...] = (
        lambda: session.report(choices.drawing()),
        session.undo,
        session.clear,
        session.show_again,
    )
    for _ in range(8):
        choices.one(commands)()
        json.dumps(session.to_load)
        with contextlib.suppress(UserError):
            strokes.middle_line_boxes(session.strokes)


def drawing_in_address(content: bytes) -> None:
    """Read the text of an address: any text, or one that unpacks to any bytes."""
    text = content[1:].decode("latin-1")
    if content[:1] >= b"\x40":
        text = base64.urlsafe_b64encode(zlib.compress(content[1:])).decode()
    drawn = address.from_text(text)
    if drawn:
        strokes.frame(drawn)
        address.to_text(drawn)


def picture_bytes(content: bytes) -> None:
    """Read a picture file."""
    find_digits.in_file(content)


def pixels(content: bytes) -> None:
    """Read a small picture of any mode and any pixels."""
    choices = Choices(content)
    mode, width, height = choices.one(MODES), 1 + choices.number(160), 1 + choices.number(160)
    room = width * height * {"LA": 2, "RGB": 3, "RGBA": 4, "I;16": 2, "F": 4}.get(mode, 1)
    given = np.frombuffer(content[3:] or b"\0", np.uint8)
    image = Image.frombytes(mode, (width, height), np.resize(given, room).tobytes())
    find_digits.in_file(file(image, "TIFF"))


def labelled_images_bytes(content: bytes) -> None:
    """Read a file of labelled images: any bytes, or a ZIP of them under a name that is looked for."""
    names = (
        None, "x_train.npy", "train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "7/0001.png", "../../x.png",
        "images.npy", "labels.npy",
    )  # fmt: skip
    name = names[content[0] % len(names)] if content else None
    if name is not None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo(name), content[1:])
            archive.writestr(zipfile.ZipInfo("y_train.npy"), _npy(np.array([7], np.uint8)))
            archive.writestr(zipfile.ZipInfo("train-labels-idx1-ubyte"), b"\0\0\x08\x01\0\0\0\x01\x07")
            if name == "images.npy":
                archive.writestr(zipfile.ZipInfo("labels.npy"), _npy(np.array(["7"])))
            elif name == "labels.npy":
                archive.writestr(zipfile.ZipInfo("images.npy"), _npy(np.eye(8, dtype=np.uint8)[None]))
        content = packed.getvalue()
    _in_file(content, labelled_images.read)


def drawings_as_json_lines(content: bytes) -> None:
    """Read a file of drawings: any bytes, or a line with any bytes in place of its strokes."""
    if content[:1] >= b"\x80":
        content = b'{"label": "7", "writer": "a", "strokes": [' + content[1:] + b"]}"
    _in_file(content, drawings.read)


def card(content: bytes) -> None:
    """Read the card beside a model."""
    _in_file(content, lambda path: read_card(path.with_suffix(".keras")))


def net(content: bytes) -> None:
    """Open a net: any bytes, or a file with any bytes for its card, or put into its ONNX form."""
    how, rest = content[0] % 3 if content else 0, content[1:]
    if how:
        onnx_bytes = bytearray(MODEL.with_suffix(".onnx").read_bytes())
        if how == 2:
            at = int.from_bytes(rest[:2])
            onnx_bytes[at : at + len(rest[2:])] = rest[2:]
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("my-net.onnx", bytes(onnx_bytes))
            archive.writestr("my-net.json", rest if how == 1 else CARD)
        rest = packed.getvalue()
    net_file.opened(rest).digits(np.zeros((1, 28, 28), np.float32))


def request(content: bytes) -> None:
    """Answer a request to /api/predict, its body in two pieces."""
    kind, body = FORMS[content[0] % len(FORMS)] if content else b"", content[1:]
    parts = [body[: len(body) // 2], body[len(body) // 2 :]]

    async def receive() -> Message:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    headers = [(b"content-type", kind)]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": headers, "app": api}
    answer = during(api.predict(Request(scope, receive)))
    json.loads(bytes(answer.body))


def request_while_drawing(content: bytes) -> None:
    """Answer a request to /guess: any bytes, or numbers that are almost a drawing."""
    body = content[1:]
    if content[:1] >= b"\x40":
        choices = Choices(body)
        lines = [(choices.number(32) + 1, choices.number(64)) for _ in range(choices.number(8))]
        steps = [[count, pen, *(choices.number(256) - 128 for _ in range(2 * count))] for count, pen in lines]
        body = np.array([number for line in steps for number in line], "<i2").tobytes()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": []}
    json.loads(bytes(during(guess_api.guess(Request(scope, receive))).body))


def _npy(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def _in_file(content: bytes, read: Callable[[Path], object]) -> None:
    path = Path(_FOLDER.name) / "file.json"
    path.write_bytes(content)
    read(path)


def seeds(target: str) -> list[bytes]:
    """Return inputs to begin with."""
    drawn = [hand.strokes(digit) for digit in range(10)]
    saved = [json.dumps(hand.canvas_drawing(strokes)).encode() for strokes in drawn]
    three = drawings.Drawing("3", "a", tuple(stroke.points for stroke in drawn[3]))
    pictures = [path.read_bytes() for path in sorted((ROOT / "data").glob("*.*"))]
    seven = Image.open(ROOT / "data" / "seven.png").convert("L").resize((120, 120))
    pictures += [file(seven, kind) for kind in ("TIFF", "GIF", "HEIF", "BMP")]
    few = Labelled(np.ones((2, 28, 28), np.float32), np.array([3, 10]))
    return {
        "drawing_bytes": saved,
        "drawing_in_address": [b"\0" + (address.to_text(strokes) or "").encode() for strokes in drawn],
        "picture_bytes": pictures,
        "labelled_images_bytes": [
            *(b"\0" + write(few) for write in (as_npz, as_idx, as_png)),
            b"\1" + _npy(np.zeros((1, 28, 28), np.uint8)),
            b"\2\0\0\x08\3\0\0\0\1\0\0\0\x1c\0\0\0\x1c" + bytes(784),
            b"\6" + _npy(np.eye(8, dtype=np.uint8)[None]),
            b"\7" + _npy(np.array(["7"])),
        ],
        "drawings_as_json_lines": [
            *(drawings.as_json_lines([three]), gzip.decompress(drawings.as_json_lines([three]))),
            b"\x80[[0, 1.5]], []",
        ],
        "card": [CARD],
        "net": [b"\1" + CARD, b"\2\0\0", b"\2\x20\0\x0a", b"\0PK\5\6" + bytes(18)],
        "request": [*(b"\0" + drawing for drawing in saved), b"\2" + form(saved[0])],
    }.get(target, [bytes(range(256)), b"\1" * 64])


_FOLDER = tempfile.TemporaryDirectory()
TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target
    for target in (
        drawing_bytes, drawing, pad, drawing_in_address, picture_bytes, pixels, labelled_images_bytes,
        drawings_as_json_lines, card, net, request, request_while_drawing,
    )
}  # fmt: skip


def run(target: str, content: bytes) -> None:
    """Run a target on an input; any exception but UserError goes through."""
    with contextlib.suppress(UserError):
        TARGETS[target](content)
