"""The panels of the page “Look inside”: why, layers, sums.

Each module has one function, `show_…`, that the page calls.
Imported by `pages/inside.py` only.
"""
