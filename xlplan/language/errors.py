"""Faults of files, definitions and operators. Faults in data are findings, never exceptions.

    XlplanError            one clear line for a person, exit status 2
    ├── UsageError         an argument that cannot be meant: unknown period, department, kit, …
    ├── DefinitionError    the plan's own tables cannot be used
    │   ├── PlanError              they hold errors; the first of them is named (`xlplan.definition.reading`)
    │   └── RefusedWorkbookError   plan.xlsx is not safe to open, or damaged (`xlplan.definition.tables`)
    ├── FormulaError       one formula cannot be read; carries its position
    ├── FileError          a file or folder that cannot be read or written
    └── LedgerError        the ledger is locked, damaged or from another version
    XlplanWarning          a copy that could not be kept: the run goes on, exit status as without it

Each carries a key of the catalogue (`errors.toml`) and its parameters; `message(language)` renders it.
`xlplan` exports all but the two kinds of DefinitionError, which are caught as that.
"""

from xlplan.language.codes import CatalogueEnum, Code
from xlplan.language.messages import text


class ErrorKey(CatalogueEnum, section="errors"):
    """What a fault of files, definitions or operators says, with the parameters of its sentence."""

    FILE_MISSING = "file_missing", "path"
    FILE_IS_FOLDER = "file_is_folder", "path"
    FILE_SPECIAL = "file_special", "path"
    FILE_TOO_LARGE = "file_too_large", "path", "limit"
    FILE_OPEN = "file_open", "path", "lock"
    FILE_OPEN_BY = "file_open_by", "path", "lock", "user"
    FILE_LOCKED = "file_locked", "path"
    FILE_UNREADABLE = "file_unreadable", "path", "reason"
    FOLDER_MISSING = "folder_missing", "path"
    FOLDER_IS_FILE = "folder_is_file", "path"
    FOLDER_READ_ONLY = "folder_read_only", "path"
    DISK_FULL = "disk_full", "path"
    NAME_TOO_LONG = "name_too_long", "path"
    LEDGER_LOCKED = "ledger_locked", "path"
    LEDGER_HELD = "ledger_held", "path", "user", "host", "moment"
    LEDGER_LOCK_LOST = "ledger_lock_lost", "path"
    LEDGER_BEHIND = "ledger_behind", "path", "number"
    LEDGER_DAMAGED = "ledger_damaged", "path"
    LEDGER_ALTERED = "ledger_altered", "path", "count"
    LEDGER_LOST = "ledger_lost", "path"
    LEDGER_NEWER = "ledger_newer", "path"
    LEDGER_NEWER_BY = "ledger_newer_by", "path", "version", "here", "user", "host", "moment"
    LEDGER_UNUSABLE = "ledger_unusable", "path", "reason"
    LEDGER_FOREIGN = "ledger_foreign", "path"
    LEDGER_CLASH = "ledger_clash", "path"
    LEDGER_UNKNOWN_ISSUE = "ledger_unknown_issue", "path"
    COPY_FAILED = "copy_failed", "path", "reason"
    LOG_FAILED = "log_failed", "path", "reason"
    REBUILD_SOUND = "rebuild_sound", "path"
    REBUILD_NOTHING = "rebuild_nothing", "path"
    UNLOCK_NONE = "unlock_none", "path"
    UNLOCK_AT_WORK = "unlock_at_work", "user", "host", "moment", "process"
    EDITION_NEWER = "edition_newer", "period"
    ROUND_CLOSED = "round_closed", "period", "id", "version"
    SUMMARY_ALTERED = "summary_altered", "path", "id"
    SUMMARY_OUTDATED = "summary_outdated", "path", "id"
    NO_REASON = "no_reason"
    UNKNOWN_LETTER = "unknown_letter", "kind", "known"
    DUE_IN_NEGATIVE = "due_in_negative", "days"
    UNKNOWN_FIELD = "unknown_field", "field", "known"
    FIELD_OF_FORMS = "field_of_forms", "field", "known"
    FIELD_COMPUTED = "field_computed", "field"
    CORRECTION_VALUE = "correction_value", "field", "value"
    CORRECTION_SAME = "correction_same", "field", "value"
    NO_SUCH_ROW = "no_such_row", "item", "period"
    OFFICE_FOLLOWS = "office_follows", "field", "period"
    PLAN_FOLLOWS = "plan_follows", "period"
    PLAN_BREAKS = "plan_breaks", "period", "first"
    UNKNOWN_ROW = "unknown_row", "row"
    ROW_SAME = "row_same", "row"
    CORRECT_WHAT = "correct_what"
    ROUND_OPEN = "round_open", "period"
    RETURN_SAME = "return_same", "path", "period"
    FILE_NO_RETURN = "file_no_return", "path", "reason"
    FILE_HAS_ERRORS = "file_has_errors", "path", "count", "first"
    NEVER_ANSWERED = "never_answered", "department", "period"
    ANSWERED_ALREADY = "answered_already", "department", "period"
    EXCUSED_ALREADY = "excused_already", "department", "period"
    NO_FINDING = "no_finding", "number", "known"
    FINDING_GONE = "finding_gone", "number", "known"
    FINDINGS_OF_SEVERAL = "findings_of_several", "numbers"
    ALLOWED_ALREADY = "allowed_already", "number", "decision"
    ALLOW_NOTICE = "allow_notice", "number"
    ALLOW_UNREAD = "allow_unread", "number"
    ALLOW_PAST = "allow_past", "until", "period"
    ALLOW_ROW = "allow_row", "number"
    NOTHING_RECEIVED = "nothing_received", "department", "period"
    NOT_ACCEPTED = "not_accepted", "department", "period"
    COUNTS_ALREADY = "counts_already", "department", "attempt"
    NO_ATTEMPT = "no_attempt", "department", "attempt", "known"
    ATTEMPT_OUTDATED = "attempt_outdated", "department", "attempt"
    ATTEMPT_WRONG = "attempt_wrong", "department", "attempt", "count"
    ATTEMPT_UNREAD = "attempt_unread", "department", "attempt", "reason"
    NOT_ISSUED_YET = "not_issued_yet", "department", "period"
    NOTHING_WAITED_FOR = "nothing_waited_for", "department", "period"
    NO_EXTENSION = "no_extension", "department", "due", "value"
    EXTENSION_PAST = "extension_past", "value"
    UNKNOWN_ITEM = "unknown_item", "item"
    NO_DECISION = "no_decision", "number"
    UNDO_OF_UNDO = "undo_of_undo", "number"
    UNDONE_ALREADY = "undone_already", "number", "by"
    UNDO_FINAL = "undo_final", "number"
    UNDO_BUILT_ON = "undo_built_on", "number", "later"
    UNKNOWN_KIND = "unknown_kind", "kind", "known"
    ROUND_IS_FROZEN = "round_is_frozen", "period"
    EDITION_UNFIT = "edition_unfit", "period"
    EDITION_DAMAGED = "edition_damaged", "period"
    NO_PLAN = "no_plan", "path"
    DIR_IS_FILE = "dir_is_file", "folder"
    PLAN_OTHER_NAME = "plan_other_name", "path", "found"
    PLAN_OTHER_KIND = "plan_other_kind", "path", "found"
    PLAN_BEING_SAVED = "plan_being_saved", "path"
    PLAN_UNEDITABLE = "plan_uneditable", "path"
    TWO_PLANS = "two_plans", "path"
    PERIOD_TO_COME = "period_to_come", "period", "id"
    ROLLOVER_TO = "rollover_to", "id"
    ROLLOVER_OPEN = "rollover_open", "period", "names", "id"
    ROLLOVER_BEGUN = "rollover_begun", "period"
    ROLLOVER_NEXT = "rollover_next", "value", "period", "id"
    ROLLOVER_UNCLEAR = "rollover_unclear", "value"
    ROLLED_ALREADY = "rolled_already", "period"
    PROPOSED_LEFT = "proposed_left", "period", "count", "items"
    NO_TABLES = "no_tables", "path"
    CSV_ENCODING = "csv_encoding", "path"
    CSV_DAMAGED = "csv_damaged", "path", "reason"
    WORKBOOK_UNREADABLE = "workbook_unreadable", "path", "reason"
    PLAN_HAS_ERRORS = "plan_has_errors", "count", "where", "first"
    NO_PERIOD = "no_period", "known"
    UNCLEAR_PERIOD = "unclear_period", "period", "known"
    UNKNOWN_PERIOD = "unknown_period", "period", "known"
    UNKNOWN_FORM = "unknown_form", "form", "known"
    REPLACE_WHAT = "replace_what"
    UNKNOWN_DEPARTMENT_ID = "unknown_department_id", "department", "period", "known"
    UNKNOWN_KIT = "unknown_kit", "kit", "known"
    PLAN_EXISTS = "plan_exists", "path"
    FILE_EXISTS = "file_exists", "path"
    UNKNOWN_RULE = "unknown_rule", "rule", "known"
    FOLDER_NOT_EMPTY = "folder_not_empty", "path"
    NOTHING_ISSUED = "nothing_issued", "period", "id"
    NO_ROUND = "no_round"
    OFFICE_BLANK = "office_blank", "period", "labels", "count", "items", "id"
    OFFICE_OPEN = "office_open", "period", "labels", "count", "items", "id"
    OFFICE_NOT_RECEIVED = "office_not_received", "path"
    OFFICE_ALONE = "office_alone"
    NOTHING_AFTERWARDS = "nothing_afterwards", "period"
    NO_ITEMS = "no_items", "period"
    BAD_DATE = "bad_date", "value"
    UNCLEAR_DATE = "unclear_date", "value", "near"
    NO_OPTION = "no_option", "option", "command"
    NO_OPTION_NEAR = "no_option_near", "option", "near", "command"
    OPTION_VALUE = "option_value", "option", "command"
    ARGUMENT_MISSING = "argument_missing", "name", "command"
    NO_FILES = "no_files", "command"
    NO_COMMAND = "no_command", "found", "known"
    NO_COMMAND_NEAR = "no_command_near", "found", "near", "known"
    TOO_MUCH = "too_much", "found", "command"
    BAD_USE = "bad_use", "reason", "command"
    BAD_LANGUAGE = "bad_language", "value"
    NO_SUMMARY = "no_summary", "path", "id"
    NO_PUBLISHED = "no_published"
    NO_ANSWERS = "no_answers", "kit"
    PLAN_CHANGED = "plan_changed", "names"
    SUMMARY_UNREADABLE = "summary_unreadable", "path"
    ANSWERS_UNFIT = "answers_unfit", "path", "reason"


