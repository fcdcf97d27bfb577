# make demo   the main job on a made-up catalogue, no credentials, no network
# make test   all that CI checks
# make check  the same without installing first
# make test-browser   the local page and the report in Chromium, which it installs on Debian, as root
# make reference  writes docs/reference from what --help says
# make pictures   makes docs/pictures anew: the programs on made-up data, in a terminal and in Chromium
# make soak   what takes minutes: 200 SIGKILLs, the worklist against its model at length

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Files side by side, one more at a time than there are cores, for some tests wait. A file's tests
# stay together, since many share what is slow to make; the longest files, end to end, come first.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count() + 1))')
SPREAD = -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# The tests start programs by the hundred, each half a second faster with its bytecode kept.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test check test-browser reference pictures soak install lock clean

demo: install
	$(BIN)/harvest demo

test: install check

check:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/pytest $(SPREAD)

# Installs Chromium where that can be done; tests that find none are skipped, and say so.
test-browser: install
	@[ -x /usr/bin/chromedriver ] || { [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null \
		&& apt-get install --yes --no-install-recommends chromium chromium-driver; } \
		|| echo "No Chromium: on Debian apt install chromium chromium-driver"
	$(BIN)/pytest -m browser -rs --durations=5 tests/model/report tests/model/serving

reference: install
	$(BIN)/python -m docs.make_reference

pictures: install
	$(BIN)/python -m docs.make_pictures

soak: install
	$(BIN)/pytest -m soak

install: $(VENV)/installed

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "Python's venv module is needed; on Debian: apt install python3-venv"; exit 2; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

# Needs uv; pins every version with its hashes and names no package host.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate -o requirements.lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
