"""The page of a summary: one file, well-formed, with everything that the tables say and nothing that runs or loads."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from documents import cell, document, figures, head, progress, schedule, section, simple, whole
from hypothesis import given
from hypothesis import strategies as st
from measured import measured_round
from shown import shown_round
from summaries import asahikawa_round, sample_round, sent_back

from xlplan.report.document import document_of
from xlplan.report.render.html import OF_THE_OFFICE, page
from xlplan.report.render.html_measures import PAPERS, TableMeasures, paper_of
from xlplan.report.render.palette import contrast, paint_of, paints
from xlplan.report.rows import Consolidation
from xlplan.report.tables import (
    Cell,
    Chart,
    Column,
    Document,
    Fact,
    LegendLine,
    Role,
    Section,
    Series,
    Table,
    TableBand,
    TableGroup,
    TableItem,
    Tone,
)
from xlplan.report.working import Figures

HOSTILE = (
    "<script>alert(1)</script>",
    "</style><img onerror='x'>",
    '" onclick="x',
    "'--><!--]]>&amp;&#0;",
    "\x00\x01\x0b\x1b\x7f\x85",
    "\ud800半分",
    "@import{}\\2029 ",
    "https" + "://example.invalid/" + "長" * 3000,
)


def tree(made: Document) -> ElementTree.Element:
    """The page as a tree, which a parser of XML makes of it."""
    written = page(made).decode()
    assert written.startswith("<!DOCTYPE html>\n")
    return ElementTree.fromstring(written.removeprefix("<!DOCTYPE html>\n"))


def words(element: ElementTree.Element | None) -> str:
    """All that is said in an element."""
    assert element is not None
    return "".join(element.itertext())


def with_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """The elements of a class."""
    return [one for one in root.iter() if name in one.get("class", "").split()]


def only_table(table: Table) -> ElementTree.Element:
    """The element of the one table of a page."""
    (found,) = tree(document(section(table))).iter("table")
    return found


def covered(body: list[ElementTree.Element]) -> list[list[str]]:
    """The words that stand in each place of rows; a place that is taken twice, or a span beyond the rows, fails."""
    grid: list[dict[int, str]] = [{} for _ in body]
    for at, row in enumerate(body):
        column = 0
        for one in row:
            while column in grid[at]:
                column += 1
            for down in range(int(one.get("rowspan", 1))):
                for across in range(int(one.get("colspan", 1))):
                    assert column + across not in grid[at + down], "two cells in one place"
                    grid[at + down][column + across] = words(one)
    return [[line[column] for column in sorted(line)] for line in grid]


# --- the whole page ---


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("draft", [False, True])
def test_a_page_is_well_formed_and_says_its_language(language: str, draft: bool) -> None:
    root = tree(whole(language=language, draft=draft))

    assert root.get("lang") == language
    back = {"ja": "目次へ", "en": "Back to contents"}[language]
    assert {words(one) for one in with_class(root, "back")} == {back}


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    written = page(whole(draft=True)).decode()

    for sign in ("http:", "https:", "src=", "url(", "//", "<script", "@import", "<link", "<img", "<iframe"):
        assert sign not in written, sign
    assert not re.search(r"<[^>]* on\w+=", written)
    assert "default-src &#x27;none&#x27;" in written


def test_same_document_same_bytes() -> None:
    assert page(whole()) == page(whole())


def test_every_id_is_there_once_and_every_link_leads_to_one() -> None:
    root = tree(whole(draft=True))
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    links = [one.get("href", "").removeprefix("#") for one in root.iter("a")]
    named = [
        name
        for one in root.iter()
        for key in ("aria-labelledby", "aria-describedby")
        for name in one.get(key, "").split()
    ]

    assert len(ids) == len(set(ids))
    assert set(links) | set(named) <= set(ids)
    assert all(re.fullmatch(r"[A-Za-z][\w-]*", name or "", re.ASCII) for name in ids)


def test_the_contents_lead_to_every_section_in_their_order() -> None:
    root = tree(whole())
    contents = root.find("body/nav")
    assert contents is not None

    assert [words(one) for one in contents.iter("a")] == ["総括表", "集計", "スケジュール", "一覧"]
    titles = {one.get("id"): words(one.find("h2")) for one in root.iter("section")}
    assert [titles[one.get("href", "")[1:]] for one in contents.iter("a")] == list(titles.values())


def test_sections_of_one_id_have_each_their_own_anchor() -> None:
    root = tree(document(section(simple()), section(simple()), section(simple(), name="a b")))

    assert len({one.get("id") for one in root.iter("section")}) == 3


def test_the_cover_has_its_facts_and_the_page_ends_with_how_a_figure_is_traced() -> None:
    made = whole(draft=True)
    root = tree(made)
    facts = [fact for part in made.facts.values() for fact in part]

    assert [words(one) for one in root.iter("dt")] == [fact.label for fact in facts]
    shown = [words(one) for one in root.iter("dd")]
    assert shown == [f"▲{fact.text}" if fact.again else fact.text for fact in facts]
    footer = words(root.find("body/footer"))
    assert all(line in footer for line in made.tracing)


def test_a_draft_says_so_on_top_at_each_section_and_on_every_printed_page() -> None:
    root = tree(whole(draft=True))
    sheet = words(root.find("head/style"))

    assert words(root.find("head/title")).startswith("未確定（下書き）")
    assert [words(one) for one in with_class(root, "draft")][1:] == ["未確定（下書き）"] * 4
    assert words(with_class(root, "draft")[0]) == "未確定（下書き） 受理していない回答があります。"
    assert '@top-center { content: "未確定\\ff08 下書き\\ff09 "' in sheet
    assert [words(one) for one in with_class(root, "watermark")] == ["未確定（下書き）"]


def test_what_is_final_bears_no_mark_of_a_draft() -> None:
    root = tree(whole())

    assert with_class(root, "draft") == with_class(root, "watermark") == []
    assert words(with_class(root, "banner")[0]) == "確定 すべて受理しました。"
    assert "下書き" not in page(whole()).decode()


def test_registers_of_the_office_stay_in_the_workbook() -> None:
    returns = section(simple(words="回答_秘密.xlsx", kind="returns"), name="returns", title="受付状況")
    written = page(document(section(simple()), returns)).decode()

    assert "受付状況" not in written
    assert "回答_秘密" not in written


ROUNDS = {
    "asahikawa": asahikawa_round,
    "a draft": lambda: asahikawa_round({"D01": sent_back("D01"), "D02": None}),
    "every type of field": sample_round,
    "every kind of table": shown_round,
    "measures": measured_round,
}


@pytest.mark.parametrize("made", ROUNDS.values(), ids=ROUNDS)
def test_all_that_the_views_of_a_round_say_stands_on_its_page(made: Callable[[], Consolidation]) -> None:
    """Every cell of every view, in its order."""
    shown = document_of(made(), Figures(made()))
    root = tree(shown)
    views = [one for one in shown.sections if one.id not in OF_THE_OFFICE]
    tables = [block for one in views for block in one.blocks if isinstance(block, Table)]
    charts = [block for one in views for block in one.blocks if isinstance(block, Chart)]

    assert [words(one.find("h2/span")) for one in root.iter("section")] == [one.title for one in views]
    assert len(list(root.iter("figure"))) == len(charts)
    for table, element in zip(tables, root.iter("table"), strict=True):
        expected = sorted(cell.text for row in table.rows() for cell in row if cell.text)
        names = [group.name.text for band in table.bands for group in band.groups if group.name]
        bodies = [
            cell for row in element.iterfind("tbody/tr") if "band" not in row.get("class", "") for cell in row
        ]
        found = [seen(cell) for cell in bodies]
        assert sorted(word for word in found if word) == sorted([*expected, *filter(None, names)])


def seen(cell: ElementTree.Element) -> str:
    """What a person sees in a cell, without its mark and where its note is."""
    hidden = ("mark", "ref", "unseen")
    inner = "".join(
        (one.tail or "") if one.get("class") in hidden else words(one) + (one.tail or "") for one in cell
    )
    return (cell.text or "") + inner


# --- text from returns ---


def saying(said: str) -> Document:
    """A document that says the same words wherever a plan, a return or a person may say something."""
    fact = Fact("f", said, said, again=True)
    cells = replace(simple(words=said), caption=said, note=said, notes=(said,), legend_note=said)
    noted = replace(simple(), bands=(TableBand((TableGroup((), cell(Role.NAME, said)),), said),))
    chart = Chart("c", said, (said, "2"), (Series(said, (1.0, 2.0)),), "0", stacked=True)
    blocks = (replace(cells, legend=(LegendLine(said, said),)), noted, chart, replace(chart, stacked=False))
    one = Section(said, said, blocks, note=said, about=said)
    made = document(one, draft=True, title=said, organisation=said, period=said, state=said)
    return replace(made, tracing=(said,), facts={said: [fact]})


class _Tags(HTMLParser):
    """The tags and attributes that a parser of HTML finds."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag.lower(), tuple(name.lower() for name, _ in attrs)))


