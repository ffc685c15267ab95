"""Colours, fonts and cell styles of every workbook, by name. Properties are XlsxWriter's."""

from collections.abc import Mapping

Style = Mapping[str, object]

FONTS = {"ja": "Meiryo UI", "en": "Calibri"}
"""Fonts that Excel has on Windows and macOS; LibreOffice puts another in their place."""

INK = "#1F2933"
QUIET = "#5B6770"
NAVY = "#1F3A5F"
SLATE = "#52606D"
GREY = "#EEF0F2"
LINE = "#C3CAD1"
WHITE = "#FFFFFF"
RED, RED_INK = "#FDD5D5", "#9B1C1C"
YELLOW, YELLOW_INK = "#FFF3BF", "#7A5B00"
ORANGE, ORANGE_INK = "#FFE0C2", "#8A4B08"
GREEN, GREEN_INK = "#E3F4E5", "#1E6B34"
BLUE = "#0B5CAD"
BAND = "#DCE6F2"
PALE = "#F7F9FB"
GRID = "#E5E8EB"
SERIES = (NAVY, "#5B8DB8", "#E0A458", "#B5524B", "#7A9E7E", "#8E7CA6", LINE, SLATE)
"""The bars of a chart, in order; told apart in black and white too."""

_BOX: Style = {"border": 1, "border_color": LINE}
LINK: Style = {"font_color": BLUE, "underline": 1}
"""What can be clicked."""
_WRAP: Style = {"text_wrap": True, "valign": "vcenter"}
_LEFT: Style = {**_WRAP, "indent": 1}

STYLES: Mapping[str, Style] = {
    "base": {"font_color": INK, "valign": "vcenter"},
    "title": {"font_size": 16, "bold": True, "font_color": NAVY, "valign": "vcenter"},
    "heading": {"font_size": 11, "bold": True, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY},
    "text": {"text_wrap": True, "valign": "top"},
    "note": {"font_color": QUIET, "text_wrap": True, "valign": "vcenter"},
    "quiet": {"font_color": QUIET, "valign": "vcenter"},
    "label": {**_BOX, **_LEFT, "bold": True, "bg_color": GREY},
    "value": {**_BOX, **_LEFT},
    "value_centre": {**_BOX, **_WRAP, "align": "center"},
    "link": {**LINK, "valign": "vcenter"},
    "link_box": {**_BOX, **LINK, "valign": "vcenter"},
    "head": {**_BOX, **_WRAP, "bold": True, "align": "center", "bg_color": NAVY, "font_color": WHITE},
    "head_office": {**_BOX, **_WRAP, "bold": True, "align": "center", "bg_color": SLATE, "font_color": WHITE},
    "head_check": {**_BOX, **_WRAP, "bold": True, "align": "center", "bg_color": BAND, "font_color": NAVY},
    "band": {
        **_BOX,
        "bold": True,
        "align": "center",
        "valign": "vcenter",
        "bg_color": BAND,
        "font_color": NAVY,
    },
    "band_left": {**_BOX, "bold": True, "valign": "vcenter", "bg_color": BAND, "font_color": NAVY},
    "office": {**_BOX, **_LEFT, "bg_color": GREY},
    "office_long": {**_BOX, **_LEFT, "valign": "top", "align": "left", "bg_color": GREY},
    "office_centre": {**_BOX, **_WRAP, "bg_color": GREY, "align": "center"},
    "previous": {**_BOX, **_LEFT, "bg_color": GREY, "font_color": QUIET},
    "previous_centre": {**_BOX, **_WRAP, "bg_color": GREY, "font_color": QUIET, "align": "center"},
    "previous_long": {
        **_BOX,
        **_LEFT,
        "valign": "top",
        "align": "left",
        "bg_color": GREY,
        "font_color": QUIET,
    },
    "entry": {**_BOX, **_LEFT, "locked": False},
    "entry_long": {**_BOX, **_LEFT, "valign": "top", "align": "left", "locked": False},
    "entry_centre": {**_BOX, **_WRAP, "locked": False, "align": "center"},
    "entry_number": {**_BOX, "valign": "vcenter", "locked": False},
    "entry_day": {**_BOX, "valign": "vcenter", "align": "center", "locked": False},
    "check": {**_BOX, **_LEFT},
    "banner": {"bold": True, "font_size": 11, "align": "center", "valign": "vcenter", "border": 1},
    "hidden": {"font_color": QUIET},
    "band_below": {**_BOX, "bold": True, "valign": "vcenter", "bg_color": PALE, "font_color": NAVY},
    "figure": {**_BOX, "valign": "vcenter", "align": "right", "indent": 1},
    "cell": {**_BOX, "text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "cell_centre": {**_BOX, **_WRAP, "align": "center"},
    "draft": {"bold": True, "font_size": 14, "font_color": RED_INK, "bg_color": RED, "valign": "vcenter"},
    "final": {"bold": True, "font_size": 14, "font_color": GREEN_INK, "bg_color": GREEN, "valign": "vcenter"},
}

FILLS: Mapping[str, Style] = {
    "wrong": {"bg_color": RED, "font_color": RED_INK},
    "missing": {"bg_color": YELLOW},
    "doubted": {"bg_color": ORANGE},
    "ok": {"bg_color": GREEN, "font_color": GREEN_INK},
    "to_do": {"bg_color": YELLOW, "font_color": YELLOW_INK},
    "done_late": {"bg_color": ORANGE, "font_color": ORANGE_INK},
}
"""Fills of conditional formats."""

LINE_HEIGHT = 13.5
"""Points of one line of 9-point text: Meiryo UI needs 12, the fonts LibreOffice takes instead 13."""
