"""The number formats that a plan gives its fields and measures: one that does not show what there is, is a finding."""

from pathlib import Path

import pytest
from definitions import GOOD, definition, places, sentence_of

from xlplan.definition.reading import Definition
from xlplan.language.messages import LANGUAGES
from xlplan.model.view import Measure


def with_field(folder: Path, **cells: str) -> Definition:
    """The small definition with one field more, a number unless `cells` say otherwise."""
    head, *lines = GOOD["fields"].strip().splitlines()
    columns = [*head.split(","), "unit", "format"]
    more = {"form": "progress", "id": "extra", "label": "追加", "type": "number", **cells}
    quoted = ('"{}"'.format(more.get(column, "").replace('"', '""')) for column in columns)
    table = [",".join(columns), *(f"{line},," for line in lines), ",".join(quoted)]
    return definition(folder, fields="\n".join(table) + "\n")


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        *(
            ({"format": code}, "plan_format_unknown")
            for code in ("two decimals", "0 kn", "0.0.0", "[Pink]0", '0"件', "0;0;0;0;0", "yyyy0", "0" * 256)
        ),
        *(({"format": code}, "plan_format_unfit") for code in ("yyyy/m/d", "h:mm", "@", "0.00E+00", "# ?/?")),
        *(({"format": code}, "plan_format_scales") for code in ("#,##0,", '#,##0,"千円"', "0%", "0;-0%")),
        *(
            ({"format": code}, "plan_format_hides")
            for code in (";;;", '"あり"', "0;0", "0;[Red]0", "0;-0;", "#", "£#")
        ),
        ({"format": "£#,##0.00", "unit": "$"}, "plan_format_unit"),
        ({"format": '#,##0"円"', "unit": "千円"}, "plan_format_unit"),
        ({"format": '0"件";-0"個"', "unit": "件"}, "plan_format_unit"),
        (
            {"format": "0.0%", "unit": "件", "filled_by": "formula", "formula": "[@cost]*2"},
            "plan_format_unit",
        ),
        ({"format": "#,##0,", "filled_by": "formula", "formula": "[@cost]*2"}, "plan_format_scales"),
        ({"format": "0.0", "type": "date"}, "plan_format_unfit"),
        ({"format": "yyyy", "type": "date"}, "plan_format_unfit"),
        ({"format": "yyyy/m/d h:mm", "type": "date"}, "plan_format_unfit"),
        ({"format": "yyyy/m/d;@", "type": "date"}, "plan_format_unfit"),
        ({"format": "yyyy/m/d", "type": "month"}, "plan_format_unfit"),
        ({"format": "0", "type": "text"}, "plan_format_unfit"),
        ({"format": "h:mm", "type": "time"}, "plan_format_unfit"),
        ({"format": "0", "type": "year"}, "plan_format_unfit"),
    ],
)
def test_a_format_that_does_not_show_what_the_cell_holds_is_a_finding_at_its_cell(
    tmp_path: Path, cells: dict[str, str], code: str
) -> None:
    found = with_field(tmp_path, **cells)
    row = len(GOOD["fields"].strip().splitlines()) + 1
    [told] = found.findings
    assert (told.code, told.cell, told.value) == (code, f"R{row}", cells["format"])
    for language in LANGUAGES:
        assert cells["format"] in sentence_of(told, language)


@pytest.mark.parametrize(
    "cells",
    [
        *(
            {"format": code}
            for code in (
                *("0", "0.0", "#,##0.00", "£#,##0.00", '"£"#,##0.00', "[$£-809]#,##0.00", "General", "000"),
                *('0"件"', "0.0 ;(0.0)", '#,##0;"△"#,##0;"-"', "[Red]0.0", "[>=1000]#,##0;0.0", "00-0000"),
                *("#,##0.00 €", "* #,##0.00_-"),
            )
        ),
        *({"format": "£#,##0.00", "unit": unit} for unit in ("£",)),
        {"format": '#,##0"千円"', "unit": "千円"},
        {"format": '#,##0"円"', "unit": "¥"},
        {"format": "0.0", "type": "whole"},
        {"format": "0.0%", "filled_by": "formula", "formula": "[@cost]*2"},
        *(
            {"format": code, "type": "date"}
            for code in ("yyyy-mm-dd", "d mmm yyyy", '[$-411]ggge"年"m"月"d"日"')
        ),
        *({"format": code, "type": "month"} for code in ("mmm yyyy", "yyyy/mm")),
    ],
)
def test_a_format_that_shows_what_there_is_is_silent(tmp_path: Path, cells: dict[str, str]) -> None:
    found = with_field(tmp_path, **cells)
    assert places(found) == []
    form = found.usable().form("progress")
    assert form is not None
    assert form.by_id["extra"].format == cells["format"]


# --- measures --------------------------------------------------------------------------------------


def with_measure(folder: Path, formula: str, code: str = "") -> tuple[Definition, list[Measure]]:
    """The small definition, whose costs are £, with one measure more."""
    fields = GOOD["fields"].replace("width,hint", "width,unit").replace("1000000.5,,,,,", "1000000.5,,,,,£")
    line = ",".join(
        {
            "view": "figures",
            "id": "extra",
            "label": "追加",
            "formula": f'"{formula}"',
            "format": f'"{code}"',
        }.get(column, "")
        for column in GOOD["measures"].splitlines()[0].split(",")
    )
    fields = fields.replace("例：増やした", "")
    found = definition(folder, fields=fields, measures=f"{GOOD['measures'].rstrip()}\n{line}\n")
    measures = (
        []
        if found.plan is None
        else [measure for view in found.plan.views for measure in view.measures if measure.id == "extra"]
    )
    return found, measures


@pytest.mark.parametrize(
    ("formula", "shape"),
    [
        ("SUMIFS([cost],[period],PERIOD())", "#,##0.00"),
        ("AVERAGEIFS([cost],[period],PERIOD())", "#,##0.00"),
        ("SUM([cost])-SUMIFS([cost],[period],PERIOD())", "#,##0.00"),
        ("SUMIF([period],PERIOD(),[cost])", "#,##0.00"),
        ("SUMIFS([count],[period],PERIOD())", "0"),
        ("SUM([cost])/COUNTIFS([period],PERIOD())", "0"),
        ("SUM([cost])+SUM([count])", "0"),
        ("COUNTIFS([period],PERIOD())", "0"),
    ],
)
def test_a_measure_without_a_format_has_that_of_what_it_adds_up(
    tmp_path: Path, formula: str, shape: str
) -> None:
    found, [measure] = with_measure(tmp_path, formula)
    assert (places(found), measure.format) == ([], shape)


def test_a_measure_keeps_the_format_that_it_is_given(tmp_path: Path) -> None:
    _, [measure] = with_measure(tmp_path, "SUM([cost])", "£#,##0")
    assert measure.format == "£#,##0"


def test_a_measures_format_that_excel_does_not_take_is_a_finding(tmp_path: Path) -> None:
    found, _ = with_measure(tmp_path, "SUM([cost])", "two decimals")
    assert [(told.code, told.file, told.value) for told in found.findings] == [
        ("plan_format_unknown", "measures.csv", "two decimals")
    ]
