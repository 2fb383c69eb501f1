"""Statistics of a project: images, labels by category, and the quality of the suggestions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from app.domain.categories import Band
from app.services.features.indexing import NotIndexedError
from app.services.labelling.decisions import label_states
from app.services.project.project import Project
from app.services.runner.runner import NoRunner
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import categories, changed_images, images, model_versions


@dataclass(frozen=True, slots=True)
class ImageStats:
    total: int
    ok: int
    unreadable: int
    missing: int
    reviewed: int
    changed: int = 0
    """Images whose picture was replaced after labelling and that nobody has reviewed since."""


@dataclass(frozen=True, slots=True)
class CategoryStats:
    """``no`` counts explicit and implied ones.

    ``ap`` is the average precision on the labelled images, each scored without its own label, and
    ``threshold`` a calibrated probability; None with too few labels.
    """

    name: str
    yes: int
    no: int
    unknown: int
    band: Band
    ap: float | None
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Stats:
    """``model`` is the name of the active tuned model, None if there is none."""

    images: ImageStats
    categories: Sequence[CategoryStats]
    model: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Evidence(Protocol):
    """The quality of the suggestions by category id; None with too few labels."""

    def average_precision(self, category_id: int) -> float | None: ...

    def threshold(self, category_id: int) -> float | None: ...


def cached_suggestions(project: Project) -> LiveSuggestions | None:
    """The live suggestions, without loading the image model.

    None if the project is not indexed, or if the text of a new category has not been encoded yet.
    """
    runner = NoRunner()
    try:
        suggestions = LiveSuggestions.load(project, runner)
    except NotIndexedError:
        return None
    return None if runner.declined else suggestions


def stats(project: Project, suggestions: Evidence | None = None) -> Stats:
    """Count images and labels, for images in any state and categories that are not archived."""
    table = label_states(project)
    with project.db.read() as session:
        counts = images.counts(session)
        changed = changed_images.count(session)
        version = model_versions.active(session)
        names = {one.id: one.name for one in categories.all_categories(session, archived=True)}
    states = table.matrix()
    rows = []
    for column, category_id in enumerate(table.category_ids):
        yes = int((states[:, column] == 1).sum())
        no = int((states[:, column] == 0).sum())
        rows.append(
            CategoryStats(
                name=names[category_id],
                yes=yes,
                no=no,
                unknown=len(table.image_ids) - yes - no,
                band=project.cuts.band(yes),
                ap=None if suggestions is None else suggestions.average_precision(category_id),
                threshold=None if suggestions is None else suggestions.threshold(category_id),
            )
        )
    return Stats(
        images=ImageStats(
            counts.total, counts.ok, counts.unreadable, counts.missing, counts.reviewed, changed
        ),
        categories=rows,
        model=None if version is None else version.name,
    )
