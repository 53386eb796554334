"""Data: MNIST, labelled images and drawings in files, and the collections of people's handwriting.

All of it is checked as it is read. Images become `Labelled` samples, drawings stay strokes.
May import reading; is imported by handwriting, training, evaluation and the web.
"""
