"""What an import or export did, or would do."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

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
class ImportReport:
    """Counts of an import; with ``dry_run`` the same numbers for a project that was left as it was.

    ``yes``, ``no`` and ``reviewed`` count what changes in the project; ``unchanged`` counts statements of the
    file that the project already agreed with. ``unmatched`` names images of the file that the project does
    not have, or has under several folders; ``outside`` counts the project's images that the file does not
    name. ``conflicts`` keep the project's answer unless ``overwrite`` was asked for.
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
    change: ChangeSet = field(default=ChangeSet(), repr=False)

    def to_json(self) -> dict[str, Any]:
        values = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in {"path", "change", "conflicts", "unmatched", "created"}
        }
        return values | {
            "path": str(self.path),
            "unmatched": list(self.unmatched),
            "created": list(self.created),
            "conflicts": [asdict(conflict) for conflict in self.conflicts],
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
