"""Merging the work of somebody else who labelled a copy of this project."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from app.domain.categories import Category
from app.domain.errors import BadInputError, NotFoundError
from app.domain.hierarchy import Hierarchy
from app.domain.labels import STATE_OF, LabelState, Source
from app.domain.merging import Choice, Decisions, MergeReport
from app.services.project.backups import back_up
from app.services.project.project import Project, find_layout
from app.services.safety.merge_plan import Applied, CategoryChange, ImageChange, Plan, Planner
from app.services.safety.merge_sides import ImageStates, Side, common_batch
from app.storage import categories, images, labels, ledger, other_database, predictions, settings
from app.storage.categories import StoredCategory
from app.storage.changes import Recording, recording
from app.storage.database import Session
from app.storage.layout import ProjectLayout
from app.storage.ledger import EntryKind

MERGES: Final = "merges"
"""Setting: the batches of earlier merges."""
QUEUE: Final = "merge"
_SQLITE: Final = b"SQLite format 3\0"


def merge(
    project: Project,
    other: Path,
    *,
    decisions: Decisions | None = None,
    default: Choice = Choice.MINE,
    dry_run: bool = False,
) -> MergeReport:
    """Take over what was changed in a copy of this project since it was copied, as one step of undo.

    ``other``: a project folder or its database. Where both changed one thing differently, ``decisions`` and
    then ``default`` say whose value counts. The project is backed up first. Raises NotFoundError,
    ProjectError or BadInputError about the other project, ReadOnlyError.
    """
    path = _database(other)
    if path.exists() and path.samefile(project.layout.database):
        raise BadInputError(f"{other} is this project itself; give the copy of the other person.")
    if not dry_run:
        project.db.require_writable()
    work = _Merge(decisions or {}, default, path)
    with other_database.copied(path) as theirs, theirs.read() as t:
        with project.db.read() as s:
            plan = work.plan(s, t)
            report = work.report(plan)
        if dry_run or not work.changes(plan):
            return report
        backup = back_up(project, "before-merge").path
        with recording(project.db, Source.IMPORT, f"Merge {path.parent.name}") as step:
            plan = work.plan(step.s, t)  # again: somebody may have labelled meanwhile
            work.apply(step, plan)
    return replace(work.report(plan), applied=True, backup=backup)


def _database(other: Path) -> Path:
    """The database of a project folder; any other file is taken for one."""
    try:
        if other.is_file():
            return _file(other)
    except OSError as error:
        raise NotFoundError(f"There is no project {other}: {error.strerror}.") from error
    layout = find_layout(other)
    if not layout.database.is_file():
        raise NotFoundError(f"The project {other} has no database.")
    return layout.database


def _file(other: Path) -> Path:
    """Raises BadInputError for a file that never was a database; a damaged project.db is told as that."""
    with other.open("rb") as stream:
        known = stream.read(len(_SQLITE)) == _SQLITE
    if not known and other.name != ProjectLayout(other.parent).database.name:
        raise BadInputError(
            f"{other} is not the database of a project; use 'tailspotter import' for labels in other files."
        )
    return other.absolute()


class _Merge:
    def __init__(self, decisions: Decisions, default: Choice, path: Path) -> None:
        self._decisions, self._default, self._path = decisions, default, path

    def plan(self, s: Session, t: Session) -> Plan:
        mine, theirs = ledger.batches(s), ledger.batches(t)
        last, self._common = common_batch(mine, theirs)
        if not self._common and settings.get(s, "project_id") != settings.get(t, "project_id"):
            raise BadInputError(
                f"{self._path.parent} is not a copy of this project; export its labels and import them."
            )
        self._their_steps = len(theirs) - self._common
        self._mine, self._theirs = Side(s, last), Side(t, last)
        applied = _applied(s, self._mine)
        known = predictions.counts(s)
        found = predictions.counts(t, after=last)
        self._suggestions = {model: number for model, number in found.items() if model not in known}
        planner = Planner(self._mine, self._theirs, applied, decisions=self._decisions, default=self._default)
        return planner.plan()

    @staticmethod
    def changes(plan: Plan) -> bool:
        return bool(plan.images or plan.category_changes)

    def report(self, plan: Plan) -> MergeReport:
        reviews = sum(
            change.reviewed != (self._mine.images[image].reviewed_at is not None)
            for image, change in plan.images.items()
        )
        return MergeReport(
            other=self._path,
            common_steps=self._common,
            their_steps=self._their_steps,
            images=len(plan.images),
            unmatched=plan.unmatched,
            labels=sum(len(change.states) - change.implied for change in plan.images.values()),
            reviews=reviews,
            categories_created=[one.values["name"] for one in plan.category_changes if one.mine is None],
            categories_changed=[
                one.mine.category.name for one in plan.category_changes if one.mine is not None
            ],
            conflicts=plan.conflicts,
            unused=sorted(self._decisions.keys() - plan.used, key=str),
            suggestions=self._suggestions,
        )

    def apply(self, step: Recording, plan: Plan) -> None:
        numbers = {theirs: own for theirs, own in plan.categories.items() if own is not None}
        for change in plan.category_changes:
            created = _apply_category(step, change)
            numbers[change.theirs.category.id] = created.id
        _apply_parents(step, plan, numbers)
        now = {one.category.id: one for one in categories.stored_categories(step.s)}
        covered = {number for number, one in now.items() if one.active_at(step.batch.id)}
        states = self._mine.states(plan.images)
        replaced = images.replaced(step.s, plan.images)
        reviews: list[dict[str, Any]] = []
        answers: list[dict[str, Any]] = []
        for image, wanted in plan.images.items():
            before = states[image]
            review, mark = _review_entry(step, image, before, wanted, replaced)
            reviews += review
            implied = covered if mark == step.batch.id else set(self._mine.implied(mark))
            given = self._theirs.origins.get(wanted.theirs, {})
            origins = {numbers[one]: entry for one, entry in given.items() if one in numbers}
            targets = {numbers[category]: state for category, state in wanted.states.items()}
            answers += _label_entries(image, before, targets, implied, origins, review_changes=bool(review))
        ledger.append(step.s, step.batch, answers)
        ledger.append(step.s, step.batch, reviews)
        labels.apply(step.s, step.batch)
        images.apply_reviews(step.s, step.batch)
        earlier: list[int] = settings.get(step.s, MERGES, [])
        settings.set(step.s, MERGES, [*earlier, step.batch.id])


def _applied(s: Session, mine: Side) -> Applied:
    """What merges that are still in force wrote: the later common ground of both sides."""
    found = Applied()
    for batch in settings.get(s, MERGES, []):
        if not ledger.in_force(s, batch):
            continue
        for entry in ledger.entries_of(s, batch, EntryKind.REVIEW):
            assert entry.image_id is not None
            found.reviews[entry.image_id] = entry.after is not None
            found.states[entry.image_id].update(mine.implied(entry.after))
        for entry in ledger.entries_of(s, batch, EntryKind.LABEL):
            assert entry.image_id is not None and entry.category_id is not None
            state = LabelState.UNKNOWN if entry.after is None else STATE_OF[entry.after]
            implied = entry.category_id in found.states[entry.image_id]
            if entry.after is None and implied:
                state = LabelState.NO
            found.states[entry.image_id][entry.category_id] = state
    return found


def _apply_category(step: Recording, change: CategoryChange) -> Category:
    theirs = change.theirs.category
    if change.mine is None:
        archived = None if theirs.archived_at is None else step.batch.created_at
        category = replace(
            theirs, id=0, created_at=step.batch.created_at, archived_at=archived, **change.values
        )
        end = None if archived is None else step.batch.id
        stored = StoredCategory(category, ((step.batch.id, end),))
        return categories.record(step.s, step.batch, "create", None, stored)
    stored = replace(change.mine, category=replace(change.mine.category, **change.values))
    if change.archived is True:
        stored = categories.archived(stored, step.batch)
    elif change.archived is False:
        stored = categories.restored(stored, step.batch)
    if stored == change.mine:  # only its parent changes
        return stored.category
    return categories.record(step.s, step.batch, "properties", change.mine, stored)


def _apply_parents(step: Recording, plan: Plan, numbers: Mapping[int, int]) -> None:
    """Once all categories exist; a parent that would close a circle with one of mine is not taken over."""
    known = {one.category.id: one for one in categories.stored_categories(step.s)}
    for change in plan.category_changes:
        if not change.moved:
            continue
        stored, parent = known[numbers[change.theirs.category.id]], change.theirs.category.parent
        wanted = None if parent is None else numbers.get(parent)
        links = Hierarchy(one.category for one in known.values())
        if wanted == stored.category.parent or (wanted and links.problem(stored.category.id, wanted)):
            continue
        after = replace(stored, category=replace(stored.category, parent=wanted))
        categories.record(step.s, step.batch, "parent", stored, after)
        known[after.category.id] = after


def _review_entry(
    step: Recording,
    image: int,
    before: ImageStates,
    wanted: ImageChange,
    replaced: Mapping[int, images.Replaced],
) -> tuple[list[dict[str, Any]], int | None]:
    """The entry of a review that changes, if it does, and the batch of the review afterwards."""
    if wanted.reviewed == before.reviewed_after:
        return [], before.mark
    after = step.batch.id if wanted.reviewed else None
    earlier = before.mark
    if earlier is None and image in replaced:
        earlier = replaced[image].set_aside  # so that an undo sets it aside again
    entry = {"kind": EntryKind.REVIEW.value, "image_id": image, "before": earlier, "after": after}
    return [entry | {"queue": QUEUE}], after


def _label_entries(
    image: int,
    before: ImageStates,
    targets: dict[int, LabelState],
    implied: set[int],
    origins: Mapping[int, ledger.Entry],
    *,
    review_changes: bool,
) -> list[dict[str, Any]]:
    """The rows that give each category its wanted state, and keep the others although the review changed."""
    entries = []
    looked_at = set(targets)
    if review_changes:  # by itself it could change the state of every category
        looked_at |= before.explicit.keys() | before.after.keys() | implied
    for category in looked_at:
        present = before.explicit.get(category)
        state = targets.get(category, before.after.get(category, LabelState.UNKNOWN))
        after = _row(state, category in implied, None if present is None else present.state)
        if category in targets and state is LabelState.NO and category in origins:
            after = 0  # they said so themselves
        if after == (None if present is None else present.state):
            continue
        origin = origins.get(category)
        entries.append(
            {
                "kind": EntryKind.LABEL.value,
                "image_id": image,
                "category_id": category,
                "before": None if present is None else present.state,
                "after": after,
                "before_entry_id": None if present is None else present.entry_id,
                "score": None,
                "model": None,
                "queue": QUEUE if origin is None else origin.queue,
                "inclusion": None if origin is None else origin.inclusion,
            }
        )
    return entries


def _row(state: LabelState, implied: bool, present: int | None) -> int | None:
    """The row for a state; None for no row. A row that already says it stays."""
    if state is LabelState.YES:
        return 1
    if state is LabelState.NO:
        return 0 if present == 0 or not implied else None
    return -1 if implied or present == -1 else None
