"""Reports of imports and exports in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.domain.labels import LabelState
from app.domain.language import number
from app.domain.sizes import size_words
from app.gui.widgets.words import QT_TRANSLATE_NOOP, counted, translate

if TYPE_CHECKING:
    from app.jobs.values.exchange import FormatInfo
    from app.jobs.work.label_files import Contradicted, ExportPreview, ExportReport, ImportReport, Unmatched

LISTED: Final = 8
"""Entries of a list that are shown; the saved report has all."""
NAMED: Final = 40
"""Names in a line that are shown."""
translated: Final = partial(QCoreApplication.translate, "Exchange")
_REASONS: Final = {
    "not in the project": QT_TRANSLATE_NOOP("Exchange", "In the file, but not in this project"),
    "other folder": QT_TRANSLATE_NOOP("Exchange", "Left out: the name fits an image in another folder"),
    "other name": QT_TRANSLATE_NOOP("Exchange", "Left out: an image has a similar name"),
    "ambiguous": QT_TRANSLATE_NOOP("Exchange", "Left out: several images are possible"),
    "taken": QT_TRANSLATE_NOOP("Exchange", "Left out: another name in the file fits the image better"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and the entries that it is about. Short ones, such as categories, share a line."""

    title: str
    entries: Sequence[str]
    on_one_line: bool = False

    @property
    def count(self) -> int:
        return len(self.entries)

    def words(self) -> str:
        """The first entries, and how many more there are."""
        return self.up_to(NAMED if self.on_one_line else LISTED)

    def up_to(self, shown: int) -> str:
        parts = list(self.entries[:shown])
        if (more := self.count - shown) > 0:
            parts.append(translate("Exchange", "… and {n} more").format(n=number(more)))
        return (", " if self.on_one_line else "\n").join(parts)


def answers_words(report: "ImportReport") -> str:
    """``1,841 labels on 126 images; 3 new categories``."""
    parts = []
    labels = report.yes + report.no
    if labels:
        many = counted(labels, translate("Exchange", "{n} label"), translate("Exchange", "{n} labels"))
        on = counted(
            report.changed_images, translate("Exchange", "{n} image"), translate("Exchange", "{n} images")
        )
        parts.append(translate("Exchange", "{labels} on {images}").format(labels=many, images=on))
    if report.reviewed:
        parts.append(
            counted(
                report.reviewed,
                translate("Exchange", "{n} image marked as reviewed"),
                translate("Exchange", "{n} images marked as reviewed"),
            )
        )
    if report.suggested:
        parts.append(
            counted(
                report.suggested,
                translate("Exchange", "{n} suggestion to review"),
                translate("Exchange", "{n} suggestions to review"),
            )
        )
    if report.created:
        parts.append(
            counted(
                len(report.created),
                translate("Exchange", "{n} new category"),
                translate("Exchange", "{n} new categories"),
            )
        )
    return "; ".join(parts)


def headline(report: "ImportReport") -> str:
    """What the import would change; why it would change nothing."""
    words = answers_words(report)
    if words:
        return words
    if not report.images:
        return translate("Exchange", "The file names no images.")
    if not report.matched:
        return translate("Exchange", "No image of the file is certainly in this project.")
    if report.conflicts:
        return translate("Exchange", "Nothing new, except where the file disagrees with this project.")
    return translate("Exchange", "Nothing new: this project has all labels of the file.")


def matched_words(report: "ImportReport", title: str) -> str:
    """The format, how many images were found, and what is known already."""
    found = counted(
        report.images,
        translate("Exchange", "{matched} of {n} image in the file found in this project"),
        translate("Exchange", "{matched} of {n} images in the file found in this project"),
        matched=number(report.matched),
    )
    parts = [found]
    if report.unchanged:
        parts.append(
            counted(
                report.unchanged,
                translate("Exchange", "{n} label is here already"),
                translate("Exchange", "{n} labels are here already"),
            )
        )
    return translate("Exchange", "{format}: {facts}.").format(format=title, facts="; ".join(parts))


