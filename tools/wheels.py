"""The wheels of a bundle: fetched for another computer, complete there, and named with their hashes."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from tools.target import Target

INSTALLER = "pip"
"""Comes along, as the Python of that computer may have none (Windows' embeddable one, Debian's without venv)."""

Wheels = Mapping[str, Path]
"""The wheels of a folder by the canonical name of what they install."""


class FetchError(Exception):
    """A wheel cannot be had; its words are the last that pip said."""


def wheels_in(folder: Path) -> dict[str, Path]:
    """The wheels in a folder."""
    return {parse_wheel_filename(path.name)[0]: path for path in sorted(folder.glob("*.whl"))}


def requirements_of(wheel: Path) -> list[Requirement]:
    """What a wheel says that it requires, with the markers of each."""
    with ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        stated = HeaderParser().parsestr(archive.read(name).decode("utf-8"))
    return [Requirement(line) for line in stated.get_all("Requires-Dist", [])]


def needed(
    wheels: Wheels, own: str, extras: Collection[str], target: Target
) -> tuple[dict[str, Path], list[str]]:
    """Which wheels a computer needs, and what is lacking for it.

    Args:
        wheels: Those that are there.
        own: The canonical name of what is to be installed.
        extras: The extras of it that are wanted.
        target: The computer.

    Returns:
        The wheels that are needed there, by name, and the requirements that hold there and that none of them meets.
    """
    found: dict[str, Path] = {}
    lacking: dict[str, None] = {}
    left, seen = [(own, extra) for extra in ("", *extras)], set[tuple[str, str]]()
    while left:
        name, extra = left.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        found[name] = wheels[name]
        for requirement in requirements_of(wheels[name]):
            marker = requirement.marker
            if marker and not marker.evaluate({**target.environment, "extra": extra}):
                continue
            wanted = canonicalize_name(requirement.name)
            if wanted in wheels:
                left += [(wanted, more) for more in ("", *requirement.extras)]
            else:
                requirement.marker = None
                lacking[str(requirement)] = None
    return found, list(lacking)


def run_pip(python: str, *words: str) -> None:
    """Run pip.

    Raises:
        FetchError: it failed.
    """
    command = [python, "-m", "pip", *words, "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise FetchError(" ".join((told or done.stderr.splitlines() or [""])[-1].split()))


Pip = Callable[..., None]
"""`run_pip`, or what tests put in its place."""


def fetched(
    own: Path, extras: Sequence[str], target: Target, folder: Path, python: str, pip: Pip = run_pip
) -> dict[str, Path]:
    """Every wheel that a computer needs for ours, in a folder, with pip's own.

    pip asks the markers of requirements of the computer that it runs on. What holds on the other one only is
    therefore looked for in the wheels themselves and asked for, until nothing is lacking.

    Args:
        own: Our own wheel.
        extras: Its extras that are wanted.
        target: The computer.
        folder: Where the wheels are put; emptied before.
        python: The Python whose pip fetches them.
        pip: What runs it.

    Raises:
        FetchError: pip finds none for that computer.
    """
    asked: list[str] = []
    name = parse_wheel_filename(own.name)[0]
    options = ["--only-binary", ":all:", "--python-version", target.python, "--implementation", "cp"]
    options += [word for tag in target.platforms for word in ("--platform", tag)]
    ours = f"{own}[{','.join(extras)}]" if extras else str(own)
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        pip(python, "download", *options, "--dest", str(folder), ours, INSTALLER, *asked)
        wheels = wheels_in(folder)
        found, lacking = needed(wheels, name, extras, target)
        if not lacking:
            break
        asked += lacking
    for spare in wheels.keys() - found.keys() - {INSTALLER}:
        wheels.pop(spare).unlink()
    return wheels


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def pinned(wheels: Wheels, own: str, extras: Sequence[str]) -> Iterator[str]:
    """The lines of a requirements file: each wheel by its version and its hash, pip apart.

    Args:
        wheels: The wheels.
        own: The canonical name of ours.
        extras: Its extras that are wanted.
    """
    for name, path in sorted(wheels.items()):
        if name != INSTALLER:
            more = f"[{','.join(extras)}]" if name == own and extras else ""
            version = parse_wheel_filename(path.name)[1]
            yield f"{name}{more}=={version} --hash=sha256:{sha256(path)}"
