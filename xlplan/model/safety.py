"""The codes of files that are not opened, or opened with care. As those of `xlplan.model.codes`."""

from xlplan.language.codes import Code, Severity

ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE


class SafetyCode(Code, section="safety"):
    """Why a file is not opened, or what is told of one that was."""

    EMPTY = "safety_empty"
    TOO_LARGE = "safety_too_large", ERROR, "size", "limit"
    PASSWORD = "safety_password"
    RIGHTS = "safety_rights"
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
    LETTER_DAMAGED = "letter_damaged", ERROR, "names"
    LETTER_PASSWORD = "letter_password", ERROR, "names"
    LETTER_METHOD = "letter_method", ERROR, "names"
    LETTER_DEEP = "letter_deep", ERROR, "names", "limit"
    LETTER_TNEF = "letter_tnef", ERROR, "names"
    LETTER_LARGE = "letter_large", ERROR, "names", "limit"
    LETTER_MANY = "letter_many", ERROR, "limit"
    LETTER_INFLATES = "letter_inflates", ERROR, "limit"
