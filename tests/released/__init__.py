"""Folders as each released version left them, and what that version said of them.

`0.1.0/<kit>/city/` is a small city's folder in the middle of its year: plan, ledger, workbooks. `plans/<case>/` are
files of the plan that somebody changed afterwards. `expected.json` holds what the version itself said of the folder
as it stands, and with each of the changed plans. `tests/test_released.py` asks today's code the same.

    python -m tests.released      writes the folder of the version that `xlplan.__version__` names

A version that changes what is stored, or the forms, gets a new number and a folder of its own; the folders of the
versions before stay as they are for ever.
"""
