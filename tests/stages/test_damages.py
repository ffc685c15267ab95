"""A ledger not as it was written: every command works on what is sound or stops in one line, nothing changed."""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ledgers import altered, as_version, seal_anew
from letters import mail
from returns import TABLES
from rounds import DAY, DUE_MOMENT, RECEIVED, begin, desk, drop, files, issue, receive

from xlplan import stages
from xlplan.language.errors import LedgerError
from xlplan.store.files import sha256, write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.sealing import SEALED
from xlplan.store.tables import SCHEMA_VERSION
from xlplan.store.workspace import Workspace

COUNTED = {
    **TABLES,
    "views": """
        id | title | kind | form
        statistics | 集計 | statistics | report
    """,
    "measures": """
        view | id | label | formula
        statistics | items | 項目数 | COUNTIFS([period],PERIOD())
    """,
    "published": """
        view | measure | period | value
        statistics | items | R6 | 6
    """,
}
A_JUDGING = (
    "INSERT INTO judgings (period, department, attempt, judged_at, state, findings, records, reader, decision)"
    " VALUES (?, ?, ?, '2026-04-20T09:00:00', 'accepted', '[]', '[]', '0', 1)"
)


def a_letter(space: Workspace, data: bytes) -> tuple[object, ...]:
    """A letter that is kept, as its entry."""
    digest = sha256(data)
    path = space.returned("R6") / "letters" / f"{digest[:12]}.eml"
    write_bytes(path, data)
    return ("R6", "a.eml", digest, space.relative(path))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Every kind of entry, nearly all twice; the round is closed."""
    space = begin(tmp_path_factory.mktemp("played"), COUNTED)
    drop(space, "1.xlsx", desk(space, "D1").put("A-1", "done", None).saved())
    drop(space, "memo.xlsx", b"memo")
    receive(space)
    drop(space, "2.xlsx", desk(space, "D1").saved())
    drop(space, "other.xlsx", b"other")
    for name in ("a.eml", "b.eml"):
        drop(space, name, mail({"memo.pdf": b"%PDF-"}, subject=name))
    receive(space, now=RECEIVED + DAY)
    stages.letters(space, "R6", now=RECEIVED + DAY)
    for number in (2, 3):
        stages.consolidate(space, "R6", draft=True, now=RECEIVED + number * DAY)
    for name in ("D2", "D3"):
        stages.excuse(space, name, reason="休み", period="R6", by="課長", now=RECEIVED + 4 * DAY)
    stages.consolidate(space, "R6", now=RECEIVED + 5 * DAY)
    stages.close(space, "R6", by="課長", now=RECEIVED + 6 * DAY)
    with Ledger.open(space.ledger_path) as ledger:
        ledger.add(A_JUDGING, [("R6", "D1", attempt) for attempt in (1, 2)])
    drop(space, "3.xlsx", desk(space, "D3").saved())
    return space


@pytest.fixture
def space(played: Workspace) -> Iterator[Workspace]:
    """The same for every test, whose ledger is put back afterwards."""
    whole = played.ledger_path.read_bytes()
    yield played
    beside = [path for path in played.ledger_path.parent.iterdir() if path.name.startswith("ledger.sqlite")]
    for path in beside:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    played.ledger_path.write_bytes(whole)


LATER = RECEIVED + 9 * DAY
COMMANDS: dict[str, Callable[[Workspace], object]] = {
    "issue": lambda space: issue(space, now=LATER),
    "receive": lambda space: receive(space, now=LATER),
    "check": lambda space: stages.check(space, [space.inbox("R6") / "3.xlsx"]),
    "mend": lambda space: stages.mend(space, [space.inbox("R6") / "3.xlsx"], now=LATER),
    "status": lambda space: stages.status(space, "R6", now=DUE_MOMENT),
    "consolidate": lambda space: stages.consolidate(space, "R6", draft=True, now=LATER),
    "records": lambda space: stages.records(space, "R6"),
    "findings": lambda space: stages.findings(space, "R6"),
    "figures": lambda space: stages.figures(space, "R6"),
    "reconcile": lambda space: stages.reconcile(space, "R6"),
}


def stops_all(space: Workspace, *, verified: bool = True) -> set[str]:
    """That every command stops in one line, and that `verify` does or says what is wrong; the keys of the lines."""
    before = files(space.root, ledger=True)
    keys = set()
    for name, command in COMMANDS.items():
        with pytest.raises(LedgerError) as fault:
            command(space)
        keys.add(str(fault.value.key))
        for language in ("ja", "en"):
            assert "\n" not in fault.value.message(language), name
        assert files(space.root, ledger=True) == before, name
    if verified:
        assert stages.verify(space).flaws
    else:
        with pytest.raises(LedgerError):
            stages.verify(space)
    assert files(space.root, ledger=True) == before
    return keys


def columns() -> list[tuple[str, str]]:
    """Every column of every table, the ledger's own of seals included."""
    connection = sqlite3.connect(":memory:")
    from xlplan.store.tables import STEPS

    for statement in (statement for step in STEPS for statement in step):
        connection.execute(statement)
    found = [
        (table, name)
        for table in (*SEALED, "seals")
        for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")
    ]
    connection.close()
    return found


