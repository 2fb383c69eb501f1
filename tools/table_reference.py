"""Write the tables, columns and settings of project.db in docs/data-model.md.

    python tools/table_reference.py [--check]

What there is comes from a new project's database, what it means from app/storage/migrations/schema.toml.
With ``--check`` nothing is written; the exit status is 1 if the page is out of date.
"""

from __future__ import annotations

import sqlite3
import tempfile
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

from generated_part import ROOT, run

from app.storage import migrate

PAGE = ROOT / "docs" / "data-model.md"
TEXTS = ROOT / "app" / "storage" / "migrations" / "schema.toml"


def main(arguments: list[str] | None = None) -> int:
    return run(PAGE, "table_reference.py", reference, arguments)


def texts() -> dict[str, Any]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


def reference() -> str:
    """Raises KeyError for a table or column without a text."""
    said = texts()
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "project.db"
        migrate.create_tables(database)
        with closing(sqlite3.connect(database)) as connection:
            names = dict.fromkeys([*said["tables"], *tables(connection)])
            parts += [section(connection, name, said["tables"][name]) for name in names]
    parts.append(settings(said["settings"]))
    return "\n\n".join(parts)


def tables(connection: sqlite3.Connection) -> dict[str, list[str]]:
    """The columns of every table."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    names = [row[0] for row in connection.execute(query)]
    return {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in names}


def section(connection: sqlite3.Connection, name: str, said: dict[str, str]) -> str:
    refers = {row[3]: f"{row[2]}.{row[4]}" for row in connection.execute(f"PRAGMA foreign_key_list({name})")}
    lines = [f"### {name}", "", said["row"], "", "| column | type | null | meaning |", "|---|---|---|---|"]
    for _, column, kind, required, _, key in connection.execute(f"PRAGMA table_info({name})"):
        marks = [*(["key"] if key else []), *([f"refers to {refers[column]}"] if column in refers else [])]
        shown = ", ".join([kind.lower(), *marks])
        null = "" if required or key else "yes"
        lines.append(f"| `{column}` | {shown} | {null} | {said[column]} |")
    return "\n".join(lines)


def settings(said: dict[str, str]) -> str:
    lines = ["### Names in `setting`", "", "| key | value |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in sorted(said.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
