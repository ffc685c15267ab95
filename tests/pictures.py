"""The pictures of the README, made from the example round, and those of docs/years-*.md, from their cases.

PYTHONPATH=tests python -m tests.pictures [NAME …]     needs LibreOffice, a Japanese font, poppler's pdftoppm
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from yearcases import WORDS, Case, cases, played

ROOT = Path(__file__).parents[1]
ROUND = ROOT / "workbooks" / "asahikawa" / "H26"
IMAGES = ROOT / "docs" / "images"
DPI = 110


@dataclass(frozen=True)
class Picture:
    """One page of a workbook as printed: 1-based page, and the part of it to show, as shares of the page.

    Instead of the page's number, words that stand on none before it.
    """

    name: str
    workbook: Path
    page: int | str
    top: float
    bottom: float


def pictures() -> list[Picture]:
    """The pictures of the README."""
    sent_back = next((ROUND / "sent-back").glob("*_D02_*.xlsx"))
    return [
        Picture("entry-sheet", sent_back, 3, 0.03, 0.40),
        Picture("findings", sent_back, 2, 0.04, 0.26),
        Picture("summary", ROUND / "summary.xlsx", 2, 0.02, 0.70),
    ]


PAGES = {
    "renamed-department": ("R7/issued/*_D1_*.xlsx", "", 0.02, 0.98),
    "split-department": ("R7/issued/*_D5_*.xlsx", "", 0.02, 0.98),
    "merged-department": ("R7/issued/*_D2_*.xlsx", "", 0.02, 0.98),
    "renamed-item": ("R7/issued/*_D1_*.xlsx", "1-1", 0.02, 0.42),
    "split-item": ("R7/summary-draft.xlsx", "2-4", 0.02, 0.52),
    "merged-item": ("R7/issued/*_D3_*.xlsx", "3-2 ", 0.02, 0.36),
    "ended-item": ("R7/issued/*_D2_*.xlsx", "", 0.02, 0.98),
    "changed-form": ("R7/issued/*_D1_*.xlsx", "1-1", 0.02, 0.42),
    "changed-choices": ("R7/issued/*_D1_*.xlsx", "1-1", 0.02, 0.42),
    "committee": ("R7/issued/*_D1_*.xlsx", "1-1", 0.02, 0.42),
    "rolled-over": ("R7/issued/*_D2_*.xlsx", "", 0.02, 0.98),
    "closed": ("R6/published/1/summary.xlsx", "", 0.02, 0.60),
    "corrected": ("R6/published/2/summary.xlsx", "quoted", 0.02, 0.22),
}
"""Which workbook shows a case, words on its page (the first where there are none; what is quoted last), and which part
of that. Periods are named by their ids in the Japanese page."""


def of_case(case: Case, root: Path) -> Picture:
    """The picture of a case, which is played in a folder."""
    place, page, top, bottom = PAGES[case.picture]
    space, _ = played(case, root)
    period, _, rest = place.partition("/")
    page = case.quoted[-1] if page == "quoted" else page
    [workbook] = (space.root / "workbooks" / WORDS[case.language][period]).glob(rest)
    return Picture(f"years/{case.picture}-{case.language}", workbook, page, top, bottom)


def page_with(words: str, pdf: Path) -> int:
    """The number of the first page on which words stand."""
    made = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True)
    return next(number for number, page in enumerate(made.stdout.split("\f"), 1) if words in page)


def draw(picture: Picture, folder: Path) -> None:
    """Print the workbook to PDF and cut the picture out of its page."""
    subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"),
            *("--convert-to", "pdf", "--outdir", str(folder), str(picture.workbook)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    pdf = folder / f"{picture.workbook.stem}.pdf"
    number = str(picture.page if isinstance(picture.page, int) else page_with(picture.page, pdf))
    page = ["-f", number, "-l", number]
    said = subprocess.run(["pdfinfo", *page, str(pdf)], check=True, capture_output=True, text=True).stdout
    size = next(line for line in said.splitlines() if "size:" in line and "Page" in line).split(":")[1]
    width, height = (float(one) * DPI / 72 for one in size.split()[0:3:2])
    area = {
        "-x": 0,
        "-y": int(height * picture.top),
        "-W": int(width),
        "-H": int(height * (picture.bottom - picture.top)),
    }
    cut = [str(one) for pair in area.items() for one in pair]
    target = folder / "picture"
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), *page, *cut, "-png", "-singlefile", str(pdf), str(target)], check=True
    )
    made = IMAGES / f"{picture.name}.png"
    made.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(f"{target}.png", made)


def main(names: Collection[str]) -> None:
    """Draw every picture anew, or those with these names."""
    for picture in pictures():
        if not names or picture.name in names:
            with tempfile.TemporaryDirectory() as folder:
                draw(picture, Path(folder))
            sys.stdout.write(f"{picture.name}.png\n")
    for case in (case for language in ("ja", "en") for case in cases(language)):
        if not names or case.picture in names:
            with tempfile.TemporaryDirectory() as folder:
                picture = of_case(case, Path(folder) / "city")
                draw(picture, Path(folder))
            sys.stdout.write(f"{picture.name}.png\n")


if __name__ == "__main__":
    main(sys.argv[1:])
