"""Merges an annotation file into a project as one step of undo, without losing or guessing labels."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.domain.changes import ChangeSet
from app.domain.labels import Decision, LabelState, Source
from app.services.interchange.file_categories import FileCategories, find_or_create
from app.services.interchange.locating import find_images
from app.services.interchange.name_fits import Fit, Match
from app.services.interchange.reports import (
    Conflict,
    Contradicted,
    Entry,
    FileNameMatch,
    ImportReport,
    MergedEntries,
    Unmatched,
)
from app.services.interchange.resolution import Combiner, ImageAnswers
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.suggested import suggest
from app.services.labelling.decisions import LabelTable, label_states
from app.services.labelling.steps import Step, step
from app.services.project.project import Project
from app.storage import categories, images

_MOST_CANDIDATES = 5


def merge(
    project: Project,
    file: LabelFile,
    *,
    format_name: str,
    path: Path,
    complete: bool,
    dry_run: bool,
    overwrite: bool,
    match_names: bool = False,
) -> ImportReport:
    """Merge ``file`` into the project and report.

    ``complete``: every image in the file counts as reviewed. If the file has all of the project's categories,
    a reviewed image is marked as reviewed, which implies its no's. Otherwise that mark would also imply no
    for categories that are not in the file, so the no's are written one by one instead. Existing answers of
    the project, explicit or implied, stay and the conflict is reported, unless ``overwrite``.
    ``match_names``: images may be matched by file name alone; see :class:`ImageMatcher`.

    Raises BadInputError; then nothing is changed.
    """
    tally = _Tally()
    words = f"Import {path.name}"
    with step(project, source=Source.IMPORT, description=words, trial=dry_run) as collected:
        _merge_into(
            collected,
            project,
            file,
            tally,
            complete=complete,
            overwrite=overwrite,
            match_names=match_names,
            path=path,
        )
    change = ChangeSet() if dry_run else collected.change
    return ImportReport(
        format=format_name,
        path=path,
        dry_run=dry_run,
        overwrite=overwrite,
        images=len(file.images),
        matched=tally.matched_by.total(),
        unmatched=[one.entry.file_name for one in tally.unmatched],
        outside=tally.outside,
        created=tally.file.created,
        yes=tally.yes,
        no=tally.no,
        reviewed=tally.reviewed,
        unchanged=tally.unchanged,
        conflicts=tally.conflicts,
        unmatched_entries=tally.unmatched,
        matched_by={fit.value: tally.matched_by[fit] for fit in Fit if tally.matched_by[fit]},
        decoded=[one for one in tally.otherwise if one.how == Fit.DECODED.value],
        by_file_name=[one for one in tally.otherwise if one.how != Fit.DECODED.value],
        united=tally.merged,
        contradictions=tally.contradictions,
        unused=tally.file.unused,
        joined=tally.file.joined,
        left_out=[*file.left_out, *tally.file.left_out],
        notes=file.notes,
        changed_images=tally.changed_images,
        suggested=tally.suggested,
        model=(file.model or path.name) if tally.suggested else None,
        change=change,
    )


@dataclass(slots=True)
class _Tally:
    """The counts and lists of a report. ``reviewed`` counts images that were not reviewed before."""

    matched_by: Counter[Fit] = field(default_factory=Counter)
    outside: int = 0
    reviewed: int = 0
    unchanged: int = 0
    suggested: int = 0
    unmatched: list[Unmatched] = field(default_factory=list)
    otherwise: list[FileNameMatch] = field(default_factory=list)
    merged: list[MergedEntries] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    contradictions: list[Contradicted] = field(default_factory=list)
    yes: int = 0
    no: int = 0
    changed_images: int = 0
    file: FileCategories = field(default_factory=lambda: FileCategories([], {}, [], [], [], []))


def _merge_into(
    collected: Step,
    project: Project,
    file: LabelFile,
    tally: _Tally,
    *,
    complete: bool,
    overwrite: bool,
    match_names: bool,
    path: Path,
) -> None:
    # Everything is read before the first write, so the tables show the project before this step.
    present = _Present(label_states(project))
    with project.db.read() as session:
        known = images.all_images(session)
        roots = images.roots(session)
        stored = categories.all_categories(session, archived=True)
    image_names = {image.id: image.name for image in known}
    found = find_images(file, known, roots, by_file_name=match_names)
    statements = _by_image(file, found, image_names, tally)
    entries = [entry for some in statements.values() for entry in some]
    tally.file = find_or_create(collected, file, entries, stored, complete=complete)
    names = tally.file.names
    covers_all = {one.id for one in stored if one.archived_at is None} <= set(tally.file.ids)
    combiner = Combiner(tally.file.ids, complete=complete)
    marked = []
    for image_id in sorted(statements):
        answers, contradictions = combiner.combine(statements[image_id])
        mark = answers.reviewed and covers_all
        outcome = _compare(image_id, answers, present, mark=mark, overwrite=overwrite)
        tally.unchanged += outcome.unchanged
        tally.yes += sum(decision.state is LabelState.YES for decision in outcome.decisions)
        tally.no += sum(decision.state is LabelState.NO for decision in outcome.decisions)
        tally.changed_images += any(one.state is not LabelState.UNKNOWN for one in outcome.decisions)
        collected.decide(outcome.decisions)
        tally.conflicts += [
            Conflict(image_names[image_id], names[category_id], ours, theirs)
            for category_id, ours, theirs in outcome.conflicts
        ]
        tally.contradictions += [
            Contradicted(
                image_names[image_id],
                names[one.category_id],
                tuple((_entry(statement), state) for statement, state in one.answers),
            )
            for one in contradictions
        ]
        if mark:
            marked.append(image_id)
            tally.reviewed += not present.reviewed(image_id)
    tally.outside = len(known) - len(statements)
    tally.suggested = suggest(collected, file, statements, tally.file.ids, path)
    collected.review(marked)


def _by_image(
    file: LabelFile, found: Sequence[Match], image_names: Mapping[int, str], tally: _Tally
) -> dict[int, list[ImageStatement]]:
    """The entries about each image; unmatched and unusual ones are listed in ``tally``."""
    statements: dict[int, list[ImageStatement]] = {}
    for statement, match in zip(file.images, found, strict=True):
        if match.image_id is None:
            candidates = tuple(image_names[image_id] for image_id in match.candidates[:_MOST_CANDIDATES])
            tally.unmatched.append(
                Unmatched(_entry(statement), match.fit.value, candidates, match.read_as, match.removed)
            )
            continue
        tally.matched_by[match.fit] += 1
        statements.setdefault(match.image_id, []).append(statement)
        if match.fit not in (Fit.EXACT, Fit.ENDING):
            tally.otherwise.append(
                FileNameMatch(
                    _entry(statement),
                    image_names[match.image_id],
                    match.fit.value,
                    match.read_as,
                    match.removed,
                )
            )
    tally.merged = [
        MergedEntries(image_names[image_id], tuple(_entry(statement) for statement in some))
        for image_id, some in statements.items()
        if len(some) > 1
    ]
    return statements


def _entry(statement: ImageStatement) -> Entry:
    return Entry(statement.place, statement.file_name)


_BLOCK = 1024


class _Present:
    """The project's answers by image."""

    def __init__(self, table: LabelTable) -> None:
        self._rows = {image_id: row for row, image_id in enumerate(table.image_ids)}
        self._category_ids = np.asarray(table.category_ids, dtype=np.int64)
        self._by_category = table.matrix()
        self._reviewed = table.reviewed
        self._block, self._states = -1, np.empty((0, 0), np.int8)
        self._answered: set[int] = set()

    def answers(self, image_id: int) -> tuple[set[int], set[int]]:
        """The categories with yes and with no, explicit or implied. Fast in the order of the images."""
        block, at = divmod(self._rows[image_id], _BLOCK)
        if block != self._block:
            states = self._by_category[block * _BLOCK : (block + 1) * _BLOCK]
            self._block, self._states = block, np.ascontiguousarray(states)
            self._answered = set(np.flatnonzero((self._states >= 0).any(axis=1)).tolist())
        if at not in self._answered:
            return set(), set()
        row = self._states[at]
        return set(self._category_ids[row == 1].tolist()), set(self._category_ids[row == 0].tolist())

    def reviewed(self, image_id: int) -> bool:
        return bool(self._reviewed[self._rows[image_id]])


@dataclass(slots=True)
class _Outcome:
    unchanged: int = 0
    decisions: list[Decision] = field(default_factory=list)
    conflicts: list[tuple[int, LabelState, LabelState]] = field(default_factory=list)


def _compare(
    image_id: int, answers: ImageAnswers, present: _Present, *, mark: bool, overwrite: bool
) -> _Outcome:
    """What one image's answers change. ``mark``: the image will be marked as reviewed."""
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

    take(answers.yes, LabelState.YES)
    take(answers.no, LabelState.NO)
    # A first review implies every no without a conflict; on an image that was reviewed before, an unknown may
    # have been set on purpose, and only an explicit no replaces it.
    follows = answers.implied - yes - no if mark and not present.reviewed(image_id) else set()
    take(answers.implied - follows, LabelState.NO)
    if mark:
        left_open = sorted(answers.open - yes - no)
        outcome.decisions += [Decision(image_id, one, LabelState.UNKNOWN) for one in left_open]
    return outcome
