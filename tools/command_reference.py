"""Write the reference of all commands in docs/command-line.md from the program itself.

    python tools/command_reference.py [--check]

With ``--check`` nothing is written; the exit status is 1 if the page is out of date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import typer
from generated_part import ROOT, run

from app.cli.main import PROGRAM, build

PAGE = ROOT / "docs" / "command-line.md"
EVERYWHERE = {"--help", "--json"}
"""Options of every command, described once above the reference."""


def main(arguments: list[str] | None = None) -> int:
    return run(PAGE, "command_reference.py", reference, arguments)


def reference() -> str:
    return "\n\n".join(
        section(path, command) for path, command in sorted(leaves(typer.main.get_command(build())))
    )


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, with the words that call it."""
    for name, inner in getattr(command, "commands", {}).items():
        if hasattr(inner, "commands"):
            yield from leaves(inner, (*path, name))
        else:
            yield (*path, name), inner


def section(path: tuple[str, ...], command: Any) -> str:
    words = " ".join(path)
    given = [one for one in command.params if one.param_type_name == "argument"]
    options = [
        one for one in command.params if one.param_type_name == "option" and not EVERYWHERE & {*one.opts}
    ]
    usage = " ".join([PROGRAM, words, *(["[OPTIONS]"] if options else []), *map(place, given)])
    lines = [f"### {words}", "", f"`{usage}`", "", plain(command.help)]
    rows = [f"| `{place(one)}` | {plain(one.help)} |" for one in given if one.help]
    rows += [f"| {spelled(one)} | {plain(one.help)}{default(one)} |" for one in options]
    if rows:
        lines += ["", "| | |", "|---|---|", *rows]
    return "\n".join(lines)


def place(argument: Any) -> str:
    name = (argument.metavar or argument.name).strip("{}[]").upper()
    name = f"{name} ..." if argument.nargs == -1 and not name.endswith("...") else name
    return name if argument.required else f"[{name}]"


def spelled(option: Any) -> str:
    """An option in all its spellings, with the name of its value."""
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f" {option.metavar or option.name.upper()}"
    return f"{names}{value}".replace("|", "\\|")


def default(option: Any) -> str:
    """The value without the option, where it says something."""
    if option.is_flag or option.multiple or option.default in (None, "", ()):
        return ""
    return f" Without it: {getattr(option.default, 'value', option.default)}."


def plain(text: str | None) -> str:
    """A help text on one line of a table."""
    return re.sub(r"\s+", " ", text or "").strip().replace("|", "\\|")


if __name__ == "__main__":
    raise SystemExit(main())
