"""`python -m xlplan`, and the console script."""

from xlplan.cli import deciding, letters, years
from xlplan.cli.commands import main

__all__ = ["deciding", "letters", "main", "years"]

if __name__ == "__main__":
    main()
