"""Evaluation: what the networks are measured on, and every figure of a card.

`sets` makes the measured sets, `figures` counts; no sample here is ever trained on.
May import training, handwriting, data and reading.
"""
