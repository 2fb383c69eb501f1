"""Update the translations from the texts of the program, and compile them: ``make translations``.

Texts that are new wait for a translation in resources/translations/*.ts; those that are gone are removed.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "resources" / "translations"


def sources() -> list[Path]:
    """Every module of the program: services and storage have sentences, too."""
    return sorted((ROOT / "app").rglob("*.py"))


def run(tool: str, *arguments: str | Path) -> None:
    """A tool of Qt, from the environment of this Python."""
    subprocess.run([Path(sys.executable).with_name(tool), *arguments], check=True)


def update(texts: Path) -> None:
    language = texts.stem.rpartition("_")[2]
    options = ("-no-obsolete", "-locations", "none", "-source-language", "en", "-target-language", language)
    run("pyside6-lupdate", *sources(), *options, "-ts", texts)


def compile_texts(texts: Path, target: Path) -> None:
    run("pyside6-lrelease", "-silent", texts, "-qm", target)


if __name__ == "__main__":
    for one in sorted(FOLDER.glob("*.ts")):
        update(one)
        compile_texts(one, one.with_suffix(".qm"))
