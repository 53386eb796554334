"""Measure how long one waits: `make bench`."""
