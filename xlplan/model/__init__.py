"""The nouns: what a plan is made of, what goes out and comes back, what is found. Frozen, no input or output.

`plan` is the whole, made of `item`, `form`, `view` and `record`; `issue` is what goes out, `submission` what comes
back; `finding` one thing wrong at one cell, of a kind that is one of `codes`; `handling` how severely a changed form is
taken; `fingerprint` by what a stored form, issue or summary is known again.
"""

__all__ = [
    "codes",
    "finding",
    "fingerprint",
    "form",
    "handling",
    "issue",
    "item",
    "plan",
    "record",
    "submission",
    "view",
]
