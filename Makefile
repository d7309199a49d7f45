# The commands of this repository, the same at home and in CI. `make` alone lists them.
# Everything is put into .venv; nothing is installed on the machine.

PYTHON ?= python3
ARGS ?=
IMAGE ?= resign

VENV := .venv
BIN := $(VENV)/bin
# Written last, so that a set-up that was interrupted is done again.
STAMP := $(VENV)/.set-up
LOCKING := build/lock-venv
UV := 0.13.9
COMPILE = $(LOCKING)/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --quiet --custom-compile-command "make lock" $(ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint bench faults docs texts lock wheel image python-can-do-it chromium

help: ## this list
	@echo "resign: the opt-out page for companies that send their mail with Synerise"
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "ARGS goes through to the command: make test ARGS='tests/links -x'"

setup: $(STAMP) ## .venv with everything in it, from the lock; the other targets call it

demo: $(STAMP) ## the whole system on this machine with a pretend Synerise, and a mail with a link to open
	@exec $(BIN)/resign demo $(ARGS)

# What looks at times has the machine to itself. All else runs on two cores, where every third test waits for something.
ALONE = tests/bench tests/faults tests/live

# What one process compiled is there for the next: the tests start some hundred.
test: export PYTHONDONTWRITEBYTECODE =
test: $(STAMP) chromium ## the whole test suite, or what ARGS names
ifdef ARGS
	$(BIN)/pytest $(ARGS)
else
	$(BIN)/pytest -n 3 --dist loadfile $(ALONE:%=--ignore=%)
	$(BIN)/pytest $(ALONE)
endif

lint: $(STAMP) ## style, types, the Dockerfile, and compose.yaml where Docker is there
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile
	@if docker compose version >/dev/null 2>&1; then \
		echo "docker compose config"; \
		RESIGN_BASE_URL=https://optout.example RESIGN_CONSOLE_URL=https://console.example RESIGN_SENDER=x RESIGN_CONTACT=x@example.com \
			docker compose --file compose.yaml config --quiet; \
	else echo "compose.yaml: Docker Compose is not here; the tests read the file"; fi

bench: $(STAMP) ## the benchmark, as ratios taken in one run
	$(BIN)/resign bench $(ARGS)

faults: $(STAMP) ## kills, full disks and outages against real processes: no opt-out may be lost
	$(BIN)/python -m tests.faults $(ARGS)

docs: $(STAMP) ## writes the generated parts of the documentation again
	$(BIN)/python -m resign.settings.reference docs/settings.md
	$(BIN)/python -m resign.api.reference docs/api.md
	$(BIN)/python -m resign.themes.reference docs/pages.md

texts: $(STAMP) ## takes the texts into translations/*.pot, and the console's new ones into its Polish catalogue
	$(BIN)/pybabel --quiet extract --mapping-file=translations/babel.cfg --omit-header --no-wrap --add-location=file \
		--output-file=translations/messages.pot templates/public
	$(BIN)/pybabel --quiet extract --mapping-file=translations/console.cfg -k mark -k say --omit-header --no-wrap \
		--no-location --sort-output --output-file=translations/console.pot templates/console resign/console
	$(BIN)/pybabel --quiet update --domain=console --input-file=translations/console.pot --output-dir=translations \
		--locale=pl --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date --omit-header
	@mkdir -p build
	@printf '%s\n' '# Polish.' 'msgid ""' 'msgstr ""' '"Language: pl\n"' '"MIME-Version: 1.0\n"' \
		'"Content-Type: text/plain; charset=utf-8\n"' '"Content-Transfer-Encoding: 8bit\n"' \
		'"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"' '' \
		| cat - translations/pl/LC_MESSAGES/console.po > $(LOCKING)-console.po
	@mv $(LOCKING)-console.po translations/pl/LC_MESSAGES/console.po

lock: $(LOCKING)/bin/uv ## resolves the dependencies; ARGS=--upgrade takes newer ones
	$(COMPILE) pyproject.toml --all-extras --output-file requirements.lock
	$(COMPILE) pyproject.toml --extra postgres --extra oidc --constraints requirements.lock --output-file requirements-runtime.lock
	echo hatchling | $(COMPILE) - --constraints requirements.lock --output-file requirements-build.lock

wheel: $(STAMP) ## the package, in dist
	$(BIN)/hatchling build -t wheel -d dist

image: ## the container image, with Docker
	docker build --pull --tag $(IMAGE) $(ARGS) .

$(STAMP): requirements.lock pyproject.toml | python-can-do-it
	@test -x $(BIN)/python || { echo "Making $(VENV) with $$($(PYTHON) --version)"; $(PYTHON) -m venv --clear $(VENV); }
	@echo "Installing what requirements.lock names; a first time takes a minute or two"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
	@touch $@

python-can-do-it:
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "resign needs Python 3.11 or newer: apt-get install python3 python3-venv, or make PYTHON=/path/to/python3"; exit 1; } >&2
	@test -x $(BIN)/python || $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "This Python cannot make virtual environments: apt-get install python3-venv"; exit 1; } >&2

chromium:
	@command -v chromium >/dev/null || echo "Chromium is missing, so the browser tests are skipped (in CI they fail): apt-get install chromium" >&2

$(LOCKING)/bin/uv: Makefile
	@$(PYTHON) -m venv --clear $(LOCKING)
	@$(LOCKING)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	@touch $@
