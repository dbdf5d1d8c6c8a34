# Thin: every target is a command of tools/workshop (see tools/README.md).
WORKSHOP = python3 -m tools.workshop

.PHONY: setup
setup: ## everything test and demo need, without running them
	@$(WORKSHOP) setup

.PHONY: test
test: ## all tests, or those that match T=pattern
	@$(WORKSHOP) test "$(T)"
