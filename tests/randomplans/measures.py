"""The measures of a view of statistics: of every shape, by every kind of column."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from . import words
from .plans import Kind, RandomField, RandomForm, RandomMeasure, RandomPlan, RandomView
from .specs import (
    Compared,
    Condition,
    Count,
    CountFilled,
    Cumulative,
    Filled,
    InGroup,
    InPeriod,
    Is,
    IsNot,
    Largest,
    Like,
    Mean,
    Other,
    Plus,
    Product,
    Ratio,
    Rounded,
    Spec,
    Sum,
    Times,
    Unless,
    conditions_of,
    parts,
)
from .words import folded

FORMATS = ("0", "0", "0%", "#,##0", "0.0")
_KINDS = {
    "choice": Kind.BY_CHOICE,
    "text": Kind.BY_TEXT,
    "number": Kind.BY_NUMBER,
    "whole": Kind.BY_NUMBER,
    "year": Kind.BY_NUMBER,
    "date": Kind.BY_DAY,
    "month": Kind.BY_DAY,
    "time": Kind.BY_TIME,
    "item": Kind.BY_ITEM_FIELD,
}
ITEM_COLUMNS = ("goal", "group", "title", "summary", "item")
_SAFE_LABEL = re.compile(r"[\w ・]+")


def measures_of(
    rng: Random, plan: RandomPlan, form: RandomForm, view: RandomView, name: Callable[[], str]
) -> list[RandomMeasure]:
    """The measures of one view: a few blocks, each with its own column that makes the groups."""
    extras = list(plan.items[0].extra)
    bys = ["", "period", "department", "goal", "group", "title", "item", "summary", *extras]
    bys += [one.id for one in form.fields]
    chosen = rng.sample(bys, min(len(bys), rng.randint(2, 5)))
    if "" not in chosen and rng.random() < 0.5:
        chosen.insert(0, "")
    choice = next(one.id for one in form.fields if one.type == "choice")
    if choice not in chosen and rng.random() < 0.6:
        chosen.append(choice)
    found: list[RandomMeasure] = []
    for at, by in enumerate(chosen):
        found += _Block(rng, plan, form, view, by, f"m{view.id[-1]}_{at}", name).measures()
    return found


class _Block:
    def __init__(
        self,
        rng: Random,
        plan: RandomPlan,
        form: RandomForm,
        view: RandomView,
        by: str,
        stem: str,
        name: Callable[[], str],
    ) -> None:
        self.rng, self.plan, self.form, self.view, self.by, self.stem = rng, plan, form, view, by, stem
        self.name = name
        given = [one for one in form.fields if one.computed is None]
        self.numbers = [one for one in form.fields if one.type in ("number", "whole")]
        self.given_numbers = [one for one in given if one.type in ("number", "whole")]
        self.words = [one for one in given if one.type in ("choice", "text")]
        self.years = [one for one in given if one.type == "year"]
        self.days = [one for one in given if one.type in ("date", "month")]
        self.times = [one for one in given if one.type == "time"]
        self.given = given

    def measures(self) -> list[RandomMeasure]:
        rng = self.rng
        found: list[RandomMeasure] = []
        block_total = rng.random() < 0.5
        for at in range(rng.randint(1, 4)):
            spec = self.spec(found) if at else Count(self.conditions())
            total = block_total and rng.random() < 0.8 and _may_total(spec, found)
            found.append(
                RandomMeasure(
                    self.view.id,
                    f"{self.stem}{at}",
                    self.name(),
                    self.by,
                    total,
                    rng.choice(FORMATS),
                    spec,
                    spec.formula(self.ref),
                    self.kinds(spec, found),
                )
            )
        return found

    def ref(self, column: str) -> str:
        """A column as a formula names it: by id, or by its label where that is plain."""
        field = self.form.field(column)
        if field and _SAFE_LABEL.fullmatch(field.label) and self.stem.endswith(("1", "3")):
            return f"[{field.label}]"
        return f"[{column}]"

    # --- what a measure means ---

    def heads(self) -> list[Condition]:
        """Group and period, as most measures ask for both."""
        found: list[Condition] = []
        if self.by == "period":
            return [self.rng.choice([InGroup("period"), InPeriod()])]
        if self.by and self.rng.random() < 0.92:
            found.append(InGroup(self.by))
        if self.rng.random() < 0.88 or not found:
            found.append(InPeriod())
        return found

    def conditions(self) -> tuple[Condition, ...]:
        found = self.heads()
        for _ in range(self.rng.choice([0, 0, 1, 1, 2])):
            more = self.condition()
            if more:
                found.append(more)
        self.rng.shuffle(found)
        return tuple(found)

    def condition(self) -> Condition | None:
        """A condition over one column."""
        rng = self.rng
        how = rng.choice(["word", "word", "number", "number", "day", "year", "time", "filled", "goal"])
        if how == "word" and self.words:
            return self.of_words(rng.choice(self.words))
        if how == "goal":
            goals = [item.goal for item in self.plan.items]
            return self.of_literal("goal", goals)
        if how == "number" and self.given_numbers:
            field = rng.choice(self.given_numbers)
            value = float(rng.choice(field.pool))  # type: ignore[arg-type]
            return rng.choice(
                [
                    Is(field.id, value, rng.randrange(3)),
                    IsNot(field.id, value),
                    Compared(field.id, rng.choice([">=", ">", "<", "<="]), value),
                ]
            )
        if how == "year" and self.years:
            field = rng.choice(self.years)
            return Compared(field.id, rng.choice([">=", "<"]), rng.choice(field.pool))  # type: ignore[arg-type]
        if how == "time" and self.times:
            return Compared(rng.choice(self.times).id, rng.choice([">=", "<"]), 0.5)
        if how == "day" and self.days:
            field = rng.choice(self.days)
            day = rng.choice(field.pool)
            assert isinstance(day, date)
            return Compared(field.id, rng.choice([">=", ">", "<", "<="]), day)
        if how == "filled":
            return Filled(rng.choice(self.given).id, rng.random() < 0.4)
        return None

    def of_words(self, field: RandomField) -> Condition | None:
        return self.of_literal(field.id, [str(one) for one in field.pool])

    def of_literal(self, column: str, pool: Sequence[str]) -> Condition | None:
        """A condition with a word of a column that nobody takes for anything else, nor has another width."""
        safe = [
            one
            for one in dict.fromkeys(pool)
            if one
            and not words.is_awkward(one)
            and "\n" not in one
            and len(one) < 100
            and not any(_alike(one, other) for other in pool)
        ]
        if not safe:
            return None
        word = self.rng.choice(safe)
        drawn = self.rng.random()
        letters = word[:2]
        if drawn < 0.35 and letters.isalpha() and letters.isascii():
            pattern = self.rng.choice([f"{letters}*", f"*{word[-2:]}", f"*{word[1:3]}*"])
            if re.fullmatch(r"[\w*]+", pattern) and "**" not in pattern:
                return Like(column, pattern, self.rng.random() < 0.3)
        return Is(column, word, self.rng.randrange(2)) if drawn < 0.75 else IsNot(column, word)

    def spec(self, others: Sequence[RandomMeasure]) -> Spec:
        rng = self.rng
        how = rng.choice(
            "count count sum sum mean ratio ratio ratio plus times rounded unless largest single product product"
            " whole other other cumulative filled".split()
        )
        number = rng.choice(self.numbers).id
        self.base = rng.choice(others)
        one: Spec = Count(self.conditions())
        match how:
            case "sum":
                return Sum(number, self.conditions())
            case "mean":
                return Mean(number, self.conditions())
            case "ratio":
                lower: Spec = rng.choice([Count(tuple(self.heads())), Sum(number, tuple(self.heads()))])
                return Ratio(rng.choice([one, Sum(number, self.conditions())]), lower)
            case "plus":
                return Plus(one, Sum(number, self.conditions()), rng.choice([1, -1]))
            case "times":
                return Times(one, rng.choice([100.0, 0.5]))
            case "rounded":
                return Rounded(Ratio(Sum(number, self.conditions()), Count(tuple(self.heads()))), 1)
            case _:
                return self.other_spec(how, others, number, one)

    def other_spec(self, how: str, others: Sequence[RandomMeasure], number: str, one: Spec) -> Spec:
        """A figure of the rarer shapes."""
        rng = self.rng
        match how:
            case "unless":
                return Unless(one, Sum(number, self.conditions()), rng.choice([0.0, 9.0]))
            case "largest":
                return Largest(one, Count(self.conditions()))
            case "single":
                head = (rng.choice(self.heads()),)
                return rng.choice([Count(head, True), Sum(number, head, True), Mean(number, head, True)])
            case "product":
                return self.product()
            case "whole":
                return rng.choice([Sum(number, ()), Ratio(one, Sum(number, ())), Mean(number, ())])
            case "other":
                named = Other(self.base.id, rng.random() < 0.5)
                return rng.choice([named, Ratio(named, Other(rng.choice(others).id)), Times(named, 2.0)])
            case "cumulative":
                return Cumulative(self.base.id)
            case "filled":
                return rng.choice([CountFilled(rng.choice(self.given).id), Ratio(one, CountFilled("item"))])
            case _:
                return one

    def product(self) -> Spec:
        rng = self.rng
        found: list[Condition] = self.heads()
        choices = [one for one in self.words if one.type == "choice"]
        safe = [
            (one.id, str(word))
            for one in choices
            for word in one.pool
            if not words.is_awkward(str(word)) and not any(_alike(str(word), str(o)) for o in one.pool)
        ]
        if safe and rng.random() < 0.5:
            found.append(Is(*rng.choice(safe)))
        if self.given_numbers and rng.random() < 0.4:
            field = rng.choice(self.given_numbers)
            found.append(Compared(field.id, rng.choice([">", ">="]), rng.choice([1.0, 5.0, 10.0])))
        column = rng.choice(self.given_numbers).id if self.given_numbers and rng.random() < 0.4 else ""
        return Product(tuple(found), column)

    # --- what is special about it ---

    def kinds(self, spec: Spec, others: Sequence[RandomMeasure]) -> frozenset[Kind]:
        """What is special about a measure."""
        found = {self.kind_of_by(), *self.kinds_of_heads()}
        labels = [label for _, label, *_ in self.plan.periods]
        conditions = conditions_of(spec)
        of_period = any(isinstance(one, InPeriod) or one.column == "period" for one in conditions)
        if of_period and any(map(words.is_awkward, labels)):
            found.add(Kind.AWKWARD_PERIOD)
        asked = {self.by, *(one.column for one in conditions)}
        lists = [one for one in self.form.fields if one.id in asked and one.list]
        if any(words.has_signs(str(word)) for one in lists for word in one.pool):
            found.add(Kind.SIGNS)
        if any(isinstance(part, Product) and _of_group(part) for part in parts(spec)):
            found.add(Kind.PRODUCT_OF_BLANKS)
        worked_out = any(isinstance(one, Compared) and isinstance(one.value, date) for one in conditions)
        field = self.form.field(self.by)
        digits = field is not None and (field.type == "time" or (field.type == "number" and field.computed))
        if digits and (worked_out or Kind.PRODUCT_OF_BLANKS in found):
            found.add(Kind.DIGITS)
        if self.form.open_rows and any(not self.added(period) for period in self.plan.rounds):
            found.add(Kind.EMPTY_ROUND)
        return frozenset(found)

    def added(self, period: str) -> bool:
        """Whether any department added a row in a round."""
        return any(
            rows for (at, _, form), rows in self.plan.answers.items() if (at, form) == (period, self.form.id)
        )

    def kind_of_by(self) -> Kind:
        """By what kind of column the measure is."""
        field = self.form.field(self.by)
        if field is not None:
            return Kind.BY_COMPUTED if field.computed else _KINDS[field.type]
        if self.by in self.plan.items[0].extra:
            return Kind.BY_EXTRA
        known = {"": Kind.BY_NOTHING, "period": Kind.BY_PERIOD, "department": Kind.BY_DEPARTMENT}
        return known.get(self.by, Kind.BY_ITEM)

    def kinds_of_heads(self) -> set[Kind]:
        """What is special about what may be a head."""
        field = self.form.field(self.by)
        heads, found = self.heads_of(self.by, field), set[Kind]()
        if any(map(words.is_awkward, heads)):
            found.add(Kind.AWKWARD)
        if any(_alike(one, other) for one in heads for other in heads):
            found.add(Kind.SPELLINGS)
        if any(len(one) > 255 for one in heads):
            found.add(Kind.LONG)
        if "" in heads or (field is not None and field.required != "yes") or self.form.open_rows:
            found.add(Kind.BLANK)
        return found

    def heads_of(self, by: str, field: RandomField | None) -> list[str]:
        """What may be a head, as far as it is words."""
        if field is not None:
            if field.type == "item":
                return [item.name for item in self.plan.items]
            return [one for one in field.pool if isinstance(one, str)]
        if by == "department":
            return [one["name"] for one in self.plan.departments]
        if by in self.plan.items[0].extra:
            return [item.extra[by] for item in self.plan.items]
        if by == "item":
            return [item.id for item in self.plan.items]
        if by in ITEM_COLUMNS:
            return [str(getattr(item, by)) for item in self.plan.items]
        return []


def _alike(one: str, other: str) -> bool:
    """Whether two texts are other spellings of one."""
    return one != other and folded(one) == folded(other)


def _of_group(spec: Product) -> bool:
    return any(isinstance(one, InGroup) for one in spec.conditions)


def _may_total(spec: Spec, others: Sequence[RandomMeasure]) -> bool:
    """Whether there may be a figure of the whole plan: what it names has one, no head stands outside a criterion."""
    totals = {one.id: one.total for one in others}
    for part in parts(spec):
        if isinstance(part, Cumulative | Product):
            return False
        if isinstance(part, Other) and not totals.get(part.measure):
            return False
    return True
