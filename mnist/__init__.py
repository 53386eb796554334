"""Read handwritten digits: `from mnist import read`, or `python -m mnist` for the command line and the pages."""

import tomllib

from mnist.errors import UserError
from mnist.files import ROOT
from mnist.library import read

__all__ = ["UserError", "__version__", "read"]

__version__: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
