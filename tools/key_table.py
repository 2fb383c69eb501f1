"""Write the table of commands and keys in docs/keys.md from the command table of the window.

    python tools/key_table.py [--check]

With ``--check`` nothing is written; the exit status is 1 if the table in the page is an old one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from generated_part import ROOT, update

from app.gui.commands.table import COMMANDS, GROUPS, RANKS, Command

PAGE = ROOT / "docs" / "keys.md"
ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter"}
FIRST, LAST = f"toggle_{RANKS[0]}", f"toggle_{RANKS[-1]}"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Write the table of keys in docs/keys.md.")
    parser.add_argument("--check", action="store_true", help="only say whether the table is true")
    return update(PAGE, "key_table.py", tables(), check=parser.parse_args(arguments).check)


def tables() -> str:
    parts = []
    for group in GROUPS:
        rows = [row(one) for one in COMMANDS if one.group == group]
        parts.append("\n".join([f"## {group}", "", "| command | keys |", "|---|---|", *filter(None, rows)]))
    return "\n\n".join(parts)


def row(command: Command) -> str:
    """One line; the commands of the ten digits are one."""
    if command.name == FIRST:
        return (
            f"| Yes to a suggestion, or to the category that owns the digit | `{RANKS[0]}` to `{RANKS[-1]}` |"
        )
    if command.name.startswith("toggle_"):
        return ""
    return f"| {command.words} | {printed(command.keys)} |"


def printed(keys: Iterable[str]) -> str:
    """Keys as they are printed on a keyboard; both Enter keys are one."""
    shown = []
    for key in keys:
        modifiers, plus, last = key[:-1].rpartition("+")
        last += key[-1]
        name = f"{modifiers}{plus}{ARROWS.get(last, last)}"
        if name not in shown:
            shown.append(name)
    return ", ".join(f"`{name}`" for name in shown)


if __name__ == "__main__":
    raise SystemExit(main())
