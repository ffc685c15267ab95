"""What the whole program speaks of: so far the fingerprints by which what is stored is known again."""

from xlplan.model.fingerprint import (
    form_fingerprint,
    has_version,
    issue_fingerprint,
    plan_fingerprint,
)

__all__ = ["form_fingerprint", "has_version", "issue_fingerprint", "plan_fingerprint"]
