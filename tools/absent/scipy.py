"""See tools/absent/__init__.py."""

raise ImportError
