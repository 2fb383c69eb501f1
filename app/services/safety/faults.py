"""One thing that is wrong with a project, and how it is repaired."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.domain.findings import Finding, FindingState


@dataclass(frozen=True, slots=True)
class Fault:
    """``repair`` does what ``remedy`` says; without it, a person has to. ``note``: nothing is wrong."""

    kind: str
    sentence: str
    remedy: str
    repair: Callable[[], object] | None = None
    note: bool = False

    def finding(self, *, repaired: bool = False) -> Finding:
        if self.note:
            state = FindingState.NOTE
        elif repaired:
            state = FindingState.REPAIRED
        else:
            state = FindingState.LEFT if self.repair is None else FindingState.REPAIRABLE
        return Finding(self.kind, self.sentence, self.remedy, state)


def set_aside(path: Path) -> None:
    """Rename a damaged file or folder. Raises KnownError."""
    with told(path):
        target = path.with_name(f"{path.name}.damaged")
        number = 1
        while target.exists():
            number += 1
            target = path.with_name(f"{path.name}.damaged-{number}")
        path.rename(target)


def remove(*paths: Path) -> None:
    """Delete files that may be gone already. Raises KnownError."""
    for path in paths:
        with told(path):
            path.unlink(missing_ok=True)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Errors of the system as a sentence about this file."""
    try:
        yield
    except OSError as error:
        raise KnownError(f"{path} cannot be repaired: {fault_and_remedy(error)}.") from error