def import_button_words(report: "ImportReport") -> str:
    """``Import 1,841 labels``."""
    if labels := report.yes + report.no:
        return counted(
            labels, translate("Exchange", "Import {n} label"), translate("Exchange", "Import {n} labels")
        )
    if report.reviewed:
        return counted(
            report.reviewed,
            translate("Exchange", "Mark {n} image as reviewed"),
            translate("Exchange", "Mark {n} images as reviewed"),
        )
    if report.suggested:
        return counted(
            report.suggested,
            translate("Exchange", "Import {n} suggestion"),
            translate("Exchange", "Import {n} suggestions"),
        )
    return translate("Exchange", "Import")


def imports_something(report: "ImportReport") -> bool:
    """Whether the import would change the project."""
    return bool(report.yes or report.no or report.reviewed or report.suggested)


def only_suggestions(report: "ImportReport") -> bool:
    """Whether the file has a model's suggestions and no answers, as results of a detector."""
    answers = report.yes + report.no + report.reviewed + report.unchanged + len(report.conflicts)
    return bool(report.suggested) and not answers


def imported_words(report: "ImportReport") -> str:
    """What was imported, as a sentence."""
    words = answers_words(report)
    if not words:
        return translate("Exchange", "Nothing new was imported.")
    return translate("Exchange", "Imported {words}.").format(words=words)


def guesses(report: "ImportReport") -> "list[Unmatched]":
    """Entries that a single image fits, though not certainly."""
    return [one for one in report.unmatched_entries if one.guess]


def sections(report: "ImportReport") -> list[Section]:
    """What a person should see before importing, the most important first; empty ones are left out."""
    found = [
        Section(
            translate("Exchange", "Left out of the import"),
            [str(one) for one in report.left_out],
        ),
        Section(
            translate("Exchange", "The file contradicts itself; neither answer is used"),
            [_contradiction(one) for one in report.contradictions],
        ),
        *_unmatched(report),
        Section(
            translate("Exchange", "Accepted matches"),
            [_is(str(one.entry), one.image) for one in report.by_file_name],
        ),
        Section(
            translate("Exchange", "Matched after decoding the name"),
            [_is(str(one.entry), one.image) for one in report.decoded],
        ),
        Section(
            translate("Exchange", "Several entries for one image, merged"),
            [_is(" + ".join(map(str, one.entries)), one.image) for one in report.united],
        ),
        Section(translate("Exchange", "New categories"), report.created, on_one_line=True),
        Section(
            translate("Exchange", "Names that are one category here"),
            [_is(" + ".join(one.names), one.category) for one in report.joined],
        ),
        Section(
            translate("Exchange", "Categories without a label in the file, not created"),
            report.unused,
            on_one_line=True,
        ),
    ]
    return [one for one in found if one.entries]


def report_text(report: "ImportReport", title: str) -> str:
    """The whole report as text. ``title``: of the format."""
    conflicts = Section(
        translate("Exchange", "Conflicts: here, in the file"),
        [
            f"{one.image}: {one.category}: {state_words(one.project)}, {state_words(one.file)}"
            for one in report.conflicts
        ],
    )
    parts = [str(report.path), headline(report), matched_words(report, title), *report.notes]
    for one in (conflicts, *sections(report)):
        if one.entries:
            parts += ["", f"{one.title} ({number(one.count)})", one.up_to(one.count)]
    return "\n".join(parts)


def _unmatched(report: "ImportReport") -> list[Section]:
    by_reason: dict[str, list[str]] = {}
    for one in report.unmatched_entries:
        words = _is(str(one.entry), ", ".join(one.candidates)) if one.candidates else str(one.entry)
        by_reason.setdefault(one.reason, []).append(words)
    return [
        Section(translated(_REASONS[reason]) if reason in _REASONS else reason.capitalize(), entries)
        for reason, entries in by_reason.items()
    ]


