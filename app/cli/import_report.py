"""An import report as text."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.text import LISTED, joined_lines, listing, printable
from app.domain.counting import count
from app.domain.errors import BadInputError, KnownError
from app.services.text_files import atomic_writer, check_target, without_surrogates

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.services.interchange.reports import FileNameMatch, ImportReport, Unmatched

    Section = Callable[[str, list[str]], list[str]]
    """A heading and its lines."""

_MATCHED = {
    "exact": "by the full path",
    "ending": "by the end of the path",
    "decoded": "by the decoded name",
    "file name": "by the file name alone",
    "original name": "without an added part, or in another case",
}
_GUESSES = {
    "other folder": "by the file name alone, in a different folder",
    "other name": "after taking an added part away, or in another case",
}
_UNMATCHED = {
    "not in the project": "in the file, but not in the project:",
    "ambiguous": "not imported, several images are possible:",
    "taken": "not imported, another name in the file fits the image better:",
}


_TITLE = "Tailspotter import report"


def check_report(path: Path, source: Path) -> Path:
    """The file that a report will be saved to. Raises KnownError if something else would be replaced."""
    suffix = path.suffix.lower()
    if suffix not in (".json", ".txt"):
        raise BadInputError(f"A report is saved as .json or .txt; {path} is neither.")
    target = check_target(path, suffix)
    try:
        with target.open("rb") as file:
            ours = _TITLE.encode() in file.read(200)
    except FileNotFoundError:
        return target
    except OSError:
        ours = False
    if not ours or target == Path(os.path.realpath(source)):
        raise KnownError(f"{path} exists and is not an import report; choose another name for the report.")
    return target


def save_report(report: "ImportReport", target: Path) -> None:
    """The whole report, with every entry, as JSON or text. Raises KnownError if it cannot be written; the
    import is not affected."""
    if target.suffix.lower() == ".json":
        text = json.dumps({"title": _TITLE} | report.to_json(), indent=1)
    else:
        text = "\n".join([_TITLE, f"from {printable(str(report.path))}", *import_lines(report, limit=None)])
    try:
        with atomic_writer(target) as stream:
            stream.write(without_surrogates(text + "\n").encode())
    except KnownError as error:
        done = "Nothing was to be imported" if report.dry_run else "The import is complete"
        raise KnownError(f"{done}, but its report was not saved: {error.sentence}") from error


def import_lines(report: "ImportReport", *, limit: int | None = LISTED) -> list[str]:
    """``limit``: the most lines of each list; None: all of them."""

    def section(heading: str, items: list[str]) -> list[str]:
        return [heading, *listing(items, limit)] if items else []

    verb = "would set" if report.dry_run else "set"
    lines = [
        f"{report.matched:,} of {count(report.images, 'image')} in the file found in the project",
        f"{verb} {report.yes:,} yes and {report.no:,} no; {count(report.reviewed, 'image')} marked as "
        f"reviewed; {report.unchanged:,} were already known",
    ]
    if report.suggested:
        lines.append(
            f"{count(report.suggested, 'suggestion')} of {report.model} to review "
            "(tailspotter review PROJECT CATEGORY --queue imported)"
        )
    lines += _matches(report, section)
    lines += [printable(note) for note in (*report.notes, *report.advice)]
    lines += section(
        "several entries for one image, merged:",
        [f"{one.image}: {' and '.join(map(str, one.entries))}" for one in report.united],
    )
    lines += section(f"{count(len(report.created), 'new category', 'new categories')}:", list(report.created))
    lines += joined_lines(report.joined, limit)
    lines += section("categories that the file lists but does not use, not created:", list(report.unused))
    lines += _unmatched(report, section)
    lines += section(
        f"{count(len(report.left_out), 'entry', 'entries')} left out:", [str(one) for one in report.left_out]
    )
    lines += section(
        "the file contradicts itself, neither answer was used:",
        [
            f"{one.image}: {one.category} is "
            + " and ".join(f"{state} in {entry}" for entry, state in one.answers)
            for one in report.contradictions
        ],
    )
    taken = "the file's answer used" if report.overwrite else "the project's answer kept (--overwrite)"
    lines += section(
        f"{count(len(report.conflicts), 'conflict')}, {taken}:",
        [
            f"{one.image}: {one.category} is {one.project} here, {one.file} in the file"
            for one in report.conflicts
        ],
    )
    if report.dry_run:
        lines.append("dry run: nothing was changed")
    return lines


def _matches(report: "ImportReport", section: "Section") -> list[str]:
    """How the names were matched, if not all of them by the full path."""
    lines = []
    if set(report.matched_by) - {"exact"}:
        counts = [f"{number:,} {_MATCHED[how]}" for how, number in report.matched_by.items()]
        lines.append(f"matched {', '.join(counts)}")
    lines += section(
        "matched by the decoded name:", [f"{one.entry} is {one.image}" for one in report.decoded]
    )
    lines += section(
        "matched by a likely name (--match-names):",
        [f"{one.entry}{_without(one)} is {one.image}" for one in report.by_file_name],
    )
    return lines


def _unmatched(report: "ImportReport", section: "Section") -> list[str]:
    lines = []
    for reason, how in _GUESSES.items():
        found = [one for one in report.unmatched_entries if one.guess and one.reason == reason]
        fit = "name fits" if len(found) == 1 else "names fit"
        lines += section(
            f"not imported: {len(found):,} {fit} one image {how}; accept with --match-names:",
            [f"{one.entry}{_without(one)}: {one.candidates[0]}" for one in found],
        )
    others = [one for one in report.unmatched_entries if not one.guess]
    for reason, heading in _UNMATCHED.items():
        found = [one for one in others if (one.reason if one.reason in _UNMATCHED else "ambiguous") == reason]
        lines += section(heading, [_words(one) for one in found])
    return lines


def _without(one: "Unmatched | FileNameMatch") -> str:
    return f' without "{one.removed}"' if one.removed else ""


def partly_imported(report: "ImportReport") -> str:
    """One sentence for an import that left images of the file out."""
    left, guesses = len(report.unmatched), sum(one.guess for one in report.unmatched_entries)
    verb = "was" if left == 1 else "were"
    advice = f"; --match-names would accept {guesses:,} of them" if guesses else ""
    return (
        f"{left:,} of {count(report.images, 'image')} in {report.path} {verb} not found in this project "
        f"and not imported{advice}."
    )


def nothing_imported(report: "ImportReport") -> str:
    """One sentence for an import that found no image of the project."""
    if not report.images:
        return f"{report.path} names no images, so nothing was imported."
    guesses = sum(one.guess for one in report.unmatched_entries)
    fit = "1 of them fits" if guesses == 1 else f"{guesses:,} of them fit"
    advice = (
        f"{fit} one image by a likely name, which --match-names accepts"
        if guesses
        else "check its file names"
    )
    return (
        f"{report.path} names {count(report.images, 'image')}, none of them certainly in this project, "
        f"so nothing was imported; {advice}."
    )


def _words(one: "Unmatched") -> str:
    return f"{one.entry}: {', '.join(one.candidates)}" if one.candidates else str(one.entry)
