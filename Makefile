# Everything a person types to work with the hub. Needs Python 3.11+, make and a package index; nothing else.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
PLOTS ?= .hub/plots
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PACKAGES := party_hub ingestion matching stewardship
.DEFAULT_GOAL := help
.PHONY: help install install-local demo run up down test check e2e bench clean

help: ## Show this list
	@echo "Party Master Data Hub"
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' Makefile
	@echo "  Settings come from the environment, for example HUB_PORT=8001 HUB_RECORDS=100000 make demo"

install: $(VENV)/.dev ## Make .venv with everything: to run, test and check
install-local: $(VENV)/.local

demo: $(VENV)/.local java ## Run the whole hub on this machine with sample data (DETACH=1 returns when ready)
	@$(MANAGE) demo $(if $(filter-out 0,$(DETACH)),--detach)

up: $(VENV)/.local java ## Start the embedded servers and the hub's processes
	@$(MANAGE) up

down: $(VENV)/.local ## Stop them; data stays in .hub
	@$(MANAGE) down

run: $(VENV)/.local java ## Start the servers, and the web process in the foreground with reload
	@$(MANAGE) up --servers
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) runserver 127.0.0.1:$${HUB_PORT:-8000}

test: $(VENV)/.dev java browser ## Run every test that needs no Docker, on the real embedded servers
	@$(BIN)/python -m pytest

e2e: $(VENV)/.dev java browser ## Run the browser journeys only
	@$(BIN)/python -m pytest -m e2e

bench: $(VENV)/.dev java ## Time every stage with 10,000 and 100,000 sample records, and pages with a million
	@$(BIN)/python -m tests.benchmarks $(if $(RECORDS),--records $(RECORDS))
	@$(BIN)/python -m tests.benchmarks.workbench
	@if [ -n "$(LOADS)" ]; then $(BIN)/python -m tests.benchmarks.loads --records $(LOADS); fi
	@if [ -n "$(LABELLED)" ]; then \
		if [ -n "$(SPLINK)" ]; then sh .ci/venv "$(PYTHON)" $(VENV)-splink $(VENV)-splink/.made tests/benchmarks/requirements.txt; fi; \
		$(BIN)/python -m tests.benchmarks.accuracy $(LABELLED) --labels 0 200 --plots $(PLOTS) $(if $(SPLINK),--splink $(VENV)-splink/bin/python); fi

check: $(VENV)/.dev ## Lint, types, import rule, templates, migrations, deployment settings, known holes
	@$(BIN)/python -m tests.check

clean: ## Remove caches (never .hub, where the data is)
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis staticfiles test-results spark-warehouse

# -- What the targets above need -------------------------------------------------------------------------------------
# A stamp holds the hash of the requirements it was made from, so that an unchanged environment costs nothing.
.PHONY: FORCE java browser
FORCE:
$(VENV)/.local: FORCE
	@sh .ci/venv "$(PYTHON)" $(VENV) $@ requirements-local.txt requirements.txt
$(VENV)/.dev: FORCE
	@sh .ci/venv "$(PYTHON)" $(VENV) $@ requirements-dev.txt requirements-local.txt requirements.txt

java: $(VENV)/.local
	@$(BIN)/python -m party_hub.embedded.java >/dev/null

browser:
	@sh .ci/browser
