"""Data: MNIST, and labelled drawings in files.

All of it is checked as it is read and becomes `Labelled` samples.
May import reading; is imported by handwriting, training, evaluation and the web.
"""
