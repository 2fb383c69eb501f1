"""The open project on the storage thread, with its arrays and learners kept up to date."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from app.domain.changes import ChangeSet
from app.domain.errors import KnownError
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.jobs.values.store import MutationResult, combine, explains, with_all_categories
from app.services.labelling import decisions as labelling
from app.services.project.project import Project
from app.services.query.context import QueryContext
from app.services.query.find import build_context, refresh
from app.services.runner.runner import NoRunner

if TYPE_CHECKING:
    from app.services.suggestions.suggestions import LiveSuggestions

NO_FEATURES: Final = QT_TRANSLATE_NOOP("Jobs", "The images have no features yet; compute them first.")
NOT_ENCODED: Final = QT_TRANSLATE_NOOP(
    "Jobs", "The text of this category is still being encoded; try again in a moment."
)
FEW_IMAGES: Final = 200
"""While category texts are missing, changes of up to this many images are learned right away."""
BULK_IMAGES: Final = 500
"""In a large collection a change of more images is not learned here, which would take seconds to minutes: the
suggestions are loaded again on another thread."""

MANY_CATEGORIES: Final = 20
"""More new categories at once are not learned here either: each one copies whole tables of the learners."""


@dataclass
class ProjectState:
    """What all parts of the store share; belongs to the storage thread.

    Mutations only write. Arrays and learners follow when the next query is answered, so that a decision is on
    disk as soon as possible.
    """

    project: Project | None = None
    context: QueryContext | None = None
    live: "LiveSuggestions | None" = None
    texts_missing: bool = False
    """There are new categories whose texts are not encoded yet; ``live`` does not have them."""
    behind: bool = False
    """``live`` does not know of a large change."""
    _reloading: bool = False
    _entry: int = 0
    _own: list[ChangeSet] = field(default_factory=list)
    _external: list[ChangeSet] = field(default_factory=list)

    def open(self, project: Project) -> None:
        """Reads the images; labels are read when the first query needs them."""
        self._entry = labelling.last_entry(project)
        self.context = build_context(project)
        self.project = project

    def close(self) -> None:
        self.project = self.context = self.live = None
        self.behind = self._reloading = False

    def opened(self) -> Project:
        """Raises KnownError if no project is open."""
        if self.project is None:
            raise KnownError(translate("Jobs", "No project is open."))
        return self.project

    def done(self, change: ChangeSet, decisions: int = 0, answer: object = None) -> MutationResult:
        """The result of a change by this window, which is not reported as an external one."""
        if change:
            self._own.append(change)
        return MutationResult(change, decisions, answer)

    def up_to_date(self) -> QueryContext:
        """The context, after taking in all changes since the last call."""
        project, context = self.opened(), self.context
        assert context is not None
        change, entry = labelling.changes_since(project, self._entry)
        if entry != self._entry:
            # The entry is set last: if the database is busy halfway, the next query repeats all of this.
            self._learn(change)
            context = self.context = refresh(project, context, change)
            if not explains(self._own, change):
                self._external.append(change)
            self._own.clear()
            self._entry = entry
        return context

    def rebuild(self) -> None:
        """Read the images again, after a scan."""
        self.up_to_date()
        self.context = build_context(self.opened(), self.live)

    @property
    def entry(self) -> int:
        """The newest ledger entry that is taken in."""
        return self._entry

    @property
    def has_external_changes(self) -> bool:
        return bool(self._external)

    def take_external_changes(self) -> ChangeSet:
        """The changes by other writers since the last call."""
        changes, self._external = self._external, []
        return combine(changes)

    def adopt(self, live: "LiveSuggestions", entry: int) -> None:
        """Use suggestions that were loaded on another thread from the state at ``entry``."""
        context = self.up_to_date()
        since, _ = labelling.changes_since(self.opened(), entry)
        replaced = self.live is not None
        self.live, self.texts_missing, self.behind, self._reloading = live, False, False, False
        self._learn(since)
        live.aim_at(self.opened().settings.aim)  # may have been changed since
        context.suggestions = live
        if replaced:
            from cprfl_core.common.memory import trim_heap

            trim_heap()

    def scores(self, category_id: int | None = None) -> "LiveSuggestions":
        """Raises KnownError without features, and while the text of the category is being encoded."""
        if self.live is None:
            raise KnownError(translated("Jobs", NO_FEATURES))
        if category_id is not None and category_id not in self.live.category_ids:
            raise KnownError(translated("Jobs", NOT_ENCODED))
        return self.live

    def reload_wanted(self) -> bool:
        """Whether the suggestions should be loaded again; True only once until they are."""
        self.up_to_date()
        wanted = self.behind and not self._reloading
        self._reloading = self.behind
        return wanted

    def add_encoded_categories(self) -> bool:
        """Add new categories to ``live`` once their texts are encoded; whether any were added."""
        self.up_to_date()
        if self.live is None or self.behind or not self.texts_missing or not self._texts_are_encoded():
            return False
        self.live.apply(with_all_categories(ChangeSet()))
        self.texts_missing = False
        return True

    def _learn(self, change: ChangeSet) -> None:
        if self.live is None or not change:
            return
        touched = {one.image_id for one in change.labels} | {one.image_id for one in change.reviews}
        if self.live.large and len(touched) > (FEW_IMAGES if self.behind else BULK_IMAGES):
            self.behind = True
            return
        new = sum(one not in self.live.category_ids for one in change.categories)
        if new > MANY_CATEGORIES or (self.behind and change.categories):
            self.behind = True
            change = replace(change, categories=())
        if not change.categories and not self.texts_missing:
            self.live.apply(change)
        elif self._texts_are_encoded():
            self.live.apply(change if change.categories else with_all_categories(change))
            self.texts_missing = False
        else:
            self.texts_missing = True
            if touched and len(touched) <= FEW_IMAGES:
                self.live.apply(ChangeSet(labels=change.labels, reviews=change.reviews))

    def _texts_are_encoded(self) -> bool:
        from app.services.features.indexing import ensure_text_features

        try:
            ensure_text_features(self.opened(), NoRunner())
        except KnownError:
            return False
        return True
