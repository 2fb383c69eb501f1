"""Where things lie in a project folder."""

from dataclasses import dataclass
from pathlib import Path

DEFAULT_NAME = ".tailspotter"


def default_folder(images: Path) -> Path:
    """Where a project over a folder of images lies unless told otherwise."""
    return images / DEFAULT_NAME


@dataclass(frozen=True, slots=True)
class ProjectLayout:
    folder: Path

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
    def window_lock(self) -> Path:
        return self.folder / "window.lock"

    @property
    def scan_lock(self) -> Path:
        return self.folder / "scan.lock"

    @property
    def job_lock(self) -> Path:
        return self.folder / "job.lock"
