"""The panels of the page “Look inside”: why, layers, sums.

Each module has one function, `show_…`, that the page calls. It shows one picture in the place that it is given, a
sentence beside it, and whatever else there is in expanders that are closed at first.
Imported by `pages/inside.py` only.
"""
