.DEFAULT_GOAL := help
SHELL := /bin/bash
export PYTHONPATH := functions:runner:local-emulator:infra
# Where it is set, every process compiles all it imports again.
unexport PYTHONDONTWRITEBYTECODE
PYTHON := .venv/bin/python
CLIP ?= .local/hard/hard.mp4
SECONDS ?=
# Two workers fill two cores: a stack beside the tests that need it, and a browser beside those of the page.
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN)
LINTS := ruff types imports layers page
BESIDE := @$(MAKE) --no-print-directory --keep-going --output-sync=target --jobs

.PHONY: help setup run watch rtmp clip demo smoke seed check test coverage images fuzz lint lock audit bench eval docs clean $(LINTS) unit vitest

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup:  ## install what is missing (run and demo do it by themselves)
	@local-emulator/setup.sh run

run: setup  ## the whole pipeline on this machine, the sample clip streaming into it; Ctrl-C stops all
	@exec $(PYTHON) -m emulator.sample.run

watch: setup  ## the stack, restarting what a changed file belongs to, and the page with hot reload; Ctrl-C ends it
	@exec $(PYTHON) local-emulator watch

rtmp: setup  ## take RTMP on port 1935 and send it to INGEST_URL (default: the local stack's)
	@exec runner/rtmp/run.sh $(PYTHON)

clip:  ## the CLIP service on this machine, for a stack elsewhere: HOST=address PORT=n MODEL=name OWL=name CLIP_KEY=key
	@local-emulator/setup.sh clip
	@exec $(PYTHON) -m clip $(foreach one,HOST PORT MODEL OWL,$(if $(filter command,$(origin $(one))),--$(subst HOST,host,$(subst PORT,port,$(subst MODEL,model,$(subst OWL,owl,$(one))))) "$($(one))"))

demo: setup  ## marks that are hard to see, unattended: CLIP=path SECONDS=n; writes .local/demo.json
	@exec $(PYTHON) -m emulator.sample.demo --clip "$(CLIP)" $(if $(SECONDS),--seconds $(SECONDS))

smoke: setup  ## check a deployment from outside: URL=its page KEY=its admin key
	@exec $(PYTHON) -m tests.smoke "$(URL)"

seed: setup  ## put the example marks into a deployment as brands: URL=its page KEY=its admin key
	@exec $(PYTHON) -m emulator.sample.seed --url "$(URL)"

smoke seed: export ADMIN_KEY := $(or $(KEY),$(ADMIN_KEY))

check:  ## while you work: lint, types, unit tests and those of the page's parts; no stack, no browser
	@local-emulator/setup.sh test
	$(BESIDE) 3 $(LINTS) unit vitest

test:  ## all tests, in the whole running stack and in a real browser; TESTS=path for some, WORKERS=n beside each other
	@local-emulator/setup.sh test
	@npm --prefix web test --silent
	@$(PYTHON) -m pytest --numprocesses $(WORKERS) $(or $(TESTS),-m "not images")

coverage:  ## how much of the code the tests without a browser and a stack run in their own processes; takes half as long again
	@local-emulator/setup.sh test
	@$(PYTHON) -m pytest --quiet --numprocesses $(WORKERS) --cov --cov-report= tests/unit tests/contract tests/senders
	@$(foreach one,$(subst :, ,$(PYTHONPATH)),echo "$$(.venv/bin/coverage report --format=total --include='$(one)/*') % of the lines of $(one)/";)

unit:
	@$(PYTHON) -m pytest --quiet --numprocesses 2 tests/unit

vitest:
	@npm --prefix web test --silent

images:  ## build every image but that of CLIP, and start it (as root on Debian: buildah)
	@local-emulator/setup.sh images
	@$(PYTHON) -m pytest tests/images

fuzz:  ## damaged input from fresh seeds: SECONDS=n per way in, TARGET=media|pushed|listing|large|body|websocket|hls; saves what fails
	@local-emulator/setup.sh test
	@FUZZ_SECONDS=$(or $(SECONDS),60) $(PYTHON) -m pytest tests/fuzz -q -s -o timeout=0 $(if $(TARGET),-k $(TARGET))

lint:  ## ruff, pyright (strict; basic for the tests), deptry, import-linter, web lint
	@local-emulator/setup.sh test
	$(BESIDE) 2 $(LINTS)

ruff:
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .

types:
	@.venv/bin/pyright

imports:
	@$(PYTHON) -m emulator.declaration.packages.imports

layers:
	@PYTHONPATH=$(CURDIR)/$(subst :,:$(CURDIR)/,$(PYTHONPATH)) .venv/bin/lint-imports --cache-dir .local/cache/imports --no-logo

page:
	@npm --prefix web run lint --silent

lock:  ## write the locks (requirements.txt) from the pins (requirements.in); RAISE=name takes a newer one
	@local-emulator/setup.sh test
	@$(PYTHON) -m emulator.declaration.packages.locks $(if $(RAISE),--raise $(RAISE))

audit:  ## known vulnerabilities of what the locks hold; asks PyPI and npm
	@local-emulator/setup.sh test
	@exec $(PYTHON) -m emulator.declaration.packages.audit

bench:  ## speed, side by side with a peer or a limit; writes .local/bench.json
	@local-emulator/setup.sh test
	@exec $(PYTHON) -m tests.bench $(BENCH)

eval:  ## what is seen, and what sampling misses, on scenes that were not tuned on; EVAL="logos scenes"; writes .local/eval.json
	@local-emulator/setup.sh test
	@exec $(PYTHON) -m tests.eval $(EVAL)

docs:  ## write the tables of docs/settings.md and the API's document, and draw the architecture from its Graphviz source
	@$(PYTHON) -m emulator.declaration.settings_page
	@$(PYTHON) -m front.api.generate
	@$(PYTHON) -m emulator.declaration.page_types
	@$(PYTHON) -m emulator.declaration.client_types
	@dot -Tsvg docs/architecture.dot -o docs/architecture.svg

clean:  ## remove what was made here, installs too
	@rm -rf .local .venv web/dist web/node_modules
