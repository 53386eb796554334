"""The panels of the page “How good is it?”, and the figures and examples from the cards in `models/`.

Each panel's module has one function, `show_…`, that the page calls.
Imported by `pages/report.py` only.
"""
