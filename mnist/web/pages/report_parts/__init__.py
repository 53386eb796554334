"""The panels of the page “How good is it?”, and what they read from the cards in `models/`.

Each panel has one function, `show`, that the page calls.
Imported by `pages/report.py` only.
"""
