"""Packages that only the tests need, hidden from a server that is to be as people install it."""
