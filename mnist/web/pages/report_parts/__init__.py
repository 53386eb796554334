"""The panels of the page “How good is it?”, and what they read from the cards in `models/`.

Each panel has one function, `show_…`, that the page calls.
Imported by `pages/report.py` only.
"""
