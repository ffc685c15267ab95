"""`python -m xlplan`, and the console script."""

from xlplan.cli import rounds, years
from xlplan.cli.commands import main

__all__ = ["main", "rounds", "years"]

if __name__ == "__main__":
    main()
