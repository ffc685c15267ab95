"""Values that are to be corrected: which is meant, and what stood there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from xlplan.fields.reading import convert, shown
from xlplan.language.errors import ErrorKey, UsageError
from xlplan.model.correction import Correction
from xlplan.model.decision import Decision
from xlplan.model.form import Field, FilledBy, Form
from xlplan.model.item import Period
from xlplan.model.plan import Plan
from xlplan.model.record import Value
from xlplan.model.submission import ReceiptState, RecordRow
from xlplan.stages.corrected import of_office
from xlplan.stages.define import departments_named
from xlplan.stages.rounds import KnownRound
from xlplan.stages.years import Years
from xlplan.store.history import record_decision


@dataclass(frozen=True, slots=True)
class Wanted:
    """A value as it is to be.

    Attributes:
        field: Id or label of the field.
        value: As it is typed into its cell; a blank for none.
        item: Id of the item; empty for a row that a department added.
        form: Id or title of the form; empty where only one has that field.
        department: Id or name of the department that added the row.
        row: The row in its return, 1-based, as in Excel; 0 for a row of an item.
        late: Whether it comes of a return that came late, which may be the first answer.
        read: The value of such a return as it was read; what is typed is not looked at then.
    """

    field: str
    value: object
    item: str = ""
    form: str = ""
    department: str = ""
    row: int = 0
    late: bool = False
    read: Value = None


def correct_wanted(
    years: Years, period: Period, decided: Decision, *, wanted: Sequence[Wanted], only_show: bool
) -> tuple[Plan, tuple[Correction, ...]]:
    """The values with what stood there, recorded unless they are only shown.

    Args:
        years: The plan through the years.
        period: The round.
        decided: The decision, which has no target yet.
        wanted: The values as they are to be.
        only_show: Whether nothing is recorded.

    Returns:
        The plan as it is known in the round, and they.

    Raises:
        UsageError: what is meant is not there, cannot hold the value, or was never accepted.
    """
    known = years.known_round(period)
    found = tuple(_Correcting(years, known, decided).corrections(wanted))
    if not only_show:
        ledger = years.need_ledger()
        found = tuple(
            replace(each, decision=record_decision(ledger, replace(decided, target=each.target)))
            for each in found
        )
    return known.plan, found


@dataclass(frozen=True, slots=True)
class _Correcting:
    """One run: the round as it is known, and the decision, which has no target yet."""

    years: Years
    known: KnownRound
    decided: Decision

    @property
    def _plan(self) -> Plan:
        return self.known.plan

    def corrections(self, wanted: Sequence[Wanted]) -> Iterator[Correction]:
        """The values with what stood there.

        Raises:
            UsageError: as `correct_wanted`.
        """
        for each in wanted:
            form, field = self._field(each)
            new = self._value(field, each)
            made = self._of_row(form, field, each) if each.row else self._of_item(form, field, each)
            if made.old == new and isinstance(made.old, str) == isinstance(new, str):
                words = self._said(field, new)
                raise UsageError(ErrorKey.CORRECTION_SAME, field=field.label, value=words)
            yield replace(made, new=new)

    def _said(self, field: Field, value: Value) -> str:
        return "―" if value is None else shown(value, field, self._plan.years)

    def _field(self, wanted: Wanted) -> tuple[Form, Field]:
        """The field that is meant, and its form.

        Raises:
            UsageError: there is none, or several, or it is computed.
        """
        plan = self._plan
        forms = [form for form in plan.forms if wanted.form in ("", form.id, form.title)]
        if not forms:
            known = " / ".join(f"{form.id} {form.title}" for form in plan.forms)
            raise UsageError(ErrorKey.UNKNOWN_FORM, form=wanted.form, known=known)
        found = [
            (form, field)
            for form in forms
            for field in form.fields
            if wanted.field in (field.id, field.label)
        ]
        if not found:
            known = " / ".join(f"{field.id} {field.label}" for form in forms for field in form.fields)
            raise UsageError(ErrorKey.UNKNOWN_FIELD, field=wanted.field, known=known)
        if len(found) > 1:
            known = " / ".join(f"{form.id} {form.title}" for form, _ in found)
            raise UsageError(ErrorKey.FIELD_OF_FORMS, field=wanted.field, known=known)
        [(form, field)] = found
        if field.filled_by is FilledBy.FORMULA:
            raise UsageError(ErrorKey.FIELD_COMPUTED, field=field.label)
        return form, field

    def _value(self, field: Field, wanted: Wanted) -> Value:
        """The value that is meant.

        Raises:
            UsageError: the field cannot hold it.
        """
        if wanted.late:
            return wanted.read
        read = convert(wanted.value, field, self._plan.choices_of(field), self._plan.years)
        if read.fault:
            raise UsageError(ErrorKey.CORRECTION_VALUE, field=field.label, value=str(wanted.value))
        return read.value

    def _of_item(self, form: Form, field: Field, wanted: Wanted) -> Correction:
        """What stands in a row of an item.

        Raises:
            UsageError: there is no such row, or it is the office's own of a round that follows the plan's tables.
        """
        period, plan = self.known.period, self._plan
        item = next((item for item in plan.items_of(period) if item.id == wanted.item), None)
        if item is None or form.is_open:
            raise UsageError(ErrorKey.NO_SUCH_ROW, item=wanted.item or "―", period=period.label)
        made = Correction(self.decided, form.id, item.id, field.id, None, None)
        if of_office(plan, made):
            if field.filled_by is FilledBy.OFFICE and not self.years.is_frozen(period.id):
                raise UsageError(ErrorKey.OFFICE_FOLLOWS, field=field.label, period=period.label)
            return replace(made, old=plan.known(form.id, period.id, item.id).get(field.id))
        record = self._answered(item.department, form, lambda row: row.item == item.id, late=wanted.late)
        return replace(made, old=record.values.get(field.id) if record else None)

    def _of_row(self, form: Form, field: Field, wanted: Wanted) -> Correction:
        """What stands in a row that a department added."""
        [owner] = departments_named(self._plan, self.known.period, [wanted.department])
        record = self._answered(owner.id, form, lambda row: row.row == wanted.row, late=wanted.late)
        old = record.values.get(field.id) if record else None
        return Correction(self.decided, form.id, "", field.id, old, None, owner.id, wanted.row)

    def _answered(
        self, department: str, form: Form, which: Callable[[RecordRow], bool], *, late: bool
    ) -> RecordRow | None:
        """The row that was accepted; None only of a `late` return.

        Raises:
            UsageError: the department was not accepted, or has no such row.
        """
        receipt = self.known.receipts.get(department)
        accepted = receipt is not None and receipt.state is ReceiptState.ACCEPTED
        rows = receipt.records if receipt and accepted else ()
        found = next((row for row in rows if row.form == form.id and which(row)), None)
        if found or late:
            return found
        period, owner = self.known.period, self._plan.department(department)
        if accepted:
            raise UsageError(ErrorKey.NO_SUCH_ROW, item="―", period=period.label)
        name = owner.name if owner else department
        raise UsageError(ErrorKey.NEVER_ANSWERED, department=name, period=period.label)
