"""Words that stand for a sentence: enums whose members have an entry in the catalogue, and the base of all codes.

Whatever is stored or given out in documents is a member's value, which never changes; how it is said is found by its
`catalogue_key`. Tests hold the enums and the catalogue against each other, both ways.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Self


class CatalogueEnum(StrEnum):
    """An enum each of whose members is an entry of one section of the catalogue, its `section`.

    A member is its value, or its value and the names of the parameters that its sentences take.
    """

    section: ClassVar[str]
    params: tuple[str, ...]

    def __init_subclass__(cls, section: str = "", **more: object) -> None:
        super().__init_subclass__(**more)
        cls.section = section

    def __new__(cls, value: str, *params: str) -> Self:
        """The member that is `value`, with the names of the `params` of its sentences."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.params = params
        return member

    @property
    def catalogue_key(self) -> str:
        """The key of its sentence, as `messages.text` takes it."""
        return f"{self.section}.{self.value}"

    def picked(self, params: Mapping[str, object]) -> dict[str, object]:
        """Those of `params` that its sentences take. Raises KeyError where one is not there."""
        return {name: params[name] for name in self.params}


class Severity(CatalogueEnum, section="artefacts.severity"):
    """How much a finding matters: an error must be fixed, a warning fixed or explained, a notice only told."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Code(CatalogueEnum):
    """What kind of thing is wrong. Its members are in one enum for each topic of the catalogue that has findings.

    `severity` is how much it matters where the plan does not say otherwise, `params` the parameters that its findings
    carry: those of its message and of its remedy.
    """

    severity: Severity

    def __new__(cls, value: str, severity: Severity = Severity.ERROR, *params: str) -> Self:
        """The member that is `value`, with its `severity` and the names of the `params` of its sentences."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.severity = severity
        member.params = params
        return member

    @property
    def remedy_key(self) -> str:
        """The key of what to do about it, which not every code has."""
        return f"{self.catalogue_key}.remedy"
