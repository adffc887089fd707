# Everything a fresh Debian machine needs is set up by these targets themselves.
.DEFAULT_GOAL := help
.PHONY: help demo test acceptance accessibility check format bench translations screenshots

PYTHON := .venv/bin/python
SOURCES := lti_tool instrument migrations tests config

help:
	@echo "make demo    the tool and a small LMS with one class, on this machine;"
	@echo "             SEED=1 adds three classes with years of conversations"
	@echo "make test    all tests, on SQLite and PostgreSQL, with a browser"
	@echo "make acceptance  the rows of the acceptance table, pass or fail"
	@echo "make accessibility  the pages axe looks at, in which moments and looks, and what it finds"
	@echo "make bench   the main pages, and launches against ltijs and a bare Flask app"
	@echo "make check   formatting, lint, types, import contracts, templates, translations"
	@echo "make screenshots the README's pictures, taken anew from the demo with its seed"
	@echo "make translations  take new and changed texts over into the catalogues: English, and “u”"

.venv/ready: config/requirements-dev.txt config/setup.sh pyproject.toml
	@bash config/setup.sh python
	@touch $@

demo: .venv/ready
	@$(PYTHON) -m lti_tool.commands demo $(if $(SEED),--seed)

test: .venv/ready
	@bash config/setup.sh chromium platform postgresql
	@$(PYTHON) -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal

acceptance: .venv/ready
	@bash config/setup.sh chromium postgresql
	@$(PYTHON) -m pytest --acceptance -q

accessibility: .venv/ready
	@bash config/setup.sh chromium
	@$(PYTHON) -m pytest tests/browser/accessibility --looks -q

check: .venv/ready
	@$(PYTHON) -m ruff format --check $(SOURCES)
	@$(PYTHON) -m ruff check $(SOURCES)
	@$(PYTHON) -m mypy
	@.venv/bin/lint-imports
	@.venv/bin/djlint --quiet --check --lint templates
	@$(PYTHON) -m config.catalogue
	@$(PYTHON) -m config.formal

translations: .venv/ready
	@$(PYTHON) -m config.catalogue update; english=$$?; \
		$(PYTHON) -m config.formal update && exit $$english

screenshots: .venv/ready
	@bash config/setup.sh chromium
	@$(PYTHON) -m tests.screenshots

bench: .venv/ready
	@bash config/setup.sh node postgresql
	@$(PYTHON) -m tests.benchmarks.papers; papers=$$?; \
		$(PYTHON) -m tests.benchmarks.pages; pages=$$?; \
		$(PYTHON) -m tests.benchmarks.launches && exit $$((papers + pages))

format: .venv/ready
	@$(PYTHON) -m ruff format $(SOURCES)
	@$(PYTHON) -m ruff check --fix $(SOURCES)
	@.venv/bin/djlint --quiet --reformat templates
