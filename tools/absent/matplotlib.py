"""See tests/absent/__init__.py."""

raise ImportError
