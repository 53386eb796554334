"""A PDF's one page as a picture, drawn by a separate process: a thousand bytes can ask for hours and gigabytes.

`python -m mnist.reading.pictures.pdf` is that process. It reads the PDF from standard input and writes the picture to
standard output, or what is wrong with the file to standard error.
"""

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from mnist.errors import UserError
from mnist.files import ROOT

PAGE_SIDE_PIXELS = 2000  # longer side of the page as a picture
MAX_CPU_SECONDS, MAX_SECONDS = 2, 20  # a scan of 35 megapixels takes 0.5 seconds; others wait meanwhile
MAX_MEMORY_BYTES = 400_000_000  # of address space: a scan of 40 megapixels is drawn in 150 million
NO_PAGE, NO_MEMORY = 3, 4  # exit statuses: the file is at fault and the text says how, or it takes too much
INSTEAD = "send a photograph or a screenshot of it"


def page(content: bytes) -> bytes:
    """Return the one page of a PDF as a BMP. Raises UserError if it has none or several, or takes too much to draw."""
    command = [sys.executable, "-m", "mnist.reading.pictures.pdf"]
    try:
        child = subprocess.run(command, cwd=ROOT, input=content, capture_output=True, timeout=MAX_SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise UserError(f"the PDF takes too long to draw; {INSTEAD}") from error
    if child.returncode == NO_PAGE:
        raise UserError(child.stderr.decode())
    if child.returncode == NO_MEMORY or child.returncode < 0:  # the system ends it by a signal
        megabytes = MAX_MEMORY_BYTES // 1_000_000
        raise UserError(f"the PDF cannot be drawn in {MAX_CPU_SECONDS} seconds and {megabytes} MB; {INSTEAD}")
    if child.returncode:
        raise UserError(f"the PDF could not be drawn; {INSTEAD}")
    return child.stdout


def main() -> int:
    """Draw the page and return the exit status."""
    _limit()
    try:
        _drawn(sys.stdin.buffer.read()).save(sys.stdout.buffer, "BMP")
    except UserError as error:
        sys.stderr.write(str(error))
        return NO_PAGE
    except MemoryError:
        return NO_MEMORY
    return 0


def _drawn(content: bytes) -> Image.Image:
    import pypdfium2  # in this process only

    try:
        with pypdfium2.PdfDocument(content) as document:
            if len(document) != 1:
                raise UserError(f"a PDF of {len(document)} pages; save the page with the digits by itself")
            sheet: Any = document[0]
            return sheet.render(scale=PAGE_SIDE_PIXELS / max(sheet.get_size())).to_pil()
    except pypdfium2.PdfiumError as error:
        raise UserError(f"the PDF cannot be read ({error}); {INSTEAD}") from error


def _limit() -> None:
    """Limit what this process may use; where memory runs out all the same, it is the first to be ended."""
    if sys.platform == "win32":  # there only the clock is watched
        return
    import resource

    os.nice(19)  # readings of drawings come first
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_SECONDS, MAX_CPU_SECONDS))
    if sys.platform != "linux":  # macOS does not enforce the other limit
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    with contextlib.suppress(OSError):  # where /proc may not be written to
        Path("/proc/self/oom_score_adj").write_text("1000")


if __name__ == "__main__":
    sys.exit(main())
