"""Words that stand in the place of an answer: a total, nothing to report, the same as above, see elsewhere."""

import re

from xlplan.language.text import fold

_AROUND = " .,:;。、・…*!()[]{}<>【】「」『』〈〉《》〔〕=_#•‣▪◦●○◆◇■□▼▽※"
"""What may stand around such a word: full stops, brackets, marks of lists."""
_MARKS = _AROUND.replace("(", "").replace(")", "")
"""Those that may stand around the word of a total, behind which brackets may say of what it is one."""
_LONGEST = 40
"""Characters of such a word; a longer text says something."""
_DASHES = re.compile("[-−‐‑‒–—―─━ーｰ/]{1,5}")
_BEHIND = r"(?::?=?-?[¥£$€]?[0-9][0-9,.]*[^\W\d_]{0,3}|\([^()]*\))?"
"""What may stand behind the word of a total: its amount, or of what it is."""

_TOTAL = re.compile(
    "(?:(?:総|全体|年度|年間|期間|当年度|今年度|表)?"
    "(?:[総合小中大累通月年期部課局款項目]?計|合算|トータル|合計)"
    "(?:額|数|件数|金額|人数|値|欄|行)?"
    "|(?:in|grand|sub|overall|running|sum)?-?total(?:s|amount|cost|costs|number|hours|value)?"
    f"|sum|sums|altogether){_BEHIND}"
)
_ZERO = re.compile("0[件人回]|零件|ゼロ|nil|zero")
_NOTHING = re.compile(
    "(?:今(?:年度|回|期)|本年度|当年度)?(?:は|も|、)?(?:特に|とくに|特段)?"
    "(?:(?:該当|特記|報告|記載|対象|実績|回答|特筆|記入|変更|追加|意見|要望|質問)?"
    "(?:する|すべき)?(?:事項|事業|施策|もの|こと|者|案件|件|内容|項目)?(?:は|が|も)?)"
    "(?:なし|無し|無|無い|ない|ありません|有りません|ございません|なしです|ないです)"
    f"|非該当|皆無|{_ZERO.pattern}"
    "|n/?a|n\\.a|none|not?applicable|none?applicable|nothing"
    "|(?:none|nothing|nil|no(?:items?|changes?|entries))(?:to(?:report|declare|add|return))?(?:thisyear|thisperiod)?"
)
_DITTO = re.compile(
    "(?:[〃々\"”“″''’]|同)+(?:上|右|左|前|じ)?|(?:上|右|左|前|先|前年度?|前回|前期|昨年度?)(?:に|と)?(?:同じ|同様|同文)"
    "|上記(?:に|と)?(?:同じ|同様)|(?:以下|右|上|前)同|同(?:上|前|左|右|文|様|じ)(?:です)?"
    "|ditto|dto|do\\.?|same|same(?:as)?(?:the)?(?:above|before|previous|lastyear)|asabove|asbefore|idem|ibid"
)
_ELSEWHERE = re.compile(
    "(?:詳細|内容|内訳|実績|回答)?(?:は|につき|については|について)?"
    "(?:別紙|別添|別表|別冊|別途|別シート|添付|添付資料|別添資料|別紙資料|資料|メール)[0-9一二三a-z]{0,3}(?:\\([^()]*\\))?"
    "(?:の(?:とお|通)り|を?参照|に(?:記載|よる|て)|(?:に|を)?(?:添付|提出)|参照のこと|をご覧ください|をご参照ください|)"
    "(?:です|願います|ください)?"
    "|(?:please)?(?:see|refer(?:to)?|asper)(?:the|our)?"
    "(?:attached|attachment|attachments|enclosed|enclosure|annex|appendix|separatesheet|othersheet|email|report)"
    "[0-9a-z]?(?:sheet|file|document|report)?"
    "|(?:as)?attached|enclosed"
)


def _key(written: str) -> str:
    return fold(written).strip(_AROUND)


def is_total(written: str) -> bool:
    """Whether nothing is written but the word of a total: 合計, 小計, 計, Total, with its amount or without."""
    return len(written) <= _LONGEST and _TOTAL.fullmatch(fold(written).strip(_MARKS)) is not None


def is_nothing(written: str) -> bool:
    """Whether nothing is written but that there is nothing to report: 該当なし, 特になし, なし, none, n/a, a dash."""
    if len(written) > _LONGEST:
        return False
    folded, key = fold(written), _key(written)
    return _DASHES.fullmatch(folded) is not None or _NOTHING.fullmatch(key) is not None


def is_zero(written: str) -> bool:
    """Whether nothing is written but that it is none, as a number: nil, zero, ゼロ."""
    return len(written) <= _LONGEST and _ZERO.fullmatch(_key(written)) is not None


def is_ditto(written: str) -> bool:
    """Whether nothing is written but that it is the same as elsewhere: 同上, 〃, 々, ditto, as above."""
    folded = fold(written)
    return len(written) <= _LONGEST and any(_DITTO.fullmatch(key) for key in {folded, _key(written)})


def is_elsewhere(written: str) -> bool:
    """Whether nothing is written but that it stands elsewhere: 別紙のとおり, 別添参照, see attached."""
    return len(written) <= _LONGEST and _ELSEWHERE.fullmatch(_key(written)) is not None
