"""Merging one category into another: its answers, names, key and children move, and it is gone.

One step of undo restores everything exactly: each answer that moves keeps its source, its time and its entry
in the ledger (docs/decisions/0331).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from app.domain.categories import Category, name_key
from app.domain.category_properties import Conflicting, MergeEffects
from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.hierarchy import Hierarchy
from app.domain.labels import Source
from app.domain.language import translate
from app.storage import categories as store
from app.storage import images, labels, ledger
from app.storage.categories import Span, StoredCategory
from app.storage.changes import recording
from app.storage.database import Session
from app.storage.labels import TwoLabels
from app.storage.ledger import EntryKind

if TYPE_CHECKING:
    from app.services.project.project import Project

YES: Final = 1
NO: Final = 0
OPEN: Final = -1


def merge_effects(project: "Project", source_id: int, target_id: int) -> MergeEffects:
    """What a merge would do, without doing it. Raises NotFoundError or BadInputError as the merge does."""
    with project.db.read() as s:
        plan = _plan(s, source_id, target_id)
        pairs = labels.side_by_side(s, source_id, target_id)
    return MergeEffects(
        plan.source.category,
        plan.target.category,
        yes=sum(one.state == YES and one.other not in (YES, NO) for one in pairs),
        no=sum(one.state == NO and one.other not in (YES, NO) for one in pairs),
        both_yes=sum(one.state == one.other == YES for one in pairs),
        both_no=sum(one.state == one.other == NO for one in pairs),
        conflicts=sum({one.state, one.other} == {YES, NO} for one in pairs),
        aliases=plan.after.category.aliases[len(plan.target.category.aliases) :],
        children=tuple(
            before.category.name for before, after in plan.children if after.category.parent == target_id
        ),
        key=plan.after.category.shortcut if plan.target.category.shortcut is None else None,
    )


def merge_categories(
    project: "Project", source_id: int, target_id: int, conflicting: Conflicting = Conflicting.KEEP
) -> ChangeSet:
    """Merge the category ``source_id`` into ``target_id``, as one step of undo.

    An answer moves where the target has none of its own, also in place of a *no* that only a review implies.
    Where one says yes and the other no, ``conflicting`` decides. From then on reviews cover the target if
    they covered either. Raises NotFoundError, or BadInputError for the same category twice or an archived
    target.
    """

    def words(s: Session) -> str:
        names = [store.get(s, one).category.name for one in (source_id, target_id)]
        return f"Merge {names[0]!r} into {names[1]!r}"

    with recording(project.db, Source.HUMAN, words) as step:
        plan = _plan(step.s, source_id, target_id)
        pairs = labels.side_by_side(step.s, source_id, target_id)
        marks = images.reviewed_batches(step.s, [one.image_id for one in pairs])
        ledger.append(step.s, step.batch, list(_entries(plan, pairs, marks, conflicting)))
        labels.apply(step.s, step.batch)
        for before, after in plan.children:
            if before.category.id != target_id:
                store.record(step.s, step.batch, "parent", before, after)
        store.remove(step.s, step.batch, store.MERGE, plan.source)
        store.record(step.s, step.batch, store.MERGE, plan.target, plan.after)
    return step.change


@dataclass(frozen=True, slots=True)
class _Plan:
    """``children`` of the source, perhaps the target among them, before and after."""

    source: StoredCategory
    target: StoredCategory
    after: StoredCategory
    children: Sequence[tuple[StoredCategory, StoredCategory]]


def _plan(s: Session, source_id: int, target_id: int) -> _Plan:
    source, target = store.get(s, source_id), store.get(s, target_id)
    if source_id == target_id:
        raise BadInputError(translate("Project", "A category cannot be merged into itself."))
    if target.category.archived_at is not None:
        raise BadInputError(
            translate(
                "Project", "The category {category} is archived; restore it before merging another into it."
            ).format(category=repr(target.category.name))
        )
    every = store.stored_categories(s)
    above = Hierarchy(one.category for one in every).above(target_id)
    children = []
    for one in every:
        if one.category.parent == source_id:
            # What is above the target, or is the target, moves up instead: else there would be a circle.
            circle = one.category.id == target_id or one.category.id in above
            parent = source.category.parent if circle else target_id
            children.append((one, replace(one, category=replace(one.category, parent=parent))))
    after = _with_names_and_key(source.category, target.category)
    moved = {one.category.id: one.category.parent for _, one in children}
    if target_id in moved:
        after = replace(after, parent=moved[target_id])
    return _Plan(source, target, StoredCategory(after, _joined(source.spans, target.spans)), children)


def _with_names_and_key(source: Category, target: Category) -> Category:
    known = {name_key(name) for name in (target.name, *target.aliases)}
    gained = []
    for name in (source.name, *source.aliases):
        if name_key(name) not in known:
            known.add(name_key(name))
            gained.append(name)
    key = source.shortcut if source.archived_at is None else None
    return replace(target, aliases=(*target.aliases, *gained), shortcut=target.shortcut or key)


def _joined(one: Sequence[Span], other: Sequence[Span]) -> tuple[Span, ...]:
    """The batches that are in either, as few spans as possible; open at the end if one of them is."""
    found: list[Span] = []
    for start, end in sorted([*one, *other], key=lambda span: span[0]):
        if found and (found[-1][1] is None or start <= found[-1][1]):
            before = found[-1][1]
            later = None if before is None or end is None else max(before, end)
            found[-1] = (found[-1][0], later)
        else:
            found.append((start, end))
    return tuple(found)


def _entries(
    plan: _Plan, pairs: Sequence[TwoLabels], marks: dict[int, int | None], conflicting: Conflicting
) -> Iterator[dict[str, Any]]:
    source_id, target_id = plan.source.category.id, plan.target.category.id
    for one in pairs:
        mark = marks[one.image_id]
        covered = mark is not None and plan.after.active_at(mark)
        after, entry = _answer(one, covered, conflicting)
        base = {"kind": EntryKind.LABEL.value, "image_id": one.image_id}
        yield {
            **base,
            "category_id": source_id,
            "before": one.state,
            "after": None,
            "before_entry_id": one.entry,
            "after_entry_id": None,
        }
        if after != one.other:
            yield {
                **base,
                "category_id": target_id,
                "before": one.other,
                "after": after,
                "before_entry_id": one.other_entry,
                "after_entry_id": entry,
            }


def _answer(one: TwoLabels, covered: bool, conflicting: Conflicting) -> tuple[int | None, int | None]:
    """The row of the target, and the entry that it comes from; None: this merge. ``covered`` by a review."""
    if one.other in (YES, NO) and one.state in (YES, NO) and one.state != one.other:
        if conflicting is Conflicting.OPEN:
            return (OPEN if covered else None), None
        if conflicting is Conflicting.YES and one.state == YES:
            return YES, one.entry
        return one.other, one.other_entry
    if one.state in (YES, NO) and one.other not in (YES, NO):
        return one.state, one.entry
    if one.state == OPEN and one.other is None:
        # Left open on purpose; without this row the review would imply a no.
        return OPEN, one.entry
    return one.other, one.other_entry
