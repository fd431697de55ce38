# How "sam build" makes each function: build-<LogicalId> builds the module of that name
# (BatchStatusFunction is functions/batch-status) and leaves thin jars in $(ARTIFACTS_DIR)/lib. The
# first one that is asked for builds all functions, in one Maven call so that sibling modules are
# resolved; the others are there then.

SHELL := /bin/sh
MVN ?= build/mvn
MODULE = $(shell echo $* | sed 's/[A-Z]/-&/g; s/^-//' | tr '[:upper:]' '[:lower:]')
TARGET = functions/$(MODULE)/target

# Builds share the modules' target folders, so those of "sam build --parallel" wait for each other.
LOCKED := build/locked .aws-sam/build.lock

# Touched before Maven begins, so that what is changed meanwhile is built next time.
BUILT = functions/target/built

.PHONY: help
help:
	@echo "Called by sam build. By hand: make build-BatchStatusFunction ARTIFACTS_DIR=/tmp/artifact"

build-%Function:
	@test -n "$(ARTIFACTS_DIR)" || { echo "Say where to: ARTIFACTS_DIR=folder" >&2; exit 2; }
	@test -f "functions/$(MODULE)/pom.xml" || { echo "No module functions/$(MODULE)" >&2; exit 2; }
	@mkdir -p .aws-sam
	@$(LOCKED) $(MAKE) --no-print-directory packages MODULE=$(MODULE)
	@rm -rf "$(ARTIFACTS_DIR)/lib"
	@mkdir -p "$(ARTIFACTS_DIR)/lib"
	@cp $(TARGET)/*.jar $(TARGET)/dependency/*.jar "$(ARTIFACTS_DIR)/lib/"
	@echo "functions/$(MODULE): $$(ls "$(ARTIFACTS_DIR)/lib" | wc -l | tr -d ' ') jars," \
	  "$$(cat "$(ARTIFACTS_DIR)"/lib/*.jar | wc -c | awk '{printf "%.2f MB", $$1 / 1e6}')"

.PHONY: packages
packages:
	@[ -d $(TARGET)/dependency ] && [ -z "$$(build/changed $(BUILT))" ] || $(MAKE) --no-print-directory build

.PHONY: build
build:
	@rm -rf functions/*/target/*.jar functions/*/target/dependency
	@mkdir -p functions/target && touch $(BUILT).begun
	@$(MVN) -q -pl functions -am -Dmaven.test.skip=true \
	  package dependency:copy-dependencies -DincludeScope=runtime
	@mv $(BUILT).begun $(BUILT)
