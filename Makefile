# Two commands on a fresh machine with python3, venv and make: `make lab` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.installed
TWO_WORKERS := -n 2 --dist loadfile
NBVAL := -p coursekit.nbval_needs --nbval --nbval-current-env --nbval-cell-timeout=120 --nbval-sanitize-with tests/nbval_sanitize.cfg

# The public data sets, where a copy lies beside the repository.
ifeq ($(EVENODDS_DATA),)
ifneq ($(wildcard ../shared/data),)
export EVENODDS_DATA := $(abspath ../shared/data)
endif
endif

# nbgrader finds alembic, and a notebook its tools, by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help lab test build check demo grade bench publish lock clean
.DELETE_ON_ERROR:

help: ## Show these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lab: $(READY) ## Open JupyterLab on the lessons
	JUPYTER_CONFIG_PATH=$(CURDIR)/course $(BIN)/jupyter lab

test: $(READY) ## Run every test, cheap ones first
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/coursekit check
	$(BIN)/coursekit build --check
	$(BIN)/pytest $(TWO_WORKERS) $(NBVAL) solutions
	$(BIN)/pytest $(TWO_WORKERS) tests

build: $(READY) ## Build solutions/ and lessons/ from course/*/lesson.md
	$(BIN)/coursekit build

check: $(READY) ## Prove that the exercises mark fairly
	$(BIN)/coursekit check

demo: $(READY) ## Rehearse a class: release, submit, grade, feedback, one table
	$(BIN)/coursekit demo

grade: $(READY) ## Grade what is in course/class/submitted: make grade LESSON=01_group_metrics
	@test -n "$(LESSON)" || { echo "Which lesson? For example: make grade LESSON=01_group_metrics" >&2; exit 2; }
	$(BIN)/coursekit grade $(LESSON)
	$(BIN)/coursekit feedback $(LESSON)
	$(BIN)/coursekit export --to course/class/grades.csv $(LESSON)

bench: $(READY) ## Measure speed beside the peers (minutes; not a test)
	set -e; for script in benchmarks/*.py; do $(BIN)/python $$script; done

publish: $(READY) ## Update the local branch `student`: lessons without answers
	$(BIN)/coursekit build --check
	$(BIN)/python -m coursekit.publish

lock: ## Pin today's releases of everything in pyproject.toml
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --editable '.[dev]'
	build/lock/bin/pip freeze --exclude-editable > requirements.lock
	rm -rf build/lock

clean: ## Remove what make can make again; your class stays
	rm -rf $(VENV) build dist screenshots .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) > /dev/null || { echo "Even Odds needs Python 3.11 or newer, and there is no $(PYTHON) on the path." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Even Odds needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make lab PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) with the pinned packages of requirements.lock (once; a few minutes)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@
