"""The panels of the page “Look inside”: why, layers, sums.

Each module has one function, `show_…`, that the page calls; it returns the picture for the left side of the page.
Imported by `pages/inside.py` only.
"""
