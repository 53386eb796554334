"""Pictures to samples: ink is found on any ground, in any of the formats; broken pictures are refused."""

import contextlib
import struct
import zlib
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from mnist.data import mnist_dataset
from mnist.errors import TooLargeError, UserError
from mnist.reading.drawings import strokes
from mnist.reading.pictures import image_limits, images, pdf
from mnist.reading.pictures.images import decode
from tools.harness import hand
from tools.harness.image_files import file


def picture(digit: int, side: int = 280, pen: float = 14.0) -> np.ndarray:
    """A digit as (side, side) uint8, white on black."""
    drawn = hand.strokes(digit, side / 280, pen=pen * side / 280)
    return (strokes.ink(drawn, (side, side)) * 255).round().astype(np.uint8)


def sample(content: bytes) -> np.ndarray:
    framed = decode(content).frame()
    assert framed is not None
    return framed.sample


REFERENCE = sample(file(Image.fromarray(picture(5))))
WHITE = Image.fromarray(picture(5))
DARK = Image.fromarray(255 - picture(5))
CLEAR = Image.new("L", WHITE.size)


def coloured(ground: tuple[int, int, int], ink: tuple[int, int, int]) -> Image.Image:
    return Image.composite(Image.new("RGB", WHITE.size, ink), Image.new("RGB", WHITE.size, ground), WHITE)


