"""Reports of imports and exports."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.domain.categories import JoinedNames
from app.domain.changes import ChangeSet
from app.domain.labels import LabelState
from app.services.interchange.statements import LeftOut


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
    """An entry that matches no image, with the reason and the first images that it could refer to."""

    entry: Entry
    reason: str
    candidates: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return self.entry.to_json() | {"reason": self.reason, "candidates": list(self.candidates)}


@dataclass(frozen=True, slots=True)
class FileNameMatch:
    """An entry that was matched by its file name alone."""

    entry: Entry
    image: str

    def to_json(self) -> dict[str, Any]:
        return self.entry.to_json() | {"image": self.image}


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
    the project; ``unmatched_entries`` has the reasons. ``outside`` counts the project's images that are not
    in the file. With ``conflicts`` the project's answer stays, unless ``overwrite``. ``unused`` categories
    are in the file but no answer uses them: they are not created. ``left_out`` are entries that cannot be
    used, ``notes`` sentences about how the file was understood.
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
    by_file_name: Sequence[FileNameMatch] = ()
    united: Sequence[MergedEntries] = ()
    contradictions: Sequence[Contradicted] = ()
    unused: Sequence[str] = ()
    joined: Sequence[JoinedNames] = ()
    left_out: Sequence[LeftOut] = ()
    notes: Sequence[str] = ()
    change: ChangeSet = field(default=ChangeSet(), repr=False)

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
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class ExportReport:
    """``labels`` counts yes labels, ``left_out`` images that are not in the file; ``size`` is in bytes.
    ``losses`` are sentences about what the format cannot hold.
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

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"path": str(self.path), "losses": list(self.losses)}
