"""The codes of all findings, with how much each matters and the parameters of its sentences.

A member's value is what the ledger and the documents hold, and never changes. Which parameters there are is the
catalogue's to say: `message` and `remedy` of a code name them between braces.
"""

from collections.abc import Mapping
from types import MappingProxyType

from xlplan.language.codes import Code, Severity

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE
RULE_SIGN = ":"


class FindingCode(Code, section="findings"):
    """What can be wrong with a return. `RULE` is a rule of the plan, which brings its own words."""

    RULE = "rule", ERROR, "message", "remedy"
    REQUIRED_CHOICE = "required_choice", ERROR, "label"
    REQUIRED_TEXT = "required_text", ERROR, "label"
    ERROR_VALUE = "error_value", ERROR, "label"
    TYPE_WHOLE = "type_whole", ERROR, "label"
    TYPE_WHOLE_DECIMAL = "type_whole_decimal", ERROR, "label", "near"
    TYPE_NUMBER = "type_number", ERROR, "label"
    AMOUNT_UNIT = "amount_unit", ERROR, "label", "value", "near", "unit"
    AMOUNT_INEXACT = "amount_inexact", ERROR, "label", "value", "unit", "near"
    AMOUNT_SCALE = "amount_scale", ERROR, "label", "value", "unit", "near"
    AMOUNT_RANGE = "amount_range", ERROR, "label", "value"
    AMOUNT_NOTHING = "amount_nothing", ERROR, "label", "value"
    AMOUNT_ESTIMATE = "amount_estimate", ERROR, "label", "value"
    TYPE_DATE = "type_date", ERROR, "label", "example"
    TYPE_DATE_NONE = "type_date_none", ERROR, "label", "value", "example"
    TYPE_DATE_ABOUT = "type_date_about", ERROR, "label", "value", "near"
    TYPE_DATE_NEAR = "type_date_near", ERROR, "label", "near"
    TYPE_DATE_ORDER = "type_date_order", ERROR, "label", "value", "order", "near"
    TYPE_DATE_FAR = "type_date_far", ERROR, "label", "value", "low", "high"
    TYPE_DATE_FAR_NEAR = "type_date_far_near", ERROR, "label", "value", "near"
    TYPE_MONTH = "type_month", ERROR, "label", "example"
    TYPE_MONTH_ABOUT = "type_month_about", ERROR, "label", "value", "near"
    TYPE_MONTH_NEAR = "type_month_near", ERROR, "label", "near"
    TYPE_YEAR = "type_year", ERROR, "label", "example"
    TYPE_YEAR_NEAR = "type_year_near", ERROR, "label", "near"
    TYPE_TIME = "type_time", ERROR, "label", "example"
    TYPE_TIME_ABOUT = "type_time_about", ERROR, "label", "value", "near"
    TYPE_TIME_NEAR = "type_time_near", ERROR, "label", "near"
    NOT_IN_LIST = "not_in_list", ERROR, "label", "choices"
    NOT_OWN_ITEM = "not_own_item", ERROR, "label"
    NOT_OWN_ITEM_NEAR = "not_own_item_near", ERROR, "label", "near"
    NOT_IN_LIST_NEAR = "not_in_list_near", ERROR, "label", "near", "choices"
    CHOICE_IS_DAY = "choice_is_day", ERROR, "label"
    CHOICE_IS_DAY_NEAR = "choice_is_day_near", ERROR, "label", "near"
    ORDER = "order", ERROR, "label", "followers", "period", "before"
    ORDER_NEAR = "order_near", ERROR, "label", "followers", "period", "before", "near"
    ORDER_BEGIN = "order_begin", ERROR, "label", "followers", "period"
    ORDER_BEGIN_NEAR = "order_begin_near", ERROR, "label", "followers", "period", "near"
    ORDER_END = "order_end", ERROR, "label", "period", "before"
    OUT_OF_RANGE = "out_of_range", ERROR, "label", "low", "high"
    BELOW_MINIMUM = "below_minimum", ERROR, "label", "low"
    ABOVE_MAXIMUM = "above_maximum", ERROR, "label", "high"
    TOO_LONG = "too_long", ERROR, "label", "limit", "length"
    WRONG_PATTERN = "wrong_pattern", ERROR, "label", "hint"
    WRONG_PATTERN_NEAR = "wrong_pattern_near", ERROR, "label", "near", "hint"
    DUPLICATE = "duplicate", ERROR, "label"
    UNDECIDED = "undecided", ERROR, "label", "rule"
    READ_AS = "read_as", NOTICE, "label", "before", "after"
    READ_AS_NUMBER = "read_as_number", NOTICE, "label", "before"
    READ_AS_DAY = "read_as_day", NOTICE, "label", "before"
    READ_AS_TIME = "read_as_time", NOTICE, "label", "before"
    READ_AS_WIDTH = "read_as_width", NOTICE, "label", "before", "after"
    READ_AS_SHOWN = "read_as_shown", NOTICE, "label", "before", "shown", "after"
    READ_AS_ROUNDED = "read_as_rounded", WARNING, "label", "before", "shown", "after"
    NOT_SHOWN = "not_shown", WARNING, "label", "before", "after"
    STRUCK_OUT = "struck_out", WARNING, "label", "struck", "after"
    STRUCK_OUT_WHOLE = "struck_out_whole", WARNING, "label", "struck"
    READ_AS_BLANK = "read_as_blank", NOTICE, "label", "before"
    SMALL_SHARE = "small_share", WARNING, "label", "value"
    READ_AS_NO_ERA = "read_as_no_era", NOTICE, "label", "before", "after"
    READ_AS_ERA_ENDED = "read_as_era_ended", NOTICE, "label", "before", "after"
    PERSONAL_NUMBER = "personal_number", WARNING, "label"
    CARD_NUMBER = "card_number", WARNING, "label"
    MAIL_ADDRESS = "mail_address", WARNING, "label"
    MOBILE_NUMBER = "mobile_number", WARNING, "label"
    ANSWER_DITTO = "answer_ditto", WARNING, "label", "value"
    ANSWER_ELSEWHERE = "answer_elsewhere", WARNING, "label", "value"
    CELL_TOO_LONG = "cell_too_long", ERROR, "label", "length", "limit"
    ENTRY_FORMULA = "entry_formula", NOTICE, "label", "after"
    ENTRY_FORMULA_EMPTY = "entry_formula_empty", ERROR, "label"
    NOT_A_RETURN = "not_a_return"
    STAMP_DAMAGED = "stamp_damaged"
    NEWER_FORMAT = "newer_format"
    OTHER_PLAN = "other_plan", ERROR, "found", "expected"
    OTHER_PERIOD = "other_period", ERROR, "found", "expected"
    OTHER_DEPARTMENT = "other_department", ERROR, "found", "expected"
    UNKNOWN_DEPARTMENT = "unknown_department", ERROR, "found"
    DEPARTMENT_MOVED = "department_moved", ERROR, "found", "owners"
    MOVED_NOT_ISSUED = "moved_not_issued", ERROR, "department", "period"
    STAMP_MISSING = "stamp_missing", WARNING, "department", "period"
    STAMP_OF_OTHER = "stamp_of_other", WARNING, "found", "department"
    NO_FORM_FOUND = "no_form_found"
    NOT_OF_DEPARTMENT = "not_of_department", ERROR, "department"
    OTHER_ISSUE = "other_issue"
    SHEET_MISSING = "sheet_missing", ERROR, "sheet"
    SHEET_UNREADABLE = "sheet_unreadable", ERROR, "sheet"
    HEADER_MISSING = "header_missing", ERROR, "sheet"
    COLUMN_MISSING = "column_missing", ERROR, "label"
    COLUMN_TWICE = "column_twice", ERROR, "label", "columns"
    ITEM_MISSING = "item_missing", ERROR, "item"
    ITEM_UNKNOWN = "item_unknown", ERROR, "item"
    ITEM_IS_DAY = "item_is_day", NOTICE, "day", "item"
    ITEM_IS_DAY_UNREAD = "item_is_day_unread", ERROR, "day"
    ITEM_IS_NUMBER = "item_is_number", NOTICE, "number", "item"
    ITEM_WITHOUT_ID = "item_without_id"
    EARLIER_TAKEN = "earlier_taken", NOTICE, "period", "count", "lines"
    EARLIER_OPEN = "earlier_open", WARNING, "period", "names"
    EARLIER_DIFFERS = "earlier_differs", WARNING, "period", "cells", "id"
    ROUND_FROZEN = "round_frozen", WARNING, "period", "id"
    FIGURE_KEPT = "figure_kept", WARNING, "period", "label", "cells"
    FIGURE_KEPT_FORMULA = "figure_kept_formula", WARNING, "period", "label", "cells", "then", "now"
    EARLIER_EXCUSED = "earlier_excused", NOTICE, "period", "names"
    LATE_RETURN = "late_return", WARNING, "period", "id", "version"
    OFFICE_ENTERED = "office_entered", NOTICE, "count", "changes"
    OFFICE_NOTHING_NEW = "office_nothing_new", NOTICE
    OFFICE_LEFT = "office_left", WARNING, "label", "count", "items"
    OFFICE_ANSWERED_SINCE = "office_answered_since", WARNING, "items"
    OFFICE_ITEM_GONE = "office_item_gone", WARNING, "items"
    OFFICE_LATER = "office_later", WARNING, "period", "names", "id"
    GREY_CHANGED = "grey_changed", WARNING, "label", "before", "after"
    OFFICE_NOT_ISSUED = "office_not_issued"
    OFFICE_FILE = "office_file"
    DUE_CLOSED = "due_closed", WARNING, "due", "reason", "next"
    PREVIEW = "preview"
    EDITION_ASSUMED = "edition_assumed", NOTICE, "period"
    EARLIER_UNKNOWN = "earlier_unknown", WARNING, "period", "items"
    COUNTED_TOGETHER = "counted_together", NOTICE, "label", "words"
    ROW_LABELLED = "row_labelled", WARNING, "label"
    ROW_TOTAL = "row_total", WARNING, "words"
    ROW_TOTAL_COUNTED = "row_total_counted", NOTICE, "words"
    ROW_NOTHING = "row_nothing", NOTICE, "words"
    ROWS_EQUAL = "rows_equal", WARNING, "first", "second"
    ITEM_TWICE = "item_twice", ERROR, "item", "first", "second"
    OFFICE_CHANGED = "office_changed", WARNING, "label", "before", "after"
    ROWS_MOVED = "rows_moved", NOTICE, "order"
    COLUMNS_MOVED = "columns_moved", NOTICE, "labels"
    RECEIVED_BEFORE = "received_before", WARNING, "attempt", "latest"
    RECEIVED_OPEN = "received_open", NOTICE, "attempt", "moment"
    RECEIVED_EARLIER = "received_earlier", NOTICE, "attempt", "latest", "newer", "moment"
    RECEIVED_OLDER = "received_older", WARNING, "attempt", "latest", "newer", "moment"
    OLDER_RETURN = "older_return", WARNING, "newer", "counting", "moment"
    BLANK_RETURN = "blank_return", WARNING
    UNTOUCHED_RETURN = "untouched_return", WARNING
    ISSUED_FILE = "issued_file", WARNING, "department", "period", "day"
    LETTER_NO_RETURN = "letter_no_return", WARNING, "sender", "subject", "names"
    RECEIVED_OUTDATED = "received_outdated", WARNING
    NEWER_COUNTS = "newer_counts", NOTICE, "newer"
    REFUSED_BEFORE = "refused_before", NOTICE, "moment"
    KEPT_REASON_LOST = "kept_reason_lost", WARNING
    INBOX_FOLDER = "inbox_folder", WARNING, "limit"
    INBOX_LINK = "inbox_link", WARNING
    REPLACES_ACCEPTED = "replaces_accepted", NOTICE, "count", "changes"
    REPLACES_SAME = "replaces_same", NOTICE
    STAMP_ALTERED = "stamp_altered", ERROR, "found", "expected"
    STAMP_VERSION = "stamp_version", WARNING, "found", "expected"
    SHEET_RENAMED = "sheet_renamed", NOTICE, "title", "sheet"
    SHEET_COPIED = "sheet_copied", NOTICE, "sheet", "copy"
    SHEET_TWICE = "sheet_twice", ERROR, "sheet", "copy"
    SHEET_OF_OTHERS = "sheet_of_others", ERROR, "copy", "sheet", "items"
    SHEET_WHOSE = "sheet_whose", WARNING, "sheet", "department"
    SHEETS_ADDED = "sheets_added", NOTICE, "sheets"
    GUIDE_MISSING = "guide_missing", NOTICE, "sheet"
    PEOPLE_MISSING = "people_missing", NOTICE, "labels"
    SHEET_UNPROTECTED = "sheet_unprotected", NOTICE
    FORMULAS_LOST = "formulas_lost", WARNING, "labels", "rows"
    FORMULAS_REPLACED = "formulas_replaced", WARNING, "labels", "rows"
    VALIDATIONS_LOST = "validations_lost", NOTICE, "labels", "rows"
    CELLS_MERGED = "cells_merged", ERROR, "area"
    ROWS_HIDDEN = "rows_hidden", NOTICE, "rows"
    COLUMNS_HIDDEN = "columns_hidden", NOTICE, "labels"
    ROWS_INSERTED = "rows_inserted", NOTICE, "rows"
    ROW_REPEATED = "row_repeated", NOTICE, "item", "first", "second"
    ITEM_FOREIGN = "item_foreign", ERROR, "item", "owner"
    COLUMN_RENAMED = "column_renamed", WARNING, "label", "found", "column"
    COLUMNS_ADDED = "columns_added", WARNING, "columns"
    BESIDE_FORM = "beside_form", WARNING, "cells"
    REMARKS = "remarks", WARNING, "cells"
    COLUMNS_GONE = "columns_gone", NOTICE, "labels"
    COLUMNS_INSERTED = "columns_inserted", NOTICE, "columns"
    ABOUT_CHANGED = "about_changed", WARNING, "label", "before", "after"
    PREVIOUS_CHANGED = "previous_changed", WARNING, "label", "before", "after"

    @property
    def near(self) -> "FindingCode":
        """The code that says the same and names what was probably meant.

        Raises:
            KeyError: there is none.
        """
        return _NEAR[self]

    @property
    def has_near(self) -> bool:
        """Whether there is a code that says the same and names what was probably meant."""
        return self in _NEAR


