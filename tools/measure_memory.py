"""`python -m tools.measure_memory`: measure how much memory and time the largest pictures of each kind take.

Each is decoded in a process of its own, as large as the program accepts it, and once more as the page shows it: how far
the memory rises meanwhile, above what it was after a small picture, is printed as a table in Markdown. They are faint,
so that their colours are looked at, too. Sides are tried from 40 million pixels downwards.
"""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

from mnist.errors import TooLargeError
from mnist.files import ROOT
from mnist.reading.pictures import images
from mnist.web.state.photo import SHOWN_SIDE_PIXELS

SIDES = ((7300, 5400), (6000, 4500), (5600, 4200), (5000, 3750), (4600, 3450), (4000, 3000), (3600, 2700))
LOSSLESS_WEBP = {"lossless": True, "method": 0, "quality": 0}
KINDS: list[tuple[str, str, dict[str, Any]]] = [
    ("RGB", "JPEG", {}),
    ("RGB", "JPEG", {"progressive": True}),
    ("RGB", "JPEG", {"progressive": True, "subsampling": 0}),
    ("CMYK", "JPEG", {}),
    *((mode, "PNG", {"compress_level": 1}) for mode in ("1", "L", "P", "RGB", "RGBA", "I;16")),
    ("RGB", "WEBP", LOSSLESS_WEBP),
    ("RGBA", "WEBP", LOSSLESS_WEBP),
    ("P", "GIF", {}),
    ("RGB", "TIFF", {"compression": "tiff_lzw"}),
    ("RGB", "HEIF", {}),
]
CHILD = """
import sys, threading, time
from pathlib import Path
from mnist.reading.pictures import images

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

def watch():
    while not done.wait(0.002):
        peaks.append(resident())

images.decode(Path("data/seven.png").read_bytes())
before, peaks, done = resident(), [0], threading.Event()
watcher = threading.Thread(target=watch)
watcher.start()
start = time.perf_counter()
images.decode(Path(sys.argv[1]).read_bytes())
images.shown(Path(sys.argv[1]).read_bytes(), int(sys.argv[2]))
seconds = time.perf_counter() - start
done.set()
watcher.join()
print(max(peaks) - before, seconds)
"""


def picture(mode: str, size: tuple[int, int]) -> Image.Image:
    """Return a light, slightly uneven picture of a mode of Pillow's."""
    rng = np.random.default_rng(1)
    light = rng.normal(200, 3, (size[1] // 8, size[0] // 8)).clip(0, 255).astype(np.uint8)
    grey = Image.fromarray(light).resize(size)
    return Image.fromarray(np.asarray(grey, np.uint16) * 256) if mode == "I;16" else grey.convert(mode)


def largest(mode: str, kind: str, options: dict[str, Any]) -> tuple[tuple[int, int], bytes]:
    """Return the largest size that is accepted, and such a file."""
    for size in SIDES:
        file = io.BytesIO()
        picture(mode, size).save(file, kind, **options)
        try:
            images.decode(file.getvalue())
        except TooLargeError:
            continue
        return size, file.getvalue()
    raise ValueError(f"no {mode} {kind} is accepted")


def taken(path: Path) -> tuple[float, float]:
    """Return how many bytes the memory rises while a picture is decoded and made to be shown, and the seconds."""
    command = [sys.executable, "-c", CHILD, str(path), str(SHOWN_SIDE_PIXELS)]
    said = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=True).stdout
    risen, seconds = map(float, said.split())
    return risen, seconds


def main() -> None:
    """Measure and print."""
    pillow_heif.register_heif_opener()
    print("| picture | million pixels | file | memory | seconds |\n| --- | ---: | ---: | ---: | ---: |")
    for mode, kind, options in KINDS:
        size, content = largest(mode, kind, options)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "picture"
            path.write_bytes(content)
            risen, seconds = taken(path)
        name = " ".join([mode, kind, *(str(key) for key in options if key in ("progressive", "subsampling"))])
        row = f"{size[0] * size[1] / 1e6:.0f} | {len(content) / 1e6:.1f} MB | {risen / 1e6:.0f} MB | {seconds:.2f}"
        print(f"| {name} | {row} |", flush=True)


if __name__ == "__main__":
    main()
