"""Drawings: from the path of the pen to ink as broad as MNIST's, and where one stroke may be cut into digits."""