_NEAR: Mapping[FindingCode, FindingCode] = MappingProxyType(
    {
        FindingCode.TYPE_DATE: FindingCode.TYPE_DATE_NEAR,
        FindingCode.TYPE_DATE_FAR: FindingCode.TYPE_DATE_FAR_NEAR,
        FindingCode.TYPE_MONTH: FindingCode.TYPE_MONTH_NEAR,
        FindingCode.TYPE_YEAR: FindingCode.TYPE_YEAR_NEAR,
        FindingCode.TYPE_TIME: FindingCode.TYPE_TIME_NEAR,
        FindingCode.NOT_IN_LIST: FindingCode.NOT_IN_LIST_NEAR,
        FindingCode.NOT_OWN_ITEM: FindingCode.NOT_OWN_ITEM_NEAR,
        FindingCode.CHOICE_IS_DAY: FindingCode.CHOICE_IS_DAY_NEAR,
        FindingCode.WRONG_PATTERN: FindingCode.WRONG_PATTERN_NEAR,
        FindingCode.ORDER: FindingCode.ORDER_NEAR,
        FindingCode.ORDER_BEGIN: FindingCode.ORDER_BEGIN_NEAR,
    }
)


_PLAIN: Mapping[str, str] = MappingProxyType({near.value: code.value for code, near in _NEAR.items()})


def plain_code(written: str) -> str:
    """A stored code without what was probably meant: the same for any two findings of one check."""
    return _PLAIN.get(written, written)


def written_code(code: Code, rule: str) -> str:
    """A code as it is stored and given out: its value, of a rule of the plan `rule:` and the rule's id."""
    return f"{code.value}{RULE_SIGN}{rule}" if code is FindingCode.RULE else code.value