class XlplanError(Exception):
    """Base of all faults that xlplan reports.

    key: the entry of the catalogue that says what is wrong.
    params: what its sentence takes; more than that is kept, but said nowhere.
    language: that of the plan at which it happened, set by the edge that knows it; empty before one is known.
    """

    key: CatalogueEnum

    def __init__(self, key: ErrorKey, **params: object) -> None:
        self.key = key
        self.params = params
        self.language = ""
        super().__init__(key)

    def message(self, language: str) -> str:
        """The one line shown to the person at the keyboard, in `language` ("ja" or "en")."""
        return text(self.key.catalogue_key, language, **self.params)

    def __str__(self) -> str:
        return self.message("en")


class UsageError(XlplanError):
    """An argument that cannot be meant: an unknown period, department, kit or file."""


class DefinitionError(XlplanError):
    """The plan's tables are missing, unreadable or hold errors that stop the work."""


class FileError(XlplanError):
    """A file or folder cannot be read or written: missing, locked, read-only, disk full."""


class LedgerError(XlplanError):
    """The ledger is locked, damaged or written by another version."""


class FormulaError(XlplanError):
    """One formula cannot be read (`catalogue/formula.toml`). `position` is the 0-based character offset.

    code: the fault, one of `formula.codes.FormulaCode`.
    formula: the formula as written.
    """

    def __init__(self, code: Code, *, formula: str, position: int = 0, **params: object) -> None:
        self.key = self.code = code
        self.formula = formula
        self.position = position
        self.params = {"formula": formula, "position": position + 1, **params}
        Exception.__init__(self, code)


class XlplanWarning(UserWarning):
    """Something beside the ledger could not be written: what was recorded counts, and the next run makes it good.

    key: the entry of the catalogue that says what.
    params: what its sentence takes.
    """

    def __init__(self, key: ErrorKey, **params: object) -> None:
        self.key = key
        self.params = params
        super().__init__(key)

    def message(self, language: str) -> str:
        """The one line shown to the person at the keyboard, in `language` ("ja" or "en")."""
        return text(self.key.catalogue_key, language, **self.params)

    def __str__(self) -> str:
        return self.message("en")
