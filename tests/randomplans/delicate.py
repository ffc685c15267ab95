"""What programs easily take differently, added to a random plan: blanks passed on, days from blanks, doubtful rules.

No measure rests on it and nothing is answered in it, so that all else of the plan stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from .plans import Computed, RandomField, RandomForm, RandomPlan

_DAYS = ("date", "month")
_AMOUNTS = ("number", "whole")
_ATTRIBUTES = ("group", "summary", "title")


def with_delicate_parts(made: RandomPlan, *, undecided: bool) -> RandomPlan:
    """The plan with further fields and rules.

    Args:
        made: A random plan.
        undecided: Whether there are warnings that cannot be decided over many a row: returns are then sent back.

    Returns:
        The plan; the same for the same seed.
    """
    rng = Random(f"{made.seed} delicate")
    forms, rules = [], list(made.rules)
    for form in made.forms:
        fields = tuple(_Adding(rng, form).fields())
        more = replace(form, fields=(*form.fields, *fields))
        forms.append(more)
        rules += _rules(rng, more, fields, undecided=undecided)
    return replace(made, forms=tuple(forms), rules=tuple(rules))


class _Adding:
    def __init__(self, rng: Random, form: RandomForm) -> None:
        self.rng, self.form = rng, form
        self.made = 0

    def fields(self) -> Iterator[RandomField]:
        """The further fields of a form: a text of which no other row may have the same, and computed ones."""
        about = replace(self.form.fields[0], list="", required="", pool=(), previous=False, computed=None)
        yield replace(
            about,
            id=f"{self.form.id}_x",
            label=f"extra {self.form.id}",
            type="text",
            filled_by="department",
            more={"unique": "yes"},
        )
        for _ in range(self.rng.randint(2, 5)):
            kind, formula = self.rng.choice((self._passing_on, self._of_a_day))()
            if formula:
                yield self._computed(kind, formula)

    def _computed(self, kind: str, formula: str) -> RandomField:
        self.made += 1
        name = f"{self.form.id}_y{self.made}"
        label = f"extra {self.form.id} {self.made}"
        return RandomField(name, self.form.id, label, kind, computed=Computed(formula, lambda *_: None, ()))

    def _passing_on(self) -> tuple[str, str]:
        """A formula that gives what stands in a cell, a blank one as well."""
        rng = self.rng
        attributes = () if self.form.open_rows else _ATTRIBUTES
        drawn = rng.choice([*self.form.fields, *attributes])
        if isinstance(drawn, str):
            kind, cell = "text", f"[@{drawn}]"
        else:
            kind = drawn.type if drawn.type not in ("choice", "item") else "text"
            cell = f"[@{drawn.id}]"
            if drawn.previous and rng.random() < 0.4:
                cell = f"PREVIOUS({cell})"
        other = rng.choice(self.form.fields)
        asked = rng.choice([f"FILLED([@{other.id}])", f"BLANK([@{other.id}])", "TRUE"])
        shapes = [
            "{0}",
            'IF({1},{0},"")',
            "IFERROR({0},{0})",
            "CHOOSE(1,{0},{0})",
            'IF({1},"",IF({1},"",{0}))',
        ]
        return kind, rng.choice(shapes).format(cell, asked)

    def _of_a_day(self) -> tuple[str, str]:
        """A formula that makes a day of another, or of a year, blank or not."""
        rng = self.rng
        days = [field.id for field in self.form.fields if field.type in _DAYS]
        numbers = [field.id for field in self.form.fields if field.type in (*_AMOUNTS, "year")]
        months = rng.choice([*map(str, range(-14, 15)), *(f"[@{name}]" for name in numbers)])
        if days and rng.random() < 0.75:
            day = f"[@{rng.choice(days)}]"
            shape = rng.choice(["{}({},{})", "{}({},{})+1", "{}({},{})-1"])
            found = shape.format(rng.choice(["EDATE", "EOMONTH"]), day, months)
            if rng.random() < 0.4:
                return "whole", f"{rng.choice(['YEAR', 'MONTH', 'DAY', 'WEEKDAY'])}({found})"
            return rng.choice(["date", "month", "whole"]), found
        if not numbers:
            return "", ""
        year, month = f"[@{rng.choice(numbers)}]", rng.choice(["1", "4", months])
        return "date", f"DATE({year},{month},{rng.choice(['1', '0', '31'])})"


def _rules(
    rng: Random, form: RandomForm, fields: Sequence[RandomField], *, undecided: bool
) -> Iterator[Mapping[str, str]]:
    """Warnings over the further fields, and such as divide by what may be blank or 0."""
    targets = [one for one in form.fields if one.filled_by == "department" and one.computed is None]
    checks = []
    for field in (one for one in fields if one.computed):
        cell = f"[@{field.id}]"
        if field.type == "text":
            checks += [f'{cell}=""', f"BLANK({cell})", f"LEN({cell})<3", f'OR({cell}="",FILLED({cell}))']
        else:
            checks += [f"BLANK({cell})", f"{cell}<=5", f"{cell}>0", f"OR(BLANK({cell}),{cell}>=1)"]
    if undecided:
        numbers = [one.id for one in form.fields if one.type in _AMOUNTS]
        checks += [f"1/[@{name}]>0.2" for name in numbers]
    for at, check in enumerate(rng.sample(checks, min(len(checks), 4))):
        yield {
            "id": f"{form.id}_z{at}",
            "form": form.id,
            "check": check,
            "target": rng.choice(targets).id,
            "severity": "warning",
            "message": f"see to it {at}",
            "remedy": "",
            "from_period": "",
        }
