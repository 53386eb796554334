"""`python -m tools.subset_fonts`: cut Streamlit's fonts down to what the pages show (mnist/web/static/fonts/).

A phone downloads both before it shows anything: together 545 kB. Run it again after an update of Streamlit; a test says
when. The fonts' licences allow it; the Open Font License asks that a changed font has another name inside.
"""

import re
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from mnist.files import ROOT

STREAMLIT = Path(str(distribution("streamlit").locate_file("streamlit/static/static")))
WEB = ROOT / "mnist" / "web"
OUTPUT = WEB / "static" / "fonts"
ICON = re.compile(r":material/([a-z0-9_]+)")
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),  # of Western and Central Europe
    *range(0x2010, 0x203B),  # dashes, quotes, the ellipsis
]  # what else a file's name holds is shown in another font of the device
NAMES_OF_FAMILY = (1, 3, 4, 6, 16)  # in OpenType's table of names


def main() -> None:
    """Write both fonts."""
    OUTPUT.mkdir(exist_ok=True)
    names = icon_names()
    write("SourceSansVF-Upright", {*LATIN, *map(ord, "".join(pages()))}, set(), subset.Options())
    # with all ligatures of the names' letters, nearly all icons would stay
    write("MaterialSymbols-Rounded", map(ord, "".join(names)), names, subset.Options(layout_closure=False))


def icon_names() -> set[str]:
    """Return the names of the icons that Streamlit's scripts and our pages can show."""
    scripts = [*(script.read_text("utf-8") for script in STREAMLIT.glob("js/*.js")), *pages()]
    return {name for script in scripts for name in ICON.findall(script)}


def pages() -> list[str]:
    """Return the sources of our pages."""
    return [path.read_text("utf-8") for kind in ("py", "js", "css") for path in WEB.rglob(f"*.{kind}")]


def ligatures(font: TTFont) -> dict[str, str]:
    """Return the glyph of each ligature of a font by the text that it stands for."""
    characters = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found: dict[str, str] = {}
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)  # noqa: PLW2901 - OpenType wraps large ones
            for first, rest in getattr(table, "ligatures", {}).items():
                for each in rest:
                    text = "".join(characters.get(glyph, "?") for glyph in (first, *each.Component))
                    found[text] = each.LigGlyph
    return found


def write(name: str, characters: Iterable[int], icons: set[str], options: subset.Options) -> None:
    """Write a font that has only these characters, as code points, and the ligatures of these names."""
    (source,) = STREAMLIT.glob(f"media/{name}.*.woff2")
    font = TTFont(source, recalcTimestamp=False)
    named = ligatures(font) if icons else {}
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters, glyphs=[named[icon] for icon in icons if icon in named])
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in NAMES_OF_FAMILY:
            record.string = "MNIST Draw subset"
    font.flavor = "woff2"
    output = OUTPUT / f"{name}.woff2"
    font.save(output)
    print(f"{output.name}: {source.stat().st_size / 1000:.0f} kB, now {output.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
