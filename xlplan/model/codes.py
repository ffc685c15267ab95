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
    AMOUNT_ESTIMATE = "amount_estimate", ERROR, "label", "value"
    TYPE_DATE = "type_date", ERROR, "label", "example"
    TYPE_DATE_NONE = "type_date_none", ERROR, "label", "value", "example"
    TYPE_DATE_ABOUT = "type_date_about", ERROR, "label", "value", "near"
    TYPE_DATE_NEAR = "type_date_near", ERROR, "label", "near"
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
    SMALL_SHARE = "small_share", WARNING, "label", "value"
    READ_AS_NO_ERA = "read_as_no_era", NOTICE, "label", "before", "after"
    READ_AS_ERA_ENDED = "read_as_era_ended", NOTICE, "label", "before", "after"
    PERSONAL_NUMBER = "personal_number", WARNING, "label"
    CARD_NUMBER = "card_number", WARNING, "label"
    MAIL_ADDRESS = "mail_address", WARNING, "label"
    MOBILE_NUMBER = "mobile_number", WARNING, "label"
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
    RECEIVED_OUTDATED = "received_outdated", WARNING
    NEWER_COUNTS = "newer_counts", NOTICE, "newer"
    REFUSED_BEFORE = "refused_before", NOTICE, "moment"
    INBOX_FOLDER = "inbox_folder", WARNING
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


class SafetyCode(Code, section="safety"):
    """Why a file is not opened, or what is told of one that was."""

    EMPTY = "safety_empty"
    TOO_LARGE = "safety_too_large", ERROR, "size", "limit"
    PASSWORD = "safety_password"
    LEGACY = "safety_legacy"
    BINARY = "safety_binary"
    NOT_WORKBOOK = "safety_not_workbook"
    SHORTCUT = "safety_shortcut"
    PDF = "safety_pdf"
    ZIP = "safety_zip", ERROR, "count"
    STOPPED = "safety_stopped"
    SLOW = "safety_slow"
    DAMAGED = "safety_damaged"
    SUSPICIOUS = "safety_suspicious"
    TOO_MANY_PARTS = "safety_too_many_parts", ERROR, "count", "limit"
    INFLATES = "safety_inflates", ERROR, "limit"
    TOO_MANY_SHEETS = "safety_too_many_sheets", ERROR, "count", "limit"
    TOO_MANY_CELLS = "safety_too_many_cells", ERROR, "count", "limit"
    FAR_CELL = "safety_far_cell", ERROR, "rows", "columns"
    TOO_MANY_MERGES = "safety_too_many_merges", ERROR, "count", "limit"
    TOO_MANY_FORMATS = "safety_too_many_formats", ERROR, "count", "limit"
    LONG_TEXT = "safety_long_text", ERROR, "limit"
    EXPANDS = "safety_expands", ERROR, "limit"
    OTHER_FORMAT = "safety_other_format", NOTICE, "kind"
    WRITE_PROTECTED = "safety_write_protected", NOTICE
    MACROS = "safety_macros", NOTICE
    EXTERNAL_LINKS = "safety_external_links", NOTICE
    EMBEDDED_OBJECTS = "safety_embedded_objects", NOTICE


