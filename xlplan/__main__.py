"""`python -m xlplan`, and the console script."""

from xlplan.cli import years
from xlplan.cli.commands import main

__all__ = ["main", "years"]

if __name__ == "__main__":
    main()
