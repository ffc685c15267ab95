"""A generated round of many returns, timed beside the floor and a plain script. `python -m tests.benchmarks`."""
