"""What an export would write, without writing it."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from app.services.interchange.format import losses
from app.services.interchange.registry import exporter
from app.services.interchange.splitting import parse_split
from app.services.interchange.table import read_table
from app.services.project.project import Project


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """``labels`` counts yes labels; ``left_out``, ``unanswered`` and ``losses`` as in ExportReport."""

    images: int
    categories: int
    labels: int
    left_out: int
    unanswered: int
    losses: list[str]


def preview_export(
    project: Project,
    format_name: str,
    *,
    everything: bool = False,
    image_ids: Collection[int] | None = None,
    answered: bool = False,
    split: str = "",
) -> ExportPreview:
    """``split`` is checked, not made. Raises BadInputError for an unknown format or an impossible split."""
    chosen = exporter(format_name)
    if split:
        parse_split(split)
    table = read_table(project, everything, image_ids)
    every = len(table.rows)
    if answered:
        table = replace(table, rows=[row for row in table.rows if row.answered])
    return ExportPreview(
        images=len(table.rows),
        categories=len(table.categories),
        labels=sum(int((row.states == 1).sum()) for row in table.rows),
        left_out=table.left_out,
        unanswered=every - len(table.rows),
        losses=losses(table, chosen.holds),
    )
