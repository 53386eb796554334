"""Draw a digit and have it read: the whole program, and `python -m mnist` for the command line."""

import tomllib

from mnist.files import ROOT

__version__: str = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
