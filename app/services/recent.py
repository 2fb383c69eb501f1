"""What the start page tells of projects that were open lately.

It is kept beside the settings and never read from the projects: they may lie on a disk that is slow, gone, or
in use by somebody else.
"""

import contextlib
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app.domain.disk import fault
from app.domain.errors import KnownError
from app.storage.layout import DEFAULT_NAME, ProjectLayout, default_folder

VERSION: Final = 1


class RecentError(KnownError):
    """A card that could not be written."""


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """One project as it was when the window left it; counts are None for one never seen by this version.

    ``strip``: an encoded picture of some of its images, empty where there is none. ``there``: its database
    lies in its place now.
    """

    folder: Path
    name: str
    images: int | None = None
    reviewed: int | None = None
    categories: int | None = None
    opened_at: datetime | None = None
    strip: bytes = b""
    there: bool = True


def plain_card(folder: Path) -> ProjectCard:
    """What the folder's name alone tells."""
    return ProjectCard(folder, folder.parent.name if folder.name == DEFAULT_NAME else folder.name)


def is_project(folder: Path) -> bool:
    """Whether the folder is a project, or an image folder that holds one. Nothing is opened."""
    candidates = (ProjectLayout(folder), ProjectLayout(default_folder(folder)))
    with contextlib.suppress(OSError):
        return any(one.database.is_file() for one in candidates)
    return False


class RecentCards:
    """The cards in one folder, a JSON file and a picture for each project."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, project: Path) -> ProjectCard:
        """What was kept, completed by whether the project is there now. What cannot be read is left out."""
        card = plain_card(project)
        try:
            said = json.loads(self._file(project, ".json").read_bytes())
            card = replace(
                card,
                name=str(said["name"]),
                images=_count(said, "images"),
                reviewed=_count(said, "reviewed"),
                categories=_count(said, "categories"),
                opened_at=datetime.fromisoformat(said["opened_at"]).astimezone(UTC),
            )
        except (OSError, ValueError, KeyError, TypeError):
            pass  # never kept, or damaged: its name still opens it
        with contextlib.suppress(OSError):
            card = replace(card, strip=self._file(project, ".picture").read_bytes())
        return replace(card, there=is_project(project))

    def keep(self, card: ProjectCard) -> None:
        """Replace what is kept of a project; without a strip the one that is there stays.

        Raises RecentError.
        """
        said = {
            "version": VERSION,
            "folder": os.fsdecode(card.folder),
            "name": card.name,
            "images": card.images,
            "reviewed": card.reviewed,
            "categories": card.categories,
            "opened_at": (card.opened_at or datetime.now(UTC)).isoformat(),
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._write(self._file(card.folder, ".json"), json.dumps(said).encode())
            if card.strip:
                self._write(self._file(card.folder, ".picture"), card.strip)
        except OSError as error:
            raise RecentError(
                f"What the start page shows of a project could not be kept in {self._folder} "
                f"({fault(error)}); the project itself is not affected."
            ) from error

    def forget(self, project: Path) -> None:
        """Take what is kept of a project away; the project itself stays."""
        for suffix in (".json", ".picture"):
            with contextlib.suppress(OSError):
                self._file(project, suffix).unlink(missing_ok=True)

    def _file(self, project: Path, suffix: str) -> Path:
        return self._folder / (hashlib.sha256(os.fsencode(project)).hexdigest()[:24] + suffix)

    def _write(self, path: Path, data: bytes) -> None:
        handle, temporary = tempfile.mkstemp(prefix=path.name, dir=self._folder)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _count(said: dict[str, Any], name: str) -> int | None:
    value = said[name]
    return value if isinstance(value, int) and value >= 0 else None
