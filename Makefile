# run · test · soak · lab · check · bench · notebooks. The first use of any of them makes the environment in .venv.
.DEFAULT_GOAL := help
PYTHON ?= $(shell for python in python3.12 python3.11 python3.13 python3; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: help run test soak lab check bench notebooks docs pictures words lock clean

help:  ## say what each target does
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed, and none was found."; exit 2; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(READY)  ## the main job on the sample school: sheet to tables, tiers and pages
	@$(BIN)/student-track run --settings params/sample.yml

test: $(READY)  ## lint, unit tests, notebooks, pages, Spark beside the embedded engine: some fifteen minutes
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/python -m pytest -m "not soak" -n 3 --dist loadfile --no-loadscope-reorder

soak: $(READY)  ## the long tests: kills, thousands of examples
	$(BIN)/python -m pytest -m soak -n 2 --dist loadfile --no-loadscope-reorder --timeout=2400 -o faulthandler_timeout=2460

lab: $(READY)  ## JupyterLab on the notebooks, session ready
	@$(BIN)/student-track lab

check: $(READY)  ## lint and format only
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

bench: $(READY)  ## measure: prints ratios; with REGISTERS=daily_long.csv the score on real registers as well
	$(BIN)/python benchmarks/main_job.py
	$(BIN)/python benchmarks/reading.py
	$(BIN)/python benchmarks/alerts.py
	$(BIN)/python benchmarks/history.py
	$(BIN)/python benchmarks/site.py
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r benchmarks/requirements.txt
	$(BIN)/python benchmarks/polars_comparison.py
	$(BIN)/python benchmarks/risk.py $(REGISTERS)

notebooks: $(READY)  ## run every notebook in order on an empty lake and keep the sample school's outputs in it
	$(BIN)/python tests/fill_notebooks.py

docs: $(READY)  ## write the generated pages of docs/ anew; after `make run`, whose page is printed
	$(BIN)/python -m student_track.schema_docs > docs/tables.md
	$(BIN)/python -m student_track.metrics.dictionary > docs/metric_dictionary.md
	$(BIN)/python -m student_track.risk.model_card > docs/model_card.md
	$(BIN)/python -m student_track.job_flow > docs/images/job_flow.svg
	$(BIN)/python -m student_track.lakeview_dashboard > reports/attendance_dashboard.lvdash.json
	$(BIN)/python -m tests.print_dashboard

pictures: $(READY)  ## take the pictures of docs/images anew from the sample school's pages (after `make run`)
	$(BIN)/python -m tests.take_pictures reports/site/sample docs/images

words: $(READY)  ## bring the catalogues of the pages' words up to date; what is new in them is then to be translated
	@mkdir -p .cache
	$(BIN)/pybabel --quiet extract -F pyproject.toml -k N_ --no-location --sort-output --omit-header -o .cache/pages.pot .
	for catalogue in reports/locale/*.po; do $(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --omit-header \
		-i .cache/pages.pot -o $$catalogue -l $$(basename $$catalogue .po); done

lock: $(READY)  ## write requirements.txt anew from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate --all-extras pyproject.toml -o requirements.txt

clean:  ## remove the sample school's lake and everything generated; a school's own lakes stay
	rm -rf .lake/sample .lake/sample.* reports/site/sample reports/runs/sample reports/exports/sample
