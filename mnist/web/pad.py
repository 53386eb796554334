"""What is on the pad: one drawing per session, changed by the pen, Undo, Clear, a ready drawing or an opened file."""

from typing import Any

from mnist import strokes
from mnist.errors import UserError
from mnist.strokes import Strokes
from mnist.web import board

Objects = list[dict[str, Any]]


class Pad:
    """The drawing as the server knows it, and what it has told the canvas to show.

    The canvas reports what it holds with every message. After a command (Undo, Clear, load) it goes on reporting the
    old drawing until it has the new one: such reports are recognised as outdated and passed over, so that three quick
    Undos take three strokes away.
    """

    def __init__(self) -> None:
        self.objects: Objects = []
        self.problem: str | None = None
        self._loaded: Objects = []
        self._revision = 0
        self._outdated: list[list[Any]] = []

    @property
    def to_load(self) -> dict[str, Any]:
        """What the canvas is to hold; it loads this anew whenever the revision changes."""
        return {"objects": self._loaded, "revision": self._revision}

    @property
    def drawing(self) -> dict[str, Any]:
        """The drawing as the canvas reported it."""
        return {"objects": self.objects, "background": board.PAPER}

    @property
    def strokes(self) -> Strokes:
        """The drawing's strokes. Raises UserError where a forged message put no drawing there."""
        return strokes.from_drawing(self.drawing)

    def report(self, drawing: Any) -> None:
        """Take over what the canvas reports, unless that is a drawing it was told to give up."""
        objects = drawing.get("objects") if isinstance(drawing, dict) else None
        if not isinstance(objects, list) or _paths(objects) in self._outdated:
            return
        self.objects, self._outdated = objects, []

    def undo(self) -> None:
        """Take the last stroke away."""
        if self.objects:
            self.load(self.objects[:-1])

    def clear(self) -> None:
        """Take everything away."""
        if self.objects:
            self.load([])

    def load(self, objects: Objects) -> None:
        """Put these objects on the pad instead of what is there."""
        self._outdated += [_paths(self.objects), _paths(self._loaded)]
        self.objects = self._loaded = objects
        self._revision += 1
        self.problem = None

    def load_strokes(self, ready: Strokes) -> None:
        """Put these strokes on the pad, in the pad's own colour, moved or scaled onto it where they lie outside."""
        self.load(strokes.to_drawing(strokes.fit(ready, board.SIDE), board.CHALK)["objects"])

    def open_file(self, content: bytes) -> None:
        """Put a saved drawing on the pad, or note what is wrong with it and leave the pad as it is."""
        try:
            self.load_strokes(strokes.parse(content))
        except UserError as error:
            self.problem = f"This file cannot be opened: {error}."


def _paths(objects: Objects) -> list[Any]:
    """What tells one drawing from another; the canvas may add to the rest of an object when it loads it."""
    return [item.get("path") if isinstance(item, dict) else None for item in objects]
