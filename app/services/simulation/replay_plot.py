"""The curves of a replay, as an SVG file."""

from pathlib import Path

from app.services.simulation.line_chart import line_chart
from app.services.simulation.replay import ReplayReport
from app.services.text_files import atomic_writer, check_target

SUFFIX = ".svg"


def write_plot(report: ReplayReport, path: Path) -> None:
    """Rare positives found over images reviewed. Raises KnownError if the file cannot be written."""
    curves = {
        name: [(point.share, point.rare_share) for point in points if point.rare_share is not None]
        for name, points in report.queues.items()
    }
    ends = [points[-1].share for points in report.queues.values() if points]
    text = line_chart(
        f"Rare positives found ({report.rare_positives:,} in {report.rare_categories:,} categories)",
        curves,
        x_label="images reviewed",
        y_label="rare positives found",
        x_end=max(ends, default=1.0) or 1.0,
    )
    with atomic_writer(check_target(path, SUFFIX)) as stream:
        stream.write(text.encode("utf-8"))
