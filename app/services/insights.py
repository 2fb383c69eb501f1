"""Numbers about a project: images, labels by category, and how good the suggestions are."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from app.domain.categories import Band
from app.protocol.messages import Terminal
from app.services.indexing import NotIndexedError
from app.services.labelling import label_states
from app.services.project import Project
from app.services.suggestions import LiveSuggestions
from app.storage import categories, changed_images, images, model_versions


@dataclass(frozen=True, slots=True)
class ImageStats:
    total: int
    ok: int
    unreadable: int
    missing: int
    reviewed: int
    changed: int = 0
    """Whose picture was replaced since they were labelled, and that nobody has looked at since."""


@dataclass(frozen=True, slots=True)
class CategoryStats:
    """``no`` counts what was said and what a review implies.

    ``ap`` is the average precision on the labelled images, each scored by a learner that has not seen it, and
    ``threshold`` a calibrated probability; None while there is too little evidence.
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
    """``model`` names the active tuned model, None while there is none."""

    images: ImageStats
    categories: Sequence[CategoryStats]
    model: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


class Evidence(Protocol):
    """What the learners know about themselves, by category id; None while there is too little to say."""

    def average_precision(self, category_id: int) -> float | None: ...

    def threshold(self, category_id: int) -> float | None: ...


class _ModelNeeded(Exception):
    pass


class _NoRunner:
    """Counting must not take seconds, so it does without what only the model could add."""

    def run(self, *_arguments: object) -> Terminal:
        raise _ModelNeeded


def cached_suggestions(project: Project) -> LiveSuggestions | None:
    """The learners, as far as they can be built without the image model; None before the project is indexed.

    Also None where a category has come up since whose text the model has not seen yet.
    """
    try:
        return LiveSuggestions.load(project, _NoRunner())
    except (NotIndexedError, _ModelNeeded):
        return None


def stats(project: Project, suggestions: Evidence | None = None) -> Stats:
    """Count images and labels, over all images whatever their state and the categories not archived."""
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
