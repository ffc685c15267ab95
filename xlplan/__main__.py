"""`python -m xlplan`."""

from xlplan.cli import main

main()
