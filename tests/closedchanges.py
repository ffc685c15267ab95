"""A natural change of each column of each table of `closedplan.NEXT`, with what must go with it."""

from collections.abc import Mapping

from closedplan import Cell, Row, Step, Word

CHANGES: Mapping[str, tuple[Step, ...]] = {
    "plan.key": (Cell("plan", "contact"),),
    "plan.value id": (Cell("plan", "id", "value", "other"),),
    "plan.value title": (Cell("plan", "title", "value", "新しい計画"),),
    "plan.value organisation": (Cell("plan", "organisation", "value", "新しい市"),),
    "plan.value language": (Cell("plan", "language", "value", "en"),),
    "plan.value locale": (Cell("plan", "locale", "value", "en_GB"),),
    "plan.value fiscal_year_start": (Cell("plan", "fiscal_year_start", "value", "7"),),
    "plan.value calendar": (Cell("plan", "calendar", "value", "western"),),
    "plan.value office": (Cell("plan", "office", "value", "情報課"),),
    "plan.value contact": (Cell("plan", "contact", "value", "内線 2"),),
    "plan.value holidays": (Cell("plan", "holidays", "value", "none"),),
    "letters.kind": (Cell("letters", "督促", "kind", "受理"),),
    "letters.subject": (Cell("letters", "督促", "subject", "お願い"),),
    "letters.body": (Cell("letters", "督促", "body", "{部署}へ"),),
    "closed_days.first_day": (Cell("closed_days", "12/29", "first_day", "12/28"),),
    "closed_days.last_day": (Cell("closed_days", "12/29", "last_day", "1/4"),),
    "closed_days.yearly": (Cell("closed_days", "12/29", "yearly", ""),),
    "closed_days.name": (Cell("closed_days", "12/29", "name", "冬期"),),
    "periods.id": (
        Word("periods", "id", "R5", "R05"),
        *(
            Word(table, column, "R5", "R05")
            for table, column in (
                ("departments", "from_period"),
                ("departments", "to_period"),
                ("items", "from_period"),
                ("items", "to_period"),
                ("forms", "from_period"),
                ("choices", "from_period"),
                ("rules", "from_period"),
                ("records", "period"),
            )
        ),
    ),
    "periods.id dropped": (
        Cell("periods", "R5"),
        *(
            Word(table, "from_period", "R5", "")
            for table in ("departments", "items", "forms", "choices", "rules")
        ),
        Cell("departments", "D0"),
        Cell("items", "A-0"),
        Cell("items", "A-1", "predecessor", ""),
        *(Cell("records", f"report R5 {item}") for item in ("A-0", "A-1", "A-2", "B-1", "C-1")),
        Cell("records", "money R5 A-1"),
    ),
    "periods.label": (
        Cell("periods", "R6", "label", "令和六年度"),
        Cell("periods", "R5", "label", "令和五年度"),
    ),
    "periods.first_year": (
        Cell("periods", "R5", "first_year", "2022"),
        Cell("periods", "R5", "last_year", "2022"),
        Cell("periods", "R6", "first_year", "2023"),
    ),
    "periods.last_year": (
        Cell("periods", "R6", "last_year", "2025"),
        Cell("periods", "R7", "first_year", "2026"),
        Cell("periods", "R7", "last_year", "2026"),
    ),
    "periods.first_month": (
        Cell("periods", "R6", "first_month", "4"),
        Cell("periods", "R6", "last_month", "9"),
    ),
    "periods.last_month": (
        Cell("periods", "R6", "first_month", "6"),
        Cell("periods", "R6", "last_month", "12"),
    ),
    "periods.reference_date": (Cell("periods", "R6", "reference_date", "2025-01-31"),),
    "records.proposed": (Cell("records", "report R6 A-1", "proposed", "planned"),),
    "departments.id": (
        Word("departments", "id", "D1", "D10"),
        Word("departments", "formerly", "D01", "D1"),
        Word("items", "department", "D1", "D10"),
    ),
    "departments.name": (Cell("departments", "D2", "name", "総務人事課"),),
    "departments.contact": (Cell("departments", "D2", "contact", "田中"),),
    "departments.email": (Cell("departments", "D2", "email", "new@example.jp"),),
    "departments.from_period": (
        Cell("departments", "D3", "from_period", "R7"),
        Cell("items", "C-1", "from_period", "R7"),
        Cell("records", "report R6 C-1"),
        Cell("records", "report R5 C-1"),
    ),
    "departments.to_period": (
        Cell("departments", "D3", "to_period", "R6"),
        Cell("departments", "D3", "successor", "D1"),
    ),
    "departments.successor": (
        Cell("departments", "D0", "successor", "D3"),
        Cell("departments", "D2", "to_period", "R5"),
        Cell("departments", "D2", "successor", "D3"),
    ),
    "departments.formerly": (Cell("departments", "D2", "formerly", "D02"),),
    "departments dropped": (
        Cell("departments", "D3"),
        Cell("items", "C-1", "department", "D1"),
    ),
    "items.id": (
        Word("items", "id", "A-1", "A-10"),
        Cell("items", "A-10", "formerly", "A-1"),
        Word("records", "item", "A-1", "A-10"),
    ),
    "items.goal": (Cell("items", "A-2", "goal", "目標二"), Cell("items", "C-1", "goal", "目標三")),
    "items.group": (Cell("items", "A-2", "group", "受付"),),
    "items.title": (Cell("items", "A-1", "title", "オンライン申請"),),
    "items.summary": (Cell("items", "A-1", "summary", "手続を増やす。"),),
    "items.department": (Cell("items", "A-2", "department", "D3"), Cell("items", "B-1", "department", "D1")),
    "items.from_period": (
        Cell("items", "C-1", "from_period", "R7"),
        Cell("records", "report R5 C-1"),
        Cell("records", "report R6 C-1"),
    ),
    "items.to_period": (Cell("items", "C-1", "to_period", "R6"), Cell("records", "report R7 C-1")),
    "items.predecessor": (
        Cell("items", "A-1", "to_period", "R6"),
        Cell("items", "A-2", "to_period", "R6"),
        Cell("records", "report R7 A-1"),
        Cell("records", "report R7 A-2"),
        Row("items", "A-9 | 目標一 | 手続 | 申請と予約 | まとめる。 | D1 | R7 | | A-1｜A-2 | | 一般"),
        Row("records", "report | R7 | A-9 | | | 拡充 | | | | | | |"),
    ),
    "items.formerly": (Cell("items", "A-2", "formerly", "A-002"),),
    "items.財源": (Cell("items", "A-1", "財源", "特別"),),
    "items dropped": (
        Cell("items", "C-1"),
        *(Cell("records", f"report {period} C-1") for period in ("R5", "R6", "R7")),
    ),
    "forms.id": (
        Word("forms", "id", "report", "progress"),
        Word("forms", "formerly", "rep", "report"),
        *(Word(table, "form", "report", "progress") for table in ("fields", "rules", "views", "records")),
    ),
    "forms.title": (Cell("forms", "report", "title", "実績報告"),),
    "forms.note": (Cell("forms", "report", "note", "空欄に記入してください。"),),
    "forms.open_rows": (Cell("forms", "wishes", "open_rows", "5"),),
    "forms.from_period": (Cell("forms", "money", "from_period", "R7"), Cell("records", "money R5 A-1")),
    "forms.to_period": (Cell("forms", "money", "to_period", "R6"),),
    "forms.formerly": (Cell("forms", "money", "formerly", "cash"),),
    "forms dropped": (
        Cell("forms", "wishes"),
        Cell("fields", "wishes about"),
        Cell("fields", "wishes wish"),
        Cell("views", "wishes"),
    ),
    "fields.form": (Cell("fields", "report code", "form", "money"),),
    "fields.id": (
        Cell("fields", "report done", "formerly", "done"),
        Cell("fields", "report done", "id", "work"),
        Word("views", "options", "text=done", "text=work"),
        Word("records", "", "done", "work"),
    ),
    "fields.label": (Cell("fields", "report actual", "label", "状況"),),
    "fields.type": (
        Cell("fields", "report places", "type", "number"),
        Cell("fields", "report code", "pattern", ""),
        Cell("fields", "report code", "type", "whole"),
    ),
    "fields.list": (
        Cell("fields", "report actual", "list", "newer"),
        Row("choices", "newer | 検討 | 3 | △ | | | | no | |"),
        Row("choices", "newer | 実施 | 2 | ○ | | | | no | |"),
        Row("choices", "newer | 拡充 | 1 | ◎ | | | | no | |"),
    ),
    "fields.required": (Cell("fields", "report places", "required", "yes"),),
    "fields.filled_by": (Cell("fields", "report places", "filled_by", "office"),),
    "fields.formula": (
        Word("fields", "formula", ">=CHOICE_RANK", ">CHOICE_RANK", within=True),
        Word("fields", "formula", "[@rate]/[@places]", "[@rate]*[@places]", within=True),
    ),
    "fields.previous": (Cell("fields", "report rate", "previous", "yes"),),
    "fields.unit": (Cell("fields", "money cost", "unit", "千円"),),
    "fields.format": (
        Cell("fields", "report rate", "format", "0.00"),
        Cell("fields", "money cost", "format", "0"),
    ),
    "fields.min": (Cell("fields", "report places", "min", "3"),),
    "fields.max": (Cell("fields", "report places", "max", "2"),),
    "fields.max_length": (Cell("fields", "report done", "max_length", "2"),),
    "fields.pattern": (Cell("fields", "report code", "pattern", "[0-9]+"),),
    "fields.unique": (
        Cell("fields", "report code", "unique", "no"),
        Cell("fields", "report done", "unique", "yes"),
    ),
    "fields.width": (Cell("fields", "report done", "width", "20"),),
    "fields.hint": (Cell("fields", "report actual", "hint", "矢印から"),),
    "fields.from_period": (
        Cell("fields", "report code", "from_period", "R7"),
        Cell("fields", "report done", "from_period", "R6"),
    ),
    "fields.to_period": (
        Cell("fields", "report started", "to_period", "R6"),
        Cell("rules", "in_year", "to_period", "R6"),
        Cell("fields", "report code", "to_period", "R6"),
    ),
    "fields.formerly": (Cell("fields", "report done", "formerly", "text"),),
    "fields dropped": (Cell("fields", "report code"),),
    "fields added": (Row("fields", "report|note|補足|text||yes|department||yes||||||||||||"),),
    "choices.list": (
        Word("choices", "list", "status", "states"),
        Word("fields", "list", "status", "states"),
    ),
    "choices.value": (
        Cell("choices", "status 実施", "aliases", "実施｜実施済"),
        Cell("choices", "status 実施", "value", "実行"),
        Word("measures", "formula", '"実施"', '"実行"', within=True),
    ),
    "choices.rank": (
        Cell("choices", "status 検討", "rank", "3"),
        Cell("choices", "status 拡充", "rank", "1"),
    ),
    "choices.symbol": (Cell("choices", "status 実施", "symbol", "●"),),
    "choices.aliases": (Cell("choices", "status 実施", "aliases", "やった"),),
    "choices.after": (
        Cell("choices", "status 検討", "after", "-"),
        Cell("choices", "status 実施", "after", "検討"),
        Cell("choices", "status 拡充", "after", "実施"),
    ),
    "choices.meaning": (Cell("choices", "status 実施", "meaning", "始まっている"),),
    "choices.ends": (Cell("choices", "status 拡充", "ends", "yes"),),
    "choices.from_period": (Cell("choices", "status 拡充", "from_period", "R7"),),
    "choices.to_period": (Cell("choices", "status 実施", "to_period", "R6"),),
    "choices dropped": (
        Cell("choices", "judgement 遅れ"),
        Word("fields", "formula", '"遅れ"', '"計画通り"', within=True),
    ),
    "choices added": (Row("choices", "status | 完了 | 4 | ★ | | | 終わった | yes | R7 |"),),
    "rules.id": (Cell("rules", "rate_small", "id", "rate_low"),),
    "rules.form": (
        Cell("rules", "rate_small", "form", "money"),
        Cell("rules", "rate_small", "check", "OR(BLANK([@cost]),[@cost]<=10)"),
        Cell("rules", "rate_small", "target", "cost"),
    ),
    "rules.check": (Cell("rules", "rate_small", "check", "OR(BLANK([@rate]),[@rate]<=2)"),),
    "rules.target": (Cell("rules", "rate_small", "target", "places"),),
    "rules.severity": (Cell("rules", "rate_small", "severity", "error"),),
    "rules.message": (Cell("rules", "rate_small", "message", "大きい。"),),
    "rules.remedy": (Cell("rules", "rate_small", "remedy", "見てください。"),),
    "rules.from_period": (Cell("rules", "rate_small", "from_period", "R7"),),
    "rules.to_period": (Cell("rules", "rate_small", "to_period", "R5"),),
    "rules dropped": (Cell("rules", "rate_small"),),
    "handling.finding": (Cell("handling", "sheet_renamed", "finding", "sheet_unprotected"),),
    "handling.severity": (Cell("handling", "sheet_renamed", "severity", "error"),),
    "views.id": (
        Cell("views", "figures", "id", "numbers"),
        Word("measures", "view", "figures", "numbers"),
        Word("published", "view", "figures", "numbers"),
    ),
    "views.title": (Cell("views", "figures", "title", "統計"),),
    "views.kind": (
        Cell("views", "table", "kind", "status"),
        Cell("views", "table", "options", "cells=actual"),
    ),
    "views.form": (Cell("views", "wishes", "form", "money"),),
    "views.options": (Cell("views", "table", "options", "rows=actual"),),
    "views dropped": (Cell("views", "table"),),
    "measures.view": (
        Row("views", "more | 別の集計 | statistics | report |"),
        Cell("measures", "figures goals", "view", "more"),
    ),
    "measures.id": (Cell("measures", "figures spots", "id", "sites"),),
    "measures.label": (Cell("measures", "figures spots", "label", "場所の数"),),
    "measures.formula": (
        Word("measures", "formula", '[actual],"実施"', '[actual],"検討"', within=True),
        Cell("measures", "money spent", "formula", "2*SUMIFS([cost],[period],PERIOD())"),
    ),
    "measures.by": (
        Cell("measures", "figures owned", "by", "goal"),
        Cell("measures", "figures owned", "formula", "COUNTIFS([goal],GROUP(),[period],PERIOD())"),
        Cell("published", "figures owned 情報課 R6"),
    ),
    "measures.total": (Cell("measures", "figures spots", "total", "no"),),
    "measures.format": (Cell("measures", "figures share", "format", "0%"),),
    "measures dropped": (Cell("measures", "figures titled"),),
    "records.form": (
        Cell("records", "report R6 B-1"),
        Cell("records", "money R6 B-1", "planned", "検討"),
        Cell("records", "money R6 B-1", "form", "report"),
    ),
    "records.period": (Cell("records", "money R6 B-1", "period", "R7"),),
    "records.item": (Cell("records", "money R6 B-1", "item", "C-1"),),
    "records.department": (
        Cell("records", "report R5 A-1", "department", "D3"),
        Cell("records", "money R5 A-1", "department", "D3"),
        Cell("records", "report R6 A-1", "department", "D3"),
    ),
    "records.planned": (Word("records", "planned", "実施", "検討"),),
    "records.actual": (
        Cell("records", "report R6 A-1", "actual", "検討"),
        Cell("records", "report R5 A-1", "actual", "検討"),
    ),
    "records.done": (Cell("records", "report R6 A-1", "done", "別のこと。"),),
    "records.places": (
        Cell("records", "report R6 C-1", "places", "7"),
        Cell("records", "report R6 B-2", "places", "7"),
    ),
    "records.rate": (Cell("records", "report R6 A-2", "rate", "1"),),
    "records.started": (Cell("records", "report R6 A-2", "started", "2024-05-01"),),
    "records.budget": (Cell("records", "money R6 A-1", "budget", "5"),),
    "records.cost": (
        Cell("records", "money R6 A-1", "cost", "5"),
        Cell("records", "money R6 B-1", "cost", "5"),
    ),
    "records dropped": (
        *(Cell("records", f"report R6 {item}") for item in ("A-1", "A-2", "B-1", "B-2", "C-1")),
        *(Cell("records", f"money R6 {item}") for item in ("A-1", "B-1")),
    ),
}
"""By table and column, or what becomes of a row."""

