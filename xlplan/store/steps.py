"""The versions of the ledger: a ledger of an earlier one takes the steps that it lacks when it is opened."""

from xlplan.store.sealing import SEAL, SEALED_FIRST

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
    (
        "ALTER TABLE receipts ADD COLUMN reader TEXT NOT NULL DEFAULT ''",
        *(f"ALTER TABLE {table} ADD COLUMN {SEAL} TEXT NOT NULL DEFAULT ''" for table in SEALED_FIRST),
        "CREATE TABLE seals (name TEXT PRIMARY KEY, entries INTEGER NOT NULL, chain TEXT NOT NULL)",
        *(f"INSERT INTO seals VALUES ('{table}', 0, '')" for table in SEALED_FIRST),
    ),
    (
        f"""
        CREATE TABLE editions (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            kept_at TEXT NOT NULL,
            basis TEXT NOT NULL,
            format INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            tables TEXT NOT NULL,
            {SEAL} TEXT NOT NULL DEFAULT ''
        )
        """,
        f"""
        CREATE TABLE decisions (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            made_at TEXT NOT NULL,
            made_by TEXT NOT NULL,
            kind TEXT NOT NULL,
            target TEXT NOT NULL,
            reason TEXT NOT NULL,
            takes_back INTEGER UNIQUE REFERENCES decisions (number),
            {SEAL} TEXT NOT NULL DEFAULT ''
        )
        """,
        f"""
        CREATE TABLE publications (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            version INTEGER NOT NULL,
            made_at TEXT NOT NULL,
            made_by TEXT NOT NULL,
            folder TEXT NOT NULL,
            files TEXT NOT NULL,
            edition TEXT NOT NULL,
            returns TEXT NOT NULL,
            figures TEXT NOT NULL,
            decision INTEGER NOT NULL REFERENCES decisions (number),
            {SEAL} TEXT NOT NULL DEFAULT '',
            UNIQUE (period, version)
        )
        """,
        *(
            f"INSERT INTO seals VALUES ('{table}', 0, '')"
            for table in ("editions", "decisions", "publications")
        ),
    ),
    (
        f"""
        CREATE TABLE letters (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            file_name TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            received_at TEXT NOT NULL,
            archive TEXT NOT NULL,
            sender TEXT NOT NULL,
            subject TEXT NOT NULL,
            sent_at TEXT,
            parts TEXT NOT NULL,
            {SEAL} TEXT NOT NULL DEFAULT ''
        )
        """,
        f"""
        CREATE TABLE judgings (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            department TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            judged_at TEXT NOT NULL,
            state TEXT NOT NULL,
            findings TEXT NOT NULL,
            records TEXT NOT NULL,
            reader TEXT NOT NULL,
            decision INTEGER NOT NULL REFERENCES decisions (number),
            {SEAL} TEXT NOT NULL DEFAULT ''
        )
        """,
        f"""
        CREATE TABLE drafts (
            number INTEGER PRIMARY KEY,
            period TEXT NOT NULL,
            department TEXT NOT NULL,
            kind TEXT NOT NULL,
            basis TEXT NOT NULL,
            written_at TEXT NOT NULL,
            files TEXT NOT NULL,
            {SEAL} TEXT NOT NULL DEFAULT ''
        )
        """,
        *(f"INSERT INTO seals VALUES ('{table}', 0, '')" for table in ("letters", "judgings", "drafts")),
        # blank in entries of before: their seals stay as they are
        "ALTER TABLE refusals ADD COLUMN attempt INTEGER",
        # one row, of the last run that recorded anything: no entry, and not sealed
        """
        CREATE TABLE last_run (
            number INTEGER PRIMARY KEY CHECK (number = 1),
            moment TEXT NOT NULL,
            user TEXT NOT NULL,
            host TEXT NOT NULL,
            version TEXT NOT NULL
        )
        """,
    ),
)
"""What each version of the ledger added to the one before."""
SCHEMA_VERSION = len(STEPS)
SEALED_SINCE = 6
"""The version that began to seal entries."""
