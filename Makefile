# Each job sets everything up first. Without make: python make.py demo, python make.py test, …

PYTHON ?= python3

.PHONY: demo test deep check bench mutants clean

demo test deep check bench mutants clean:
	@$(PYTHON) make.py $@