THEN: Mapping[str, Mapping[object, object]] = {
    "items.id": {"A-10": "A-1", "A-10 電子申請": "A-1 電子申請"},
    "items.title": {"A-1 オンライン申請": "A-1 電子申請"},
    "forms.id": {"progress": "report"},
    "fields.id": {"work": "done"},
    "choices.value": {"実行": "実施"},
    "measures.id": {"sites": "spots"},
}
"""The ids and words of then by those that a change makes of them."""

PREVIOUS, FIGURES, ROWS = "previous", "figures", "rows"
GONE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "periods.id dropped": {FIGURES: ("庶務課", "申請の手引")},
    "items.to_period": {PREVIOUS: ("C-1",)},
    "items.predecessor": {PREVIOUS: ("A-1", "A-2")},
    "items dropped": {PREVIOUS: ("C-1",)},
    "forms.to_period": {PREVIOUS: ("money",)},
    "forms dropped": {ROWS: ("wishes",)},
    "fields.form": {PREVIOUS: ("code",), ROWS: ("code",)},
    "fields.to_period": {PREVIOUS: ("code",)},
    "fields dropped": {PREVIOUS: ("code",), ROWS: ("code",)},
    "views.form": {ROWS: ("wishes",)},
    "measures.by": {FIGURES: ("情報課", "総務課", "消防課", "庶務課")},
    "measures dropped": {FIGURES: ("titled",)},
}
"""What the next round does not have any more by a change: the ids and words that are named there."""
