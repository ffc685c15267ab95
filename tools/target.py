"""The computer that a bundle is made for: which wheels run there, and which requirements hold there."""

import re
from dataclasses import dataclass

OLDEST_GLIBC, NEWEST_GLIBC = 5, 45
"""The second number of glibc's version in manylinux tags: PEP 600 begins with 2.5."""
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
"""The names of PEP 513, 571 and 599 for three of these versions."""
_PLATFORM = re.compile(
    r"(?P<windows>win_amd64|win_arm64|win32)"
    r"|(?P<linux>manylinux(?:_2_(?P<glibc>\d+))?(?:_(?P<machine>x86_64|aarch64))?)"
    r"|(?P<mac>macosx_(?P<major>\d+)_\d+_(?P<chip>arm64|x86_64))"
)
_MACHINES = {"win_amd64": "AMD64", "win_arm64": "ARM64", "win32": "x86"}


@dataclass(frozen=True, slots=True)
class Target:
    """A computer without internet.

    Attributes:
        platform: As in a wheel's name (win_amd64, manylinux_2_28_x86_64, macosx_14_0_arm64); manylinux alone is any
            Linux with glibc on x86_64.
        python: The version of its Python, such as 3.13.
    """

    platform: str
    python: str

    @property
    def fault(self) -> str:
        """The key of the sentence that says why this is no computer; empty where it is one."""
        if not _PLATFORM.fullmatch(self.platform):
            return "setup.bad_platform"
        return "" if re.fullmatch(r"3\.(?:1[1-9]|[2-9]\d)", self.python) else "setup.bad_python"

    @property
    def windows(self) -> bool:
        """Whether it is a Windows."""
        return self.platform.startswith("win")

    @property
    def platforms(self) -> list[str]:
        """The tags of wheels that run there, the newest first; `any` goes without saying."""
        found = _PLATFORM.fullmatch(self.platform)
        if found is None or not found["linux"]:
            return [self.platform]
        machine, newest = found["machine"] or "x86_64", int(found["glibc"] or NEWEST_GLIBC)
        return [
            tag
            for glibc in range(newest, OLDEST_GLIBC - 1, -1)
            for tag in (f"manylinux_2_{glibc}_{machine}", f"{_LEGACY.get(glibc, '')}_{machine}")
            if not tag.startswith("_")
        ]

    @property
    def environment(self) -> dict[str, str]:
        """What the markers of requirements ask of a computer (PEP 508): pip answers for the one that it runs on."""
        found = _PLATFORM.fullmatch(self.platform)
        python = {
            "python_version": self.python,
            "python_full_version": f"{self.python}.0",
            "implementation_version": f"{self.python}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_version": "",
        }
        if self.windows:
            machine = _MACHINES.get(self.platform, "")
            names = ("nt", "win32", "Windows", machine)
        elif found and found["mac"]:
            names = ("posix", "darwin", "Darwin", found["chip"])
        else:
            names = ("posix", "linux", "Linux", (found["machine"] if found else "") or "x86_64")
        return python | dict(
            zip(("os_name", "sys_platform", "platform_system", "platform_machine"), names, strict=True)
        )
