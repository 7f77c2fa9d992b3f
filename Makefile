# demo · test · check · golden · bench. Needs Python 3.11 or 3.12 and make; nothing else by hand.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || echo python3)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check golden bench
.DEFAULT_GOAL := demo

# Screen the bundled sample packages under all four policies.
demo: .venv/runtime
	@$(BIN)/python -P -m flows.demo demo

test: .venv/dev
	@$(BIN)/python -m pytest

check: .venv/dev
	@status=0; for tool in 'ruff check .' 'ruff format --check .' mypy lint-imports; do echo "== $$tool"; $(BIN)/$$tool || status=1; done; exit $$status

# Make the expected outputs anew; read the diff before committing it.
golden: .venv/dev
	@for file in tests/golden/*/make.py; do $(BIN)/python -c "import sys, importlib; sys.path.insert(0, '.'); importlib.import_module(sys.argv[1]).regenerate()" "$$(echo $${file%.py} | tr / .)" || exit 1; done

bench: .venv/dev
	@for file in benchmarks/[a-z]*.py; do echo "== $$file"; $(BIN)/python -m "$$(echo $${file%.py} | tr / .)" || exit 1; done

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' || { echo "Python 3.11 or 3.12 is needed: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -m venv .venv
	@touch $@

# The lock first, then this checkout, which needs no network.
.venv/runtime: .venv/python requirements.lock requirements-models.lock pyproject.toml
	@echo "Installing from requirements.lock …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --require-hashes --no-deps -r requirements-models.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev: .venv/runtime requirements-dev.lock
	@echo "Installing from requirements-dev.lock …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@
