"""The README's pictures, made from the example round.

python -m tests.pictures      needs LibreOffice, a Japanese font and poppler's pdftoppm
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUND = ROOT / "workbooks" / "asahikawa" / "H26"
IMAGES = ROOT / "docs" / "images"
DPI = 110


@dataclass(frozen=True)
class Picture:
    """One page of a workbook as printed: 1-based page, and the part of it to show, as shares of the page."""

    name: str
    workbook: Path
    page: int
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
    page = ["-f", str(picture.page), "-l", str(picture.page)]
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
    target = folder / picture.name
    subprocess.run(
        ["pdftoppm", "-r", str(DPI), *page, *cut, "-png", "-singlefile", str(pdf), str(target)], check=True
    )
    IMAGES.mkdir(parents=True, exist_ok=True)
    shutil.move(f"{target}.png", IMAGES / f"{picture.name}.png")


def main() -> None:
    """Draw every picture anew."""
    for one in pictures():
        with tempfile.TemporaryDirectory() as folder:
            draw(one, Path(folder))
        sys.stdout.write(f"{one.name}.png\n")


if __name__ == "__main__":
    main()
