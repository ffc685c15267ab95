"""The ledger's tables, and the statements that add to them."""

APPLICATION_ID = 0x786C706C
"""Marks the file as a ledger of xlplan: "xlpl"."""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE issues (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            period TEXT NOT NULL,
            department TEXT NOT NULL,
            file TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            issued_at TEXT NOT NULL,
            due TEXT,
            form_version TEXT NOT NULL,
            rows TEXT NOT NULL
        )
        """,
        "CREATE INDEX issues_of ON issues (period, department, number)",
        """
        CREATE TABLE receipts (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            department TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            issue TEXT REFERENCES issues (id),
            file_name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            received_at TEXT NOT NULL,
            state TEXT NOT NULL,
            archive TEXT NOT NULL,
            respondent TEXT NOT NULL,
            approver TEXT NOT NULL,
            findings TEXT NOT NULL,
            records TEXT NOT NULL,
            UNIQUE (period, department, attempt),
            UNIQUE (sha256, period, department)
        )
        """,
    ),
    (
        """
        CREATE TABLE refusals (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            file_name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            received_at TEXT NOT NULL,
            archive TEXT NOT NULL,
            reason TEXT NOT NULL,
            finding TEXT NOT NULL,
            UNIQUE (period, sha256, reason)
        )
        """,
    ),
    (
        """
        CREATE TABLE summaries (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            file TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            made_at TEXT NOT NULL,
            returns TEXT NOT NULL,
            plan TEXT NOT NULL
        )
        """,
    ),
    ("ALTER TABLE receipts ADD COLUMN saved_at TEXT",),
    (
        "ALTER TABLE issues ADD COLUMN content TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE issues ADD COLUMN same_form TEXT NOT NULL DEFAULT ''",
    ),
)
"""What each version of the ledger added to the one before."""
SCHEMA_VERSION = len(STEPS)

ISSUE_COLUMNS = "id, period, department, file, sha256, issued_at, due, form_version, content, same_form, rows"
RECEIPT_COLUMNS = (
    "period, department, attempt, issue, file_name, sha256, received_at, state, archive, respondent,"
    " approver, findings, saved_at"
)
REFUSAL_COLUMNS = "period, file_name, sha256, received_at, archive, reason, finding"
SUMMARY_COLUMNS = "period, file, sha256, made_at, returns, plan"
# CAST: what people wrote is bound as bytes, see ledger_rows.
ADD_ISSUE = f"INSERT INTO issues ({ISSUE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))"
ADD_RECEIPT = (
    f"INSERT INTO receipts ({RECEIPT_COLUMNS}, records) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?,"
    " CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, CAST(? AS TEXT))"
)
ADD_REFUSAL = (
    f"INSERT INTO refusals ({REFUSAL_COLUMNS}) VALUES (?, CAST(? AS TEXT), ?, ?, ?, ?, CAST(? AS TEXT))"
)
ADD_SUMMARY = f"INSERT INTO summaries ({SUMMARY_COLUMNS}) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?)"
LATEST_ISSUES = "SELECT MAX(number) FROM issues WHERE period = ? GROUP BY department"
LATEST_ATTEMPTS = "SELECT department, MAX(attempt) FROM receipts WHERE period = ? GROUP BY department"
