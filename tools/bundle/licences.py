"""Collect the licences of everything that a bundle contains into one file.

    python tools/bundle/licences.py FILE

Run by the Python of the environment that is bundled. A distribution without a licence file is named with what
its metadata says.
"""

import sys
import sysconfig
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("LICEN", "COPYING", "NOTICE", "AUTHORS")
BUILD_ONLY = {
    "pip",
    "setuptools",
    "wheel",
    "pyinstaller",
    "pyinstaller-hooks-contrib",
    "altgraph",
    "tailspotter",
}


def main(out: Path) -> None:
    parts = [
        "Tailspotter is Apache-2.0. This file has the licences of what is bundled with it.\n",
        section("Tailspotter", (ROOT / "LICENSE").read_text(encoding="utf-8")),
        section("Python", python_licence()),
    ]
    for path in sorted((ROOT / "resources" / "licences").glob("*")):
        parts.append(section(f"Graphics and data: {path.name}", path.read_text(encoding="utf-8")))
    found = {one.metadata["Name"].lower(): one for one in distributions()}
    for name in sorted(found.keys() - BUILD_ONLY):
        parts.append(section(title(found[name]), licence(found[name])))
    out.write_text("\n".join(parts), encoding="utf-8")
    print(f"{out}: {len(found.keys() - BUILD_ONLY)} packages")


def section(name: str, text: str) -> str:
    return f"{'=' * 100}\n{name}\n{'=' * 100}\n\n{text.strip()}\n"


def python_licence() -> str:
    places = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt")
    texts = [place.read_text(encoding="utf-8") for place in places if place.is_file()]
    return (
        texts[0]
        if texts
        else "Python Software Foundation License Version 2, https://docs.python.org/3/license.html"
    )


def title(one: Distribution) -> str:
    said = one.metadata.get("License-Expression") or one.metadata.get("License") or ""
    classified = [
        value.rsplit("::", 1)[-1].strip()
        for value in one.metadata.get_all("Classifier") or ()
        if value.startswith("License")
    ]
    words = said if said and len(said) < 100 else ", ".join(classified)
    return f"{one.metadata['Name']} {one.version}: {words or 'see below'}"


def licence(one: Distribution) -> str:
    texts = []
    for path in one.files or ():
        if path.name.upper().startswith(NAMES) and path.suffix.lower() in {"", ".txt", ".md", ".rst"}:
            place = Path(str(path.locate()))
            if place.is_file():
                texts.append(place.read_text(encoding="utf-8", errors="replace").strip())
    return "\n\n".join(dict.fromkeys(texts)) or "The package has no licence file."


if __name__ == "__main__":
    main(Path(sys.argv[1]))