@pytest.mark.parametrize("bad", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text_wherever_it_stands(bad: str) -> None:
    kept = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", "\ufffd", bad)
    root = tree(saying(bad))
    found = _Tags(page(saying(bad)).decode()).found

    assert [words(one) for one in with_class(root, "text") if one.tag == "td"] == [kept] * 2
    harmless = _Tags(page(saying("無害" * len(bad))).decode()).found
    shapes = ("text", "rect")  # of which long words take more
    assert [one for one in found if one[0] not in shapes] == [one for one in harmless if one[0] not in shapes]
    assert [one for one in found if one[0] in ("script", "img")] == []


@given(st.text(max_size=60))
def test_any_text_is_well_formed(words_of: str) -> None:
    tree(document(section(simple(1, words=words_of)), title=words_of, draft=True))


# --- tables ---


def test_heads_have_their_scope() -> None:
    table = only_table(progress(1, 1))
    heads = {words(one): one.get("scope") for one in table.iter("th")}

    assert heads["番号"] == "col"
    assert heads["年次計画／進捗"] == "colgroup"
    assert heads["目標1　市民に身近な電子行政を実現する"] == "colgroup"
    assert heads["計画項目1-1の推進"] == "rowgroup"
    assert heads["公共施設予約のオンライン化"] == "rowgroup"
    assert heads["計画"] == "row"


def test_a_group_stands_merged_over_the_rows_of_all_its_items() -> None:
    table = only_table(progress(2, 3))
    bodies = [list(body.iter("tr")) for body in table.iter("tbody")]
    rows = [row for body in bodies for row in covered(body)]

    assert {len(row) for row in covered(list(table.findall("thead/tr")))} == {8}
    assert {len(row) for row in rows} == {8}
    groups = [row[1] for row in rows if not row[0].startswith("目標")]
    assert groups == [
        f"計画項目{goal}-{group}の推進" for goal in (1, 2) for group in (1, 2) for _ in range(6)
    ]


def test_a_band_is_a_row_across_the_whole_table_and_stays_with_what_follows() -> None:
    table = only_table(schedule(2))
    first = next(table.iter("tbody"))
    bands = [row for row in first.iter("tr") if "band" in row.get("class", "")]

    assert [words(row) for row in bands] == ["目標1　市民に身近な電子行政", "(1) 窓口"]
    assert [one.get("colspan") for row in bands for one in row] == ["12", "12"]
    assert len(list(first.iter("tr"))) == 4


def test_a_bar_says_its_word_to_those_who_see_no_colours() -> None:
    bars = with_class(only_table(schedule(1)), "bar")
    bars = [one for one in bars if one.tag == "td"]

    assert [words(one) for one in bars[:6]] == ["未着手"] * 5 + ["検討"]
    assert [len(with_class(one, "unseen")) for one in bars[:6]] == [0, 1, 1, 1, 1, 0]


def test_where_ranks_are_too_many_to_be_told_apart_each_bar_shows_its_word() -> None:
    bar = Cell(Role.BAR, "段階5", "", tone=Tone(4, 7))
    columns = (Column("a", 8, Role.BAR),)
    made = Table(
        "t", "schedule", columns, (head("年"),), (TableBand((TableGroup((TableItem(((bar,),)),)),)),)
    )
    (shown,) = [one for one in with_class(only_table(made), "bar") if one.tag == "td"]

    assert (shown.text, list(shown)) == ("段階5", [])


def test_what_is_to_be_looked_at_again_has_a_mark_that_is_read_out() -> None:
    marks = with_class(only_table(progress(1, 1)), "mark")

    assert {(words(one), one.get("role"), one.get("aria-label")) for one in marks} == {("▲", "img", "見直し")}


def test_a_note_of_a_cell_stands_below_the_table_once() -> None:
    root = tree(document(section(figures()[0])))
    refs = with_class(root, "ref")

    assert [words(one) for one in refs] == ["※1"] * 3
    (note,) = [one for one in root.iter("p") if f"#{one.get('id')}" == refs[0].get("href")]
    assert words(note) == "※1 その期間には施策がありません。"


def test_caption_note_notes_legend_and_totals_are_there() -> None:
    root = tree(document(section(figures()[0]), section(schedule())))
    (caption, hidden_one) = root.iter("caption")

    assert words(caption) == "判定別割合は四捨五入しています。"
    assert (words(hidden_one), hidden_one.get("class")) == ("総括表", "unseen")
    assert [words(one) for one in with_class(root, "totals")[0].iter("th")] == ["計"]
    assert any(words(one).startswith("下の数値と割合は") for one in with_class(root, "note"))
    legend = next(one for one in with_class(root, "legend") if one.tag == "div")
    assert words(next(legend.iter("li"))) == "未着手未着手の段階"
    assert any(words(one) == "濃いほど進んでいます。" for one in with_class(root, "note"))


def test_every_table_can_be_scrolled_by_keyboard_in_a_group_that_has_its_name() -> None:
    root = tree(whole())
    regions = with_class(root, "region")
    named = {one.get("id"): words(one) for one in root.iter() if one.get("id")}

    assert {(one.get("role"), one.get("tabindex")) for one in regions} == {("group", "0")}
    assert [named[one.get("aria-labelledby")] for one in regions] == [
        "総括表",
        "判定別",
        "スケジュール",
        "一覧",
    ]


def test_long_texts_become_cards_on_a_phone_whose_cells_repeat_their_heads() -> None:
    cards, wide = only_table(progress(1, 1)), only_table(schedule(1))

    assert (cards.get("class"), wide.get("class")) == ("cards", "wide")
    assert only_table(figures()[0]).get("class") == "wide", "a long label gives way to its figures"
    heads = [one.get("data-head") for one in next(cards.iter("tbody")).iter("td")]
    assert heads == ["番号", "H25実施内容", "H26実施内容", "H25", "H26", "H25", "H26"]
    assert not any(one.get("data-head") for one in wide.iter("td"))


def test_on_a_phone_figures_take_no_more_than_they_need() -> None:
    def shares(words_of: str) -> tuple[float, ...]:
        columns = (Column("a", 36, Role.LABEL), *(Column(f"c{at}", 20, Role.FIGURE) for at in range(3)))
        row = (cell(Role.LABEL, "計"), *(Cell(Role.FIGURE, 1, words_of) for _ in range(3)))
        table = replace(simple(0), columns=columns, totals=(row,))
        return TableMeasures(table, PAPERS[0]).phone_shares

    assert shares("1") == pytest.approx([100 * width / 42.5 for width in (14, 9.5, 9.5, 9.5)])
    assert shares("1,234,567,890") == pytest.approx([100 * width / 59 for width in (14, 15, 15, 15)])


def test_the_paper_grows_with_the_table() -> None:
    def wide(characters: float) -> Table:
        return replace(simple(), columns=(Column("a", characters, Role.TEXT),))

    assert [paper_of([wide(width)]).name for width in (40, 160, 240, 500)] == [
        "a4",
        "a4-wide",
        "a3-wide",
        "a3-wide",
    ]
    assert paper_of([]) == PAPERS[0]
    assert paper_of([wide(40), wide(240)]).name == "a3-wide"


def test_a_short_group_is_kept_on_one_page_and_a_long_one_may_be_cut() -> None:
    short, long = (only_table(progress(1, items)).find("tbody") for items in (1, 30))

    assert short is not None
    assert long is not None
    assert (short.get("class"), long.get("class")) == ("whole", None)


def test_a_page_begins_where_the_plan_wants_it() -> None:
    one, two, three = simple(3).bands[0].groups[0].items
    table = replace(simple(), bands=(TableBand((TableGroup((one, replace(two, begins=True), three)),)),))
    bodies = list(only_table(table).iter("tbody"))

    assert ["begins" in body.get("class", "") for body in bodies] == [False, True]
    assert [len(list(body)) for body in bodies] == [1, 2]


def test_a_table_of_nothing_but_heads_is_a_table() -> None:
    table = only_table(simple(0))

    assert len(list(table.iter("th"))) == 2
    assert list(table.iter("tbody")) == []


# --- any table ---


@st.composite
def rows_of_cells(draw: st.DrawFn, columns: int, deep: int) -> tuple[tuple[Cell, ...], ...]:
    """Rows that cells of any span fill without a gap."""
    taken: set[tuple[int, int]] = set()
    rows = []
    for row in range(deep):
        cells = []
        for column in range(columns):
            if (row, column) in taken:
                continue
            free = next(
                (n for n in range(1, columns - column) if (row, column + n) in taken), columns - column
            )
            across, down = draw(st.integers(1, free)), draw(st.integers(1, deep - row))
            taken |= {(row + y, column + x) for y in range(down) for x in range(across)}
            role = draw(st.sampled_from([Role.TEXT, Role.NAME, Role.FIGURE, Role.BAR, Role.NUMBER]))
            words_of = draw(st.sampled_from(["", "あ", "long word"]))
            cells.append(cell(role, words_of, rows=down, columns=across))
        rows.append(tuple(cells))
    return tuple(rows)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any table: groups with and without a name, items of several rows, bands, totals."""
    count = draw(st.integers(2, 5))
    bands = []
    for _ in range(draw(st.integers(0, 3))):
        groups = []
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.sampled_from([None, 0, count - 1]))
            items = []
            for _ in range(draw(st.integers(1, 3))):
                rows = draw(rows_of_cells(count - (at is not None), draw(st.integers(1, 3))))
                items.append(TableItem(rows, cut=draw(st.booleans()), begins=draw(st.booleans())))
            name = None if at is None else cell(Role.NAME, "群")
            groups.append(TableGroup(tuple(items), name, at or 0))
        bands.append(
            TableBand(tuple(groups), draw(st.sampled_from(["", "帯"])), draw(st.sampled_from([1, 2])))
        )
    columns = tuple(Column(f"c{at}", draw(st.sampled_from([4.0, 30.0])), Role.TEXT) for at in range(count))
    heads = draw(rows_of_cells(count, draw(st.integers(1, 2))))
    totals = draw(rows_of_cells(count, draw(st.integers(0, 2))))
    fixed = draw(st.integers(0, count))
    return Table("t", "list", columns, heads, tuple(bands), totals=totals, fixed=fixed)


@given(tables())
def test_spans_never_overlap_and_every_row_covers_all_columns(table: Table) -> None:
    """A name in the first or the last column: there no cell of an item can stand on both sides of it."""
    found = only_table(table)
    parts = [list(part.iter("tr")) for part in found if part.tag in ("thead", "tbody")]
    covering = [row for part in parts for row in covered(part)]
    items = sum(len(item.rows) for item in table.items()) + len(table.heads) + len(table.totals)

    assert {len(row) for row in covering} <= {len(table.columns)}
    assert len(covering) == items + sum(bool(band.words) for band in table.bands)
    assert len(list(found.iter("col"))) == len(table.columns)


# --- charts ---


def drawing(chart: Chart, language: str = "ja") -> ElementTree.Element:
    """The figure of the one chart of a page."""
    (found,) = tree(document(section(simple(), chart), language=language)).iter("figure")
    return found


def test_a_chart_is_a_picture_with_a_name_and_all_its_values_in_words() -> None:
    _, stacked, _ = figures()
    (svg,) = drawing(stacked).iter("svg")
    ids = {one.get("id"): words(one) for one in svg.iter() if one.get("id")}

    assert svg.get("role") == "img"
    assert ids[svg.get("aria-labelledby")] == "判定別　件数"
    assert ids[svg.get("aria-describedby")] == (
        "H25：計画通り 18（60%）、遅れ 9（30%）、中止 3（10%）、判定なし 0（0%）。 "
        "H26：計画通り 20（67%）、遅れ 7（23%）、中止 2（7%）、判定なし 1（3%）。"
    )


def test_every_bar_shows_its_value_within_or_below() -> None:
    figure = drawing(figures()[1])
    shown = [words(one) for one in figure.iter("text")]

    assert shown[:6] == ["H25", "計 30", "18（60%）", "9（30%）", "3", "中止 3（10%）"]
    assert [words(one) for one in figure.iter("li")] == ["計画通り", "遅れ", "中止", "判定なし"]


def test_bars_side_by_side_have_the_names_of_their_series_and_a_dash_for_nothing() -> None:
    figure = drawing(figures()[2])
    shown = [words(one) for one in figure.iter("text")]

    assert shown[:5] == ["情報政策課", "H25", "50.0%", "H26", "60.0%"]
    assert shown[-5:] == ["健康福祉部地域包括ケア推進課", "H25", "―", "H26", "0.0%"]
    widths = [float(one.get("width", 0)) for one in figure.iter("rect")]
    assert widths[3] == pytest.approx(4 * widths[2], rel=0.01)


def test_a_chart_too_high_for_a_page_is_several() -> None:
    many = tuple(f"課{at}" for at in range(60))
    figure = drawing(Chart("c", "課別", many, (Series("H26", (1.0,) * 60),), "0"), "en")
    heights = [float(one.get("viewBox", "").split()[3]) for one in figure.iter("svg")]

    assert len(heights) > 1
    assert max(heights) <= 560
    assert [words(one) for one in figure.iter("text")].count("課59") == 1
    assert words(next(figure.iter("title"))) == f"課別 (1 of {len(heights)})"


def test_series_without_a_tone_have_one_by_their_order() -> None:
    series = tuple(Series(name, (1.0,)) for name in "abc")
    stacked = Chart("c", "題", ("H25",), series, "0", stacked=True)

    def looks(chart: Chart) -> list[str | None]:
        return [one.get("class") for one in drawing(chart).iter("rect")]

    assert looks(stacked) == ["rank-3-2", "rank-3-1", "rank-3-0"]
    assert looks(replace(stacked, stacked=False)) == ["rank-3-0", "rank-3-1", "rank-3-2"]
    assert looks(replace(stacked, series=(replace(series[0], tone=Tone(1, 2)), series[1]))) == [
        "rank-2-1",
        "plain",
    ]


def test_of_a_whole_of_which_nothing_is_known_no_sum_is_told() -> None:
    unknown = Chart("c", "題", ("H25",), (Series("a", (None,)), Series("b", (None,))), "0", stacked=True)

    assert [words(one) for one in drawing(unknown).iter("text")] == ["H25", "計 ―"]


@given(
    st.lists(st.lists(st.none() | st.floats(0, 1e9), min_size=2, max_size=2), min_size=1, max_size=9),
    st.booleans(),
    st.booleans(),
)
def test_no_bar_leaves_its_drawing(values: list[list[float | None]], stacked: bool, long: bool) -> None:
    name = "とても長い系列の名前" * (9 if long else 1)
    series = tuple(Series(f"{name}{at}", tuple(of)) for at, of in enumerate(values))
    figure = drawing(Chart("c", "題", ("a", name), series, "#,##0", stacked=stacked))

    for one in figure.iter("rect"):
        left, width = (float(one.get(key, 0)) for key in ("x", "width"))
        assert left >= 0
        assert left + width <= 400.5


# --- colours ---


def test_letters_can_be_read_on_every_tone() -> None:
    assert [paint for paint in paints() if contrast(paint.fill, paint.ink) < 4.5] == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#FFFFFF", "#5B8DB8") == pytest.approx(3.53, abs=0.01)


def test_a_higher_rank_is_never_lighter_and_neighbours_differ() -> None:
    for ranks in range(2, 10):
        fills = [paint_of(Tone(step, ranks)).fill for step in range(ranks)]
        assert len(set(fills)) == ranks
        shades = [contrast(fill, "#000000") for fill in fills]
        assert shades == sorted(shades, reverse=True)


def test_tones_beyond_the_ramps_have_colours_too() -> None:
    assert paint_of(Tone(19, 20)) == paint_of(Tone(8, 9))
    assert paint_of(Tone(0, 20)) == paint_of(Tone(0, 9))
    assert paint_of(Tone(0, 1)) == paint_of(Tone())
    assert paint_of(Tone(2, 4, again=True)).name == "again"


PAIRS = [
    ("page", "ink"),
    ("page", "quiet"),
    ("page", "link"),
    ("page", "band-ink"),
    ("head", "head-ink"),
    ("band", "band-ink"),
    ("below", "band-ink"),
    ("below", "ink"),
    ("alarm", "alarm-ink"),
    ("final", "final-ink"),
]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("ground", "ink"), PAIRS)
def test_letters_can_be_read_on_every_ground_by_day_and_by_night(ground: str, ink: str, dark: bool) -> None:
    sheet = words(tree(document()).find("head/style"))
    blocks = re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#\w{6})", blocks[dark]))

    assert contrast(colours[ground], colours[ink]) >= 4.5
