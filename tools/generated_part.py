"""Parts of pages that are written by a tool: between two comments, the first of which names the tool."""

import argparse
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def run(page: Path, tool: str, part: Callable[[], str], arguments: list[str] | None) -> int:
    """The command line of a tool: write what ``part`` returns into its place in ``page``.

    With ``--check`` it is only compared; the exit status is 1 if the page is out of date.
    """
    parser = argparse.ArgumentParser(description=f"Write the generated part of {page.relative_to(ROOT)}.")
    parser.add_argument("--check", action="store_true", help="only say whether the page is up to date")
    return update(page, tool, part(), check=parser.parse_args(arguments).check)


def update(page: Path, tool: str, part: str, *, check: bool) -> int:
    """Write ``part`` into ``page``, or only compare. Returns an exit status: 1 if it was out of date."""
    begin, end = f"<!-- written by tools/{tool} -->", f"<!-- end of tools/{tool} -->"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(begin)
    after = rest.split(end)[1]
    wanted = f"{before}{begin}\n{part}\n{end}{after}"
    if check:
        if text != wanted:
            print(f"{page} is out of date; run python tools/{tool}. It should have:\n{part}")
        return int(text != wanted)
    page.write_text(wanted, encoding="utf-8")
    return 0
