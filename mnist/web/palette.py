"""The colours of the page, each written once: for Python and, as CSS custom properties, for the style sheets.

A pair is the colour on a light and on a dark page. The theme in `.streamlit/config.toml` repeats PAGE, ACCENT and TEXT.
"""

PAPER = "#12211c"  # the pad is a blackboard in both themes: a changed background would empty the canvas
CHALK = "#ffffff"
CHALKS = tuple(f"#ffff{blue:02x}" for blue in range(254, 238, -1))  # one for each revision of a pad; all look white

# told apart by every eye, on light as on dark
GREEN = "#1f9d70"  # right, sure, ours
BROWN = "#c8701a"  # wrong
GREY = "#8a8f8c"  # the others, rejected, grid lines
FOR, AGAINST = "#4da3ff", "#ff9440"  # evidence, pulls, signs

# on a photograph, light enough for dark digits in them
BOXES = {"sure": GREEN, "doubtful": "#d9932b", "rejected": GREY, "by-hand": "#5b9be0"}
BOX_FILL = "rgba(91, 155, 224, 0.15)"  # that of a box by hand, faint: while it is drawn

PAGE = ("#fbfaf7", "#14181b")
ACCENT = ("#1b6f54", "#4fc397")
TEXT = ("#1d2326", "#e9ebe8")

_PROPERTIES = {
    "page": f"light-dark({PAGE[0]}, {PAGE[1]})",
    "paper": PAPER,
    "chalk": CHALK,
    "hint": "rgb(255 255 255 / 0.7)",  # a word on the pad
    "accent": f"light-dark({ACCENT[0]}, {ACCENT[1]})",
    "on-accent": f"light-dark(#fff, {PAPER})",
    "ink": TEXT[0],
    "strong": f"light-dark({TEXT[0]}, #ffffff)",  # text and outlines that stand out
    "track": "light-dark(#e9e5da, #262e33)",  # of a bar, and lines of tables
    "bar": "light-dark(#a9b0a8, #6b757b)",
    "green": GREEN,
    "brown": BROWN,
    "grey": GREY,
    "against": AGAINST,
    "wrong-text": f"light-dark(#a8520c, {AGAINST})",
    "sample-paper": "#000",  # a sample is white on black
    "frame": "#ffd166",  # the part of a sample that is looked at
    "badge": "#ffb454",
    "cell": "light-dark(#f1eee6, #1d2428)",  # of a confusion matrix
    "cell-zero": "light-dark(#6f6a5f, #8f989d)",
    "cell-right": "light-dark(#a8d8c4, #1d5f48)",
    "pad-sure": ACCENT[1],  # boxes on the pad
    "pad-doubtful": "#e0b34c",
    "pad-rejected": "#9aa5a0",
    **{f"box-{kind}": colour for kind, colour in BOXES.items()},
}


def custom_properties() -> str:
    """Return the palette as a CSS rule; what lives in a shadow root inherits it, too."""
    return f":root {{ {' '.join(f'--{name}: {value};' for name, value in _PROPERTIES.items())} }}"
