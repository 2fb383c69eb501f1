"""Files and folders that appear together, or not at all."""

import contextlib
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.text_files import set_usual_mode, sync_folder, usual_mode
from app.storage.abandoned import remove_abandoned

_CHUNK = 1 << 20


@dataclass(slots=True)
class Outputs:
    """What is written first has temporary names beside the targets."""

    _staged: list[tuple[Path, Path]] = field(default_factory=list)
    _kept: list[tuple[Path, Path]] = field(default_factory=list)

    @contextlib.contextmanager
    def file(self, target: Path) -> Iterator[IO[bytes]]:
        """A file that will become ``target``. Raises KnownError if it cannot be written."""
        with _told(target):
            descriptor, name = tempfile.mkstemp(prefix=_prefix(target), suffix=".tmp", dir=target.parent)
            self._staged.append((Path(name), target))
            with os.fdopen(descriptor, "wb", buffering=_CHUNK) as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            set_usual_mode(Path(name), target)

    @contextlib.contextmanager
    def folder(self, target: Path) -> Iterator[Path]:
        """An empty folder that will become ``target``. Raises KnownError if it cannot be written."""
        with _told(target):
            place = Path(tempfile.mkdtemp(prefix=_prefix(target), suffix=".tmp", dir=target.parent))
            self._staged.append((place, target))
            yield place
            place.chmod(usual_mode(0o777))

    def publish(self) -> None:
        """Give everything its name. If that fails, what was there before is put back."""
        done: list[Path] = []
        try:
            for temporary, target in self._staged:
                with _told(target):
                    if len(self._staged) > 1 and target.is_file():
                        self._kept.append((_second_name(target), target))
                    temporary.replace(target)
                    done.append(target)
        except BaseException:
            kept = {target: copy for copy, target in self._kept}
            for target in done:
                with contextlib.suppress(OSError):
                    if target in kept:
                        kept[target].replace(target)
                    else:
                        _remove(target)
            raise
        for folder in {target.parent for _, target in self._staged}:
            sync_folder(folder)
        for _, target in self._staged:
            remove_abandoned(target.parent, f"{glob.escape(_prefix(target))}*.tmp")

    def clear(self) -> None:
        for path in (*(one for one, _ in self._staged), *(one.parent for one, _ in self._kept)):
            with contextlib.suppress(OSError):
                _remove(path)


@contextlib.contextmanager
def together() -> Iterator[Outputs]:
    """Outputs that get their names when the block succeeds, and leave nothing behind when it fails."""
    outputs = Outputs()
    try:
        yield outputs
        outputs.publish()
    finally:
        outputs.clear()


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KnownError(
            translate("Interchange", "{target} cannot be written: {reason}.").format(
                target=target, reason=fault_and_remedy(error)
            )
        ) from error


def _prefix(target: Path) -> str:
    return f".{target.name[:80]}."


def _second_name(target: Path) -> Path:
    """Another name for the file, under which it survives while it is being replaced."""
    place = Path(tempfile.mkdtemp(prefix=_prefix(target), suffix=".old", dir=target.parent))
    copy = place / target.name
    try:
        os.link(target, copy)
    except OSError:  # some file systems have no links
        shutil.copy2(target, copy)
    return copy


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
