"""What is done for xlplan and is no part of it: see `make.py`, which calls it."""