DAMAGED_EXIF = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\xff\xff\xff\xff\0\x06"
VARIANTS = {
    "dark on light": file(DARK),
    "grey on grey": file(Image.fromarray((picture(5) // 4 + 90).astype(np.uint8))),
    "blue on yellow": file(coloured((250, 240, 140), (20, 30, 160))),
    "black on transparent": file(Image.merge("LA", (CLEAR, WHITE))),
    "white on transparent": file(Image.merge("RGBA", (WHITE, WHITE, WHITE, WHITE))),
    "opaque RGBA": file(DARK.convert("RGBA")),
    "16 bits": file(Image.fromarray(picture(5).astype(np.uint16) * 257)),
    "palette": file(coloured((250, 240, 140), (20, 30, 160)).quantize(16)),
    "palette with transparency": file(WHITE.convert("P"), transparency=0),
    "1 bit": file(DARK.convert("1")),
    "CMYK JPEG": file(DARK.convert("RGB").convert("CMYK"), "JPEG", quality=95),
    "JPEG": file(DARK, "JPEG", quality=80),
    "JPEG with damaged EXIF": file(DARK, "JPEG", quality=95, exif=DAMAGED_EXIF),
    "WebP": file(DARK.convert("RGB"), "WEBP", lossless=True),
    "BMP": file(DARK, "BMP"),
    "GIF": file(DARK, "GIF"),
    "TIFF": file(DARK, "TIFF"),
    "12 bits in 16": file(Image.fromarray(picture(5).astype(np.uint16) * 16)),
    "8 bits in 16": file(Image.fromarray(picture(5).astype(np.uint16)), "TIFF"),
    "32-bit integers": file(Image.fromarray(picture(5).astype(np.int32)), "TIFF"),
    "float TIFF of 0 to 1": file(Image.fromarray(picture(5).astype(np.float32) / 255), "TIFF"),
    "float TIFF of 0 to 255": file(Image.fromarray(picture(5).astype(np.float32)), "TIFF"),
    "float TIFF of great numbers": file(Image.fromarray((picture(5).astype(np.float32) - 128) * 2.6e36), "TIFF"),
    "float TIFF": file(Image.fromarray(picture(5).astype(np.float32) * 3 - 200), "TIFF"),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_ink_on_any_ground_in_any_format(name: str) -> None:
    difference = np.abs(sample(VARIANTS[name]) - REFERENCE)
    assert difference.mean() < 0.02
    assert difference.max() < 0.35  # an edge of a JPEG, or of one bit


def test_a_picture_on_its_side_is_turned_upright() -> None:
    turned = Image.fromarray(np.rot90(picture(5)))  # a quarter to the left; the tag says: turn right
    exif = Image.Exif()
    exif[0x0112] = 6
    assert np.abs(sample(file(turned, exif=exif)) - REFERENCE).max() < 0.01


@pytest.mark.parametrize("side", [56, 100, 500, 1200])
def test_any_resolution(side: int) -> None:
    assert np.abs(sample(file(Image.fromarray(picture(5, side)))) - REFERENCE).mean() < 0.05


@pytest.mark.parametrize(("times", "slack", "difference"), [(1, 0, 0.0), (4, 4, 0.05)], ids=["small", "made smaller"])
def test_the_place_makes_no_difference_and_the_box_is_in_the_pictures_pixels(
    times: int, slack: int, difference: float
) -> None:
    wide = np.zeros((700 * times, 1000 * times), np.uint8)
    wide[300 * times : 580 * times, 500 * times : 780 * times] = picture(5, 280 * times)
    decoded = decode(file(Image.fromarray(wide)))
    assert decoded.lightness.size <= min(wide.size, images.MAX_KEPT_PIXELS)
    framed = decoded.frame()
    assert framed is not None
    assert np.abs(framed.sample - REFERENCE).mean() <= difference
    ys, xs = np.nonzero(wide > 0.3 * 255)
    assert framed.box == pytest.approx((xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1), abs=slack)


def test_mnists_own_images_come_out_as_they_are(mnist_path: Path) -> None:
    samples = mnist_dataset.load(mnist_path).validation.samples[:500]
    close = [
        np.abs(sample(file(Image.fromarray((255 * (1 - image)).round().astype(np.uint8)))) - image).max() < 0.05
        for image in samples
    ]
    assert np.mean(close) >= 0.98


@pytest.mark.parametrize("inked_corners", [0, 1, 2])
def test_a_digit_cropped_so_tightly_that_it_inks_most_of_the_edge_is_no_ground(inked_corners: int) -> None:
    """A 0 as some collections of scans hold it: 16×16 pixels, stretched to fill them."""
    ring = np.zeros((16, 16), np.uint8)
    ring[[0, 1, 14, 15], 3:13] = 255
    ring[3:13, [[0], [1], [14], [15]]] = 255
    for corner in ((0, 0), (0, 15))[:inked_corners]:
        ring[corner] = 255
    for pixels in (ring, 255 - ring):
        framed = images.from_array(pixels).frame()
        assert framed is not None
        assert framed.sample[12:16, 12:16].max() == 0  # the ring's inside


@pytest.mark.parametrize("size", [(1, 1), (1, 50), (28, 28), (3000, 2000)])
def test_a_blank_picture_is_empty(size: tuple[int, int]) -> None:
    for shade in (0, 128, 255):
        assert decode(file(Image.new("L", size, shade))).frame() is None
    assert decode(file(Image.new("RGBA", size))).frame() is None


def test_faint_dirt_is_empty(rng: np.random.Generator) -> None:
    assert decode(file(Image.fromarray(rng.integers(235, 256, (100, 100)).astype(np.uint8)))).frame() is None


def zero_sized(kind: str) -> bytes:
    content = bytearray(file(Image.new("L", (1, 1)), kind))
    if kind == "PNG":
        content[16:24] = bytes(8)
        content[29:33] = struct.pack(">I", zlib.crc32(bytes(content[12:29])))
    else:
        content[18:26] = bytes(8)
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"I am text.", "neither a picture that can be read"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "neither a picture that can be read"),
        (file(Image.new("1", (10_000, 4_001))), "more than 40 million pixels"),
        (file(DARK, "JPEG")[:1500], "the picture is damaged"),
        (file(DARK)[:700], "the picture is damaged"),
        (zero_sized("PNG"), "neither a picture|damaged|no pixels"),
        (zero_sized("BMP"), "neither a picture|damaged|no pixels"),
        (b"\x89PNG" * 10_000_000, "larger than 30 MB; make it smaller first"),
        (file(Image.new("LAB", (20, 20)), "TIFF"), "the picture is damaged"),
        (file(Image.fromarray(np.full((20, 20), np.nan, np.float32)), "TIFF"), "not finite"),
        (b"%PDF-1.7 and then nothing", "the PDF cannot be read"),
        (file(DARK, "PDF", save_all=True, append_images=[WHITE]), "a PDF of 2 pages; save the page"),
        (file(DARK, "GIF", save_all=True, append_images=[WHITE]), "several pictures in turn; save the one"),
        (file(DARK, "WEBP", save_all=True, append_images=[WHITE]), "several pictures in turn; save the one"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_picture_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message):
        decode(content).frame()


@pytest.mark.parametrize("kind", ["tEXt", "zTXt", "iTXt", "iCCP"])
def test_a_png_may_hold_long_texts_and_a_large_colour_profile(kind: str) -> None:
    notes = PngImagePlugin.PngInfo()
    long = "note " * 300_000  # Pillow refuses a text of more than a million characters
    if kind == "iCCP":
        content = file(DARK, icc_profile=long.encode())
    else:
        notes.add_itxt("Comment", long) if kind == "iTXt" else notes.add_text("Comment", long, zip=kind == "zTXt")
        content = file(DARK, pnginfo=notes)
    assert kind.encode() in content
    assert np.array_equal(sample(content), sample(file(DARK)))
    assert images.shown(content, 300).size == DARK.size


def test_a_few_transparent_pixels_are_no_ink() -> None:
    alpha = Image.new("L", WHITE.size, 255)
    alpha.putpixel((0, 0), 0)
    alpha.putpixel((279, 140), 0)
    for image in (WHITE, DARK):
        assert np.abs(sample(file(Image.merge("LA", (image, alpha)))) - REFERENCE).max() < 0.01


def test_bytes_changed_at_random_are_read_or_refused(rng: np.random.Generator) -> None:
    for kind in images.FORMATS:
        whole = bytearray(file(DARK.convert("RGB").resize((40, 40)), kind))
        for _ in range(150):
            changed = whole.copy()
            for at in rng.integers(0, len(changed), 4):
                changed[at] = int(rng.integers(256))
            with contextlib.suppress(UserError):
                decode(bytes(changed)).frame()


def with_preview_and_video(jpeg: bytes, scans: int = 120) -> bytes:
    """Put what looks like scans into a JPEG's EXIF, and behind its end, as a phone does."""
    preview = b"\xff\xe1" + (2 + 2 * scans).to_bytes(2, "big") + image_limits.START_OF_SCAN * scans
    return jpeg[:2] + preview + jpeg[2:] + image_limits.START_OF_SCAN * scans


def test_what_a_phone_puts_into_and_behind_a_jpeg_is_none_of_its_scans() -> None:
    plain, progressive = (file(DARK, "JPEG", progressive=progressive) for progressive in (False, True))
    few = image_limits._scans(progressive)
    assert (image_limits._scans(plain), 3 < few < 15) == (1, True)
    for jpeg in (plain, progressive):
        assert image_limits._scans(with_preview_and_video(jpeg)) == image_limits._scans(jpeg)
        assert np.array_equal(sample(with_preview_and_video(jpeg)), sample(jpeg))
    for scans in (image_limits.MAX_JPEG_SCANS + 1, image_limits.MAX_JPEG_SEGMENTS + 1):
        again = plain[:-2] + (image_limits.START_OF_SCAN + b"\0\2") * (scans - 1) + plain[-2:]
        with pytest.raises(UserError, match=f"a JPEG of {scans} scans; save it again"):
            decode(again)


def test_a_large_picture_is_refused_by_the_exact_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_limits, "MAX_PIXELS", 100)
    decode(file(Image.new("L", (10, 10))))
    with pytest.raises(UserError, match="more than"):
        decode(file(Image.new("L", (10, 11))))


TOO_MUCH_MEMORY = {
    "WebP": ("RGB", "WEBP", {"lossless": True, "quality": 0, "method": 0}),
    "transparent PNG": ("RGBA", "PNG", {}),
    "16-bit PNG": ("I;16", "PNG", {}),
    "progressive JPEG": ("RGB", "JPEG", {"progressive": True, "subsampling": 0}),
    "CMYK JPEG": ("CMYK", "JPEG", {}),
}


@pytest.mark.parametrize("name", TOO_MUCH_MEMORY)
def test_a_small_file_that_opens_large_is_refused_before_it_is_decoded(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode, kind, options = TOO_MUCH_MEMORY[name]
    content = file(Image.new(mode, (5000, 4500)), kind, **options)
    assert len(content) < 2_000_000
    monkeypatch.setattr(images, "_picture", None)  # decodes
    monkeypatch.setattr(images, "_decoded_webp", None)
    with pytest.raises(TooLargeError, match=r"22 million pixels .* save it as a plain JPEG"):
        decode(content)


@pytest.mark.parametrize("name", ["JPEG", "grey JPEG", "PNG"])
def test_what_most_cameras_and_scanners_make_may_be_large(name: str) -> None:
    grey = Image.new("L", (7300, 5400), 200)
    content = file(grey.convert("RGB") if name == "JPEG" else grey, name.rsplit(maxsplit=1)[-1])
    assert decode(content).lightness.shape == (1350, 1825)


@pytest.mark.parametrize(
    ("size", "options"),
    [
        ((1600, 1203), {}),
        ((3000, 2001), {"progressive": True}),
        ((5001, 4003), {"subsampling": 0}),
        ((5801, 5003), {"progressive": True}),
        ((7001, 5003), {}),
    ],
)
def test_a_jpeg_is_reduced_while_it_is_decoded_to_the_same_as_others(
    size: tuple[int, int], options: dict[str, object], rng: np.random.Generator
) -> None:
    small = rng.uniform(60, 220, (size[1] // 50, size[0] // 50, 3)).astype(np.uint8)
    light = Image.fromarray(small).resize(size, Image.Resampling.BILINEAR)
    jpeg, other = decode(file(light, "JPEG", quality=95, **options)), decode(file(light.convert("L")))
    assert jpeg.factor == other.factor
    assert jpeg.lightness.shape == other.lightness.shape
    assert np.abs(jpeg.lightness - other.lightness).max() < 0.03


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_is_decoded_in_its_colours_and_upright(mode: str) -> None:
    light = Image.new(mode, (60, 40), (250, 40, 10, 255)[: len(mode)])
    light.paste((10, 40, 250, 255)[: len(mode)], (0, 0, 20, 40))
    exif = Image.Exif()
    exif[0x0112] = 6  # it was held a quarter to the left
    decoded = np.asarray(images.shown(file(light, "WEBP", lossless=True, exif=exif), 60), int)
    assert decoded.shape == (60, 40, 3)
    assert np.abs(decoded[5, 20] - (10, 40, 250)).max() < 3
    assert np.abs(decoded[50, 20] - (250, 40, 10)).max() < 3
    with pytest.raises(UserError, match="damaged"):
        decode(file(light, "WEBP", lossless=True)[:-20])


@pytest.mark.parametrize("kind", ["HEIF", "PDF"])
def test_what_phones_and_scanners_make_is_read(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 600)  # others may use the machine
    decoded = decode(file(DARK.convert("RGB").resize((560, 560)), kind))
    framed = decoded.frame()
    assert framed is not None
    assert np.abs(framed.sample - REFERENCE).mean() < 0.02
    assert max(decoded.lightness.shape) == (pdf.PAGE_SIDE_PIXELS if kind == "PDF" else 560)


def test_the_page_of_a_pale_pdf_is_drawn_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pale = Image.fromarray((255 - picture(5) // 12).astype(np.uint8)).convert("RGB")
    drawn = Mock(return_value=file(pale, "BMP"))
    monkeypatch.setattr(pdf, "page", drawn)
    assert np.array_equal(decode(b"%PDF-").lightness, decode(file(pale)).lightness)
    assert drawn.call_count == 1


@pytest.mark.parametrize("step", ["_opened", "ImageOps.exif_transpose"])
def test_too_little_memory_is_not_put_down_to_the_picture(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"mnist.reading.pictures.images.{step}", Mock(side_effect=MemoryError))
    with pytest.raises(TooLargeError, match="there is too little memory for it now; make it smaller, or try again"):
        decode(file(DARK))


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_large_heif_is_reduced_as_other_pictures_are(mode: str) -> None:
    large = DARK.convert(mode).resize((2603, 2301))
    decoded, other = decode(file(large, "HEIF")), decode(file(large, "PNG"))
    assert (decoded.factor, decoded.lightness.shape) == (other.factor, other.lightness.shape)
    assert np.abs(decoded.lightness - other.lightness).max() < 0.2  # it is lossy
    with pytest.raises(UserError, match="damaged"):
        decode(file(large, "HEIF")[:-200])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "HEIF", "PDF"])
def test_a_picture_is_shown_upright_and_in_colour(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_SECONDS", 600)
    red = Image.new("RGB", (900, 600), (200, 30, 30))
    shown = images.shown(file(red, kind), 300)
    assert shown.size == (300, 200)
    assert np.abs(np.asarray(shown, int) - (200, 30, 30)).max() < 12


@pytest.mark.parametrize("shape", [(40, 60), (400, 600), (2000, 3000)])  # Pillow itself makes none of these smaller
def test_a_deep_picture_is_shown_as_light_as_it_is(shape: tuple[int, int]) -> None:
    deep = Image.fromarray(np.full(shape, 32768, np.uint16))
    shown = images.shown(file(deep), 100)
    assert max(shown.size) == min(100, shape[1])
    assert np.abs(np.asarray(shown, int) - 128).max() <= 1
