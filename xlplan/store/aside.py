"""What was typed into an issued workbook where it lies, kept before the workbook is issued again in its place."""

from collections.abc import Container, Iterable
from pathlib import Path

from xlplan.language.errors import ErrorKey, FileError
from xlplan.language.text import safe_file_name
from xlplan.store.files import lock_file, move_file, sha256_of
from xlplan.store.workspace import HASH_DIGITS


def set_aside(folder: Path, paths: Iterable[Path], known: Container[str]) -> tuple[Path, ...]:
    """Move those of `paths` whose SHA-256 is not among `known` into `folder`, and tell where they are now.

    Each bears its hash in its name there, so that none takes another's place. One that is missing is left out.
    Raises FileError; `file_open` where Excel or LibreOffice holds a file.
    """
    return tuple(
        _moved(one, folder, digest)
        for one in dict.fromkeys(paths)
        if one.is_file() and (digest := sha256_of(one)) not in known
    )


def _moved(path: Path, folder: Path, digest: str) -> Path:
    if lock := lock_file(path):
        raise FileError(ErrorKey.FILE_OPEN, path=path, lock=lock.name)
    number = 0
    while True:
        ending = f"_{digest[:HASH_DIGITS]}{f'_{number}' if number else ''}{path.suffix}"
        target = folder / safe_file_name(path.stem, ending)
        if not target.exists() or sha256_of(target) == digest:
            move_file(path, target)
            return target
        number += 1
