"""`python -m xlplan`, and the console script."""

import sys

try:
    from xlplan.cli import deciding, letters, years
    from xlplan.cli.commands import main
except KeyboardInterrupt:
    sys.exit(130)

__all__ = ["deciding", "letters", "main", "years"]

if __name__ == "__main__":
    main()
