# Everything here works on a machine that has Python 3.11 and make. What a target does stands behind its name.
.DEFAULT_GOAL := help
.PHONY: help setup demo test tests bench soak lint types layers map wheel chromium

BIN := .venv/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.9
INSTALLED := .venv/.installed
BENCH_INSTALLED := .venv/.bench-installed
FRONTEND := $(wildcard breachdesk/web/frontend/*.*)
# Compiled Python is kept, whatever the surroundings say: each worker and each command that a test starts would compile everything anew.
export PYTHONDONTWRITEBYTECODE :=
# Thousands of small databases are written by the tests: in memory where there is room, since nothing of them is kept.
ROOMY := $(shell test -w /dev/shm && test "$$(df -Pk /dev/shm | awk 'NR == 2 {print $$4}')" -gt 2000000 && echo /dev/shm)

help: ## Says what can be asked for.
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(INSTALLED) ## Puts the locked packages and Breachdesk itself into .venv; quick when nothing has changed.

demo: setup ## Opens a practice desk with invented cases, to look around in.
	$(BIN)/breachdesk demo

# What looks at the text alone goes on beside the tests: it has one processor to itself when one of their two is done.
test: setup chromium ## Checks everything that must hold: style, types, layers, pages, tests.
	$(MAKE) --no-print-directory --jobs lint types layers tests

tests:
	$(if $(ROOMY),TMPDIR=$(ROOMY)) $(BIN)/pytest -q -n 2 --dist loadfile

bench: setup $(BENCH_INSTALLED) ## Measures how fast the desk is, against what one would use instead.
	$(BIN)/python tests/bench/run.py

soak: setup chromium ## Runs the tests that take minutes: crashes, races, all bad input, and whether tests notice what is broken.
	$(BIN)/pytest -q -m soak -o faulthandler_timeout=1800
	$(BIN)/pytest -q -m 'hypothesis and not soak' --hypothesis-profile thorough -o faulthandler_timeout=1800
	$(BIN)/python tests/rules/mutating.py

lint: setup ## Looks for faults in the text of the code and of the pages.
	$(BIN)/ruff check .
	$(BIN)/djlint templates --lint --quiet

types: setup ## Checks that the types fit.
	$(BIN)/mypy

layers: setup ## Checks that each part imports only what stands below it.
	$(BIN)/lint-imports

map: setup ## Draws the parts of the program and what they import, and lists every module with its place.
	$(BIN)/python tests/rules/mapped.py --drawn

wheel: setup ## Builds what is installed elsewhere, into dist/.
	$(UV) build --quiet --out-dir dist

$(UV):
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Breachdesk needs Python 3.11 or newer as python3.")'
	python3 -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(INSTALLED): requirements.lock pyproject.toml hatch_build.py $(FRONTEND) | $(UV)
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --reinstall-package breachdesk --editable .
	@touch $@

$(BENCH_INSTALLED): requirements-bench.lock $(INSTALLED)
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-bench.lock
	@touch $@

# Browser tests need Chromium from Debian's packages. Root may install it; anybody else is told how.
chromium:
	@if command -v chromium > /dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
		echo "Installing Chromium for the browser tests."; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } < /dev/null > .venv/chromium.log 2>&1 \
			|| { tail -n 5 .venv/chromium.log; echo "Chromium could not be installed: the browser tests will say so."; }; \
	else echo "The browser tests need Chromium. Install it as an administrator: apt-get install chromium"; fi
