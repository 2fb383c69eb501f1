# Two commands matter: `make demo` and `make test`. Both need only Python 3.11+ with venv, and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_DIR ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests start many processes; without compiled modules each would compile the program again.
export PYTHONDONTWRITEBYTECODE :=
export HF_HUB_OFFLINE := 1

DOCS_ENV := build/docs-env
BUNDLE_ENV := build/bundle-env

.PHONY: bundle smoke demo docs screenshots translations test test-fast test-slow lint types imports libraries format clean

demo: $(STAMP)
	$(BIN)/tailspotter demo $(DEMO_DIR)

screenshots: $(STAMP)
	$(BIN)/python tools/screenshots.py

# A folder with the application, for machines without Python; see tools/bundle/environment.py for torch.
bundle: $(BUNDLE_ENV)/.installed
	$(BUNDLE_ENV)/bin/python tools/bundle/licences.py build/LICENCES.txt
	$(BUNDLE_ENV)/bin/python -m PyInstaller --noconfirm --log-level WARN --distpath build/bundle --workpath build/pyinstaller build_app.spec
	@du -sh build/bundle/Tailspotter

smoke:
	$(BUNDLE_ENV)/bin/python tools/bundle/smoke.py build/bundle/Tailspotter

$(BUNDLE_ENV)/.installed: pyproject.toml constraints.txt tools/bundle/environment.py
	$(PYTHON) tools/bundle/environment.py $(BUNDLE_ENV)
	touch $@

# After a change of texts: puts new ones into the .ts files, and compiles what is translated.
translations: $(STAMP)
	$(BIN)/python tools/translations.py

# In an environment of its own: the site's generator is not needed to run or test the program.
docs: $(DOCS_ENV)/.installed
	NO_MKDOCS_2_WARNING=1 $(DOCS_ENV)/bin/mkdocs build --strict --quiet -f tools/mkdocs.yml
	@echo "The pages are in build/site/index.html."

$(DOCS_ENV)/.installed:
	$(PYTHON) -m venv $(DOCS_ENV)
	$(DOCS_ENV)/bin/pip install --quiet 'mkdocs-material>=9.5,<10'
	touch $@

test: lint types imports libraries
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2
ifdef CI
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 -m slow
endif

# Qt ends the process without a word where system libraries are missing; ask first.
libraries: $(STAMP)
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -c 'from app.services.system_libraries import missing_packages as m; p = m(); raise SystemExit("Qt needs system libraries; Debian, Ubuntu: apt install " + " ".join(p) if p else 0)'

test-fast: $(STAMP)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 -x

test-slow: $(STAMP)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 -m slow

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tailspotter needs Python 3.11 or newer; set PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python's venv module is missing; install it (Debian, Ubuntu: apt install python3-venv)."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
