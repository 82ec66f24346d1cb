# The build is Maven's; these are short names for what people type often.
MVN := ./mvnw

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## compile and assemble the command, without tests
	@$(MVN) -q -Dmaven.test.skip=true -Djacoco.skip=true -pl cli -am package

.PHONY: test
test: ## compile and run all tests
	@$(MVN) test

.PHONY: verify
verify: ## everything: compile with all checks, test, format check, coverage report
	@$(MVN) verify

.PHONY: format
format: ## format all Java sources
	@$(MVN) -q spotless:apply

.PHONY: chaos
chaos: ## the fault campaign; SEED=, EPISODES=, MINUTES=, PRODUCT=
	@SEED="$(SEED)" EPISODES="$(EPISODES)" MINUTES="$(MINUTES)" PRODUCT="$(PRODUCT)" testkit/chaos

.PHONY: ci
ci: ## what the build server runs
	@.ci/run

.PHONY: clean
clean: ## remove everything built
	@$(MVN) -q clean
