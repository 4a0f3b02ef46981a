# Thin: each target makes the environment from the lock if need be, then calls one command.
PYTHON ?= python3
ifeq ($(OS),Windows_NT)
PYTHON := python
BIN := .venv/Scripts/
else
BIN := .venv/bin/
endif
PY := $(BIN)python
PIN := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q
export PYTHONHASHSEED := 0

.PHONY: book pdf epub bundle instructor-book check test lab serve refresh translations data same bench weigh load mutants lock clean environment

book: environment          ## build the book into _build/html
	$(PY) tools/book.py

pdf epub bundle: book       ## take it with you: into _build/html/away, linked from the first page (pdf needs Chromium)
	$(PY) tools/away.py $@

instructor-book: environment  ## notes, rubric, policy, answer keys and slides into _build/instructor/html; never part of `book`
	$(PY) tools/instructor_book.py

check: environment         ## while you work: lint, format, types, the library's tests, changed notebooks; no browser
	$(PY) tools/check.py

test: environment          ## every test: library, data, notebooks, built site, JupyterLab
	$(PY) tools/test.py

lab:                       ## JupyterLab on the exercises, in my-exercises/
	$(PYTHON) tools/lab.py

serve: book                ## the built book at http://127.0.0.1:8000
	$(PY) tools/serve.py

refresh: environment       ## seal the exercises' sheets, run every notebook again and store its outputs
	$(PY) tools/sheets.py
	$(PY) tools/refresh.py

translations: environment  ## bring the catalogues of locale/ up to date; says what is missing and what has changed
	$(PY) tools/translations.py

data: environment          ## compute data/ again from the publishers' releases (needs ../shared/data)
	$(PY) -m data.recipes

same: environment          ## run notebooks, sheets and data/ again by numpy's other code paths: no byte may differ
	$(PY) tools/same.py

bench: environment         ## time the indicators against one dense inverse and pymrio
	$(PY) tools/bench.py

weigh: book                ## a first visit on a slow phone, beside a plain book's page: seconds, long tasks, weight
	$(PY) tools/weigh.py

load: environment          ## grade 300 generated submissions, ours and plain nbgrader (Linux with bubblewrap; most of an hour)
	$(PY) tools/load_test.py

mutants: environment       ## plant small faults in the pure modules one at a time and count those that the tests find (hours)
	$(PY) tools/mutants.py

lock:                      ## pin requirements.in and, alike, requirements-student.in anew (needs uv)
	$(PIN) requirements.in -o requirements.lock
	$(PIN) requirements-student.in -c requirements.lock -o requirements-student.lock
	$(PIN) tools/mutants.in -c requirements.lock -o tools/mutants.lock

environment:
	@$(PYTHON) tools/environment.py

clean:                     ## remove the environment and the built book; my-exercises/ stays
	$(PYTHON) -c "import shutil; [shutil.rmtree(d, ignore_errors=True) for d in ('.venv', '_build', '.lab', '.cache')]"
