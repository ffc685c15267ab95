"""The tables of a plan and what departments answer, from one seed. Most of it passes the lint by construction."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

from . import words
from .measures import measures_of
from .plans import (
    Computed,
    Kind,
    RandomField,
    RandomForm,
    RandomItem,
    RandomMeasure,
    RandomPlan,
    RandomView,
    Value,
    Values,
    kept,
)
from .specs import Cumulative, Other
from .specs import parts as parts_of_spec
from .words import folded

YEAR = 2014
EVERY_KIND = frozenset(Kind)


def random_plan(seed: int, left_out: frozenset[Kind] = frozenset()) -> RandomPlan:
    """The plan of a seed. Measures of the kinds `left_out` are made, so that all else stays as it is, and dropped."""
    return _Maker(seed, left_out).plan()


class _Maker:
    def __init__(self, seed: int, left_out: frozenset[Kind]) -> None:
        self.rng = Random(seed)
        self.seed = seed
        self.left_out = left_out
        self.labels: set[str] = set()
        self.signs = self.rng.random() < 0.3
        """Whether choices have signs of patterns."""
        self.divided = Random(f"{seed} divided").choice([1, 1, 2, 4])
        """Into how many rounds each fiscal year is divided; drawn apart, so that all else of a seed stays as it was."""

    # --- small helps ---

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def some(self, of: Sequence[str], least: int, most: int) -> list[str]:
        return self.rng.sample(list(of), min(len(of), self.rng.randint(least, most)))

    def name(self, odd: float = 0.3) -> str:
        """A name, perhaps an odd one, that no other bears."""
        for _ in range(50):
            found = self.rng.choice(words.ODD if self.chance(odd) else words.PLAIN)
            if folded(found) not in self.labels:
                break
            found = f"{found} {self.rng.randint(2, 99)}"
            if folded(found) not in self.labels:
                break
        self.labels.add(folded(found))
        return found

    def sheet_name(self) -> str:
        """A name that a sheet may bear."""
        found = re.sub(r"[\[\]:*?/\\]|^'|'$", "_", self.name())[:25].strip()
        key = folded(found)
        while not found or key in self.labels:
            found = f"{found[:20]} {self.rng.randint(2, 999)}"
            key = folded(found)
        self.labels.add(key)
        return found

    def word(self, *, choice: bool = False, awkward: float = 0.25) -> str:
        """A word of any sort."""
        drawn = self.rng.random()
        if drawn < awkward * 0.6:
            return self.rng.choice(words.AWKWARD)
        if drawn < awkward:
            found = self.rng.choice(words.SIGNS)
            safe = choice and not (self.signs and Kind.SIGNS not in self.left_out)
            return "S" + re.sub(r"[*?~<>=]", "_", found) if safe else found
        return self.rng.choice(words.ODD if drawn < awkward + 0.15 else words.PLAIN)

    # --- the plan ---

    def plan(self) -> RandomPlan:
        rng = self.rng
        language = rng.choice(["ja", "en"])
        month = rng.choice([1, 4, 4, 10])
        settings = {
            "id": f"r{self.seed}",
            "title": self.name(),
            "organisation": self.name(),
            "language": language,
            "fiscal_year_start": str(month),
            "calendar": rng.choice(["wareki", "western"]),
            "office": self.name(),
            "contact": "",
        }
        periods = self.periods()
        first_round = 1 if len(periods) == 3 or self.chance(0.5) else 2
        rounds = tuple(name for name, *_ in periods[first_round : first_round + 2])
        departments, owner = self.departments(periods, rounds)
        items, item_rows = self.items(periods, departments, owner)
        choices: dict[str, tuple[dict[str, str], ...]] = {}
        forms = self.forms(choices, items, periods, month)
        bare = RandomPlan(
            seed=self.seed,
            language=language,
            start_month=month,
            settings=settings,
            periods=periods,
            divided=self.divided,
            departments=departments,
            items=items,
            item_rows=item_rows,
            forms=forms,
            choices=choices,
            rules=(),
            views=(),
            measures=(),
            records=(),
            published=(),
            rounds=rounds,
            answers={},
        )
        rules = tuple(rule for form in forms for rule in self.rules(bare, form))
        records, answers = self.answers(bare)
        known = replace(bare, rules=rules, records=records, answers=answers)
        views, measures = self.views(known)
        mistaken = None
        if self.chance(0.2):
            period = rng.choice(rounds)
            mistaken = period, rng.choice(sorted({one for at, one, _ in answers if at == period}))
        made = replace(known, views=views, mistaken=mistaken)
        kept = _kept(measures, self.left_out)
        return replace(made, measures=kept, published=self.published(made, kept))

    def periods(self) -> tuple[tuple[str, str, int, int], ...]:
        rng = self.rng
        number, year = rng.choice([3, 3, 4]), YEAR
        awkward = self.chance(0.12)
        style = rng.choice(["FY{}", "平成{}年度", "{} 年度", "Year {}", "№ {}", "FY {} (plan)"])
        labels = ["1.1", "1.10", "01", "1"] if awkward else [style.format(YEAR + at) for at in range(4)]
        ids = rng.choice(
            [["P1", "P2", "P3", "P4"], ["H26", "H27", "H28", "H29"], ["2-6", "2-7", "2-8", "2-9"]]
        )
        found = []
        for at in range(number):
            last = year + (rng.choice([1, 2]) if self.chance(0.25) else 0)
            found.append((ids[at], labels[at], year, last))
            year = last + 1
        if self.divided > 1:
            found = [
                (name, label, YEAR + at // self.divided, YEAR + at // self.divided)
                for at, (name, label, _, _) in enumerate(found)
            ]
        return tuple(found)

    def departments(
        self, periods: Sequence[tuple[str, str, int, int]], rounds: tuple[str, ...]
    ) -> tuple[tuple[dict[str, str], ...], dict[tuple[str, str], str]]:
        """The departments, and who answers for the items of each in each period."""
        number = self.rng.randint(2, 4)
        ids = self.rng.choice([["D1", "D2", "D3", "D4"], ["001", "01", "A-1", "総務"], ["X", "Y", "Z", "ア"]])
        found = [{"id": ids[at], "name": self.name()} for at in range(number)]
        owner = {(one["id"], name): one["id"] for one in found for name, *_ in periods}
        if self.chance(0.25):
            names = [name for name, *_ in periods]
            last = self.rng.randrange(len(names) - 1)
            found[-1] |= {"to_period": names[last], "successor": found[0]["id"]}
            for name in names[last + 1 :]:
                owner[found[-1]["id"], name] = found[0]["id"]
        return tuple(found), owner

    def items(
        self,
        periods: Sequence[tuple[str, str, int, int]],
        departments: Sequence[dict[str, str]],
        owner: dict[tuple[str, str], str],
    ) -> tuple[tuple[RandomItem, ...], tuple[dict[str, str], ...]]:
        rng = self.rng
        names = [name for name, *_ in periods]
        number = rng.randint(max(3, len(departments)), 9)
        ids = [
            "1.1",
            "1.10",
            "01",
            "1",
            "1e2",
            "A",
            "TRUE",
            "2-7",
            "H26",
            "B-1",
            "(1)",
            "100",
            "B 2",
            "項目1",
            "2.0",
        ]
        plain = [f"A-{at}" for at in range(1, 15)]
        chosen = rng.sample(ids, number) if self.chance(0.3) else plain[:number]
        goals = [self.word() for _ in range(rng.randint(1, 3))]
        if self.chance(0.2):
            goals = list(rng.choice(words.SPELLINGS))
        groups = [self.word() for _ in range(rng.randint(1, 3))] + ([""] if self.chance(0.3) else [])
        extra_names = rng.choice([[], [], ["Budget line"], ["Area (km)", "予算科目"], ["Ward"]])
        extras = {
            name: [self.word(), self.word(), *([""] if self.chance(0.4) else [])] for name in extra_names
        }
        items, rows, titles = [], [], set[str]()
        for at, name in enumerate(chosen):
            title = self.word(awkward=0.3)
            while folded(title) in titles:
                title = f"{title} {at + 2}"
            titles.add(folded(title))
            home = departments[at % len(departments)]["id"]
            row = {
                "id": name,
                "goal": rng.choice(goals),
                "group": rng.choice(groups),
                "title": title,
                "summary": self.word() if self.chance(0.4) else "",
                "department": home,
            }
            first, last = 0, len(names) - 1
            if at >= len(departments) and self.chance(0.25):
                first, last = sorted((rng.randrange(len(names)), rng.randrange(len(names))))
                row["from_period"] = names[first]
                row["to_period"] = names[last]
            extra = {one: rng.choice(pool) for one, pool in extras.items()}
            running = {one: owner[home, one] for one in names[first : last + 1]}
            rows.append({**row, **extra})
            items.append(RandomItem(name, row["goal"], row["group"], title, row["summary"], extra, running))
        return tuple(items), tuple(rows)

    # --- forms ---

    def choice_list(self, choices: dict[str, tuple[dict[str, str], ...]], *, ordered: bool) -> str:
        """A new list of choices; with `ordered`, each may follow those before it."""
        rng = self.rng
        name = f"list{len(choices) + 1}"
        values: list[str] = []
        for _ in range(rng.randint(2, 5)):
            word = self.word(choice=True, awkward=0.35)
            if folded(word) not in map(folded, values) and "|" not in word:
                values.append(word)
        if len(values) < 2:
            values = ["Yes", "Nay"]
        symbols = ["◎", "○", "△", "×", "□"] if self.chance(0.25) else [""] * 5
        rows = []
        for at, value in enumerate(values):
            row = {"value": value, "rank": str(at + 1), "symbol": symbols[at], "aliases": ""}
            if self.chance(0.3):
                row["aliases"] = f"alias {at} of it"
            if ordered and not any(set(one) & set("|-－ー") for one in values):
                row["after"] = "|".join(["-", *values[: at + 1]])
            rows.append(row)
        choices[name] = tuple(rows)
        return name

    def forms(
        self,
        choices: dict[str, tuple[dict[str, str], ...]],
        items: Sequence[RandomItem],
        periods: Sequence[tuple[str, str, int, int]],
        month: int,
    ) -> tuple[RandomForm, ...]:
        found = [self.form("f1", choices, items, periods, month)]
        if self.chance(0.35):
            found.append(self.form("f2", choices, items, periods, month))
        if self.chance(0.5):
            found.append(self.form("o1", choices, items, periods, month, open_rows=self.rng.randint(2, 5)))
        return tuple(found)

    def form(
        self,
        name: str,
        choices: dict[str, tuple[dict[str, str], ...]],
        items: Sequence[RandomItem],
        periods: Sequence[tuple[str, str, int, int]],
        month: int,
        open_rows: int = 0,
    ) -> RandomForm:
        rng = self.rng
        types = ["choice", "number", "text"]
        types += rng.sample(
            ["whole", "date", "month", "year", "time", "item", "choice", "number", "text"], rng.randint(2, 5)
        )
        if open_rows and self.chance(0.6) and "item" not in types:
            types.append("item")
        if open_rows and not self.chance(0.6):
            types = [one for one in types if one != "item"]
        rng.shuffle(types)
        fields = [
            self.field(f"{name}_{kind}{at}", name, kind, choices, periods, month, opened=bool(open_rows))
            for at, kind in enumerate(types)
        ]
        if not any(one.filled_by == "department" for one in fields):
            fields[0] = replace(fields[0], filled_by="department")
        fields = [self.with_requirement(one, fields) for one in fields]
        for at in range(rng.randint(0, 3)):
            made = self.computed(f"{name}_c{at}", name, fields, choices, bool(open_rows))
            if made:
                fields.append(made)
        return RandomForm(name, self.sheet_name(), tuple(fields), open_rows)

    def field(
        self,
        name: str,
        form: str,
        kind: str,
        choices: dict[str, tuple[dict[str, str], ...]],
        periods: Sequence[tuple[str, str, int, int]],
        month: int,
        *,
        opened: bool,
    ) -> RandomField:
        rng = self.rng
        office = kind != "item" and not opened and self.chance(0.15)
        previous = not opened and self.chance(0.35)
        list_name, more = "", dict[str, str]()
        if kind == "choice":
            ordered = previous and not office and self.chance(0.4)
            known = sorted(one for one, rows in choices.items() if not any("after" in row for row in rows))
            list_name = (
                rng.choice(known)
                if known and self.chance(0.3)
                else self.choice_list(choices, ordered=ordered)
            )
            pool: tuple[Value, ...] = tuple(row["value"] for row in choices[list_name])
        else:
            pool = self.pool(kind, periods, month)
        pool, limits = self.limits(kind, pool)
        more |= limits
        if self.chance(0.2):
            more["hint"] = self.name()
        if self.chance(0.2):
            more["width"] = str(rng.randint(8, 40))
        required = "yes" if self.chance(0.9 if office else 0.3) else ""
        return RandomField(
            name,
            form,
            self.name(),
            kind,
            pool,
            list_name,
            required,
            "office" if office else "department",
            None,
            previous,
            more,
        )

    def limits(self, kind: str, pool: tuple[Value, ...]) -> tuple[tuple[Value, ...], dict[str, str]]:
        """What a field takes: what may be answered, and what its table says of that."""
        rng, more = self.rng, dict[str, str]()
        if kind in ("number", "whole"):
            if self.chance(0.4):
                more["unit"] = rng.choice(["千円", "km", "件", "persons"])
            if self.chance(0.4):
                more["min"], more["max"] = kept(min(pool), kind), kept(max(pool), kind)  # type: ignore[type-var]
        if kind in ("date", "month", "year") and self.chance(0.3):
            more["min"], more["max"] = kept(min(pool), kind), kept(max(pool), kind)  # type: ignore[type-var]
        if kind == "text":
            if self.chance(0.3):
                more["max_length"] = str(max(len(str(one).encode("utf-16-le")) // 2 for one in pool) + 3)
            if self.chance(0.1):
                pool, more["pattern"] = tuple(f"K-{at}{at}" for at in range(1, 6)), "K-[0-9]+"
        return pool, more

    def pool(self, kind: str, periods: Sequence[tuple[str, str, int, int]], month: int) -> tuple[Value, ...]:
        """What may be answered in a field of a type."""
        rng = self.rng
        years = [year for _, _, first, last in periods for year in (first, last)]
        match kind:
            case "number":
                return tuple(rng.sample([0.0, 0.5, 1.1, 12.0, 100.25, 1200.5, 3.0, 7.75, 0.1, 20.0], 5))
            case "whole":
                return tuple(map(float, rng.sample([0, 1, 2, 5, 10, 100, 1000, 7], 4)))
            case "date":
                return tuple(
                    date(rng.choice(years), rng.randint(1, 12), rng.randint(1, 28)) for _ in range(4)
                )
            case "month":
                return tuple(date(rng.choice(years), rng.randint(1, 12), 1) for _ in range(4))
            case "year":
                return tuple(float(year) for year in sorted(set(years)))
            case "time":
                return tuple(minutes / 1440 for minutes in rng.sample([0, 540, 570, 720, 1025, 1439], 4))
            case "item":
                return ()
            case _:
                return self.texts()

    def texts(self) -> tuple[str, ...]:
        rng = self.rng
        drawn = rng.random()
        if drawn < 0.25:
            return (*rng.choice(words.SPELLINGS), rng.choice(words.PLAIN))
        awkward = 0.6 if drawn < 0.5 else 0.0
        found = [self.word(awkward=awkward) for _ in range(rng.randint(3, 5))]
        if self.chance(0.08):
            found.append("長い文章。" * 60)
        if self.chance(0.15):
            found.append("two\nlines")
        return tuple(dict.fromkeys(found))

    def with_requirement(self, one: RandomField, fields: Sequence[RandomField]) -> RandomField:
        """Some fields are required by a formula over fields before them."""
        before = [
            other for other in fields[: fields.index(one)] if other.type in ("choice", "text", "number")
        ]
        if one.filled_by != "department" or one.required or not before or not self.chance(0.2):
            return one
        other = self.rng.choice(before)
        condition = f"FILLED([@{other.id}])"
        if other.type == "choice" and self.chance(0.6):
            condition = f"CHOICE_RANK([@{other.id}])>=2"
        return replace(one, required=condition)

    def computed(
        self,
        name: str,
        form: str,
        fields: Sequence[RandomField],
        choices: dict[str, tuple[dict[str, str], ...]],
        opened: bool,
    ) -> RandomField | None:
        """A computed field over fields that are required always or never."""
        rng = self.rng
        sure = [one for one in fields if one.computed is None and one.required in ("", "yes")]
        numbers = [one for one in sure if one.type in ("number", "whole")]
        ranked = [one for one in sure if one.type == "choice"]
        texts = [one for one in sure if one.type == "text" and not any(len(str(v)) > 250 for v in one.pool)]
        days = [one for one in sure if one.type == "date"]
        before = [one for one in numbers if one.previous]
        may = [
            *(["difference", "ratio", "band"] if numbers else []),
            *(["step"] if ranked else []),
            *(["copy"] if texts else []),
            *(["year", "within"] if days else []),
            *(["increase"] if before else []),
        ]
        if not may:
            return None
        how = rng.choice(may)
        kind, pool = "number", tuple[Value, ...]()
        high, low = rng.choice([("high", "low"), ("高", "低"), ("a lot", "little")])
        if how == "difference":
            one, two = rng.choice(numbers).id, rng.choice(numbers).id
            made = Computed(f"[@{one}]-[@{two}]", lambda row, *_: _n(row, one) - _n(row, two), (one, two))
        elif how == "ratio":
            one, two = rng.choice(numbers).id, rng.choice(numbers).id
            made = Computed(
                f"IF([@{two}]>0,[@{one}]/[@{two}],0)",
                lambda row, *_: _n(row, one) / _n(row, two) if _n(row, two) > 0 else 0.0,
                (one, two),
            )
        elif how == "band":
            one, limit = rng.choice(numbers).id, rng.choice([1, 5, 10])
            kind, pool = "text", (high, low)
            made = Computed(
                f'IF([@{one}]>={limit},"{high}","{low}")',
                lambda row, *_: high if _n(row, one) >= limit else low,
                (one,),
            )
        elif how == "step":
            field = rng.choice(ranked)
            kind, pool = "text", (high, low)
            made = Computed(
                f'IF(CHOICE_RANK([@{field.id}])>=2,"{high}","{low}")',
                lambda row, _, plan, __: high if plan.rank(field.list, row.get(field.id)) >= 2 else low,
                (field.id,),
            )
        elif how == "copy":
            field = rng.choice(texts)
            kind, pool = "text", field.pool
            made = Computed(f"[@{field.id}]", lambda row, *_: row.get(field.id) or None, (field.id,))
        elif how == "year":
            one = rng.choice(days).id
            made = Computed(
                f"IF(BLANK([@{one}]),0,YEAR([@{one}]))",
                lambda row, *_: float(row[one].year) if row.get(one) else 0.0,  # type: ignore[union-attr]
                (one,),
            )
        elif how == "within":
            one = rng.choice(days).id
            kind, pool = "text", (high, low)

            def within(row: Values, _: Values, plan: RandomPlan, period: str) -> Value:
                day, (first, behind) = row.get(one), plan.days(period)
                return high if isinstance(day, date) and first <= day < behind else low

            macro = "IN_PERIOD" if self.divided > 1 else "IN_FISCAL_YEAR"
            made = Computed(f'IF({macro}([@{one}]),"{high}","{low}")', within, (one,))
        else:
            one = rng.choice(before).id
            made = Computed(
                f"IF(BLANK(PREVIOUS([@{one}])),0,[@{one}]-PREVIOUS([@{one}]))",
                lambda row, old, *_: 0.0 if old.get(one) is None else _n(row, one) - _n(old, one),
                (one,),
            )
        return RandomField(name, form, self.name(), kind, pool, computed=made)

    def rules(self, plan: RandomPlan, form: RandomForm) -> list[dict[str, str]]:
        """Errors that no answer gives, warnings that some do."""
        found = []
        entered = [one for one in form.fields if one.filled_by == "department" and one.computed is None]
        for at in range(self.rng.randint(0, 3)):
            target = self.rng.choice(entered)
            severity = self.rng.choice(["error", "warning"])
            asked = f"[@{target.id}]"
            if target.type in ("number", "whole", "year"):
                pool = sorted(target.pool)  # type: ignore[type-var]
                limit = pool[-1] if severity == "error" else pool[len(pool) // 2]
                check = f"OR(BLANK({asked}),{asked}<={limit:g})"
            elif target.type in ("date", "month"):
                severity, check = "warning", f"OR(BLANK({asked}),IN_FISCAL_YEAR({asked}))"
            elif target.type == "choice" and target.previous:
                severity = "warning"
                check = f"OR(BLANK(PREVIOUS({asked})),CHOICE_RANK({asked})>=CHOICE_RANK(PREVIOUS({asked})))"
            elif target.type in ("text", "item", "choice"):
                check = f"LEN({asked})<={400 if severity == 'error' else 6}"
            else:
                check = f"OR(BLANK({asked}),{asked}<1)"
            row = {
                "id": f"{form.id}_r{at}",
                "form": form.id,
                "check": check,
                "target": target.id,
                "severity": severity,
                "message": self.name(),
                "remedy": "",
                "from_period": self.rng.choice(["", plan.rounds[-1]]),
            }
            found.append(row)
        return found

    # --- answers ---

    def answers(
        self, plan: RandomPlan
    ) -> tuple[
        tuple[tuple[str, str, str, Values], ...], dict[tuple[str, str, str], tuple[tuple[str, Values], ...]]
    ]:
        """What the table `records` knows, and what departments answer in the rounds."""
        records: list[tuple[str, str, str, Values]] = []
        answers: dict[tuple[str, str, str], tuple[tuple[str, Values], ...]] = {}
        for form in plan.forms:
            last: dict[str, Values] = {}
            for period in plan.shown_periods:
                running = [item for item in plan.items if period in item.departments]
                if form.open_rows:
                    records += self.added(plan, form, period, running, answers)
                    continue
                values = {
                    item.id: self.row(plan, form, period, item, last.get(item.id, {})) for item in running
                }
                last = values
                office = {one.id for one in form.fields if one.filled_by == "office"}
                for item in running:
                    mine = values[item.id]
                    if period in plan.rounds:
                        mine = {name: value for name, value in mine.items() if name in office}
                        key = period, item.departments[period], form.id
                        entered = {n: v for n, v in values[item.id].items() if n not in office}
                        answers[key] = (*answers.get(key, ()), (item.id, entered))
                    if mine or office or period not in plan.rounds:
                        records.append((form.id, period, item.id, mine))
        return tuple(records), answers

    def added(
        self,
        plan: RandomPlan,
        form: RandomForm,
        period: str,
        running: Sequence[RandomItem],
        answers: dict[tuple[str, str, str], tuple[tuple[str, Values], ...]],
    ) -> list[tuple[str, str, str, Values]]:
        """The rows of an open form in one period."""
        names = next((one for one in form.fields if one.type == "item"), None)
        if period in plan.rounds:
            for department in dict.fromkeys(item.departments[period] for item in running):
                mine = [item for item in running if item.departments[period] == department]
                number = self.rng.randint(0, form.open_rows)
                rows = [self.row(plan, form, period, self.rng.choice(mine), {}) for _ in range(number)]
                filled = tuple(("", row) for row in rows if any(value is not None for value in row.values()))
                answers[period, department, form.id] = filled
            return []
        found = []
        for _ in range(self.rng.randint(0, 3)):
            item = self.rng.choice(running)
            row = dict(self.row(plan, form, period, item, {}))
            about = item.id if names else ""
            if names and not names.required and self.chance(0.2):
                about = ""
            if names:
                row[names.id] = item.name if about else None
            if any(value is not None for value in row.values()):
                found.append((form.id, period, about, row))
        return found

    def row(
        self, plan: RandomPlan, form: RandomForm, period: str, item: RandomItem, before: Values
    ) -> Values:
        """One row: what is required is filled, some else is left blank."""
        home = item.departments[period]
        mine = [one.name for one in plan.items if one.departments.get(period) == home]
        found: dict[str, Value] = {}
        for one in form.fields:
            if one.computed is not None:
                continue
            if one.required not in ("yes",) and self.needless(plan, form, one, found) and self.chance(0.35):
                found[one.id] = None
                continue
            pool: Sequence[Value] = mine if one.type == "item" else one.pool
            if one.list and any("after" in row for row in plan.choices[one.list]):
                then = before.get(one.id)
                pool = pool[pool.index(then) if then else 0 :]
            found[one.id] = self.rng.choice(pool)
        return found

    def needless(self, plan: RandomPlan, form: RandomForm, one: RandomField, row: Values) -> bool:
        """Whether a field may stay blank, as far as its requirement goes."""
        found = re.fullmatch(r"(FILLED|CHOICE_RANK)\(\[@(.*?)\]\)(>=2)?", one.required)
        if not found:
            return not one.required
        value, other = row.get(found[2]), form.field(found[2])
        assert other is not None
        return value is None if found[1] == "FILLED" else plan.rank(other.list, value) < 2

    # --- views ---

    def views(self, plan: RandomPlan) -> tuple[tuple[RandomView, ...], tuple[RandomMeasure, ...]]:
        rng = self.rng
        found: list[RandomView] = []
        measures: list[RandomMeasure] = []
        rowed = [form for form in plan.forms if not form.open_rows]
        opened = next((form for form in plan.forms if form.open_rows), None)
        about = opened is not None and any(one.type == "item" for one in opened.fields)
        for form in plan.forms:
            if form.id == "f1" or self.chance(0.6):
                view = RandomView(f"s_{form.id}", self.sheet_name(), "statistics", form.id)
                found.append(view)
                measures += measures_of(rng, plan, form, view, self.name)
        for form in rowed:
            found += [
                *self.progress(form),
                *self.status(plan, form, opened if about else None),
                *self.schedule(plan, form),
            ]
        for form in plan.forms:
            if self.chance(0.3):
                found.append(RandomView(f"l_{form.id}", self.sheet_name(), "list", form.id))
        rng.shuffle(found)
        return tuple(found), tuple(measures)

    def progress(self, form: RandomForm) -> list[RandomView]:
        """A progress table of a form, perhaps."""
        rng, ids = self.rng, [one.id for one in form.fields]
        if not self.chance(0.4):
            return []
        options = rng.choice(["", f"text={','.join(self.some(ids, 1, 2))}"])
        if self.chance(0.4):
            options += ("|" if options else "") + f"rows={','.join(self.some(ids, 1, 2))}"
        return [RandomView(f"p_{form.id}", self.sheet_name(), "progress", form.id, options)]

    def status(self, plan: RandomPlan, form: RandomForm, opened: RandomForm | None) -> list[RandomView]:
        """A status table of a form, perhaps, with the rows of an open form beside the items."""
        rng, ids = self.rng, [one.id for one in form.fields]
        if not self.chance(0.4):
            return []
        parts = [f"cells={rng.choice(ids)}"] if self.chance(0.5) else []
        if opened and self.chance(0.6):
            parts.append(f"lines={opened.id}")
            if self.chance(0.5):
                parts.append(f"line={','.join(self.some([one.id for one in opened.fields], 1, 2))}")
        if self.chance(0.3):
            parts.append(f"breaks={rng.choice(plan.items).id}")
        if self.chance(0.3):
            parts.append("heading=How it stands")
        return [RandomView(f"t_{form.id}", self.sheet_name(), "status", form.id, "|".join(parts))]

    def schedule(self, plan: RandomPlan, form: RandomForm) -> list[RandomView]:
        """A schedule of a form, perhaps."""
        rng, ids = self.rng, [one.id for one in form.fields]
        choices = [one.id for one in form.fields if one.type == "choice"]
        if not self.chance(0.3):
            return []
        parts = [f"cells={rng.choice(choices)}"] if choices and self.chance(0.5) else []
        if self.chance(0.4):
            parts.append(f"periods={','.join(name for name, *_ in plan.periods)}")
        if self.chance(0.4):
            parts.append(f"text={','.join(self.some(ids, 1, 2))}")
        return [RandomView(f"g_{form.id}", self.sheet_name(), "schedule", form.id, "|".join(parts))]

    def published(self, plan: RandomPlan, measures: Sequence[RandomMeasure]) -> tuple[dict[str, str], ...]:
        """A few figures in print; whether they are right is for the reconciliation to say."""
        found = []
        for measure in measures:
            if not self.chance(0.3):
                continue
            group = ""
            if measure.by == "department":
                group = plan.departments[0]["name"]
            elif measure.by in ("goal", "title", "item"):
                item = self.rng.choice(plan.items)
                group = item.id if measure.by == "item" else str(getattr(item, measure.by))
            elif measure.by:
                field = plan.form(plan.view(measure.view).form).field(measure.by)
                if field is None or not field.list:
                    continue
                group = str(self.rng.choice(field.pool))
            period = self.rng.choice(["", *plan.shown_periods])
            value = self.rng.choice(["0", "1", "2", "50%", "1,200.5"])
            found.append(
                {
                    "view": measure.view,
                    "measure": measure.id,
                    "group": group,
                    "period": period,
                    "value": value,
                }
            )
        return tuple(found)


def _n(row: Values, name: str) -> float:
    """A number of a row, 0 where it is blank."""
    found = row.get(name)
    return float(found) if isinstance(found, int | float) else 0.0


def _kept(measures: Sequence[RandomMeasure], left_out: frozenset[Kind]) -> tuple[RandomMeasure, ...]:
    """The measures of no kind that is left out; those that name one that is go with it."""
    gone = {(one.view, one.id) for one in measures if one.kinds & left_out}
    while True:
        more = {
            (one.view, one.id)
            for one in measures
            for part in parts_of_spec(one.spec)
            if isinstance(part, Other | Cumulative) and (one.view, part.measure) in gone
        } - gone
        if not more:
            return tuple(one for one in measures if (one.view, one.id) not in gone)
        gone |= more
