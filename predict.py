"""`python predict.py FILE ...`: the same as `python -m mnist predict FILE ...`."""

import sys

from mnist.cli import main

if __name__ == "__main__":  # of many files, other processes open some, and import this one
    sys.exit(main(["predict", *sys.argv[1:]]))
