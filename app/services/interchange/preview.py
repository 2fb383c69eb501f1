"""What an export would write, without writing it."""

from collections.abc import Collection
from dataclasses import dataclass

from app.services.interchange.format import losses
from app.services.interchange.registry import exporter
from app.services.interchange.table import read_table
from app.services.project.project import Project


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """``labels`` counts yes labels; ``losses`` as in ExportReport."""

    images: int
    categories: int
    labels: int
    left_out: int
    losses: list[str]


def preview_export(
    project: Project, format_name: str, *, everything: bool = False, image_ids: Collection[int] | None = None
) -> ExportPreview:
    """Raises BadInputError for an unknown format."""
    chosen = exporter(format_name)
    table = read_table(project, everything, image_ids)
    return ExportPreview(
        images=len(table.rows),
        categories=len(table.categories),
        labels=sum(int((row.states == 1).sum()) for row in table.rows),
        left_out=table.left_out,
        losses=losses(table, chosen.holds),
    )
