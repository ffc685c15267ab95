"""How the summary's sheets lie on paper, and days as people write them."""

from dataclasses import replace
from datetime import datetime

import pytest
from figured import summary_workbook
from libreoffice import LibreOffice
from summaries import asahikawa_round, opened, sample_round

from xlplan.report.render.xlsx.paper import across, pixels_of
from xlplan.spreadsheet.book import Paper


def test_the_data_is_printed_so_that_it_can_be_read() -> None:
    sheet = opened(summary_workbook(asahikawa_round()))["データ"]

    # nine points at 75%
    assert sheet.page_setup.scale == 75
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_cols == "$A:$B"
    assert sheet.print_title_rows == "$4:$4"
    widths = [one.width for one in sheet.column_dimensions.values() for _ in range(one.min, one.max + 1)]
    cuts = [one.id for one in sheet.col_breaks.brk]
    assert cuts
    room = Paper(size=8).pixels / 0.75
    for first, last in zip([2, *cuts], [*cuts, 18], strict=True):
        assert pixels_of(widths[:2]) + pixels_of(widths[first:last]) < room


def test_a_table_that_can_be_read_on_one_page_is_not_cut() -> None:
    paper, cuts = across(Paper(size=8), [20.0] * 6, 2)

    assert (paper.scale, cuts) == (100, [])


def test_a_column_wider_than_a_page_makes_no_empty_one() -> None:
    _, cuts = across(Paper(size=8), [10.0, 10.0, 400.0, 400.0], 2)

    assert cuts == [3]


def test_rows_of_the_data_are_as_high_as_their_lines() -> None:
    made = asahikawa_round()
    rows = tuple(replace(one, values={**one.values, "done": "一行目\n二行目\n三行目"}) for one in made.rows)
    sheet = opened(summary_workbook(replace(made, rows=rows)))["データ"]

    # the words of some projects need four lines
    heights = {sheet.row_dimensions[row].height for row in range(5, 95)}
    assert min(heights) == pytest.approx(3 * 13.5 + 5, abs=0.5)
    assert max(heights) < 5 * 13.5


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (datetime(2015, 4, 10, 13, 5), "平成27年4月10日 13:05"),
        (datetime(2019, 4, 30, 23, 59), "平成31年4月30日 23:59"),
        (datetime(2019, 5, 1, 0, 0), "令和元年5月1日 0:00"),
        (datetime(2019, 12, 31, 9, 30), "令和元年12月31日 9:30"),
        (datetime(2020, 1, 1, 9, 30), "令和2年1月1日 9:30"),
    ],
)
def test_the_moment_of_a_return_is_written_by_the_plans_calendar(
    libreoffice: LibreOffice, received: datetime, expected: str
) -> None:
    made = sample_round()
    returns = tuple(replace(one, received_at=received) for one in made.returns)
    steps = 'sheet.getCellRangeByName("Z1").String = sheet.getCellRangeByName("D5").String'
    shown = libreoffice.edited(summary_workbook(replace(made, returns=returns)), "受付状況", steps)

    assert opened(shown)["受付状況"]["Z1"].value == expected


def test_days_are_written_by_the_plans_calendar(libreoffice: LibreOffice) -> None:
    made = sample_round()
    western = replace(made, plan=replace(made.plan, calendar="western"))
    shown = []
    for one in (made, western):
        book = summary_workbook(one)
        at = next(cell for cell in opened(book)["一覧"][4] if cell.value == "実施日").column_letter
        step = f'sheet.getCellRangeByName("Z1").String = sheet.getCellRangeByName("{at}5").String'
        shown.append(opened(libreoffice.edited(book, "一覧", step))["一覧"]["Z1"].value)

    assert shown == ["H26.5.1", "2014/5/1"]
