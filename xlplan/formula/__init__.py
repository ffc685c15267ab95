"""Excel formulas over column names: read, emitted into cell addresses, and evaluated. Alone imports formualizer.

A plan's formulas are Excel's own, over the columns of a form:

    [@actual]              this row's value              [actual]      the whole column (measures only)
    CHOICE_RANK([@actual]) the rank of a choice          PREVIOUS([@actual])  the previous period's answer
    BLANK(x), FILLED(x)    nothing / something typed     IN_FISCAL_YEAR([@d]) a date within the round's period
    GROUP(), PERIOD()      the row and column heads of a table of measures
    MEASURE(id)            another measure's figure        CUMULATIVE(id)  its sum up to this period

One tree serves three uses: `emit` writes it into a sheet, `evaluation` runs it over rows of values by the same
emission, and `xlplan.lint` judges it. What needs formualizer (`reading`, `evaluation`, `engine`) is imported from its
own module: the processes that open returns do without.
"""

from xlplan.formula.addition import adds_up_over_groups, adds_up_over_records, names_group
from xlplan.formula.addresses import (
    area_address,
    cell_address,
    column_area,
    column_letters,
    column_number,
    quoted_sheet,
    row_of,
    split_address,
    unquoted_sheet,
)
from xlplan.formula.emission import Place, blank_test, emit, quote
from xlplan.formula.functions import FUNCTIONS, Function, Kind
from xlplan.formula.shape import rows_named, shape_of
from xlplan.formula.tree import MACROS, OF_MEASURES, Formula, Node, criteria

__all__ = [
    "FUNCTIONS",
    "MACROS",
    "OF_MEASURES",
    "Formula",
    "Function",
    "Kind",
    "Node",
    "Place",
    "adds_up_over_groups",
    "adds_up_over_records",
    "area_address",
    "blank_test",
    "cell_address",
    "column_area",
    "column_letters",
    "column_number",
    "criteria",
    "emit",
    "names_group",
    "quote",
    "quoted_sheet",
    "row_of",
    "rows_named",
    "shape_of",
    "split_address",
    "unquoted_sheet",
]