def first(table: str) -> str:
    return f"rowid = (SELECT MIN(rowid) FROM {table})"


HOW = {
    "a sign": "CASE WHEN {0} IS NULL THEN 'x' WHEN typeof({0}) = 'integer' THEN {0} + 7 WHEN {0} = '' THEN 'x' "
    "ELSE substr({0}, 1, length({0}) / 2) || char(unicode(substr({0}, length({0}) / 2 + 1)) + 1) "
    "|| substr({0}, length({0}) / 2 + 2) END",
    "another type": "CASE WHEN {0} IS NULL OR {0} = '' THEN 7 ELSE CAST('x' || {0} AS BLOB) END",
    "no text": "CAST(x'fffe7b' AS TEXT)",
}


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize(("table", "column"), columns())
def test_19_one_cell_of_the_ledger_changed_stops_every_command(
    table: str, column: str, how: str, space: Workspace
) -> None:
    if column == "number" and how != "a sign":
        pytest.skip("SQLite takes nothing but a number there")
    with altered(space.ledger_path) as ledger:
        ledger.execute("PRAGMA ignore_check_constraints = ON")
        ledger.execute(f"UPDATE {table} SET {column} = {HOW[how].format(column)} WHERE {first(table)}")
        assert ledger.execute("SELECT changes()").fetchone() == (1,)

    assert stops_all(space) <= {"ledger_altered", "ledger_damaged"}


ROWS = {
    "the first gone": "DELETE FROM {0} WHERE rowid = (SELECT MIN(rowid) FROM {0})",
    "the last gone": "DELETE FROM {0} WHERE rowid = (SELECT MAX(rowid) FROM {0})",
    "all gone": "DELETE FROM {0}",
    "the table gone": "DROP TABLE {0}",
    "renumbered": "UPDATE {0} SET number = number + 100",
    "a column more": "ALTER TABLE {0} ADD COLUMN note TEXT DEFAULT 'x'",
}


@pytest.mark.parametrize("how", ROWS)
@pytest.mark.parametrize("table", SEALED)
def test_19_entries_gone_or_moved_stop_every_command(table: str, how: str, space: Workspace) -> None:
    with altered(space.ledger_path) as ledger:
        ledger.execute(ROWS[how].format(table))

    assert stops_all(space) <= {"ledger_altered", "ledger_damaged"}


UNLIKE = {
    "issues": "id",
    "receipts": "attempt",
    "refusals": "reason",
    "summaries": "file",
    "editions": "basis",
    "decisions": "reason",
    "publications": "version",
    "letters": "file_name",
    "drafts": "kind",
    "judgings": "state",
}
"""A column of each table whose values may not be the same."""


@pytest.mark.parametrize("table", SEALED)
def test_19_an_entry_that_stands_there_twice_stops_every_command(table: str, space: Workspace) -> None:
    unlike = UNLIKE[table]
    with altered(space.ledger_path) as ledger:
        names = [name for _, name, *_ in ledger.execute(f"PRAGMA table_info({table})") if name != "number"]
        taken = [f"{name} || '9'" if name in (unlike, "sha256") else name for name in names]
        ledger.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(taken)} FROM {table} WHERE {first(table)}"
        )

    assert stops_all(space) == {"ledger_altered"}


def test_19_two_entries_whose_answers_were_exchanged_stop_every_command(space: Workspace) -> None:
    with altered(space.ledger_path) as ledger:
        texts = dict(ledger.execute("SELECT number, records FROM receipts").fetchall())
        (one, other), *_ = [tuple(texts)]
        for number, of in ((one, other), (other, one)):
            ledger.execute("UPDATE receipts SET records = ? WHERE number = ?", (texts[of], number))

    assert stops_all(space) == {"ledger_altered"}


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX issues_of",
        "CREATE TRIGGER mine AFTER INSERT ON receipts BEGIN DELETE FROM refusals; END",
        "DROP TABLE seals",
        "DELETE FROM seals",
        "INSERT INTO seals SELECT name || '2', entries, chain FROM seals",
    ],
)
def test_19_tables_that_are_not_as_they_were_made_stop_every_command(
    statement: str, space: Workspace
) -> None:
    with altered(space.ledger_path) as ledger:
        ledger.execute(statement)
    if statement.startswith("INSERT"):  # what nobody asks for harms nobody
        assert stages.verify(space).fine
        return
    assert stops_all(space) <= {"ledger_altered", "ledger_damaged"}


@pytest.mark.parametrize("version", [-1, 0, 1, 2, 5, SCHEMA_VERSION + 1, 99])
def test_19_a_version_that_is_not_its_own_stops_every_command(version: int, space: Workspace) -> None:
    with altered(space.ledger_path) as ledger:
        ledger.execute(f"PRAGMA user_version = {version}")

    newer = version > SCHEMA_VERSION
    assert stops_all(space, verified=False) == {"ledger_newer_by" if newer else "ledger_damaged"}


def foreign(path: Path) -> None:
    path.unlink()
    with altered(path) as ledger:
        ledger.execute("CREATE TABLE theirs (a)")
        ledger.execute("PRAGMA user_version = 99")


