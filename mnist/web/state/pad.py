"""The pad: one drawing, changed by the pen, Undo, Clear, a ready drawing or an opened file."""

import logging
from typing import Any

import numpy as np

from mnist.errors import UserError
from mnist.reading.drawings import address, strokes
from mnist.reading.drawings.strokes import Strokes
from mnist.web import palette

log = logging.getLogger(__name__)
Objects = list[dict[str, Any]]
PAD_SIDE = 280  # pixels, its height; the style sheet shows it larger where there is room
PAD_WIDTH = 2 * PAD_SIDE  # pixels; a phone held upright shows the square in the middle
MARGIN = (PAD_WIDTH - PAD_SIDE) // 2  # pixels on either side of that square
PEN_WIDTHS = {"Thin": 8, "Medium": 16, "Broad": 24}  # pixels
EMPTY, FOREIGN = "no stroke", "no chalk"  # instead of a chalk


class Pad:
    """The drawing as the server knows it, and the drawing that it has told the canvas to show.

    The canvas reports its drawing with every message. After a command (Undo, Clear, load) it goes on reporting the old
    drawing until the new one has arrived, with whatever was drawn on it meanwhile. To tell old from new, every command
    makes a new revision, and each revision has its own shade of chalk, 1/255 from the next: the colour of a stroke
    says on which revision it was drawn.
    """

    def __init__(self) -> None:
        self.objects: Objects = []
        self.revision = 0
        self.problem: str | None = None
        self._strokes: Strokes | None = []  # the objects parsed, once they were asked for
        self._forged: str | None = None  # why the last report is no drawing
        self._loaded: Objects = []
        self._cleared: Objects = []  # what Clear took last
        self._emptied: Objects = []  # what was on the pad before the browser emptied it
        self._undone: Objects = []  # what Undo took since the last stroke, the last one last
        self._left: dict[str, list[int]] = {}  # by chalk: the marks of the strokes of a revision that was replaced

    @property
    def chalk(self) -> str:
        """The colour of strokes drawn on this revision."""
        return self._chalk_after(0)

    @property
    def to_load(self) -> dict[str, Any]:
        """The drawing that the canvas is to show; it loads this anew whenever the revision changes."""
        return {"objects": self._loaded, "revision": self.revision}

    @property
    def drawing(self) -> dict[str, Any]:
        """The drawing as the canvas reported it."""
        return {"objects": self.objects, "background": palette.PAPER}

    @property
    def strokes(self) -> Strokes:
        """The drawing's strokes. Raises UserError if the last report was forged and is no drawing."""
        if self._forged is not None:
            raise UserError(self._forged)
        if self._strokes is None:
            self._strokes = strokes.from_drawing(self.drawing)
        return self._strokes

    def report(self, drawing: Any) -> None:
        """Take over the canvas's drawing; strokes drawn on an older revision are carried over to this one.

        Nothing of a forged message is kept, if only because it may be large.
        """
        objects = drawing.get("objects") if isinstance(drawing, dict) else None
        if not isinstance(objects, list):
            return
        try:
            drawn = strokes.from_drawing(drawing)
        except UserError as error:
            self._forged = str(error)
            log.warning("a drawing was refused that no canvas reports")
            return
        self._forged = None
        chalk = _chalk(objects)
        if chalk == self.chalk or (chalk == EMPTY and not self._loaded):
            self._take(objects, drawn)
        elif chalk == FOREIGN and _marks(objects) != self._left.get(FOREIGN):
            self._left[FOREIGN] = _marks(objects)
            self._take(objects, drawn)
        elif chalk in palette.CHALKS:
            self._carry_over(chalk, objects)

    def show_again(self) -> None:
        """Put the drawing on a new canvas: the visitor was on another page meanwhile."""
        if self.objects is not self._loaded:
            self.load(self.objects)

    def undo(self) -> None:
        """Remove the last stroke; on an empty pad, bring back what Clear took."""
        if self.objects:
            undone = [*self._undone, self.objects[-1]]
            self.load(self.objects[:-1])
            self._undone = undone
        elif self._cleared:
            self.load(self._cleared)
            self._cleared = []

    def redo(self) -> None:
        """Bring back the stroke that Undo took last."""
        if self._undone:
            *undone, stroke = self._undone
            self.load([*self.objects, stroke])
            self._undone = undone

    def clear(self) -> None:
        """Remove everything. The browser may have done so already, and said so."""
        self._cleared = self.objects or self._emptied or self._cleared
        self._undone = []
        if self.objects:
            self.load([])

    def begin_anew(self) -> None:
        """Empty the pad for another drawing; nothing of the last one comes back."""
        self.load([])
        self._cleared = []

    def load(self, objects: Objects) -> None:
        """Replace the drawing by these objects."""
        self._left[self.chalk] = _marks(self.objects)
        self.revision += 1
        self.objects = self._loaded = [{**item, "stroke": self.chalk} for item in objects]
        self._undone, self._emptied = [], []
        self.problem = self._forged = self._strokes = None

    def load_strokes(self, ready: Strokes) -> None:
        """Replace the drawing by these strokes, moved or scaled onto the pad if they lie outside."""
        drawn = strokes.fit(ready, (PAD_WIDTH, PAD_SIDE))
        self.load(strokes.to_drawing(drawn, self.chalk)["objects"])

    def open_file(self, content: bytes) -> None:
        """Replace the drawing by a saved one, or note in `problem` what is wrong with the file."""
        try:
            self.load_strokes(_into_the_middle(strokes.parse(content)))
        except UserError:
            log.warning("a saved drawing was refused")
            self.problem = "This file is no drawing saved here."

    def _chalk_after(self, revisions: int) -> str:
        return palette.CHALKS[(self.revision + revisions) % len(palette.CHALKS)]

    def _take(self, objects: Objects, drawn: Strokes) -> None:
        old, new = _marks(self.objects), _marks(objects)
        if new != old:
            self.problem = None
            taken = self.objects[len(objects) :][::-1] if new == old[: len(new)] else []  # by Undo in the browser
            self._undone = [*self._undone, *taken] if taken else []
            self._emptied = [] if objects else self.objects
        self.objects, self._strokes = objects, drawn

    def _carry_over(self, chalk: str, objects: Objects) -> None:
        left = self._left.get(chalk)
        if left is None or _marks(objects[: len(left)]) != left:
            # the page is older than this session: the server was restarted
            if self._chalk_after(1) == chalk:  # what is drawn until it has the new chalk would pass for what is loaded
                self.revision += 1
            self.load(objects)
        elif len(objects) > len(left):
            self.load([*self.objects, *objects[len(left) :]])
        self._left[chalk] = _marks(objects)


