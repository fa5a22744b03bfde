# Everything a newcomer needs: make setup, make demo (PORT=…, SANDBOX_PORT=…), make test (DATABASE=sqlite).
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= auto
DATABASE ?= both

.PHONY: setup demo test lint types tests bench test-moodle translations lock clean

setup: .venv/.ready

.venv/.ready: requirements.lock requirements-test.lock pyproject.toml tools/setup.sh tools/fonts.py $(wildcard lti_tool/translations/*/LC_MESSAGES/*.po)
	PYTHON=$(PYTHON) tools/setup.sh
	touch $@

demo: setup
	$(BIN)/proeftuin demo $(if $(PORT),--port $(PORT)) $(if $(SANDBOX_PORT),--sandbox-port $(SANDBOX_PORT))

test: setup
	tools/setup-tests.sh
	$(MAKE) -j2 lint types
	$(MAKE) tests

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/bandit -q -ll -r lti_tool -c pyproject.toml

types:
	$(BIN)/mypy

tests:
	$(BIN)/pytest -n $(JOBS) --dist loadgroup --database $(DATABASE)

# Drives a Moodle and a tool that run already, in a browser: see CONTRIBUTING.md.
test-moodle: setup
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	PYTHONPATH=tests/moodle MOODLE="$(MOODLE)" TOOL="$(TOOL)" $(BIN)/pytest -x tests/moodle

# Compares with peers, which come into an environment of their own; takes half an hour or so.
bench: setup
	benchmarks/setup.sh
	$(BIN)/python benchmarks/launch.py
	$(BIN)/python benchmarks/reaction.py
	$(BIN)/python benchmarks/picker.py
	$(BIN)/python benchmarks/delivery.py
	$(BIN)/python benchmarks/growth.py

translations:
	$(BIN)/pybabel extract -F babel.cfg -k _l -k N_ -o lti_tool/translations/messages.pot --no-location --no-wrap lti_tool
	$(BIN)/pybabel update -i lti_tool/translations/messages.pot -d lti_tool/translations --no-fuzzy-matching --no-wrap

lock: setup
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		--group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
		-c requirements.lock --group test pyproject.toml -o requirements-test.lock

clean:
	rm -rf .venv .venv-interop .venv-peers instance .pytest_cache .mypy_cache .ruff_cache
