"""Brings what an annotation file says into a project: one step of undo, nothing lost, nothing guessed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.domain.changes import ChangeSet
from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState, Source
from app.services.interchange.matching import ImageMatcher
from app.services.interchange.reports import Conflict, ImportReport
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.labelling import LabelTable, label_states
from app.services.project import Project
from app.services.steps import Step, step
from app.storage import categories, images


class _NothingWritten(Exception):
    """Ends a dry run: everything was worked out in a real transaction, and is rolled back."""


def merge(
    project: Project,
    file: LabelFile,
    *,
    format_name: str,
    path: Path,
    complete: bool,
    dry_run: bool,
    overwrite: bool,
) -> ImportReport:
    """Merge ``file`` into the project and report.

    ``complete``: every image in the file counts as reviewed. Where the file knows all of the project's
    categories, a reviewed image is marked as reviewed, which implies its no's; where it does not, such a mark
    would say no to categories the file has never heard of, so the no's are written one by one instead.
    Where the project has an answer already, an explicit one or a no implied by a review, it stays and the
    difference is reported, unless ``overwrite``.

    Raises BadInputError, with nothing changed.
    """
    tally = _Tally()
    change = ChangeSet()
    try:
        with step(project, source=Source.IMPORT, description=f"Import {path.name}") as collected:
            _merge_into(collected, project, file, tally, complete=complete, overwrite=overwrite, path=path)
            if dry_run:
                raise _NothingWritten
        change = collected.change
    except _NothingWritten:
        pass
    return ImportReport(
        format=format_name,
        path=path,
        dry_run=dry_run,
        overwrite=overwrite,
        images=len(file.images),
        matched=tally.matched,
        unmatched=tally.unmatched,
        outside=tally.outside,
        created=tally.created,
        yes=sum(decision.state is LabelState.YES for decision in tally.decisions),
        no=sum(decision.state is LabelState.NO for decision in tally.decisions),
        reviewed=tally.reviewed,
        unchanged=tally.unchanged,
        conflicts=tally.conflicts,
        change=change,
    )


@dataclass(slots=True)
class _Tally:
    """What the merge comes to. ``reviewed`` counts marks on images that had none."""

    matched: int = 0
    outside: int = 0
    reviewed: int = 0
    unchanged: int = 0
    unmatched: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def _merge_into(
    collected: Step,
    project: Project,
    file: LabelFile,
    tally: _Tally,
    *,
    complete: bool,
    overwrite: bool,
    path: Path,
) -> None:
    # Everything is read before the first write: the tables show the project as it was before this step.
    present = _Present(label_states(project))
    with project.db.read() as session:
        known = images.all_images(session)
        roots = images.roots(session)
        active = {category.id for category in categories.all_categories(session)}
    found = ImageMatcher(known, roots).match_all([(image.place, image.file_name) for image in file.images])
    by_name = collected.add_categories(list(file.categories))
    ids = [by_name[name].id for name in file.categories]
    names = {category.id: category.name for category in by_name.values()}
    tally.created = [names[category_id] for category_id in dict.fromkeys(ids) if category_id not in active]
    covers_all = active <= set(ids)
    paths = {image.id: image.path for image in known}
    marked = []
    for statement, image_id in zip(file.images, found, strict=True):
        if image_id is None:
            tally.unmatched.append(statement.file_name)
            continue
        tally.matched += 1
        said = _resolve(statement, file.categories, ids, complete, path)
        mark = said.reviewed and covers_all
        outcome = _compare(image_id, said, present, mark=mark, overwrite=overwrite)
        tally.unchanged += outcome.unchanged
        tally.decisions += outcome.decisions
        tally.conflicts += [
            Conflict(paths[image_id], names[category_id], ours, theirs)
            for category_id, ours, theirs in outcome.conflicts
        ]
        if mark:
            marked.append(image_id)
            tally.reviewed += not present.reviewed(image_id)
    tally.outside = len(known) - tally.matched
    collected.decide(tally.decisions)
    collected.review(marked)


@dataclass(frozen=True, slots=True)
class _Said:
    """A statement in the project's category ids; ``implied`` are the no's that follow from a review."""

    reviewed: bool
    yes: set[int]
    no: set[int]
    implied: set[int]
    open: set[int]


def _resolve(
    statement: ImageStatement, file_names: Sequence[str], ids: Sequence[int], complete: bool, path: Path
) -> _Said:
    yes = {ids[position] for position in statement.yes}
    no = {ids[position] for position in statement.no}
    if yes & no:
        clashing = [file_names[p] for p in sorted(statement.yes | statement.no) if ids[p] in yes & no]
        raise BadInputError(
            f"{path}: {statement.place} has both yes and no for {' and '.join(map(repr, clashing))}, "
            "which are one category in this project."
        )
    still_open = {ids[position] for position in statement.open} - yes - no
    reviewed = statement.reviewed or complete
    implied = set(ids) - yes - no - still_open if reviewed else set()
    return _Said(reviewed, yes, no, implied, still_open)


class _Present:
    """The project's answers by image."""

    def __init__(self, table: LabelTable) -> None:
        self._rows = {image_id: row for row, image_id in enumerate(table.image_ids)}
        self._category_ids = np.asarray(table.category_ids, dtype=np.int64)
        self._states = np.ascontiguousarray(table.matrix())
        self._reviewed = table.reviewed

    def answers(self, image_id: int) -> tuple[set[int], set[int]]:
        """The categories with yes and with no, explicit or implied."""
        row = self._states[self._rows[image_id]]
        return set(self._category_ids[row == 1].tolist()), set(self._category_ids[row == 0].tolist())

    def reviewed(self, image_id: int) -> bool:
        return bool(self._reviewed[self._rows[image_id]])


@dataclass(slots=True)
class _Outcome:
    unchanged: int = 0
    decisions: list[Decision] = field(default_factory=list)
    conflicts: list[tuple[int, LabelState, LabelState]] = field(default_factory=list)


def _compare(image_id: int, said: _Said, present: _Present, *, mark: bool, overwrite: bool) -> _Outcome:
    """What one image's statement changes. ``mark``: the image will be marked as reviewed."""
    yes, no = present.answers(image_id)
    outcome = _Outcome()

    def take(wanted: Iterable[int], state: LabelState) -> None:
        same, other = (yes, no) if state is LabelState.YES else (no, yes)
        for category_id in sorted(wanted):
            if category_id in same:
                outcome.unchanged += 1
                continue
            if category_id in other:
                present_state = LabelState.NO if state is LabelState.YES else LabelState.YES
                outcome.conflicts.append((category_id, present_state, state))
                if not overwrite:
                    continue
            outcome.decisions.append(Decision(image_id, category_id, state))

    take(said.yes, LabelState.YES)
    take(said.no, LabelState.NO)
    # A first review implies every no that nothing speaks against; on an image that was reviewed before, an
    # unknown may have been said on purpose, and only an answer of its own replaces it.
    follows = said.implied - yes - no if mark and not present.reviewed(image_id) else set()
    take(said.implied - follows, LabelState.NO)
    if mark:
        left_open = sorted(said.open - yes - no)
        outcome.decisions += [Decision(image_id, one, LabelState.UNKNOWN) for one in left_open]
    return outcome
