"""The codes of findings, the keys of errors and the states, held against the sentences of the catalogue."""

from pathlib import Path

import pytest
from catalogue import entries, members, parameters

from xlplan.cli.standing import HINTS, ORIGINS, REREAD
from xlplan.cli.words import FLAWS, STATES
from xlplan.fields.cells import READ_AS_CODES
from xlplan.fields.table import TYPES
from xlplan.formula.codes import FormulaCode
from xlplan.language.calendar import Manner
from xlplan.language.codes import CatalogueEnum, Code, Severity
from xlplan.language.errors import ErrorKey
from xlplan.language.messages import LANGUAGES, has, wording
from xlplan.language.privacy import PersonalKind
from xlplan.model.codes import FindingCode, written_code
from xlplan.model.finding import GIVEN_AWAY, Finding
from xlplan.model.handling import HANDLING
from xlplan.model.issue import IssueState
from xlplan.model.plancodes import PlanCode
from xlplan.model.safety import SafetyCode
from xlplan.report.returns import ReturnState
from xlplan.stages.drafts import DraftState
from xlplan.stages.received import FileState
from xlplan.stages.reread import RereadState
from xlplan.stages.verify import FileKind
from xlplan.store.encoding import read_code
from xlplan.store.files import MisfitState
from xlplan.store.sealing import FlawKind

CODES = (FindingCode, SafetyCode, FormulaCode, PlanCode)
WORDLESS = {FindingCode.RULE}
"""A rule of the plan brings its own sentences."""
MADE_OF_MORE = {"plan_has_errors": {"first"}, "workbook_unreadable": {"reason"}}
"""What an error says that is itself a sentence: it is put together where the language is known."""

RELEASED = Path(__file__).parents[1] / "released"


def taken(key: str) -> set[str]:
    """The parameters of a sentence; none where there is no such sentence."""
    return parameters(wording(key, "ja")) if has(key) else set()


@pytest.mark.parametrize("codes", CODES)
def test_every_entry_of_a_topic_of_findings_is_a_code_and_every_code_an_entry(codes: type[Code]) -> None:
    assert {code.value for code in codes} - WORDLESS == set(dict(entries(codes.section))) - {
        path for path in dict(entries(codes.section)) if path.endswith(".remedy")
    }


@pytest.mark.parametrize("code", [code for codes in CODES for code in codes if code not in WORDLESS])
def test_the_sentences_of_a_code_take_exactly_its_parameters(code: Code) -> None:
    assert taken(code.catalogue_key) | taken(code.remedy_key) == set(code.params)


def test_every_entry_of_errors_is_a_key_and_every_key_an_entry() -> None:
    assert {key.value for key in ErrorKey} == set(dict(entries("errors")))


@pytest.mark.parametrize("key", ErrorKey)
def test_the_sentence_of_an_error_takes_exactly_its_parameters(key: ErrorKey) -> None:
    assert taken(key.catalogue_key) == set(key.params)


def test_no_two_codes_have_one_value() -> None:
    values = [code.value for codes in CODES for code in codes]
    assert len(values) == len(set(values))


@pytest.mark.parametrize("member", [one for one in members() if not isinstance(one, Code | ErrorKey)])
def test_every_word_that_stands_for_a_sentence_has_one(member: CatalogueEnum) -> None:
    for language in LANGUAGES:
        assert wording(member.catalogue_key, language)


def test_every_state_of_a_result_has_words_and_every_misfit_says_what_to_do() -> None:
    states = [*IssueState, *ReturnState, *FileState, *MisfitState, *RereadState, *DraftState]
    assert set(STATES) == set(states)
    assert set(FLAWS) == set(FlawKind)
    assert set(REREAD) == set(RereadState)
    assert set(ORIGINS) == set(FileKind)
    # a stranger among what was refused or made is one among the returns; of issued files none is spare
    kept = {(kind, state) for kind in FileKind for state in ("missing", "changed", "unreadable")}
    strange = {(kind, "unknown") for kind in (FileKind.ISSUED, FileKind.RETURNED, FileKind.PUBLISHED)}
    strange.add((FileKind.RETURNED, "spare"))
    assert set(HINTS) == kept | strange
    for key in (*HINTS.values(), *ORIGINS.values(), *(key for key, _ in STATES.values())):
        assert has(key)


def test_what_is_told_of_a_kind_has_a_code_for_each() -> None:
    assert set(GIVEN_AWAY) == set(PersonalKind)
    assert set(READ_AS_CODES) == set(Manner) - {Manner.FULL}
    codes = [kind.type_code for kind in TYPES.values() if kind.type_code]
    assert codes
    assert all(code.value.startswith("type_") for code in codes)


@pytest.mark.parametrize("code", [code for code in FindingCode if code.value.endswith("_near")])
def test_what_names_the_one_that_was_meant_says_the_same_otherwise(code: FindingCode) -> None:
    plain = FindingCode(code.value.removesuffix("_near"))
    assert plain.near is code
    assert wording(plain.catalogue_key, "ja") == wording(code.catalogue_key, "ja")


def test_a_plan_may_set_the_severity_of_findings_of_returns_and_of_no_others() -> None:
    assert all(severity is code.severity for code, severity in HANDLING.items())
    assert FindingCode.OTHER_PLAN not in HANDLING


def test_a_code_is_written_as_its_value_and_that_of_a_rule_with_the_rule() -> None:
    assert written_code(FindingCode.READ_AS, "") == "read_as"
    assert written_code(FindingCode.RULE, "late") == "rule:late"
    assert read_code("safety_zip") == (SafetyCode.ZIP, "")
    assert read_code("rule:a:b") == (FindingCode.RULE, "a:b")


@pytest.mark.parametrize("written", ["", "rule", "no_such_code", "read_as:late"])
def test_what_no_code_is_written_as_is_none(written: str) -> None:
    with pytest.raises(ValueError, match=f"^{written}$"):
        read_code(written)


def test_a_finding_matters_as_its_code_does_unless_it_is_said_otherwise() -> None:
    assert Finding(FindingCode.READ_AS).severity is Severity.NOTICE
    assert Finding(FindingCode.READ_AS, Severity.ERROR).severity is Severity.ERROR


def test_a_finding_of_a_rule_is_known_by_the_rule() -> None:
    params = {"message": "遅れています。", "remedy": ""}
    late, other = (Finding(FindingCode.RULE, rule=rule, params=params) for rule in ("late", "other"))
    assert late.as_dict("ja")["code"] == "rule:late"
    assert late.key != other.key


@pytest.mark.parametrize("page", sorted(RELEASED.glob("*/codes.txt")), ids=lambda path: path.parent.name)
def test_every_code_that_a_released_version_wrote_is_read(page: Path) -> None:
    """A ledger holds them for good: a code that nothing finds any more stays a member of its enum."""
    for written in page.read_text(encoding="utf-8").split():
        code, rule = read_code(written)
        assert written_code(code, rule) == written
