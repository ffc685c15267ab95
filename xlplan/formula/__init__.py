"""The formula language of plans: Excel's own formulas over column names.

Read once (`engine.parse`) into a `tree`, checked when the plan is defined (`lint`, by a `scope`),
written with the addresses of a sheet (`emission`) and evaluated over columns of values (`evaluation`). formualizer is
imported in `engine` and `evaluation` alone. `addresses` makes addresses of cells and quotes sheets; `excel` knows what
Excel holds, `criteria` what meets a criterion, `numberformats` and `dayformats` what a cell shows of its number, `days`
those of a period.

    [@name]    this row's value           [name]     the whole column
    PREVIOUS([@name])                     the previous period's value; also PREVIOUS([name])
    BLANK(x) FILLED(x) CHOICE_RANK(x)     expanded before emission and evaluation
    IN_PERIOD(x) IN_FISCAL_YEAR(x) REFERENCE_DATE()     likewise: the days of the row's period
    GROUP() PERIOD() MEASURE(id) CUMULATIVE(id)   in measures: the group and period at hand, another measure there
"""

__all__ = [
    "addition",
    "addresses",
    "codes",
    "criteria",
    "dayformats",
    "days",
    "emission",
    "engine",
    "evaluation",
    "excel",
    "functions",
    "lint",
    "numberformats",
    "scope",
    "shape",
    "tree",
]
