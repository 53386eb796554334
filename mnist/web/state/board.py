"""How the pad looks: like a blackboard, the same in both themes, as a changed background would empty the canvas."""

SIDE = 280  # pixels: fits a phone 320 wide; the style sheet shows it larger where there is room
ONE_DIGIT, NUMBER = "One digit", "A number"
WIDTHS = {ONE_DIGIT: SIDE, NUMBER: 2 * SIDE}  # of the pad, pixels; on a phone the wide one is shown smaller
PAPER = "#12211c"
CHALK = "#ffffff"
CHALKS = tuple(f"#ffff{blue:02x}" for blue in range(254, 238, -1))  # no eye tells them apart
WHOLE = (0.0, 0.0, float(SIDE), float(SIDE))  # the pad as a box
PENS = {"Thin": 8, "Medium": 16, "Broad": 24}  # widths, pixels
