"""What the start page shows of recent projects.

It is stored beside the settings and never read from the projects, which may be on a slow or missing disk.
"""

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app.domain.disk import fault
from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.text_files import replacing
from app.storage.layout import ProjectLayout, project_name

VERSION: Final = 1


class RecentError(KnownError):
    """A card that could not be written."""


@dataclass(frozen=True, slots=True)
class LastView:
    """What the window showed of a project: the query, the current image, whether it was shown large, and the
    place; empty for the first one."""

    query: str = ""
    image: int | None = None
    single: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """One project as it was when it was last closed; counts are None if unknown.

    ``strip``: an encoded picture of some of its images, or empty. ``there``: its database exists.
    """

    folder: Path
    name: str
    images: int | None = None
    reviewed: int | None = None
    categories: int | None = None
    opened_at: datetime | None = None
    strip: bytes = b""
    there: bool = True
    view: LastView | None = None


def plain_card(folder: Path) -> ProjectCard:
    """A card from the folder's name alone."""
    return ProjectCard(folder, project_name(folder))


def is_project(folder: Path) -> bool:
    """Whether the folder is a project, or an image folder that contains one. Nothing is opened."""
    with contextlib.suppress(OSError):
        return ProjectLayout.find(folder) is not None
    return False


class RecentCards:
    """The cards in one folder: a JSON file and a picture for each project."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, project: Path) -> ProjectCard:
        """The stored card, with whether the project exists now. What cannot be read is left out."""
        card = plain_card(project)
        try:
            stored = json.loads(self._file(project, ".json").read_bytes())
            card = replace(
                card,
                name=str(stored["name"]),
                images=_count(stored, "images"),
                reviewed=_count(stored, "reviewed"),
                categories=_count(stored, "categories"),
                opened_at=datetime.fromisoformat(stored["opened_at"]).astimezone(UTC),
                view=_view(stored.get("view")),
            )
        except (OSError, ValueError, KeyError, TypeError):
            pass  # not stored, or damaged: the folder's name is enough to open it
        with contextlib.suppress(OSError):
            card = replace(card, strip=self._file(project, ".picture").read_bytes())
        return replace(card, there=is_project(project))

    def save(self, card: ProjectCard) -> None:
        """Replace the card of a project; without a strip, the stored one stays. Raises RecentError."""
        values = {
            "version": VERSION,
            "folder": os.fsdecode(card.folder),
            "name": card.name,
            "images": card.images,
            "reviewed": card.reviewed,
            "categories": card.categories,
            "opened_at": (card.opened_at or datetime.now(UTC)).isoformat(),
        }
        if card.view is not None:
            values["view"] = asdict(card.view)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with replacing(self._file(card.folder, ".json")) as stream:
                stream.write(json.dumps(values).encode())
            if card.strip:
                with replacing(self._file(card.folder, ".picture")) as stream:
                    stream.write(card.strip)
        except OSError as error:
            raise RecentError(
                translate(
                    "Settings",
                    "The start page's summary of a project could not be saved in {folder} ({reason}); "
                    "the project itself is not affected.",
                ).format(folder=self._folder, reason=fault(error))
            ) from error

    def forget(self, project: Path) -> None:
        """Delete the card of a project; the project itself stays."""
        for suffix in (".json", ".picture"):
            with contextlib.suppress(OSError):
                self._file(project, suffix).unlink(missing_ok=True)

    def _file(self, project: Path, suffix: str) -> Path:
        return self._folder / (hashlib.sha256(os.fsencode(project)).hexdigest()[:24] + suffix)


def _view(stored: Any) -> LastView | None:
    """Raises KeyError or TypeError if it is damaged."""
    if stored is None:
        return None
    image = stored["image"]
    known = image if isinstance(image, int) else None
    return LastView(str(stored["query"]), known, stored["single"] is True, str(stored.get("place", "")))


def _count(stored: dict[str, Any], name: str) -> int | None:
    value = stored[name]
    return value if isinstance(value, int) and value >= 0 else None
