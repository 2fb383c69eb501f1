"""Write the list of public names in docs/library.md from cprfl_core itself.

    python tools/library_reference.py [--check]

With ``--check`` nothing is written; the exit status is 1 if the page is out of date.
"""

from __future__ import annotations

import inspect
import re

from generated_part import ROOT, run

import cprfl_core

PAGE = ROOT / "docs" / "library.md"


def main(arguments: list[str] | None = None) -> int:
    return run(PAGE, "library_reference.py", names, arguments)


def names() -> str:
    return "\n".join(["| name | what it is |", "|---|---|", *map(row, cprfl_core.__all__)])


def row(name: str) -> str:
    """Name, module and the first sentence of the docstring."""
    value = getattr(cprfl_core, name)
    text = inspect.getdoc(value) or ""
    first = " ".join(text.split("\n\n")[0].split())
    sentence = re.split(r"(?<=\.)\s", re.sub(r":\w+:`(.+?)`", r"`\1`", first))[0].replace("``", "`")
    return f"| `{name}` | {sentence.replace('|', chr(92) + '|')} |"


if __name__ == "__main__":
    raise SystemExit(main())
