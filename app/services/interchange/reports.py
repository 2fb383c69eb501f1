"""Reports of imports and exports."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.domain.categories import JoinedNames
from app.domain.changes import ChangeSet
from app.domain.labels import LabelState
from app.domain.language import translate
from app.services.interchange.name_fits import Fit
from app.services.interchange.statements import LeftOut

GUESSES = frozenset({Fit.OTHER_FOLDER.value, Fit.OTHER_NAME.value})
"""Reasons of entries that --match-names accepts if they fit one image."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The file and the project disagree about one category of one image."""

    image: str
    category: str
    project: LabelState
    file: LabelState


@dataclass(frozen=True, slots=True)
class Entry:
    """An image entry of the file: its place in the file (``images[3]``) and its file name."""

    place: str
    file_name: str

    def __str__(self) -> str:
        return f'{self.place} "{self.file_name}"'

    def to_json(self) -> dict[str, Any]:
        return {"entry": self.place, "file_name": self.file_name}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An entry that matches no image, with the reason and the first images that it could refer to.

    ``read_as`` and ``removed`` as in :class:`app.services.interchange.name_fits.Match`.
    """

    entry: Entry
    reason: str
    candidates: tuple[str, ...]
    read_as: str = ""
    removed: str = ""

    @property
    def guess(self) -> bool:
        """Whether --match-names would accept it."""
        return self.reason in GUESSES and len(self.candidates) == 1

    def to_json(self) -> dict[str, Any]:
        found = {"reason": self.reason, "candidates": list(self.candidates)}
        return self.entry.to_json() | found | _reading(self)


@dataclass(frozen=True, slots=True)
class FileNameMatch:
    """An entry that was matched otherwise than by its name as written: ``how`` is a value of
    :class:`app.services.interchange.name_fits.Fit`."""

    entry: Entry
    image: str
    how: str
    read_as: str = ""
    removed: str = ""

    def to_json(self) -> dict[str, Any]:
        return self.entry.to_json() | {"image": self.image, "how": self.how} | _reading(self)


def _reading(one: Unmatched | FileNameMatch) -> dict[str, str]:
    found = {"read_as": one.read_as, "removed": one.removed}
    return {key: text for key, text in found.items() if text}


@dataclass(frozen=True, slots=True)
class MergedEntries:
    """Several entries about one image."""

    image: str
    entries: tuple[Entry, ...]

    def to_json(self) -> dict[str, Any]:
        return {"image": self.image, "entries": [entry.to_json() for entry in self.entries]}


@dataclass(frozen=True, slots=True)
class Contradicted:
    """Entries about one image that disagree about a category; none of their answers is used."""

    image: str
    category: str
    answers: tuple[tuple[Entry, LabelState], ...]

    def to_json(self) -> dict[str, Any]:
        answers = [entry.to_json() | {"state": state} for entry, state in self.answers]
        return {"image": self.image, "category": self.category, "answers": answers}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts of an import; with ``dry_run`` the same counts, and the project is unchanged.

    ``yes``, ``no`` and ``reviewed`` count changes of the project; ``unchanged`` counts answers in the file
    that the project already has. ``unmatched`` names images of the file that are not, or not certainly, in
    the project; ``unmatched_entries`` has the reasons. ``matched_by`` counts the matched entries by how they
    match; ``decoded`` lists those of which the name was decoded, ``by_file_name`` the accepted guesses.
    ``outside`` counts the project's images that are not in the file. With ``conflicts`` the project's answer
    stays, unless ``overwrite``. ``unused`` categories are in the file but no answer uses them: they are not
    created. ``left_out`` are entries that cannot be used, ``notes`` sentences about how the file was
    understood. ``changed_images`` counts the images with ``yes`` or ``no``. ``perhaps_nothing``: categories
    of the file whose name says that nothing is there, though they were read as any other. ``suggested``
    counts the suggestions of ``model`` for images of the project.
    """

    format: str
    path: Path
    dry_run: bool
    overwrite: bool
    images: int
    matched: int
    unmatched: Sequence[str]
    outside: int
    created: Sequence[str]
    yes: int
    no: int
    reviewed: int
    unchanged: int
    conflicts: Sequence[Conflict]
    unmatched_entries: Sequence[Unmatched] = ()
    matched_by: Mapping[str, int] = field(default_factory=dict)
    decoded: Sequence[FileNameMatch] = ()
    by_file_name: Sequence[FileNameMatch] = ()
    united: Sequence[MergedEntries] = ()
    contradictions: Sequence[Contradicted] = ()
    unused: Sequence[str] = ()
    joined: Sequence[JoinedNames] = ()
    left_out: Sequence[LeftOut] = ()
    notes: Sequence[str] = ()
    changed_images: int = 0
    perhaps_nothing: Sequence[str] = ()
    suggested: int = 0
    model: str | None = None
    change: ChangeSet = field(default=ChangeSet(), repr=False)

    @property
    def advice(self) -> list[str]:
        """Sentences for the command line about options that were perhaps meant."""
        return [
            translate(
                "Interchange",
                'The category "{name}" looks like "nothing is here"; read it so with --nothing "{name}".',
            ).format(name=name)
            for name in self.perhaps_nothing
        ]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "path": str(self.path),
            "dry_run": self.dry_run,
            "overwrite": self.overwrite,
            "images": self.images,
            "matched": self.matched,
            "unmatched": list(self.unmatched),
            "unmatched_entries": [one.to_json() for one in self.unmatched_entries],
            "guesses": sum(one.guess for one in self.unmatched_entries),
            "matched_by": dict(self.matched_by),
            "decoded": [one.to_json() for one in self.decoded],
            "by_file_name": [one.to_json() for one in self.by_file_name],
            "united": [one.to_json() for one in self.united],
            "outside": self.outside,
            "created": list(self.created),
            "unused": list(self.unused),
            "joined": [one.to_json() for one in self.joined],
            "yes": self.yes,
            "no": self.no,
            "reviewed": self.reviewed,
            "unchanged": self.unchanged,
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
            "contradictions": [one.to_json() for one in self.contradictions],
            "left_out": [asdict(one) for one in self.left_out],
            "notes": [*self.notes, *self.advice],
            "changed_images": self.changed_images,
            "perhaps_nothing": list(self.perhaps_nothing),
            "suggested": self.suggested,
            "model": self.model,
        }


@dataclass(frozen=True, slots=True)
class Scarce:
    """A category that is not in every part of a split, with its number of yes labels."""

    category: str
    yes: int
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitReport:
    """``parts``: the number of images of each part. ``together``: images that were kept in the part of
    another one because their files are equal."""

    seed: int
    parts: dict[str, int]
    scarce: Sequence[Scarce]
    together: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ExportReport:
    """``labels`` counts yes labels, ``left_out`` images that are not in the file, ``unanswered`` images that
    were left out because they have no answer; ``size`` is in bytes. ``losses`` are sentences about what the
    format cannot hold, ``notes`` about how something was written. ``paths``: every file or folder written,
    several if the export is split; ``card`` is that of the data card.
    """

    format: str
    path: Path
    images: int
    categories: int
    labels: int
    reviewed: int
    left_out: int
    size: int
    losses: Sequence[str] = ()
    notes: Sequence[str] = ()
    unanswered: int = 0
    paths: Sequence[Path] = ()
    split: SplitReport | None = None
    card: Path | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {
            "path": str(self.path),
            "losses": list(self.losses),
            "notes": list(self.notes),
            "paths": [str(path) for path in self.paths],
            "split": None if self.split is None else self.split.to_json(),
            "card": None if self.card is None else str(self.card),
        }
