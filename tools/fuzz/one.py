"""`python -m tools.fuzz.one TARGET [libFuzzer's options] CORPUS`: run one target until an input is a finding."""

import sys

import atheris

with atheris.instrument_imports(include=["mnist"]):
    from tools.fuzz import targets

name = sys.argv.pop(1)
atheris.Setup(sys.argv, lambda content: targets.run(name, content))
atheris.Fuzz()
