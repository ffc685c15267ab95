"""The tables of the plan of three years as they stand in each of them; words in English."""

from collections.abc import Mapping

from returns import Tables, changed

from .answers import R6, R7, R8, R9

NOT_BACK = "OR(BLANK(PREVIOUS([@status])),CHOICE_RANK([@status])>=CHOICE_RANK(PREVIOUS([@status])))"
OWNED = "COUNTIFS([department],GROUP(),[period],PERIOD())"
YEAR_ONE: Tables = {
    "plan": """
        key | value
        id | three
        title | Digital plan
        organisation | City of Hama
        language | en
        locale | en_GB
        fiscal_year_start | 4
        calendar | western
        office | Digital office
    """,
    "periods": """
        id | label | first_year | last_year
        R5 | FY2023 | 2023 | 2023
        R6 | FY2024 | 2024 | 2024
    """,
    "departments": """
        id | name | from_period | to_period | successor | formerly
        D0 | General Affairs | | R5 | D1 |
        D1 | Digital | | | |
        D2 | Finance | | | |
        D3 | Welfare | | | |
        D4 | Fire | | | |
        D5 | Schools | | | |
        D6 | Roads | | | |
        D7 | Library | | | |
        D8 | Harbour | | | |
    """,
    "items": """
        id | goal | group | title | department | from_period | to_period | predecessor | formerly
        A-1 | Easy services | Online | Online forms | D1 | | | |
        A-2 | Easy services | Online | Booking | D1 | | | |
        A-3 | Easy services | Counters | Kiosks | D1 | | | |
        A-4 | Easy services | Counters | Call centre | D1 | | | |
        B-1 | Lean office | Money | Ledgers | D2 | | | |
        B-2 | Lean office | Money | Invoices | D2 | | | |
        B-3 | Lean office | Money | Tax notices | D2 | | | |
        C-1 | Easy services | Care | Care records | D3 | | | |
        C-2 | Easy services | Care | Nursery places | D3 | | | |
        C-3 | Easy services | Care | Child health | D3 | | | |
        E-1 | Safe city | Alarm | Command desk | D4 | | | |
        E-2 | Safe city | Alarm | Hydrant map | D4 | | | |
        F-1 | Lean office | Pupils | Pupil devices | D5 | | | |
        F-2 | Lean office | Pupils | School network | D5 | | | |
        G-1 | Safe city | Streets | Road ledger | D6 | | | |
        G-2 | Safe city | Streets | Bridge sensors | D6 | | | |
        H-1 | Easy services | Reading | Catalogue | D7 | | | |
        H-2 | Easy services | Reading | E-books | D7 | R6 | | |
        K-1 | Safe city | Water | Berth plan | D8 | | | |
        K-2 | Safe city | Water | Tide gauge | D8 | | | |
    """,
    "forms": """
        id | title | note
        report | Report | Fill in the white cells.
    """,
    "fields": """
        form|id|label|type|list|required|filled_by|formula|previous|from_period|to_period|formerly
        report|planned|Planned|choice|status|yes|office|||||
        report|budget|Budget|number||no|office|||||
        report|status|Status|choice|status|yes|department||yes|||
        report|done|Work done|text||yes|department||yes|||
        report|cost|Cost|number||no|department|||||
        report|users|Users|whole||no|department||yes|||
        report|visits|Visits|whole||no|department|||||
        report|pace|Pace|text||no|formula|IF(CHOICE_RANK([@status])>=CHOICE_RANK([@planned]),"On time","Late")||||
    """,
    "choices": """
        list | value | rank | aliases | from_period
        status | Studied | 1 | |
        status | Started | 2 | |
        status | Done | 3 | |
    """,
    "rules": f"""
        id|form|check|target|severity|message|remedy
        back|report|{NOT_BACK}|status|warning|It went back.|Please look again.
    """,
    "views": """
        id | title | kind | form | options
        figures | Figures | statistics | report |
        table | Overview | progress | report | text=done
        states | Status table | status | report |
    """,
    "measures": f"""
        view|id|label|formula|by|total|format
        figures|all|Items|COUNTIFS([period],PERIOD())||yes|0
        figures|reached|Reached|COUNTIFS([status],"Done",[period],PERIOD())||yes|0
        figures|rate|Share reached|MEASURE(reached)/MEASURE(all)||yes|0.0%
        figures|so_far|Reached so far|CUMULATIVE(reached)||no|0
        figures|cost|Cost|SUMIFS([cost],[period],PERIOD())||yes|0.0
        figures|mean|Mean cost|AVERAGEIFS([cost],[period],PERIOD())||no|0.00
        figures|users|Users|SUMIFS([users],[period],PERIOD())||no|0
        figures|visits|Visits|SUMIFS([visits],[period],PERIOD())||no|0
        figures|late|Late|COUNTIFS([pace],"Late",[period],PERIOD())||no|0
        figures|owned|Items|{OWNED}|department|no|0
        figures|owned_cost|Cost|SUMIFS([cost],[department],GROUP(),[period],PERIOD())|department|no|0.0
        figures|owned_rate|Share|COUNTIFS([department],GROUP(),[status],"Done",[period],PERIOD())/{OWNED}|department|no|0.0%
        figures|grouped|Items|COUNTIFS([group],GROUP(),[period],PERIOD())|group|no|0
        figures|goal_cost|Cost|SUMIFS([cost],[goal],GROUP(),[period],PERIOD())|goal|yes|0.0
        figures|goal_late|Late|COUNTIFS([goal],GROUP(),[pace],"Late",[period],PERIOD())|goal|no|0
        figures|stood|Items|COUNTIFS([status],GROUP(),[period],PERIOD())|status|no|0
        figures|stood_share|Share|COUNTIFS([status],GROUP(),[period],PERIOD())/COUNTIFS([period],PERIOD())|status|no|0.0%
        figures|stood_cost|Cost|SUMIFS([cost],[status],GROUP(),[period],PERIOD())|status|no|0.0
        figures|paced|Items|COUNTIFS([pace],GROUP(),[period],PERIOD())|pace|no|0
        figures|item_cost|Cost|SUMIFS([cost],[item],GROUP(),[period],PERIOD())|item|no|0.0
    """,
}
"""Twenty items in eight departments; a ninth was merged into D1 before the first round."""

