# make run, make test; the rest is for whoever changes the program.

PYTHON ?= python3
PORT ?= 8501
HOST ?= 0.0.0.0

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
UV := uv==0.13.9
AUDIT := pip-audit==2.10.1

.PHONY: run test check chromium firefox nginx strace bench load soak fuzz lock audit

run: .venv/run
	$(BIN)/python -m mnist serve --port $(PORT) --address $(HOST)

test: .venv/test chromium firefox nginx strace
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

check: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: .venv/test chromium
	$(BIN)/python -m tests.bench

load: .venv/test
	$(BIN)/python -m tests.load

soak: .venv/test
	$(BIN)/python -m tests.load --soak 30

# 900,000 inputs more that nobody sends; Linux on x86-64, Python before 3.13
fuzz: .venv/test
	$(BIN)/python -m tests.fuzz

# exact versions of all that the requirements pull in, for Python 3.11 to 3.13 on every system
lock: .venv/run
	$(BIN)/python -m pip install --quiet $(UV)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --upgrade \
		--custom-compile-command "make lock" --output-file constraints.txt requirements-dev.txt

# known holes in what is pinned; it asks pypi.org, and fails where that cannot be asked
audit: .venv/run
	$(BIN)/python -m pip install --quiet $(UV)
	$(BIN)/uv tool run --quiet $(AUDIT) --strict --no-deps --disable-pip --requirement constraints.txt

.venv/run: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit("Python %d.%d was found; 3.11 to 3.13 is needed: make PYTHON=python3.12 run" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing packages (about 2 GB on disk, once)"
	$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/test: .venv/run requirements-dev.txt
	$(INSTALL) --requirement requirements-dev.txt
	@touch $@

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -qq -y chromium >/dev/null; \
	else echo "The browser tests need Chromium: install your system's package of it (Debian, Ubuntu: sudo apt install chromium)"; exit 1; fi

# for the one test in another browser, which says so and is skipped where there is none
firefox:
	@command -v firefox-esr firefox >/dev/null || test -z "$$CI" || { $$(command -v sudo) apt-get update -qq && $$(command -v sudo) apt-get install -qq -y --no-install-recommends firefox-esr >/dev/null; }

# for the one test of several servers behind it, which says so and is skipped where there is none; its package starts a
# server on port 80, so nobody gets it unasked
nginx:
	@PATH="$$PATH:/usr/sbin"; command -v nginx >/dev/null || test -z "$$CI" || { apt-get update -qq && apt-get install -qq -y --no-install-recommends nginx >/dev/null; }

# for the one test that the server asks nobody, likewise
strace:
	@command -v strace >/dev/null || test -z "$$CI" || { $$(command -v sudo) apt-get update -qq && $$(command -v sudo) apt-get install -qq -y --no-install-recommends strace >/dev/null; }
