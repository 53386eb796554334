"""Evaluation: the sets that networks are measured on, and every figure of a card.

`sets` is their registry, `samples` makes their samples, `figures` counts, `tables` prints. No sample is trained on.
May import training, handwriting, data and reading.
"""
