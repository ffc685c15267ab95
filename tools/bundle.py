"""Bundle: one zip file with which xlplan is installed on a computer that has no internet.

    python make.py bundle --platform win_amd64 --python 3.13

`bundled/` holds what is put beside the wheels: the start scripts, `start.py` that installs, and what to read first.
"""

import argparse
import hashlib
import json
import re
import shlex
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from packaging.utils import parse_wheel_filename

from tools.network import reachable
from tools.target import Target
from tools.wheels import FetchError, Wheels, fetched, pinned, run_pip
from xlplan.language.choice import chosen_language
from xlplan.language.messages import LANGUAGES, text, wording

ROOT = Path(__file__).resolve().parents[1]
OWN = "xlplan"
BUNDLED = ROOT / "tools" / "bundled"
SAID_BY_START = (*("setup.damaged", "setup.installing", "setup.not_installed", "setup.ready"),)
"""The sentences of `start.py`, which runs before anything is installed."""
START_TWIN = "はじめる.bat"
"""start.bat under a name that says what it is; programs that garble the names in a zip file leave the other one."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that the same wheels make the same bytes."""


def filled_in(words: str, **places: str) -> str:
    """A text of `bundled/` with its places filled in: @VERSION@ with `version`, and so on."""
    return re.sub("@([A-Z_]+)@", lambda found: places[found[1].lower()], words)


def start_files(target: Target, version: str) -> dict[str, bytes]:
    """The files that install and start xlplan on a computer, by their names."""
    said = {key: {name: wording(key, name) for name in LANGUAGES} for key in SAID_BY_START}
    key = "setup.python_needed" if target.windows else "setup.python_needed_here"
    needed = {name: text(key, name, python=target.python) for name in LANGUAGES}
    facts = {"version": version, "python": target.python, "words": said | {"needed": needed}}
    places = {"python": target.python} | {f"needed_{name}": shlex.quote(needed[name]) for name in LANGUAGES}
    files = {
        "start.py": (BUNDLED / "start.py").read_bytes(),
        "start.json": json.dumps(facts, ensure_ascii=False, indent=1).encode(),
    }
    if not target.windows:
        return files | {"start.sh": filled_in((BUNDLED / "start.sh").read_text("utf-8"), **places).encode()}
    script = filled_in((BUNDLED / "start.bat").read_text("utf-8"), **places)
    files |= dict.fromkeys(("start.bat", START_TWIN), script.replace("\n", "\r\n").encode("ascii"))
    # what start.bat shows where there is no Python: Japanese in the code page of a Japanese console
    for name, encoding in zip(LANGUAGES, ("cp932", "ascii"), strict=True):
        files[f"python-needed-{name}.txt"] = f"{needed[name]}\r\n".encode(encoding)
    return files


def papers(target: Target, version: str) -> dict[str, bytes]:
    """What people read, by its names: README.txt and the pages of `docs/`, as text that a double click opens."""
    places = {"version": version, "platform": target.platform, "python": target.python}
    pages = {"README.txt": filled_in((BUNDLED / "README.txt").read_text("utf-8"), **places)}
    for path in sorted((ROOT / "docs").glob("*.md")):
        pages[f"docs/{path.stem}.txt"] = path.read_text("utf-8").replace(".md)", ".txt)")
    pages["LICENSE.txt"] = (ROOT / "LICENSE").read_text("utf-8")
    # Notepad knows UTF-8 by the mark of byte order, and older ones know no line end but CRLF
    return {
        name: page.replace("\n", "\r\n").encode("utf-8-sig") if target.windows else page.encode()
        for name, page in pages.items()
    }


def contents(target: Target, version: str, wheels: Wheels, extras: Sequence[str]) -> dict[str, bytes]:
    """Every file of a bundle by its name, the checksums of all of them last.

    Args:
        target: The computer that it is for.
        version: xlplan's.
        wheels: What it installs, pip's wheel among them.
        extras: The extras of xlplan that are wanted.
    """
    lines = [*pinned(wheels, OWN, extras), ""]
    files = {
        **papers(target, version),
        **start_files(target, version),
        "requirements.txt": "\n".join(lines).encode(),
        **{f"wheels/{path.name}": path.read_bytes() for path in wheels.values()},
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in files.items())
    return files | {"SHA256SUMS": sums.encode()}


def zipped(files: Mapping[str, bytes], path: Path) -> None:
    """Write files into one zip file, below a folder of its name; the shell script may be run."""
    path.parent.mkdir(exist_ok=True)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = ZipInfo(f"{path.stem}/{name}", EPOCH)
            entry.compress_type = ZIP_STORED if name.endswith(".whl") else ZIP_DEFLATED
            entry.external_attr = (0o100755 if name.endswith(".sh") else 0o100644) << 16
            archive.writestr(entry, data)


def bundle(target: Target, extras: Sequence[str]) -> tuple[Path, int]:
    """Make dist/xlplan-<version>-<platform>-python<version>.zip; gives its path, and how many libraries it holds.

    Args:
        target: The computer that it is for.
        extras: The extras of xlplan that are wanted.

    Raises:
        FetchError: pip finds no wheels for that computer.
    """
    with TemporaryDirectory() as name:
        own, wheels = Path(name, "own"), Path(name, "wheels")
        built = ("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(own), str(ROOT))
        run_pip(sys.executable, *built)
        (ours,) = own.glob("*.whl")
        version = str(parse_wheel_filename(ours.name)[1])
        found = fetched(ours, extras, target, wheels, sys.executable)
        path = ROOT / "dist" / f"{OWN}-{version}-{target.platform}-python{target.python}.zip"
        zipped(contents(target, version, found, extras), path)
    return path, len(found)


def known_extras() -> list[str]:
    """The extras that an office may want: all but the tools of those who work on xlplan."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [name for name in project["optional-dependencies"] if name != "dev"]


def said_of(target: Target, extras: Sequence[str]) -> str:
    """Why such a bundle cannot be meant, in words; empty where it can."""
    language = chosen_language()
    if key := target.fault:
        return text(key, language, platform=target.platform, python=target.python)
    known = known_extras()
    for extra in extras:
        if extra not in known:
            return text("setup.bad_extra", language, extra=extra, known=", ".join(known) or "-")
    return ""


def main(words: Sequence[str]) -> None:
    """Make the bundle that is asked for, and say where it is; what goes wrong is one line and status 1 or 2."""
    parser = argparse.ArgumentParser("python make.py bundle", description=__doc__)
    parser.add_argument("--platform", required=True, help="win_amd64, manylinux, manylinux_2_28_x86_64, …")
    parser.add_argument("--python", required=True, help="the version of the Python there, as 3.13")
    parser.add_argument("--extras", default="", help="extras of xlplan, separated by commas")
    asked = parser.parse_args(words)
    target, language = Target(asked.platform, asked.python), chosen_language()
    extras = [extra for extra in asked.extras.split(",") if extra]
    if fault := said_of(target, extras):
        sys.stderr.write(f"{fault}\n")
        sys.exit(2)
    if not reachable(sys.executable):
        sys.exit(text("setup.bundle_unreached", language))
    try:
        path, count = bundle(target, extras)
    except FetchError as fault:
        names = {"platform": target.platform, "python": target.python}
        sys.exit(text("setup.bundle_not_fetched", language, fault=fault, **names))
    start = (
        START_TWIN if target.windows and language == "ja" else "start.bat" if target.windows else "start.sh"
    )
    size = round(path.stat().st_size / 2**20)
    print(text("setup.bundled", language, path=path.relative_to(ROOT), count=count, size=size, start=start))


if __name__ == "__main__":
    main(sys.argv[1:])
