"""Draw a digit and have it read: the whole program, and `python -m mnist` for the command line."""

__version__ = "0.1.0"
