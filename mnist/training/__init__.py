"""Training: the networks, what they learn from, and how a model and its card are made.

`networks` is the registry, `train` the long run of the command line, `live` the short one that a page shows.
May import handwriting, data and reading.
"""
