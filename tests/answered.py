"""A return with an answer of every type, taken in and judged whatever its format."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from returns import Desk, judged, sample_plan

from xlplan.form.read.intake import take_in
from xlplan.model.record import Value
from xlplan.model.submission import Submission


def filled() -> Desk:
    """A return with an answer of every type."""
    desk = Desk(sample_plan(), "D1").fill(started=date(2024, 5, 1)).fill("money")
    return desk.put("A-1", "places", 3).put("A-1", "rate", 12.5).put("A-2", "code", "AB-1")


def read(tmp_path: Path, name: str, data: bytes) -> Submission:
    """The file as it is taken in."""
    (tmp_path / name).write_bytes(data)
    [taken] = take_in([tmp_path / name], sample_plan())
    assert taken.submission, taken.refusal
    return taken.submission


def answers(submission: Submission) -> list[tuple[str, str, Mapping[str, Value]]]:
    """What is recorded of a return."""
    [found] = judged(sample_plan(), submission)
    return [(one.form, one.item, one.values) for one in found.records]
