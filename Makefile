# make run   sets everything up and starts the assistant (without a token: the playground)
# make test  sets everything up and passes lint, types, import contracts, knowledge check and tests
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: run test check lint types imports knowledge tests faults format lock clean

run: $(VENV)/ready
	@$(BIN)/python run_bot.py

test: $(VENV)/ready-dev lint types imports knowledge tests

check: test

lint: $(VENV)/ready-dev
	@echo "Checking style …"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: $(VENV)/ready-dev
	@echo "Checking types …"
	@$(BIN)/mypy

imports: $(VENV)/ready-dev
	@echo "Checking import contracts …"
	@$(BIN)/lint-imports

knowledge: $(VENV)/ready-dev
	@echo "Checking the knowledge …"
	@$(BIN)/python run_bot.py knowledge check --errors-only

tests: $(VENV)/ready-dev
	@echo "Running the tests …"
	@$(BIN)/python -m pytest -q -n 3 --dist loadfile

# The full proof under faults; a part of it runs with `make test`. Single tests take up to an hour.
faults: $(VENV)/ready-dev
	@echo "Killing, breaking, overtaking …"
	@FAULTS=full $(BIN)/python -m pytest -q -n 2 --dist load -o faulthandler_timeout=7200 tests/faults tests/stories tests/test_delivery.py

format: $(VENV)/ready-dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Universal locks: one file for all platforms and Pythons from 3.11 on.
lock:
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group dev pyproject.toml -o requirements-dev.lock

$(VENV)/ready: requirements.lock
	@echo "Making $(VENV) and installing what requirements.lock names …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements.lock
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock
	@echo "Installing the test tools that requirements-dev.lock names …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r requirements-dev.lock
	@touch $@ $(VENV)/ready

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
