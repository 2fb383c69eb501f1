"""Write the table of label formats in docs/formats.md from the registry.

    python tools/format_table.py [--check]

With ``--check`` nothing is written; the exit status is 1 if the page is out of date.
"""

from __future__ import annotations

from generated_part import ROOT, run

from app.services.interchange.format import Format, Reviews
from app.services.interchange.registry import FORMATS

PAGE = ROOT / "docs" / "formats.md"
REVIEWS = {Reviews.ALL: "all", Reviews.EMPTY: "of empty images", Reviews.NONE: ""}


def main(arguments: list[str] | None = None) -> int:
    return run(PAGE, "format_table.py", table, arguments)


def table() -> str:
    headings = ("name", "format", "files", "read", "written", "single no's", "review marks", "options")
    lines = [f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    lines += [f"| {' | '.join(cells(one))} |" for one in FORMATS.values()]
    return "\n".join(lines)


def cells(one: Format) -> tuple[str, ...]:
    written = one.write is not None or one.write_folder is not None
    options = [f"`--{'bom' if name == 'byte_order_mark' else name}`" for name in sorted(one.options)]
    return (
        f"`{one.name}`",
        one.title.replace("|", "\\|"),
        ", ".join(f"`{suffix}`" for suffix in one.suffixes) or "folder",
        "yes" if one.read is not None else "",
        ("yes, with its parts" if one.splits else "yes") if written else "",
        "yes" if one.holds.no else "",
        REVIEWS[one.holds.reviews],
        ", ".join(options),
    )


if __name__ == "__main__":
    raise SystemExit(main())
