"""`python -m xlplan`, and the console script."""

from xlplan.cli import ledgers, years
from xlplan.cli.commands import main

__all__ = ["ledgers", "main", "years"]

if __name__ == "__main__":
    main()
