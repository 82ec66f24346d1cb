# The build is Maven's; these are short names for what people type often.
MVN := ./mvnw

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(firstword $(MAKEFILE_LIST)) | column -t -s '|'

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

.PHONY: ci
ci: ## what the build server runs
	@.ci/run

.PHONY: clean
clean: ## remove everything built
	@$(MVN) -q clean
