"""Packages that only the tests need, hidden from a server that should run as people install it (AS_INSTALLED)."""
