"""Evaluation: the sets that networks are measured on, and every figure of a card.

`sets` is the registry, `samples` makes what is in them, `figures` counts, `tables` prints. No sample is ever trained on.
May import training, handwriting, data and reading.
"""