YEAR_TWO: Tables = {
    **YEAR_ONE,
    "periods": f"{YEAR_ONE['periods'].rstrip()}\n R7 | FY2025 | 2025 | 2025",
    "departments": """
        id | name | from_period | to_period | successor | formerly
        D0 | General Affairs | | R5 | D1 |
        D1 | Digital | | | |
        D2 | Finance and Tax | | | |
        D3 | Welfare | | | |
        D9 | Childcare | R7 | | |
        D4 | Fire | | | |
        D5 | Schools | | | |
        D6 | Roads | | | |
        D7 | Library | | | |
        D8 | Harbour | | R6 | D6 |
    """,
    "items": """
        id | goal | group | title | department | from_period | to_period | predecessor | formerly
        A-1 | Easy services | Online | Online forms | D1 | | | |
        A-2 | Easy services | Online | Booking | D1 | | | |
        A-3 | Easy services | Desks | Self-service kiosks | D1 | | | |
        A-4 | Easy services | Counters | Call centre | D1 | | R6 | |
        A-6 | Easy services | Desks | Phone desk | D1 | R7 | | A-4 |
        A-7 | Easy services | Desks | Chat desk | D1 | R7 | | A-4 |
        B-1 | Lean office | Money | Ledgers | D2 | | R6 | |
        B-2 | Lean office | Money | Invoices | D2 | | R6 | |
        B-3 | Lean office | Money | Tax notices | D2 | | | |
        B-4 | Lean office | Money | Ledgers and invoices | D2 | R7 | | B-1｜B-2 |
        C-1 | Easy services | Care | Care records | D3 | | | |
        C-2 | Easy services | Care | Nursery places | D9 | | | |
        C-3 | Easy services | Care | Child health | D9 | | | |
        E-1 | Safe city | Alarm | Command desk | D4 | | | |
        E-2 | Safe city | Alarm | Hydrant map | D4 | | | |
        F-1 | Lean office | Pupils | Pupil devices | D5 | | | |
        F-2 | Lean office | Pupils | School network | D5 | | | |
        G-1 | Safe city | Streets | Road ledger | D6 | | | |
        G-2 | Safe city | Streets | Bridge sensors | D6 | | | |
        H-1 | Easy services | Reading | Catalogue | D7 | | | |
        H-2 | Easy services | Reading | E-books | D7 | R6 | | |
        K-1 | Safe city | Water | Berth plan | D8 | | | |
        K-2 | Safe city | Water | Tide gauge | D8 | | | |
    """,
    "fields": """
        form|id|label|type|list|required|filled_by|formula|previous|from_period|to_period|formerly
        report|planned|Planned|choice|status|yes|office|||||
        report|budget|Budget|number||no|office|||||
        report|status|Status|choice|status|yes|department||yes|||
        report|done|Work done|text||yes|department||yes|||
        report|cost|Cost|number||no|department|||||
        report|people|People reached|whole||no|department||yes|||users
        report|visits|Visits|whole||no|department||||R6|
        report|savings|Savings|number||no|department|||R7||
        report|grade|Grade|choice|grades|no|office_after|||R7||
        report|opinion|Opinion|text||no|office_after||yes|R7||
        report|pace|Pace|text||no|formula|IF(CHOICE_RANK([@status])>=CHOICE_RANK([@planned]),"On time","Late")||||
    """,
    "choices": """
        list | value | rank | aliases | from_period
        status | Studied | 1 | |
        status | Started | 2 | |
        status | Completed | 3 | Done |
        status | Handed over | 4 | | R7
        grades | A | 1 | | R7
        grades | B | 2 | | R7
    """,
    "measures": f"""{YEAR_ONE["measures"].rstrip().replace("[users]", "[people]").replace('"Done"', '"Completed"')}
        figures|savings|Savings|SUMIFS([savings],[period],PERIOD())||no|0.0
        figures|graded|Graded A|COUNTIFS([grade],"A",[period],PERIOD())||no|0
    """,
}
"""A department renamed, one split, one merged; items split and merged, one renamed; a field that goes by another id,
one that has ended and one that begins; a choice that goes by another word and a new one."""

