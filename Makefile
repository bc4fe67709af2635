# The commands of this project; `make` alone lists them. Nothing but Python >= 3.11 is needed beforehand.

PYTHON ?= python3 python3.11 python3.12 python3.13
ARGS ?=
SEEDS ?= 3
RATE ?= 0

VENV := .venv
BIN := $(VENV)/bin
PAGE_CHECKERS := tests/judges/node_modules/.package-lock.json
UV ?= $(or $(wildcard $(CURDIR)/$(BIN)/uv),uv)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check chaos bench docs lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/local.stamp ## make .venv and install what running needs (by hash)

run: setup ## start the whole system on this machine and print its addresses; Ctrl-C stops it
	@$(BIN)/mitsumori run $(ARGS)

demo: setup ## start it aside, send realistic requests, check every outcome, stop
	@$(BIN)/mitsumori demo $(ARGS)

test: $(VENV)/dev.stamp $(PAGE_CHECKERS) ## run the whole test suite (ARGS="-k rating" for a part of it)
	@$(BIN)/python -m pytest $(or $(ARGS),--numprocesses logical --maxprocesses 4 --dist loadfile)

check: $(VENV)/dev.stamp ## format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

chaos: $(VENV)/dev.stamp ## break parts while requests flow, in three orders (SEEDS=3; RATE=10 forms a second)
	@for seed in $$(seq $(SEEDS)); do \
		MITSUMORI_MAILS_PER_HOUR=1000000 \
		$(BIN)/python -m pytest -q --randomly-seed=$$seed --rate=$(RATE) tests/journeys/test_faults.py || exit 1; \
	done

bench: $(VENV)/dev.stamp ## run the benchmarks; figures are ratios within one run
	@$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/dev.stamp ## write docs/asyncapi.json, docs/openapi*.json and docs/operating/settings.md anew from the code
	@$(BIN)/python -m tests.contracts.documents

lock: ## pin requirements/*.in anew, with hashes (needs uv)
	@cd requirements && for part in run local dev; do \
		$(LOCK) $(ARGS) $$part.in --output-file $$part.txt || exit 1; \
	done

clean: ## remove .venv and caches; your data in .mitsumori stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache deploy/kafka/target tests/judges/target tests/judges/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/pip:
	@for python in $(PYTHON); do \
		if $$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Making $(VENV) with $$python"; \
			exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "Mitsumori needs Python 3.11 or newer with its venv module (Debian: apt install python3-venv)." >&2; \
	echo "None of these is one: $(PYTHON). Name yours: make PYTHON=/path/to/python3" >&2; \
	exit 1

# The package itself is installed editable, so the code of this folder runs. --no-build-isolation: else pip would fetch the
# build backend without a hash.
$(VENV)/local.stamp $(VENV)/dev.stamp: $(VENV)/%.stamp: requirements/%.txt pyproject.toml | $(BIN)/pip
	@echo "Installing what requirements/$*.txt names (once, some 200 MB)"
	@$(PIP) --require-hashes --requirement $<
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# What checks the pages (accessibility, HTML). Without npm all other tests still run; those of the pages say what is missing.
$(PAGE_CHECKERS): tests/judges/package-lock.json
	@if command -v npm >/dev/null; then npm --prefix tests/judges ci --ignore-scripts --silent; fi
