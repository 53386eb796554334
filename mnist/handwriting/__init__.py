"""Handwriting: digits in the world's styles, numbers, and things that are no digit, all made by this program.

`styles` and `scripts` say what is written, `writer` by whose hand, `samples` makes labelled 28×28 samples of it.
May import data and reading; is imported by training, evaluation and the tools.
"""