YEAR_THREE: Tables = {
    **YEAR_TWO,
    "periods": f"{YEAR_TWO['periods'].rstrip()}\n R8 | FY2026 | 2026 | 2026",
    "departments": changed(YEAR_TWO, "departments", "D7 | Library | | | |", "L7 | Library | | | | D7")[
        "departments"
    ],
    "items": """
        id | goal | group | title | department | from_period | to_period | predecessor | formerly
        A-1 | Easy services | Online | Online forms | D1 | | | |
        A-2 | Lean office | Online | Booking | D1 | | | |
        A-3 | Easy services | Desks | Self-service kiosks | D1 | | | |
        A-4 | Easy services | Counters | Call centre | D1 | | R6 | |
        A-6 | Easy services | Desks | Phone desk | D1 | R7 | | A-4 |
        A-7 | Easy services | Desks | Chat desk | D1 | R7 | | A-4 |
        B-1 | Lean office | Money | Ledgers | D2 | | R6 | |
        B-2 | Lean office | Money | Invoices | D2 | | R6 | |
        B-3 | Lean office | Money | Tax notices | D2 | | | |
        B-4 | Lean office | Money | Ledgers and invoices | D2 | R7 | | B-1｜B-2 |
        C-1 | Easy services | Care | Care records | D3 | | | |
        C-2 | Easy services | Care | Nursery places | D9 | | | |
        C-3 | Easy services | Care | Child health | D9 | | | |
        E-1 | Safe city | Alarm | Command desk | D4 | | | |
        E-20 | Safe city | Alarm | Hydrant map | D4 | | | | E-2
        F-1 | Lean office | Pupils | Pupil devices | D5 | | | |
        F-2 | Lean office | Pupils | School network | D5 | | | |
        G-1 | Safe city | Streets | Road ledger | D6 | | | |
        G-2 | Safe city | Streets | Bridge sensors | D6 | | | |
        H-1 | Easy services | Reading | Catalogue | L7 | | | |
        H-2 | Easy services | Reading | E-books | L7 | R6 | | |
        K-1 | Safe city | Water | Berth plan | D8 | | | |
        K-2 | Safe city | Water | Tide gauge | D8 | | R7 | |
        M-1 | Easy services | Online | Open data | D1 | R8 | | |
    """,
    "fields": changed(
        YEAR_TWO, "fields", "CHOICE_RANK([@status])>=CHOICE_RANK", "CHOICE_RANK([@status])>CHOICE_RANK"
    )["fields"].rstrip()
    + """
        report|reply|Reply|text||PREVIOUS([@opinion])<>""|department|||R8||
    """,
    "measures": changed(
        changed(
            YEAR_TWO,
            "measures",
            'COUNTIFS([status],"Completed",[period],PERIOD())',
            'COUNTIFS([status],"Completed",[period],PERIOD())+COUNTIFS([status],"Handed over",[period],PERIOD())',
        ),
        "measures",
        'COUNTIFS([department],GROUP(),[status],"Completed",[period],PERIOD())/COUNTIFS',
        '(COUNTIFS([department],GROUP(),[status],"Completed",[period],PERIOD())'
        '+COUNTIFS([department],GROUP(),[status],"Handed over",[period],PERIOD()))/COUNTIFS',
    )["measures"],
}
"""A department and an item that go by other ids, an item of another goal, one that has ended and one that begins; what
counts as reached, and as late, is another thing."""

YEAR_FOUR: Tables = {
    **changed(YEAR_THREE, "items", "Chat desk | D1", "Chat desk | D5"),
    "periods": """
        id | label | first_year | last_year | first_month | last_month
        R5 | FY2023 | 2023 | 2023 | |
        R6 | FY2024 | 2024 | 2024 | |
        R7 | FY2025 | 2025 | 2025 | |
        R8 | FY2026 | 2026 | 2026 | |
        R9 | First half of FY2027 | 2027 | 2027 | 4 | 9
    """,
}
"""Half a year; nothing else is changed."""

TABLES: Mapping[str, Tables] = {R6: YEAR_ONE, R7: YEAR_TWO, R8: YEAR_THREE, R9: YEAR_FOUR}
"""By round, the plan's tables as they stood when it was issued."""
