"""Data: MNIST, and labelled drawings in files.

Both are checked as they are read and become `Labelled` samples.
May import reading; is imported by handwriting, training, evaluation and the web.
"""
