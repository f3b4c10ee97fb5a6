# make run: the playground, with sample articles until there are others.
# make test: every check that needs no server or browser and is not slow; with ALL=1, as in CI, all.
# make bench: what it costs, beside peers, in short; make bench-full: the same at full size, in hours.
# make lock: the newest versions that pyproject.toml allows, pinned with hashes.
PYTHON ?= python3
BIN := .venv/bin
CONFIG ?=
DATA ?=
ARGS ?=

# The command is started hundreds of times: its modules are compiled once.
export PYTHONDONTWRITEBYTECODE :=

LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --upgrade --no-annotate --no-header --quiet
QUICK := -m "not slow and not opensearch and not postgresql"
BENCH := $(BIN)/python -m tests.benchmarks

.PHONY: run test lint pytest bench bench-full format lock clean

run: .venv/run
	$(BIN)/hoibao $(if $(CONFIG),--config $(CONFIG)) $(if $(DATA),--data $(DATA)) playground $(ARGS)

test: .venv/test
	$(MAKE) --no-print-directory --jobs 2 lint pytest

lint:
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

# More processes than cores: many tests wait for others.
pytest:
	$(BIN)/pytest $(if $(ALL),,$(QUICK)) --numprocesses 5 --dist loadfile --no-loadscope-reorder $(ARGS)

bench: .venv/bench
	$(BENCH).segment --articles 15
	$(BENCH).pages
	$(BENCH).ingest --articles 1000
	$(BENCH).search --sizes 10000
	$(BENCH).ask --sentences 10000 --questions 90
	$(BENCH).load --sentences 5000 --people 25

bench-full: .venv/bench
	$(BENCH).segment
	$(BENCH).pages --mutations 300
	$(BENCH).ingest --articles 60000
	$(BENCH).search --sizes 10000,100000,1016503 --picture .github/search.png
	$(BENCH).ask --sentences 1022200
	$(BENCH).load
	$(BENCH).crashes
	$(BENCH).answers

format: .venv/test
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

clean:
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Hỏi Báo needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

# Every package is pinned with the hashes of its files, so pip resolves nothing; `make lock` renews them.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PINNED = $(INSTALL) --no-deps --require-hashes --requirement .requirements/$(notdir $@).txt

.venv/run: pyproject.toml .requirements/run.txt | $(BIN)/python
	$(PINNED)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/test .venv/bench: .venv/%: .requirements/%.txt .venv/run
	$(PINNED)
	@touch $@

lock: .venv/run
	$(INSTALL) uv
	$(LOCK) --output-file .requirements/run.txt
	$(LOCK) --extra postgresql --extra opensearch --output-file .requirements/cluster.txt
	$(LOCK) --extra test --output-file .requirements/test.txt
	$(LOCK) --extra test --extra benchmark --output-file .requirements/bench.txt
