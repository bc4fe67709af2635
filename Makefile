# The words of this project; `make` alone lists them. Nothing but Python >= 3.11 is needed beforehand.

PYTHON ?= python3 python3.11 python3.12 python3.13
ARGS ?=
SEEDS ?= 3

VENV := .venv
BIN := $(VENV)/bin
JUDGES := tests/form/node_modules/.package-lock.json
UV ?= $(or $(wildcard $(CURDIR)/$(BIN)/uv),uv)
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help setup run demo test check chaos bench docs lock clean

help: ## list these words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s  %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/run.stamp $(BIN)/mitsumori ## make .venv and install what running needs (by hash)

run: setup ## start the whole system on this machine and print its addresses; Ctrl-C stops it
	@$(BIN)/mitsumori run $(ARGS)

demo: setup ## start it aside, send realistic requests, check every outcome, stop
	@$(BIN)/mitsumori demo $(ARGS)

test: $(VENV)/dev.stamp $(BIN)/mitsumori $(JUDGES) ## run the whole test suite (ARGS="-k rating" for a part of it)
	@$(BIN)/python -m pytest $(ARGS)

check: $(VENV)/dev.stamp $(BIN)/mitsumori ## format, lint, types and import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

chaos: $(VENV)/dev.stamp $(BIN)/mitsumori ## break parts while requests flow, in three orders (SEEDS=3)
	@for seed in $$(seq $(SEEDS)); do \
		$(BIN)/python -m pytest -q --randomly-seed=$$seed tests/journeys/test_faults.py || exit 1; \
	done

bench: $(VENV)/dev.stamp $(BIN)/mitsumori ## run the benchmarks; figures are ratios within one run
	@$(BIN)/python -m bench $(ARGS)

docs: $(VENV)/dev.stamp $(BIN)/mitsumori ## write docs/asyncapi.json and docs/openapi.json anew from the code
	@$(BIN)/python -m tests.contracts.documents

lock: ## pin requirements/*.in anew, with hashes (needs uv)
	@cd requirements && for part in run local dev; do \
		$(LOCK) $(ARGS) $$part.in --output-file $$part.txt || exit 1; \
	done

clean: ## remove .venv and caches; your data in .mitsumori stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache deploy/kafka/target tests/form/node_modules
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

$(VENV)/run.stamp: requirements/local.txt | $(BIN)/pip
	@echo "Installing what running needs (once, some 200 MB)"
	@$(INSTALL) $<
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt | $(BIN)/pip
	@echo "Installing what development needs (once)"
	@$(INSTALL) $<
	@touch $@

# What judges the pages (accessibility, HTML). Without npm all other tests still run; those of the pages say what is missing.
$(JUDGES): tests/form/package-lock.json
	@if command -v npm >/dev/null; then npm --prefix tests/form ci --ignore-scripts --silent; fi

# A path file and a two-line command instead of an editable install: a new .venv has no setuptools since Python 3.12,
# and a build would fetch it past the hashes.
$(BIN)/mitsumori: Makefile | $(BIN)/pip
	@echo '../../../..' > "$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/mitsumori.pth"
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -P -m cli.main "$$@"\n' > $@
	@chmod +x $@
