"""Write the table of commands and keys in docs/keys.md from the command table of the window.

    python tools/key_table.py [--check]

With ``--check`` nothing is written; the exit status is 1 if the page is out of date.
"""

from __future__ import annotations

from collections.abc import Iterable

from generated_part import ROOT, run

from app.gui.commands.table import COMMANDS, GROUPS, RANKS, Command

PAGE = ROOT / "docs" / "keys.md"
ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter"}
FIRST, LAST = f"toggle_{RANKS[0]}", f"toggle_{RANKS[-1]}"


def main(arguments: list[str] | None = None) -> int:
    return run(PAGE, "key_table.py", tables, arguments)


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
