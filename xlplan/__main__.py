"""`python -m xlplan`."""

from xlplan.cli.commands import main

main()
