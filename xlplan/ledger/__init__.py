"""The ledger: what was issued, received, found and accepted, by whom and when, in one embedded database."""

from xlplan.ledger.store import Ledger

__all__ = ["Ledger"]
