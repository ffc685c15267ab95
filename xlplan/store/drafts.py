"""The drafts of letters in the folder of what is to be sent: written, known again, removed, and nobody else's files.

A file there is ours where its bytes are those that the ledger has recorded under its name. What somebody has changed,
or put there, is theirs: it is neither written over nor removed.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import count
from pathlib import Path

from xlplan.model.letter import DraftRecord, LetterKind
from xlplan.store.files import files_in, read_bytes, remove_file, sha256, sweep, write_bytes
from xlplan.store.ledger import Ledger
from xlplan.store.tables import ADD_DRAFT, DRAFT_COLUMNS, draft_of, row_of_draft
from xlplan.store.workspace import Workspace


def drafts(ledger: Ledger, period: str) -> list[DraftRecord]:
    """Every draft that was written in a round, in the order recorded.

    Raises:
        LedgerError: the ledger cannot be read.
    """
    query = f"SELECT {DRAFT_COLUMNS} FROM drafts WHERE period = ? ORDER BY number"
    return ledger.entries(draft_of, query, period)


class Outbox:
    """The drafts of one round, as the ledger knows them and as they lie there. In a turn of the ledger's.

    Attributes:
        records: The drafts that were recorded, the latest last.
    """

    def __init__(self, space: Workspace, ledger: Ledger, period: str, now: datetime) -> None:
        self.space, self.ledger, self.period, self.now = space, ledger, period, now
        self.records = drafts(ledger, period)
        folder = space.outbox(period)
        sweep(folder)
        self._there = {path.name: path for path in files_in(folder)} if folder.is_dir() else {}

    def of(self, department: str, kind: LetterKind | None = None) -> list[DraftRecord]:
        """The records of a department (by id), of one `kind` of letter or of all."""
        known = (record for record in self.records if record.department == department)
        return [record for record in known if kind in (None, record.kind)]

    def lying(self, record: DraftRecord) -> tuple[Path, ...]:
        """The files of a record that lie there, whether as they were written or not."""
        names = (Path(file).name for file in record.files)
        return tuple(self._there[name] for name in names if name in self._there)

    def is_ours(self, path: Path) -> bool:
        """Whether a file lies there as it was written."""
        kept = self.space.relative(path)
        digests = {record.files[kept] for record in self.records if kept in record.files}
        return path.name in self._there and sha256(read_bytes(path)) in digests

    def put(self, record: DraftRecord, stem: str, contents: Mapping[str, bytes]) -> dict[str, Path]:
        """Write the files of a draft and record it.

        They take the place of ours of that name; beside one that is not, they are called -2, and so on.

        Args:
            record: What the draft is, its moment and files still to be filled in.
            stem: What the files are called before their endings.
            contents: The bytes by ending (.eml).

        Returns:
            Where they are, by ending.

        Raises:
            FileError: one cannot be written.
            LedgerError: the ledger cannot be written.
        """
        folder = self.space.outbox(self.period)
        stems = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
        name = next(name for name in stems if self._free(folder, name, contents))
        paths = {ending: folder / f"{name}{ending}" for ending in contents}
        for ending, path in paths.items():
            write_bytes(path, contents[ending])
            self._there[path.name] = path
        files = {self.space.relative(path): sha256(contents[ending]) for ending, path in paths.items()}
        made = DraftRecord(self.period, record.department, record.kind, record.basis, self.now, files)
        self.ledger.add(ADD_DRAFT, [row_of_draft(made)])
        self.records.append(made)
        return paths

    def _free(self, folder: Path, name: str, contents: Mapping[str, bytes]) -> bool:
        """Whether nothing lies under that name but ours, or what would be written there."""
        there = [(folder / f"{name}{ending}", data) for ending, data in contents.items()]
        return all(
            path.name not in self._there or self.is_ours(path) or read_bytes(path) == data
            for path, data in there
        )

    def remove(self, paths: Iterable[Path]) -> None:
        """Remove files of ours.

        Raises:
            FileError: one cannot be removed.
        """
        for path in paths:
            remove_file(path)
            self._there.pop(path.name, None)
