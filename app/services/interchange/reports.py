"""What an import or export did, or would do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from app.domain.categories import JoinedNames
from app.domain.changes import ChangeSet
from app.domain.labels import LabelState


@dataclass(frozen=True, slots=True)
class Conflict:
    """The file and the project disagree about one category of one image."""

    image: str
    category: str
    project: LabelState
    file: LabelState


@dataclass(frozen=True, slots=True)
class Entry:
    """An image entry of the file: where it stands (``images[3]``) and the file name that it gives."""

    place: str
    file_name: str

    def __str__(self) -> str:
        return f'{self.place} "{self.file_name}"'

    def to_json(self) -> dict[str, Any]:
        return {"entry": self.place, "file_name": self.file_name}


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An entry that is no image of the project, with the reason and the first images that it could mean."""

    entry: Entry
    reason: str
    candidates: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return self.entry.to_json() | {"reason": self.reason, "candidates": list(self.candidates)}


@dataclass(frozen=True, slots=True)
class Guess:
    """An entry that was matched by its file name alone."""

    entry: Entry
    image: str

    def to_json(self) -> dict[str, Any]:
        return self.entry.to_json() | {"image": self.image}


@dataclass(frozen=True, slots=True)
class United:
    """Several entries about one image."""

    image: str
    entries: tuple[Entry, ...]

    def to_json(self) -> dict[str, Any]:
        return {"image": self.image, "entries": [entry.to_json() for entry in self.entries]}


@dataclass(frozen=True, slots=True)
class Contradicted:
    """Entries about one image that disagree about a category; none of their answers is taken."""

    image: str
    category: str
    answers: tuple[tuple[Entry, LabelState], ...]

    def to_json(self) -> dict[str, Any]:
        answers = [entry.to_json() | {"state": state} for entry, state in self.answers]
        return {"image": self.image, "category": self.category, "answers": answers}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Counts of an import; with ``dry_run`` the same numbers for a project that was left as it was.

    ``yes``, ``no`` and ``reviewed`` count what changes in the project; ``unchanged`` counts statements of the
    file that the project already agreed with. ``unmatched`` names images of the file that the project does
    not have, or not for certain; ``unmatched_entries`` has the reasons. ``outside`` counts the project's
    images that the file does not name. ``conflicts`` keep the project's answer unless ``overwrite`` was asked
    for. ``unused`` are categories that the file lists and no answer uses: they are not created.
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
    by_file_name: Sequence[Guess] = ()
    united: Sequence[United] = ()
    contradictions: Sequence[Contradicted] = ()
    unused: Sequence[str] = ()
    joined: Sequence[JoinedNames] = ()
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
        }


@dataclass(frozen=True, slots=True)
class ExportReport:
    """``labels`` counts the yes labels, ``left_out`` the images not in the file; ``size`` is in bytes."""

    format: str
    path: Path
    images: int
    categories: int
    labels: int
    reviewed: int
    left_out: int
    size: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"path": str(self.path)}
