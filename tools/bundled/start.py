"""Install xlplan out of the folder of this file, once and without a network, and run it.

    start.py WORDS      runs xlplan with these words
    start.py            opens a prompt at which xlplan is known

Needs nothing but the Python that the wheels in `wheels/` were fetched for; another one is told so. That may be
Windows' embeddable Python, which knows neither virtual environments nor pip: then it is installed into that itself.
"""

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
WHEELS = os.path.join(HERE, "wheels")
REQUIREMENTS = os.path.join(HERE, "requirements.txt")
VENV = os.path.join(HERE, "venv")


def facts():
    """What the bundle is: its version, its Python, its sentences."""
    with open(os.path.join(HERE, "start.json"), encoding="utf-8") as file:
        return json.load(file)


def language():
    """The language to speak: XLPLAN_LANG, else the system's, as xlplan itself chooses it."""
    if os.environ.get("XLPLAN_LANG") in ("ja", "en"):
        return os.environ["XLPLAN_LANG"]
    if os.name == "nt":
        import ctypes

        # the low ten bits are the language without its country; Japanese is 0x11
        return "ja" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 0x11 else "en"
    set_ones = [os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)]
    return "ja" if set_ones and set_ones[0].startswith("ja") else "en"


def say(word, **places):
    """Say one sentence, on one line."""
    known = facts()
    line = known["words"][word][language()].format(python=known["python"], version=known["version"], **places)
    sys.stderr.write(" ".join(line.split()) + "\n")
    sys.stderr.flush()


def digest(path):
    """The SHA-256 of a file; empty where there is none."""
    if not os.path.isfile(path):
        return ""
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def damaged():
    """The first file of the bundle that is not as it was packed; empty where all are."""
    with open(os.path.join(HERE, "SHA256SUMS"), encoding="utf-8") as sums:
        kept = [line.rstrip("\n").split("  ", 1) for line in sums]
    needed = [
        (known, name) for known, name in kept if name.startswith("wheels/") or name == "requirements.txt"
    ]
    return next((name for known, name in needed if digest(os.path.join(HERE, *name.split("/"))) != known), "")


def embeddable():
    """The file by which an embeddable Python knows its modules; empty where this is a full one."""
    return next(iter(glob.glob(os.path.join(os.path.dirname(sys.executable), "python*._pth"))), "")


def with_site(lines):
    """The lines of that file with the folder of installed packages switched on, as its own comment says."""
    kept = [line for line in lines if line.replace(" ", "") not in ("#importsite", "importsite")]
    return [*kept, "import site"]


def places():
    """The Python that has xlplan, the folder of its commands, and the file that says that all is in place."""
    if embeddable():
        folder = os.path.dirname(sys.executable)
        return sys.executable, os.path.join(folder, "Scripts"), os.path.join(folder, "xlplan-ready.txt")
    commands = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
    name = "python.exe" if os.name == "nt" else "python"
    return os.path.join(commands, name), commands, os.path.join(VENV, "xlplan-ready.txt")


def state():
    """What must be the same for all to be in place: a folder that is moved, or a new bundle, is installed anew."""
    return "\n".join([digest(REQUIREMENTS), HERE, sys.executable, sys.version])


def is_ready():
    """Whether xlplan is installed already."""
    path = places()[2]
    if not os.path.isfile(path):
        return False
    with open(path, encoding="utf-8") as file:
        return file.read() == state()


def make_place():
    """A virtual environment beside this file; an embeddable Python is made to know its own packages instead."""
    listed = embeddable()
    if not listed:
        import venv

        shutil.rmtree(VENV, ignore_errors=True)
        venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(VENV)
        return
    with open(listed, encoding="utf-8") as file:
        lines = with_site(file.read().splitlines())
    with open(listed, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


def install():
    """Install what `requirements.txt` names, each file by its hash; gives the last words of pip's where it fails."""
    make_place()
    python, _, ready = places()
    pip = os.path.join(next(iter(glob.glob(os.path.join(WHEELS, "pip-*.whl")))), "pip")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    done = subprocess.run(
        [
            python,
            pip,
            "install",
            "--no-index",
            "--find-links",
            WHEELS,
            "--require-hashes",
            "--only-binary",
            ":all:",
        ]
        + ["--no-cache-dir", "--quiet", "--disable-pip-version-check", "--no-warn-script-location"]
        + ["--requirement", REQUIREMENTS],
        env={**kept, "PIP_CONFIG_FILE": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        return (done.stdout.decode(errors="replace").strip().splitlines() or ["pip"])[-1]
    with open(ready, "w", encoding="utf-8") as file:
        file.write(state())
    return ""


def prompt():
    """Open a prompt at which `xlplan` is known, where somebody sits before the screen; gives its exit status."""
    say("setup.ready")
    if not sys.stdin.isatty():
        return 0
    os.environ["PATH"] = places()[1] + os.pathsep + os.environ.get("PATH", "")
    shell = (
        [os.environ.get("COMSPEC", "cmd"), "/k"] if os.name == "nt" else [os.environ.get("SHELL", "/bin/sh")]
    )
    return subprocess.call(shell)


def main(words):
    """Install, unless that is done, and run; gives the exit status."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")
    known = facts()
    if "{}.{}".format(*sys.version_info[:2]) != known["python"]:
        say("needed")
        return 2
    if not is_ready():
        if damaged():
            say("setup.damaged", name=damaged())
            return 2
        say("setup.installing")
        try:
            fault = install()
        except OSError as error:
            fault = str(error)
        if fault:
            say("setup.not_installed", fault=fault)
            return 2
    return subprocess.call([places()[0], "-m", "xlplan", *words]) if words else prompt()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
