"""Lists of choices: their words, and what may follow what."""

import re
from dataclasses import replace

from xlplan.definition.lines import Faults, Line, lines, listed, split, unique
from xlplan.definition.scopes import Lists
from xlplan.definition.specs import Tables
from xlplan.fields.spellings import choice_meant
from xlplan.fields.succession import NOTHING, reached
from xlplan.language.text import look_alike
from xlplan.model.form import Choice
from xlplan.model.item import Period
from xlplan.model.plancodes import PlanCode

BEGINNING = "-"
"""Stands in the column `after` for no previous value: the choice with which an item may begin."""

_WILDCARDS = re.compile(r"[*?~]|^[<>=]")
_Read = list[tuple[Line, Choice]]


def choice_lists(tables: Tables, faults: Faults, of: tuple[Period, ...]) -> Lists:
    """The table `choices`, by list.

    Args:
        tables: the tables as read.
        faults: where what is wrong with them is collected.
        of: the plan's periods, from and to which a choice may be offered.

    Returns:
        All choices of each list in the order of the table, whenever they are offered.
    """
    found: dict[str, _Read] = {}
    spellings: dict[str, dict[str, int]] = {}
    for line in lines(tables, "choices", faults):
        name, value = line.need("list"), line.need("value")
        if not name or not value:
            continue
        if _WILDCARDS.search(value):
            # COUNTIFS and MATCH would read them as patterns or comparisons
            line.fault(PlanCode.CHOICE_SIGN, "value", value=value)
        aliases = split(line.text("aliases"))
        seen = spellings.setdefault(name, {})
        for column, spelling in (("value", value), *(("aliases", alias) for alias in aliases)):
            unique(line, column, spelling, seen)
        rank = line.number("rank")
        if rank is None and line.text("rank"):
            rank = 0.0  # told already: not to be told again by each formula that asks for ranks
        first, last = line.span(of)
        choice = Choice(
            value,
            rank,
            line.text("symbol"),
            aliases,
            meaning=line.text("meaning"),
            ends=line.word("ends", "no") == "yes",
            from_period=first,
            to_period=last,
        )
        found.setdefault(name, []).append((line, choice))
    return {name: _in_order(read) for name, read in found.items()}


def _in_order(read: _Read) -> tuple[Choice, ...]:
    """The choices of one list, each with what it may follow, if the list says so of any."""
    choices = tuple(choice for _, choice in read)
    if not any(split(line.text("after")) for line, _ in read):
        return choices
    befores = [_after(line, choices) for line, _ in read]
    if None in befores:  # told already, and what can be reached is not known
        return choices
    ordered = tuple(
        replace(choice, after=after or ()) for choice, after in zip(choices, befores, strict=True)
    )
    can_be = reached(ordered)
    if not can_be:
        read[0][0].fault(PlanCode.ORDER_NO_START, "after", name=read[0][0].text("list"))
    for line, choice in read:
        if can_be and choice.value not in can_be:
            line.fault(PlanCode.ORDER_UNREACHED, "after", value=choice.value)
    return ordered


def _after(line: Line, choices: tuple[Choice, ...]) -> tuple[str, ...] | None:
    """What the choice of one line may follow, in any accepted spelling; None where a part cannot be read."""
    all_written = split(line.text("after"))
    found: dict[str, None] = {} if all_written else {NOTHING: None}
    unread = False
    for written in all_written:
        read = choice_meant(written, choices)
        if not read.fault:
            found[str(read.value)] = None
            if read.changed:
                heading = line.table.spec.said_heading("after")
                line.fault(PlanCode.READ_AS, "after", label=heading, before=written, after=read.value)
        elif look_alike(written) == look_alike(BEGINNING):
            found[NOTHING] = None
        else:
            near = read.suggestion or listed(choice.value for choice in choices)
            line.fault(PlanCode.UNKNOWN_CHOICE, "after", value=written, near=near)
            unread = True
    return None if unread else tuple(found)
