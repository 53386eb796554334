"""Measure one server under many visitors: `make load`, `make soak` and the `measure_*` commands."""
