"""`python -m tools.licences`: write LICENCES.md, the packages that are shipped and the licences they name.

It also lists the public collections of handwriting that networks learn from or are developed on, with their terms.

The packages are those that requirements.txt and requirements/reader.txt pull in where the command runs; the image is
built on Linux, x86-64.
"""

from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mnist.data.people import TO_DEVELOP_ON, TO_LEARN_FROM
from mnist.files import ROOT

LIST = ROOT / "LICENCES.md"
REQUIREMENTS = (ROOT / "requirements" / "reader.txt", ROOT / "requirements.txt")
MAX_NAME_CHARACTERS = 60  # some packages give the whole text where the licence's name should be
HEAD = """# Licences

This program is under the MIT licence ([LICENSE](LICENSE)). So are the networks in `models/`, which it trained on MNIST,
on handwriting that it makes itself and, where a network's card names their files, on the collections below. Neither
MNIST (Yann LeCun, Corinna Cortes, Christopher Burges) nor the collections are shipped.

`python -m tools.licences` writes this list. The text of each licence is beside its package, in the folder
`….dist-info` (in the image under `/packages/lib/python3.11/site-packages`).

## What the packages bring with them

- pillow-heif itself is under BSD-3-Clause, but its wheel contains libheif and libde265 (LGPL-3.0) and x265 (GPL-2.0).
  As it says itself, the wheel is therefore under the GPL-2.0. If you pass the image on, you have to comply with it for
  this part.
- opencv-python-headless contains, among others, FFmpeg (LGPL-2.1) and OpenSSL; numpy contains OpenBLAS and GCC's
  runtime libraries (GPL-3.0 with its exception for programs that use them); pypdfium2 contains PDFium and the libraries
  that PDFium uses; tensorflow and onnxruntime contain many others, most of them under Apache-2.0.
- streamlit contains the fonts Source Sans, Source Serif and Source Code (OFL-1.1), Material Symbols (Apache-2.0), KaTeX
  (MIT) and many other JavaScript libraries, of which its package has no list. `mnist/web/static/fonts/` has parts of
  Source Sans and Material Symbols, made by `python -m tools.subset_fonts`, under the same licences; the first has
  another name inside, as its licence asks, and the licence itself.
- The image is based on Debian and Python's own image. Their licences are in `/usr/share/doc/*/copyright` in the image,
  and Python's is the PSF-2.0. libclang, grpcio and setuptools are not in the image.

## People's handwriting

Our thanks to those who wrote it, and to those who collected it and let others use it. [People's
handwriting](docs/handwriting.md) says where each collection is to be had, and what “cite” asks for.

| collection | file | used to | terms |
| --- | --- | --- | --- |
"""
PACKAGES = """
## Packages

| package | version | licence, as it says itself |
| --- | --- | --- |
"""


def shipped() -> dict[str, Distribution]:
    """Return all packages that the requirements pull in on this system, as they are installed, by name."""
    lines = (line.split("#")[0].strip() for file in REQUIREMENTS for line in file.read_text("utf-8").splitlines())
    wanted = [requirement for line in lines if line and line[0] != "-" for requirement in _needed(line, {""})]
    packages: dict[str, Distribution] = {}
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if name in packages and not requirement.extras:
            continue
        packages[name] = distribution(name)
        wanted += [more for line in packages[name].requires or [] for more in _needed(line, requirement.extras or {""})]
    return dict(sorted(packages.items()))


def _needed(line: str, extras: set[str]) -> list[Requirement]:
    """Return the requirement in a line, if it counts on this system and with one of the extras."""
    requirement = Requirement(line)
    marker = requirement.marker
    return [requirement] if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras) else []


def licence(package: Distribution) -> str:
    """Return the name of a package's licence, from the first of the three places where packages write it."""
    metadata = package.metadata
    classifiers = [name for name in metadata.get_all("Classifier") or [] if name.startswith("License")]
    names = [metadata["License-Expression"], metadata["License"]]
    names += [", ".join(name.split(" :: ")[-1] for name in classifiers)]
    return next((name for name in names if name and len(name) < MAX_NAME_CHARACTERS), "see its file")


def as_text() -> str:
    """Return the whole list in Markdown."""
    uses = {"learn": TO_LEARN_FROM, "choose and measure": TO_DEVELOP_ON}
    rows = [f"| {each.whose} | `{each.file}` | {use} | {each.terms} |\n" for use in uses for each in uses[use]]
    packages = [f"| {name} | {package.version} | {licence(package)} |\n" for name, package in shipped().items()]
    return "".join([HEAD, *rows, PACKAGES, *packages])


if __name__ == "__main__":
    LIST.write_text(as_text(), "utf-8")
