"""An import report as text."""

from typing import TYPE_CHECKING

from app.cli.text import count, joined_lines, listing

if TYPE_CHECKING:
    from app.services.interchange.reports import ImportReport, Unmatched

_UNMATCHED = {
    "not in the project": "in the file, but not in the project:",
    "other folder": "not imported, in a different folder (--match-names accepts unique file names):",
    "ambiguous": "not imported, several images are possible:",
}


def import_lines(report: "ImportReport") -> list[str]:
    verb = "would set" if report.dry_run else "set"
    lines = [
        f"{report.matched:,} of {count(report.images, 'image')} in the file found in the project",
        f"{verb} {report.yes:,} yes and {report.no:,} no; {report.reviewed:,} images marked as reviewed; "
        f"{report.unchanged:,} were already known",
    ]
    lines += list(report.notes)
    lines += _section(
        "matched by the file name alone (--match-names):",
        [f"{one.entry} is {one.image}" for one in report.by_file_name],
    )
    lines += _section(
        "several entries for one image, merged:",
        [f"{one.image}: {' and '.join(map(str, one.entries))}" for one in report.united],
    )
    lines += _section(
        f"{count(len(report.created), 'new category', 'new categories')}:", list(report.created)
    )
    lines += joined_lines(report.joined)
    lines += _section("categories that the file lists but does not use, not created:", list(report.unused))
    for reason, heading in _UNMATCHED.items():
        lines += _section(heading, [_words(one) for one in report.unmatched_entries if one.reason == reason])
    lines += _section(
        f"{count(len(report.left_out), 'entry', 'entries')} left out:", [str(one) for one in report.left_out]
    )
    lines += _section(
        "the file contradicts itself, neither answer was used:",
        [
            f"{one.image}: {one.category} is "
            + " and ".join(f"{state} in {entry}" for entry, state in one.answers)
            for one in report.contradictions
        ],
    )
    taken = "the file's answer used" if report.overwrite else "the project's answer kept (--overwrite)"
    lines += _section(
        f"{count(len(report.conflicts), 'conflict')}, {taken}:",
        [
            f"{one.image}: {one.category} is {one.project} here, {one.file} in the file"
            for one in report.conflicts
        ],
    )
    if report.dry_run:
        lines.append("dry run: nothing was changed")
    return lines


def nothing_imported(report: "ImportReport") -> str:
    """One sentence for an import that found no image of the project."""
    if not report.images:
        return f"{report.path} names no images, so nothing was imported."
    guesses = any(
        one.reason == "other folder" and len(one.candidates) == 1 for one in report.unmatched_entries
    )
    advice = "accept images by file name alone with --match-names" if guesses else "check its file names"
    return (
        f"{report.path} names {count(report.images, 'image')}, none of them certainly in this project, "
        f"so nothing was imported; {advice}."
    )


def _section(heading: str, items: list[str]) -> list[str]:
    return [heading, *listing(items)] if items else []


def _words(one: "Unmatched") -> str:
    return f"{one.entry}: {', '.join(one.candidates)}" if one.candidates else str(one.entry)