def _is(left: str, right: str) -> str:
    return f"{left} → {right}"


def _contradiction(one: "Contradicted") -> str:
    answers = " + ".join(f"{state_words(state)} ({entry})" for entry, state in one.answers)
    return f"{one.image}: {one.category}: {answers}"


def state_words(state: LabelState) -> str:
    return {
        LabelState.YES: translate("Exchange", "yes"),
        LabelState.NO: translate("Exchange", "no"),
        LabelState.UNKNOWN: translate("Exchange", "unknown"),
    }[state]


def holds_words(format_: "FormatInfo") -> str:
    """What a format holds."""
    if format_.no and format_.reviews == "all":
        return translate("Exchange", "Holds yes, no and unknown, and which images are reviewed.")
    if format_.no:
        return translate("Exchange", "Holds yes, no and unknown, but not which images are reviewed.")
    if format_.reviews == "empty":
        return translate("Exchange", "Holds yes, and which images were reviewed and have nothing on them.")
    if format_.reviews == "all":
        return translate("Exchange", "Holds yes, and which images are reviewed.")
    return translate("Exchange", "Holds yes only; no and unknown become the same.")


def exported_words(report: "ExportReport") -> str:
    """What was written where, the parts of a split, and what was lost: sentences."""
    labels = counted(report.labels, translate("Exchange", "{n} label"), translate("Exchange", "{n} labels"))
    images = counted(report.images, translate("Exchange", "{n} image"), translate("Exchange", "{n} images"))
    names = ", ".join(path.name for path in report.paths or [report.path])
    words = translate("Exchange", "Exported {labels} on {images} to {name} ({size}).")
    parts = [words.format(labels=labels, images=images, name=names, size=size_words(report.size))]
    if report.split is not None:
        shares = ", ".join(f"{part} {number(count)}" for part, count in report.split.parts.items())
        parts.append(translate("Exchange", "Images in each part: {parts}.").format(parts=shares))
        if report.split.scarce:
            scarce = ", ".join(one.category for one in report.split.scarce)
            few = translate("Exchange", "Too few images to be in every part: {categories}.")
            parts.append(few.format(categories=scarce))
    if report.card is not None:
        parts.append(translate("Exchange", "Data card: {name}.").format(name=report.card.name))
    return "\n".join([*parts, as_sentences([*report.losses, *report.notes])]).strip()


def preview_words(found: "ExportPreview") -> str:
    """``1,841 labels on 126 images``, and what is left out."""
    if not found.images and not found.left_out:
        return translate("Exchange", "There are no images to export.")
    labels = counted(
        found.labels, translate("Exchange", "{n} yes label"), translate("Exchange", "{n} yes labels")
    )
    images = counted(found.images, translate("Exchange", "{n} image"), translate("Exchange", "{n} images"))
    categories = counted(
        found.categories, translate("Exchange", "{n} category"), translate("Exchange", "{n} categories")
    )
    words = translate("Exchange", "{labels} on {images}, {categories}.")
    words = words.format(labels=labels, images=images, categories=categories)
    parts = [words]
    if found.unanswered:
        parts.append(
            counted(
                found.unanswered,
                translate("Exchange", "{n} image without an answer is left out."),
                translate("Exchange", "{n} images without an answer are left out."),
            )
        )
    if found.left_out:
        parts.append(
            counted(
                found.left_out,
                translate("Exchange", "{n} image is left out: its file is missing or cannot be read."),
                translate("Exchange", "{n} images are left out: their files are missing or cannot be read."),
            )
        )
    return " ".join(parts)


def as_sentences(parts: Sequence[str]) -> str:
    """Phrases as sentences, one on each line."""
    return "\n".join(f"{one[:1].upper()}{one[1:].rstrip('.')}." for one in parts)
