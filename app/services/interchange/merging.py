"""Merges an annotation file into a project as one step of undo, without losing or guessing labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.domain.changes import ChangeSet
from app.domain.labels import Decision, LabelState, Source
from app.services.interchange.file_categories import FileCategories, find_or_create
from app.services.interchange.matching import Fit, ImageMatcher, Match
from app.services.interchange.reports import (
    Conflict,
    Contradicted,
    Entry,
    FileNameMatch,
    ImportReport,
    MergedEntries,
    Unmatched,
)
from app.services.interchange.resolution import ImageAnswers, combine
from app.services.interchange.statements import ImageStatement, LabelFile
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
        matched=tally.matched,
        unmatched=[one.entry.file_name for one in tally.unmatched],
        outside=tally.outside,
        created=tally.file.created,
        yes=sum(decision.state is LabelState.YES for decision in tally.decisions),
        no=sum(decision.state is LabelState.NO for decision in tally.decisions),
        reviewed=tally.reviewed,
        unchanged=tally.unchanged,
        conflicts=tally.conflicts,
        unmatched_entries=tally.unmatched,
        by_file_name=tally.by_file_name,
        united=tally.merged,
        contradictions=tally.contradictions,
        unused=tally.file.unused,
        joined=tally.file.joined,
        left_out=file.left_out,
        notes=file.notes,
        change=change,
    )


@dataclass(slots=True)
class _Tally:
    """The counts and lists of a report. ``reviewed`` counts images that were not reviewed before."""

    matched: int = 0
    outside: int = 0
    reviewed: int = 0
    unchanged: int = 0
    unmatched: list[Unmatched] = field(default_factory=list)
    by_file_name: list[FileNameMatch] = field(default_factory=list)
    merged: list[MergedEntries] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    contradictions: list[Contradicted] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    file: FileCategories = field(default_factory=lambda: FileCategories([], {}, [], [], []))


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
    file_names = [image.file_name for image in file.images]
    found = ImageMatcher(known, roots).match_all(file_names, by_file_name=match_names)
    statements = _by_image(file, found, image_names, tally)
    entries = [entry for some in statements.values() for entry in some]
    tally.file = find_or_create(collected, file, entries, stored, path, complete=complete)
    names = tally.file.names
    covers_all = {one.id for one in stored if one.archived_at is None} <= set(tally.file.ids)
    marked = []
    for image_id, some in statements.items():
        answers, contradictions = combine(some, file, tally.file.ids, path, complete=complete)
        mark = answers.reviewed and covers_all
        outcome = _compare(image_id, answers, present, mark=mark, overwrite=overwrite)
        tally.unchanged += outcome.unchanged
        tally.decisions += outcome.decisions
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
    collected.decide(tally.decisions)
    collected.review(marked)


def _by_image(
    file: LabelFile, found: Sequence[Match], image_names: Mapping[int, str], tally: _Tally
) -> dict[int, list[ImageStatement]]:
    """The entries about each image; unmatched and unusual ones are listed in ``tally``."""
    statements: dict[int, list[ImageStatement]] = {}
    for statement, match in zip(file.images, found, strict=True):
        if match.image_id is None:
            candidates = tuple(image_names[image_id] for image_id in match.candidates[:_MOST_CANDIDATES])
            tally.unmatched.append(Unmatched(_entry(statement), match.fit.value, candidates))
            continue
        tally.matched += 1
        statements.setdefault(match.image_id, []).append(statement)
        if match.fit is Fit.FILE_NAME:
            tally.by_file_name.append(FileNameMatch(_entry(statement), image_names[match.image_id]))
    tally.merged = [
        MergedEntries(image_names[image_id], tuple(_entry(statement) for statement in some))
        for image_id, some in statements.items()
        if len(some) > 1
    ]
    return statements


def _entry(statement: ImageStatement) -> Entry:
    return Entry(statement.place, statement.file_name)


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
