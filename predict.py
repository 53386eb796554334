"""`python predict.py FILE ...`: the same as `python -m mnist predict FILE ...`."""

import sys

from mnist.cli import main

sys.exit(main(["predict", *sys.argv[1:]]))
