# Thin: every target is a command of tools/workshop (see tools/README.md).
WORKSHOP = python3 -m tools.workshop
PORT ?= 8069
DB ?= demo

.DEFAULT_GOAL = help
.PHONY: help demo test lint format shell serve update load backtest bench terms dist clean setup lock

help:
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 12

demo: ## Odoo with a demo company on 127.0.0.1, and a mailbox (PORT=8069, FRESH=1 builds it anew)
	@$(WORKSHOP) demo --port $(PORT) $(if $(FRESH),--fresh)

test: ## all tests, or those that match T=pattern
	@$(WORKSHOP) test "$(T)"

lint: ## every linter
	@$(WORKSHOP) lint

format: ## let the formatters rewrite the files
	@$(WORKSHOP) format

shell: ## an Odoo shell (DB=demo)
	@$(WORKSHOP) shell $(DB)

serve: ## Odoo and the mailbox on another database (DB=load, PORT=8069)
	@$(WORKSHOP) serve $(DB) --port $(PORT)

update: ## update the module in the demo database, keeping what was clicked
	@$(WORKSHOP) update

load: DB = load
load: ## load a ledger: LEDGER=file.csv, or SIZE=10000x100000 (customers x invoices)
	@$(WORKSHOP) load --database $(DB) $(if $(SIZE),--size $(SIZE)) $(if $(LEDGER),--ledger "$(LEDGER)")

backtest: ## predict the past of a ledger as of each invoice's day (LEDGER=in.csv OUT=out.csv)
	@$(WORKSHOP) backtest --ledger "$(LEDGER)" --out "$(OUT)"

bench: ## measure what the module costs
	@$(WORKSHOP) bench $(ARGS)

terms: ## write the translatable terms to i18n/billing_crm.pot
	@$(WORKSHOP) terms

dist: ## the module alone, as a zip
	@$(WORKSHOP) dist

clean: ## remove this checkout's databases and files (ALL=1: everything)
	@$(WORKSHOP) clean $(if $(ALL),--all)

setup: ## everything test and demo need, without running them
	@$(WORKSHOP) setup

lock: ## compile the lock file of the Python environment anew
	@$(WORKSHOP) lock
