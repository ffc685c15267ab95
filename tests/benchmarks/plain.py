"""The plain script: what a competent analyst writes with pandas, openpyxl and pandera, one file after the other."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

STATUS = {"検討": 1, "一部実施": 2, "実施": 3, "運用": 4, "拡充": 5}
REASONS = ["予算の都合", "関係者との調整", "技術的な課題", "その他"]
METHODS = ["直営", "委託", "共同利用", "クラウド"]
EFFECTS = ["◎", "○", "△", "×"]
COLUMNS = {
    "番号": "item",
    "計画項目": "group",
    "計画内容": "title",
    "計画": "planned",
    "予算額": "budget",
    "令和6年度の進捗": "previous",
    "進捗": "actual",
    "実施内容": "done",
    "遅れの理由": "reason",
    "補足": "note",
    "決算額": "spent",
    "一般財源": "own",
    "補助金": "subsidy",
    "執行残": "remaining",
    "着手日": "started",
    "完了日": "finished",
    "進捗率": "rate",
    "削減時間": "hours",
    "担当人数": "staff",
    "実施方法": "method",
    "委託先": "vendor",
    "効果": "effect",
    "来年度の予定": "following",
    "判定": "judgement",
}
WHOLE, NUMBERS, DATES = ("spent", "own", "subsidy", "staff"), ("rate", "hours"), ("started", "finished")
FIRST, LAST = dt.datetime(2020, 4, 1), dt.datetime(2026, 3, 31)


def number(low: float, high: float, *, whole: bool) -> pa.Check:
    """A number within bounds."""

    def fine(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return low <= value <= high and (not whole or float(value).is_integer())

    return pa.Check(fine, element_wise=True)


def day() -> pa.Check:
    """A date within the plan."""
    return pa.Check(
        lambda value: isinstance(value, dt.datetime) and FIRST <= value <= LAST, element_wise=True
    )


def late(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Where the status is behind the plan."""
    return frame["actual"].map(STATUS) < frame["planned"].map(STATUS)


def ordered(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Where the work does not end before it begins."""
    started, finished = (pd.to_datetime(frame[one], errors="coerce") for one in DATES)
    return ~(finished < started)


def backwards(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Where the status is behind last year's."""
    return frame["actual"].map(STATUS) < frame["previous"].map(STATUS)


def sums(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Where the sources add up to what was spent."""
    own, subsidy, spent = (pd.to_numeric(frame[one], errors="coerce") for one in ("own", "subsidy", "spent"))
    return ~((own + subsidy.fillna(0)) != spent)


def within(frame: pd.DataFrame) -> "pd.Series[bool]":
    """Where no more was spent than there was."""
    spent, budget = (pd.to_numeric(frame[one], errors="coerce") for one in ("spent", "budget"))
    return ~(spent > budget)


def schema() -> pa.DataFrameSchema:
    """The same checks as the plan's. The name of a check of rows is the column at fault."""
    return pa.DataFrameSchema(
        {
            "actual": pa.Column(None, pa.Check.isin(list(STATUS))),
            "done": pa.Column(None, pa.Check.str_length(max_value=400)),
            "reason": pa.Column(None, pa.Check.isin(REASONS), nullable=True),
            "note": pa.Column(None, pa.Check.str_length(max_value=200), nullable=True),
            "spent": pa.Column(None, number(0, 10_000_000, whole=True)),
            "own": pa.Column(None, number(0, 10_000_000, whole=True)),
            "subsidy": pa.Column(None, number(0, 10_000_000, whole=True), nullable=True),
            "started": pa.Column(None, day()),
            "finished": pa.Column(None, day(), nullable=True),
            "rate": pa.Column(None, number(0, 100, whole=False)),
            "hours": pa.Column(None, number(0, 1e9, whole=False), nullable=True),
            "staff": pa.Column(None, number(1, 99, whole=True)),
            "method": pa.Column(None, pa.Check.isin(METHODS)),
            "vendor": pa.Column(None, pa.Check.str_length(max_value=60), nullable=True),
            "effect": pa.Column(None, pa.Check.isin(EFFECTS)),
            "following": pa.Column(None, pa.Check.str_length(max_value=200)),
        },
        checks=[
            pa.Check(lambda frame: ~late(frame) | frame["reason"].notna(), name="reason"),
            pa.Check(lambda frame: late(frame) | frame["reason"].isna(), name="reason"),
            pa.Check(lambda frame: (frame["actual"] != "拡充") | frame["finished"].notna(), name="finished"),
            pa.Check(lambda frame: (frame["method"] != "委託") | frame["vendor"].notna(), name="vendor"),
            pa.Check(lambda frame: ~backwards(frame) | frame["note"].notna(), name="note"),
            pa.Check(within, name="spent"),
            pa.Check(sums, name="own"),
            pa.Check(ordered, name="finished"),
        ],
    )


def faults_of(frame: pd.DataFrame, checks: pa.DataFrameSchema) -> set[tuple[str, str]]:
    """The item and the column of each fault in the table of one file."""
    try:
        checks.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as fault:
        found = set()
        for one in fault.schema_errors:
            column = str(one.check.name) if one.schema.name is None else str(one.schema.name)
            failed = one.check_output
            rows = frame.index[frame[column].isna()] if failed is None else failed.index[~failed.astype(bool)]
            found |= {(str(frame["item"].iloc[row]), column) for row in rows}
        return found
    return set()


def read(path: Path) -> pd.DataFrame:
    """The table of one file."""
    frame = pd.read_excel(path, sheet_name="進捗報告", header=4, engine="openpyxl", dtype=object)
    frame.columns = [str(one).replace("（＊）", "").replace("＊", "") for one in frame.columns]
    return frame[list(COLUMNS)].rename(columns=COLUMNS)


def summarise(files: list[Path], target: Path) -> set[tuple[str, str]]:
    """Read and check every file, write all of them as one table; gives the faults."""
    frames, faults, checks = [], set(), schema()
    for path in files:
        frame = read(path)
        faults |= faults_of(frame, checks)
        frames.append(frame.assign(file=path.name))
    pd.concat(frames, ignore_index=True).to_excel(target, index=False, engine="openpyxl")
    return faults
