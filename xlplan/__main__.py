"""`python -m xlplan`, and the console script."""

from xlplan.cli import deciding, years
from xlplan.cli.commands import main

__all__ = ["deciding", "main", "years"]

if __name__ == "__main__":
    main()
