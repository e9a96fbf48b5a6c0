# Two commands do everything: « make demo » and « make test ». The others are for developers.
PYTHON ?= python3
PORT ?= 8000
SERVE ?= 1
MANAGE = .venv/bin/python manage.py

.PHONY: demo test setup setup-dev lint format bench lock stop clean

demo: setup
	@$(MANAGE) demo --port $(PORT) $(if $(filter 0 no non,$(SERVE)),--no-serve,)

test: setup-dev
	@.venv/bin/python tools/check.py

setup:
	@$(PYTHON) tools/setup.py

setup-dev:
	@$(PYTHON) tools/setup.py --dev

lint: setup-dev
	@.venv/bin/python tools/check.py --only static

format: setup-dev
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

bench: setup-dev
	@$(MANAGE) bench --output var/bench.json

# Versions and hashes, and no download address.
lock: setup-dev
	@for name in requirements requirements-dev requirements-node; do \
	  .venv/bin/pip-compile -q --upgrade --generate-hashes --no-header --strip-extras --allow-unsafe \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host $$name.in -o $$name.txt; \
	done

stop:
	@$(MANAGE) postgres stop

# Keeps var/: what was typed in the demonstration lives there.
clean:
	@rm -rf .venv node_modules var/static