class PlanCode(Code, section="plan"):
    """What can be wrong with the tables of a plan, its formulas aside."""

    TABLE_MISSING = "plan_table_missing", ERROR, "label", "table"
    UNKNOWN_COLUMN = "plan_unknown_column", ERROR, "name", "near"
    COLUMN_TWICE = "plan_column_twice", ERROR, "name"
    COLUMN_MISSING = "plan_column_missing", ERROR, "label", "name"
    BLANK = "plan_blank", ERROR, "heading", "name"
    NOT_NUMBER = "plan_not_number", ERROR, "value"
    NUMBER_UNIT = "plan_number_unit", ERROR, "value", "unit", "number"
    PUBLISHED_GROUP = "plan_published_group", ERROR, "value", "label", "near"
    PUBLISHED_NO_GROUP = "plan_published_no_group", ERROR, "label", "value"
    NOT_DATE = "plan_not_date", ERROR, "value"
    NOT_MONTH = "plan_not_month", ERROR, "value"
    DAY_NEAR = "plan_day_near", ERROR, "value", "label", "near"
    DAY_FAR = "plan_day_far", ERROR, "value", "label"
    UNKNOWN_WORD = "plan_unknown_word", ERROR, "value", "allowed"
    UNKNOWN_SETTING = "plan_unknown_setting", ERROR, "name", "near"
    SETTING_MISSING = "plan_setting_missing", ERROR, "label", "name"
    DUPLICATE = "plan_duplicate", ERROR, "value", "row"
    EMPTY = "plan_empty", ERROR, "label", "table", "about"
    PERIOD_REVERSED = "plan_period_reversed", ERROR, "last", "first"
    PERIOD_ORDER = "plan_period_order", ERROR, "label", "before"
    SPAN_REVERSED = "plan_span_reversed", ERROR, "last", "first"
    UNKNOWN_DEPARTMENT = "plan_unknown_department", ERROR, "value", "near"
    UNKNOWN_ITEM = "plan_unknown_item", ERROR, "value", "near"
    ITEM_GONE = "plan_item_gone", ERROR, "value"
    UNKNOWN_PERIOD = "plan_unknown_period", ERROR, "value", "near"
    UNKNOWN_FORM = "plan_unknown_form", ERROR, "value", "near"
    UNKNOWN_FIELD = "plan_unknown_field", ERROR, "value", "near"
    UNKNOWN_LIST = "plan_unknown_list", ERROR, "value", "near"
    UNKNOWN_CHOICE = "plan_unknown_choice", ERROR, "value", "near"
    ORDER_NO_START = "plan_order_no_start", ERROR, "name"
    ORDER_UNREACHED = "plan_order_unreached", WARNING, "value"
    ORDER_NO_PREVIOUS = "plan_order_no_previous", ERROR, "label", "name"
    ORDER_DEAD_END = "plan_order_dead_end", WARNING, "label", "ends"
    RECORD_ORDER = "plan_record_order", WARNING, "period", "before", "label", "value", "may"
    UNKNOWN_VIEW = "plan_unknown_view", ERROR, "value", "near"
    UNKNOWN_MEASURE = "plan_unknown_measure", ERROR, "value", "near"
    CHOICE_SIGN = "plan_choice_sign", ERROR, "value"
    SHEET_NAME = "plan_sheet_name", ERROR, "value"
    FORM_EMPTY = "plan_form_empty", ERROR, "form"
    OPEN_ROWS = "plan_open_rows", ERROR, "most"
    OPEN_OFFICE = "plan_open_office"
    OPEN_PREVIOUS = "plan_open_previous"
    ITEM_FIELD = "plan_item_field"
    RESERVED_ID = "plan_reserved_id", ERROR, "value"
    PATTERN = "plan_pattern", ERROR, "reason"
    BOUNDS = "plan_bounds", ERROR, "high", "low"
    FORMULA_UNUSED = "plan_formula_unused"
    UNIT_UNUSED = "plan_unit_unused"
    RECORD_RANGE = "plan_record_range", WARNING, "label", "value", "low", "high"
    SETTING_IDLE = "plan_setting_idle", WARNING, "heading", "name"
    OPTION = "plan_option", ERROR, "value"
    OPTION_UNKNOWN = "plan_option_unknown", ERROR, "kind", "value", "near"
    OPTION_NONE = "plan_option_none", ERROR, "kind", "value"
    OPTION_AGAIN = "plan_option_again", ERROR, "value"
    OPTION_ONE = "plan_option_one", ERROR, "name", "value"
    OPTION_ALONE = "plan_option_alone", ERROR, "value", "other"
    OPTION_FORM = "plan_option_form", ERROR, "value", "near"
    VIEW_OPEN = "plan_view_open", ERROR, "kind", "value"
    RECORD_VALUE = "plan_record_value", ERROR, "value", "label", "near"
    READ_AS = "plan_read_as", NOTICE, "label", "before", "after"
    PERIOD_UNCLEAR = "plan_period_unclear", ERROR, "value", "near"
    CELL_READ = "plan_cell_read", NOTICE, "heading", "name", "before", "after"
    ID_DAY = "plan_id_day", ERROR, "label", "name", "value", "like"
    ID_SHOWN = "plan_id_shown", WARNING, "label", "name", "value", "shown"
    ERROR_VALUE = "plan_error_value", ERROR, "value"
    FORMULA_CELL = "plan_formula_cell"
    FORMULA_UNSAVED = "plan_formula_unsaved"
    TABLE_TWICE = "plan_table_twice", ERROR, "label", "table"
    SHEET_PASSED_OVER = "plan_sheet_passed_over", WARNING, "name", "near"
    NOT_WHOLE = "plan_not_whole", ERROR, "value"
    NOT_TIME = "plan_not_time", ERROR, "value"
    NOT_YEAR = "plan_not_year", ERROR, "value"
    RESERVED_SHEET = "plan_reserved_sheet", ERROR, "value", "taken"
    RESERVED_LABEL = "plan_reserved_label", ERROR, "value"
    RULE_TARGET = "plan_rule_target", ERROR, "label", "near"
    OFFICE_BLANK = "plan_office_blank", ERROR, "period", "item", "title", "label"
    OFFICE_BEFORE = "plan_office_before", ERROR, "item", "title", "first", "periods", "id"
    OFFICE_COLUMN = "plan_office_column", ERROR, "label"
    DEPARTMENT_IDLE = "plan_department_idle", NOTICE, "name"
    NO_SUCCESSOR = "plan_no_successor", ERROR, "name", "period", "items"
    SUCCESSOR_CIRCLE = "plan_successor_circle", ERROR, "names"
    SUCCESSOR_UNUSED = "plan_successor_unused", WARNING, "name"
    FORMERLY_OWN = "plan_formerly_own", ERROR, "value"
    FORMERLY_IN_USE = "plan_formerly_in_use", ERROR, "value", "row"
    FORMERLY_TWICE = "plan_formerly_twice", ERROR, "value", "row"
    PREDECESSOR_CIRCLE = "plan_predecessor_circle", ERROR, "names"
    NOT_IN_FORCE = "plan_not_in_force", ERROR, "label", "period"
    TARGET_NOT_IN_FORCE = "plan_target_not_in_force", ERROR, "label", "period"
    NO_CHOICE_IN_FORCE = "plan_no_choice_in_force", ERROR, "name", "period"
    NO_FIELD_IN_FORCE = "plan_no_field_in_force", ERROR, "form", "period"
    NO_FORM_IN_FORCE = "plan_no_form_in_force", ERROR, "period"
    CHOICE_LEADS_NOWHERE = "plan_choice_leads_nowhere", WARNING, "value", "period"
    RECORD_NOT_ASKED = "plan_record_not_asked", WARNING, "label", "period"
    RECORD_OWNER = "plan_record_owner", ERROR, "value", "row", "other"
    ENDS_UNUSED = "plan_ends_unused", WARNING, "value", "name"
    SAME_TITLE = "plan_same_title", WARNING, "row", "value"
    SPELLED_OTHERWISE = "plan_spelled_otherwise", WARNING, "row", "value", "other"
    PERIOD_LABEL = "plan_period_label", ERROR, "value", "limit"
    SAME_FILE = "plan_same_file", ERROR, "value", "row", "other"
    PERSONAL_NUMBER = "plan_personal_number", WARNING
    CARD_NUMBER = "plan_card_number", WARNING
    MAIL_ADDRESS = "plan_mail_address", WARNING
    MOBILE_NUMBER = "plan_mobile_number", WARNING
    TEXT_TOO_LONG = "plan_text_too_long", ERROR, "length", "limit"
    UNWRITABLE = "plan_unwritable", NOTICE
    PLAN_OPEN = "plan_open", NOTICE, "file"
    PLAN_OPEN_BY = "plan_open_by", NOTICE, "file", "user"
    ID_SIGN = "plan_id_sign", ERROR, "value"


def written_code(code: Code, rule: str) -> str:
    """A code as it is stored and given out: its value, of a rule of the plan `rule:` and the rule's id."""
    return f"{code.value}{RULE_SIGN}{rule}" if code is FindingCode.RULE else code.value
