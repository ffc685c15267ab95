"""What the forms of a round ask now, beside what was issued: also where 0.1.0 issued them."""

from collections.abc import Mapping

from xlplan.form.compare.stamp import FormsNow, same_form
from xlplan.form.compare.unversioned import asks_the_same, shows_the_same
from xlplan.form.issuing import words_shown
from xlplan.form.read.issuedbook import read_issued_book
from xlplan.model.fingerprint import form_fingerprint, has_version
from xlplan.model.issue import Issued, IssuedBook
from xlplan.model.item import Department, Period
from xlplan.model.plan import Plan
from xlplan.store.files import not_as_kept, read_bytes
from xlplan.store.workspace import Workspace


def forms_now(space: Workspace, plan: Plan, period: Period, issued: Mapping[str, Issued]) -> FormsNow:
    """What the forms of the round `period` ask as the `plan` stands.

    `space` has the workbooks issued, `issued` are the latest issues by department. Of the issues of 0.1.0 with one hash
    one workbook is looked at: all of them have the same forms.
    """
    plan = plan.asked_in(period)
    version = form_fingerprint(plan, period)
    same = {one.same_form for one in issued.values() if one.same_form and one.form_version == version}
    other: set[str] = set()
    for one in issued.values():
        if has_version(one.form_version) or one.form_version in same | other:
            continue
        book = kept_book(space, one)
        if book is not None:
            judged = same if asks_the_same(book, one.rows, plan, period) else other
            judged.add(one.form_version)
    return FormsNow(version, frozenset(same), frozenset(other))


def kept_file(space: Workspace, issued: Issued | None) -> bytes | None:
    """The workbook of an issue; None where its file is gone or is no more what was written."""
    path = space.root / issued.file if issued else None
    if issued is None or path is None or not_as_kept(path, issued.sha256):
        return None
    return read_bytes(path)


def kept_book(space: Workspace, issued: Issued) -> IssuedBook | None:
    """The cells of the workbook of an issue; None as `kept_file`."""
    data = kept_file(space, issued)
    return read_issued_book(data) if data else None


def same_content(
    space: Workspace, plan: Plan, period: Period, department: Department, old: Issued, new: Issued
) -> bool:
    """Whether what would be issued now has the same workbook as what was issued, the moment apart.

    Args:
        space: The folder, with the workbooks issued.
        plan: The plan as it stands.
        period: The round.
        department: Whose workbook it is.
        old: What was issued.
        new: What would be issued now.

    Returns:
        Whether it is the same; not where the old one's file is gone or was changed.
    """
    if old.content:
        return old.content == new.content
    book = kept_book(space, old)
    words = words_shown(plan, period, department)
    return book is not None and shows_the_same(book, old, new, words, plan, period)


def as_older_form(old: Issued | None, new: Issued, forms: FormsNow) -> str:
    """The hash of 0.1.0 that stands for the same form as a `new` issue; empty where there is none.

    `old` is the department's latest issue, `forms` what the round's forms ask now.
    """
    if old is None:
        return ""
    if has_version(old.form_version):
        return old.same_form if same_form(old, new) else ""
    return old.form_version if forms.asked_in(old) else ""
