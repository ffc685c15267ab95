"""The nouns: what a plan is made of, what goes out and comes back, what is found. Frozen, no input or output.

`plan` is the whole, made of `item`, `form`, `view` and `record`; `issue` is what goes out, `submission` what comes
back; `finding` one thing wrong at one cell, of a kind that is one of `codes`, of a plan's tables one of `plancodes`;
`numbering` gives findings their numbers, `progress` says what became of them. `handling` is how severely a changed form
is taken; `fingerprint` by what a stored form, issue or summary is known again. `edition` is the plan as it stood for
one round, `afterwards` the plan as the office is asked it, `then` a past period as a later plan sees it (`past`),
`descent` what items become, `decision` what the office decided and what a round fixed, `letter` what is written to
departments.
"""

__all__ = [
    "afterwards",
    "changes",
    "codes",
    "correction",
    "decision",
    "descent",
    "edition",
    "finding",
    "fingerprint",
    "following",
    "form",
    "handling",
    "issue",
    "item",
    "letter",
    "numbering",
    "past",
    "plan",
    "plancodes",
    "progress",
    "record",
    "safety",
    "submission",
    "then",
    "view",
]