def is_wide(drawn: Strokes) -> bool:
    """Tell whether the whole pad has to be shown: a stroke begins outside of the square in its middle."""
    return any(not MARGIN <= stroke.points[0, 0] <= MARGIN + PAD_SIDE for stroke in drawn)


def are_whole(numbers: list[Any]) -> bool:
    """Tell whether all are whole numbers: neither 3.0 nor True, which are equal to some."""
    return all(type(number) is int for number in numbers)


def kept_strokes(numbers: Any) -> Strokes:
    """Return the strokes of the numbers that a browser kept, as `address.to_numbers` returns them, or of forged ones.

    Raises UserError if they are forged.
    """
    if not isinstance(numbers, list) or not are_whole(numbers):
        raise UserError("it is damaged")
    try:
        return address.from_numbers(np.array(numbers, np.int16))
    except OverflowError as error:
        raise UserError("it is damaged") from error


def _into_the_middle(drawn: Strokes) -> Strokes:
    """Return a drawing in the middle of the pad if all of it lies where a square pad was, as earlier versions had.

    A file does not say on which pad it was drawn: what was drawn in the left half of this one moves, too.
    """
    x, _, width, _ = strokes.bounds(drawn) if drawn else (0, 0, 0, 0)
    from_square = is_wide(drawn) and x >= 0 and x + width <= PAD_SIDE
    return strokes.moved(drawn, MARGIN) if from_square else drawn


def _chalk(objects: Objects) -> str:
    """Return the chalk of the newest stroke: FOREIGN if another program drew it, EMPTY without strokes."""
    if not objects:
        return EMPTY
    colour = objects[-1].get("stroke")
    return colour.lower() if isinstance(colour, str) and colour.lower() in palette.CHALKS else FOREIGN


def _marks(objects: Objects) -> list[int]:
    """Return a mark that tells each stroke from others: the hash of its path, which takes little memory.

    The canvas may change the rest of an object when it loads it, and 1.0 may come back as 1, which has the same hash.
    """
    return [hash(tuple(map(tuple, item["path"]))) for item in objects]
