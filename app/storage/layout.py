"""The files of a project folder."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_NAME = ".tailspotter"


def default_folder(images: Path) -> Path:
    """The project folder for a folder of images, unless the person chooses one."""
    return images / DEFAULT_NAME


def project_name(folder: Path) -> str:
    """What a project is called: its folder, or the image folder that it is inside of."""
    return folder.parent.name if folder.name == DEFAULT_NAME else folder.name


def database_files(database: Path) -> list[Path]:
    """A database file and the files that SQLite may put beside it."""
    return [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]


@dataclass(frozen=True, slots=True)
class ProjectLayout:
    folder: Path

    @classmethod
    def find(cls, folder: Path) -> "ProjectLayout | None":
        """The project in this folder, or the default one of this folder of images. Raises OSError."""
        candidates = (cls(folder), cls(default_folder(folder)))
        return next((one for one in candidates if one.database.is_file()), None)

    @property
    def database(self) -> Path:
        return self.folder / "project.db"

    @property
    def thumbnails(self) -> Path:
        return self.folder / "thumbnails.db"

    def features(self, key: str) -> Path:
        """The folder of one backbone's features; ``key`` is made safe as a file name."""
        return self.folder / "features" / "".join(c if c.isalnum() or c in "-_.+" else "_" for c in key)

    @property
    def models(self) -> Path:
        return self.folder / "models"

    @property
    def scores(self) -> Path:
        return self.folder / "scores"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def own_folders(self) -> tuple[str, ...]:
        """The names of the folders in which only this program writes."""
        return "features", *(one.name for one in (self.models, self.scores, self.backups, self.logs))

    @property
    def window_lock(self) -> Path:
        return self.folder / "window.lock"

    @property
    def scan_lock(self) -> Path:
        return self.folder / "scan.lock"

    @property
    def job_lock(self) -> Path:
        return self.folder / "job.lock"
