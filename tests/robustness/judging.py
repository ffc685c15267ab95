"""What becomes of each file: it is refused, read as it was sent, or read otherwise and told so. Nothing else may be.

The oracle. An answer that is not the undamaged return's is wrong unless
- a finding tells of it: at that answer, at its row, at its column, or of the sheet or file as a whole; or
- a second opinion (`second`) finds the same value in that cell of the same bytes: the file itself says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.returns import sample_plan
from tests.robustness.good import good
from tests.robustness.second import as_written, says
from xlplan.form.read.intake import Incoming, take_in
from xlplan.model.finding import Finding
from xlplan.model.record import Value
from xlplan.stages.identify import RoundContext
from xlplan.stages.mailed import LetterFile, OpenedFiles, findings_of
from xlplan.stages.returns import Identified
from xlplan.store.workspace import Workspace
from xlplan.validate.judging import Judged, judge

FORMAT_TOLD = ("safety_other_format", "safety_write_protected")
"""What is said of every file of a kind, and excuses no answer."""

WORST = ("refused", "same", "told", "stopped", "slow", "wrong")
"""Of the files in a letter that which says most of it."""

Key = tuple[str, str, str]
"""Form, item and field of an answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    `fate`: refused, stopped (with the process), slow, same, told or wrong. `wrong` are the answers concerned.
    """

    kind: str
    number: int
    fate: str
    code: str = ""
    wrong: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    """A return that was read and judged."""

    one: Identified
    judged: Judged

    @property
    def answers(self) -> Mapping[Key, Value]:
        """Every answer."""
        return {
            (record.form, record.item, name): value
            for record in self.judged.records
            for name, value in record.values.items()
        }

    @property
    def findings(self) -> Sequence[Finding]:
        """Everything that was told of it."""
        return (*self.one.submission.findings, *self.judged.findings)


def tried(files: Iterable[tuple[str, bytes]]) -> list[Outcome]:
    """Take in and judge every file, as `xlplan receive` does."""
    with TemporaryDirectory() as folder:
        kinds: list[str] = []
        paths: list[Path] = []
        for number, (kind, data) in enumerate([("", good()), *files]):
            kinds.append(kind)
            paths.append(Path(folder) / f"{number:05}.xlsx")
            paths[-1].write_bytes(data)
        came = OpenedFiles.opened(sample_plan(), paths)
        taken = take_in(came.sources(), sample_plan())
    judged = iter(_judged(taken))
    undamaged = next(judged)
    assert isinstance(undamaged, _Read), undamaged
    assert not undamaged.findings
    found = []
    for at, file in enumerate(came.files[1:], 1):
        count, own = 1, []
        if isinstance(file, LetterFile):
            count, own = len(file.letter.workbooks), findings_of(file, sample_plan())
        inside = [*own, *(next(judged) for _ in range(count))]
        outcomes = [_outcome(kinds[at], at, one, undamaged) for one in inside]
        found.append(max(outcomes, key=lambda one: WORST.index(one.fate)))
    return found


def _judged(taken: Sequence[Incoming]) -> list[Finding | _Read]:
    plan = sample_plan()
    context = RoundContext.of(Workspace(Path()), plan)
    identified = [context.identify(one) for one in taken]
    ours = [one for one in identified if isinstance(one, Identified)]
    # each by itself: the same department's return many times over would break what must differ
    verdicts = iter([judge(plan, one.period, [(one.submission, one.rows)])[0] for one in ours])
    return [one if isinstance(one, Finding) else _Read(one, next(verdicts)) for one in identified]


def _outcome(kind: str, number: int, one: Finding | _Read, undamaged: _Read) -> Outcome:
    if isinstance(one, Finding):
        fates = {"safety_stopped": "stopped", "safety_slow": "slow"}
        return Outcome(kind, number, fates.get(one.code, "refused"), one.code)
    before, after = undamaged.answers, one.answers
    differing = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    silent = [key for key in differing if not _is_told(key, one.findings)]
    wrong = tuple(_unconfirmed(one, silent)) if silent else ()
    told = [found for found in one.findings if found.code not in FORMAT_TOLD]
    fate = "wrong" if wrong else "told" if differing or told else "same"
    return Outcome(kind, number, fate, wrong=wrong)


def _is_told(key: Key, findings: Sequence[Finding]) -> bool:
    return any(
        all(
            part in ("", named)
            for part, named in zip((found.form, found.item, found.field), key, strict=True)
        )
        for found in findings
        if found.code
        not in (*FORMAT_TOLD, "safety_macros", "safety_external_links", "safety_embedded_objects")
    )


def _unconfirmed(one: _Read, keys: Sequence[Key]) -> Iterator[Key]:
    """The answers that the second opinion does not find in the file."""
    cells = as_written(one.one.incoming.data)
    places = {(record.form, record.item): (record.sheet, record.row) for record in one.judged.records}
    columns = {form.form: form.columns for form in one.one.submission.forms}
    for form, item, field in keys:
        sheet, row = places.get((form, item), ("", 0))
        if sheet:
            written = cells.get((sheet, f"{columns[form].get(field, '')}{row}"), "")
            confirmed = bool(cells) and says(written, one.answers.get((form, item, field)))
        else:
            confirmed = bool(cells) and item not in cells.values()
        if not confirmed:
            yield form, item, field
