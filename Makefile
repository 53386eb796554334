# make run, make test; the rest is for those who change the program (CONTRIBUTING.md).

PYTHON ?= python3
PORT = 8501
HOST = 0.0.0.0

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
UV := uv==0.13.9
AUDIT := pip-audit==2.10.1
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile

.PHONY: run quick test check chromium extras bench load soak fuzz lock audit

run: .venv/run
	$(BIN)/python -m mnist serve --port $(PORT) --address $(HOST)

# the tests that need no network, server, browser or container: less than a minute
quick: .venv/quick
	$(PYTEST) --quick -p no:schemathesis

# the image apart: when a container's network comes or goes, Chromium drops what it is loading (ERR_NETWORK_CHANGED)
test: .venv/test chromium extras
	$(PYTEST) --ignore tests/container
	$(PYTEST) tests/container

check: .venv/check
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

bench: .venv/browser chromium
	$(BIN)/python -m tools.bench

load: .venv/measure
	$(BIN)/python -m tools.load

soak: .venv/measure
	$(BIN)/python -m tools.load --soak 30

# up to 1,200,000 more inputs that nobody sends; Linux on x86-64, Python before 3.13
fuzz: .venv/measure
	$(BIN)/python -m tools.fuzz

# the exact version and the hashes of every package, for Python 3.11 to 3.13 on every system
lock: .venv/run
	$(BIN)/python -m pip install --quiet $(UV)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-annotate --generate-hashes --upgrade \
		--custom-compile-command "make lock" --output-file constraints.txt requirements-dev.txt

# known vulnerabilities in the pinned packages; it asks pypi.org, and fails without it
audit: .venv/run
	$(BIN)/python -m pip install --quiet $(UV)
	$(BIN)/uv tool run --quiet $(AUDIT) --strict --no-deps --disable-pip --requirement constraints.txt

.venv/run: requirements.txt requirements/pip.txt constraints.txt
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; (3, 11) <= v <= (3, 13) or sys.exit("Python %d.%d was found; 3.11 to 3.13 is needed: make PYTHON=python3.12 run" % v)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; exit 1; }  # without pip it would stay so
	@echo "installing packages (about 2 GB on disk, once)"
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --requirement requirements/pip.txt
	$(INSTALL) --requirement requirements.txt
	@touch $@

.venv/quick .venv/check .venv/browser .venv/measure: .venv/%: requirements/%.txt .venv/run
	$(INSTALL) --requirement $<
	@touch $@

.venv/test: requirements-dev.txt .venv/run
	$(INSTALL) --requirement $<
	@touch $@

.venv/check .venv/test: $(wildcard requirements/*.txt)  # they include one another

chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -qq -y chromium >/dev/null; \
	else echo "The browser tests need Chromium: install your system's package of it (Debian, Ubuntu: sudo apt install chromium)"; exit 1; fi

# programs of single tests, which are skipped without them and say so: another browser, nginx and Caddy in front of
# servers, strace to watch the server's calls. Only CI gets them unasked, because Debian's nginx listens at once. And
# Debian's Chromium without a window, which has the browser tests done sooner; Ubuntu has none
extras:
	@test -z "$$CI" || command -v chromium-headless-shell >/dev/null || { $$(command -v sudo) apt-get update -qq && \
	$$(command -v sudo) apt-get install -qq -y chromium-headless-shell >/dev/null 2>&1; } || true
	@test -z "$$CI" || { PATH="$$PATH:/usr/sbin"; missing=""; \
	for program in nginx caddy strace; do command -v $$program >/dev/null || missing="$$missing $$program"; done; \
	command -v firefox-esr >/dev/null || command -v firefox >/dev/null || missing="$$missing firefox-esr"; \
	test -z "$$missing" || { $$(command -v sudo) apt-get update -qq && \
	$$(command -v sudo) apt-get install -qq -y --no-install-recommends $$missing >/dev/null; }; }