def another_mark(path: Path) -> None:
    with altered(path) as ledger:
        ledger.execute("PRAGMA application_id = 7")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def cut(size: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * size))


def zeroed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[8192:12288] = bytes(4096)
    path.write_bytes(data)


def put(data: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(data)


FILES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "another program's": (foreign, {"ledger_foreign"}),
    "its mark lost": (another_mark, {"ledger_damaged"}),
    "a text": (put("受付簿\n".encode() * 3000), {"ledger_damaged"}),
    "a zip": (put(b"PK\3\4" * 5000), {"ledger_damaged"}),
    "empty": (put(b""), {"ledger_lost"}),
    "gone": (Path.unlink, {"ledger_lost"}),
    "one byte": (cut(0.00001), {"ledger_lost", "ledger_damaged"}),
    "a page zeroed": (zeroed, {"ledger_damaged", "ledger_altered"}),
    **{f"cut to {size}": (cut(size), {"ledger_damaged", "ledger_altered"}) for size in (0.2, 0.5, 0.9, 0.99)},
    "a folder": (a_folder, {"ledger_unusable"}),
}


@pytest.mark.parametrize("damage", FILES)
def test_19_a_file_that_is_no_whole_ledger_stops_every_command(damage: str, space: Workspace) -> None:
    change, keys = FILES[damage]
    change(space.ledger_path)
    before = files(space.root, ledger=True)
    told = set()
    for name, command in {**COMMANDS, "verify": stages.verify}.items():
        try:
            result = command(space)
        except LedgerError as fault:
            told.add(str(fault.key))
        else:
            assert name == "verify"
            assert result.flaws  # type: ignore[attr-defined]
        assert files(space.root, ledger=True) == before, name
    assert told <= keys


def test_19_a_write_ahead_log_that_is_missing_leaves_the_sound_entries_before_it(space: Workspace) -> None:
    """As when a tool had put the ledger into that mode and only the one file was copied."""
    path = space.ledger_path
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("UPDATE receipts SET state = 'accepted'")
    alone = path.read_bytes()
    connection.close()
    for beside in path.parent.glob("ledger.sqlite*"):
        beside.unlink()
    path.write_bytes(alone)

    found = stages.status(space, "R6", now=DUE_MOMENT)

    assert [line.attempts for line in found.lines] == [2, 0, 0]
    assert stages.verify(space).fine


def test_19_any_byte_of_the_ledger_changed_is_told_or_matters_to_nobody(space: Workspace) -> None:
    whole = space.ledger_path.read_bytes()
    sound = stages.status(space, "R6", now=DUE_MOMENT)
    drawn = random.Random(19)
    told = 0
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(drawn.randint(1, 3)):
            data[drawn.randrange(len(data))] ^= 1 << drawn.randrange(8)
        space.ledger_path.write_bytes(data)
        try:
            assert stages.status(space, "R6", now=DUE_MOMENT) == sound
        except LedgerError:
            told += 1
        assert space.ledger_path.read_bytes() == data
    assert 30 < told < 150


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE receipts SET records = substr(records, 2) WHERE number = 1",
        "UPDATE issues SET issued_at = 'yesterday' WHERE number = 1",
        "DROP INDEX issues_of",
        "DELETE FROM issues",
    ],
)
def test_19_a_ledger_of_an_earlier_version_that_is_damaged_is_not_sealed(
    statement: str, space: Workspace
) -> None:
    as_version(space.ledger_path, 5)
    with altered(space.ledger_path) as ledger:
        ledger.execute(statement)

    assert stops_all(space, verified=False) == {"ledger_damaged"}


def test_19_a_ledger_of_an_earlier_version_is_sealed_as_it_stands(space: Workspace) -> None:
    as_version(space.ledger_path, 5)
    sound = stages.status(space, "R6", now=DUE_MOMENT)
    found = stages.verify(space)
    assert found.flaws == ()
    # of published files that version did not know
    assert {misfit.kind for misfit in found.misfits} == {"published"}
    with altered(space.ledger_path) as ledger:
        kept = ledger.execute("SELECT seal FROM receipts").fetchall()
        seal_anew(ledger)
        assert ledger.execute("SELECT seal FROM receipts").fetchall() == kept
    assert stages.status(space, "R6", now=DUE_MOMENT) == sound


def test_19_what_verify_says_names_the_entry_in_both_languages(space: Workspace) -> None:
    from commands import run

    with altered(space.ledger_path) as ledger:
        ledger.execute("UPDATE receipts SET records = replace(records, '実施', '拡充') WHERE number = 2")
    for language, words in (("ja", "表「receipts」の 2番の記録"), ("en", "entry 2 of receipts")):
        found = run("ledger", "verify", "--lang", language, cwd=space.root)
        assert (found.returncode, found.stderr) == (1, "")
        assert words in found.stdout
        stopped = run("consolidate", "--draft", "--lang", language, cwd=space.root)
        assert (stopped.returncode, stopped.stdout, stopped.stderr.count("\n")) == (2, "", 1)
        assert "xlplan ledger verify" in stopped.stderr
