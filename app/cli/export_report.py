"""An export report as text."""

from typing import TYPE_CHECKING

from app.cli.text import listing, printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.services.interchange.reports import ExportReport


def export_lines(report: "ExportReport") -> list[str]:
    places = [printable(str(path)) for path in report.paths]
    lines = [
        f"{count(report.labels, 'yes label')} on {count(report.images, 'image')} "
        f"({report.reviewed:,} reviewed), {count(report.categories, 'category', 'categories')}, "
        f"written to {', '.join(places)}"
    ]
    if report.split is not None:
        sizes = ", ".join(f"{part} {number:,}" for part, number in report.split.parts.items())
        lines.append(f"split (seed {report.split.seed}): {sizes} images")
        if report.split.together:
            lines.append(f"{count(report.split.together, 'image')} kept in the part of an equal file")
        if report.split.scarce:
            lines.append("categories that are not in every part:")
            lines += listing(
                [
                    f"{one.category} ({one.yes} yes): not in {', '.join(one.absent)}"
                    for one in report.split.scarce
                ]
            )
    if report.left_out:
        lines.append(
            f"{count(report.left_out, 'image')} left out: the file is missing or cannot be read (--all)"
        )
    if report.unanswered:
        lines.append(f"{count(report.unanswered, 'image')} left out: without an answer or a review")
    lines += [f"{sentence[0].upper()}{sentence[1:]}." for sentence in (*report.losses, *report.notes)]
    if report.card is not None:
        lines.append(f"data card written to {printable(str(report.card))}")
    return lines
