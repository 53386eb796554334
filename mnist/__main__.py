"""`python -m mnist`: see mnist/cli.py."""

import sys

from mnist.cli import main

if __name__ == "__main__":
    sys.exit(main())
