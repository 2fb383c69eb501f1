"""What a check of a project finds."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class FindingState(StrEnum):
    """``REPAIRABLE``: with --repair; ``LEFT``: a person has to do something; ``NOTE``: nothing is wrong."""

    REPAIRABLE = "repairable"
    REPAIRED = "repaired"
    LEFT = "left"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """``sentence``: what was found; ``remedy``: what a repair does or has done, else what a person can do."""

    kind: str
    sentence: str
    remedy: str
    state: FindingState


@dataclass(frozen=True, slots=True)
class CheckReport:
    """``backup``: of the state before the repair; ``not_kept``: the file with what could not be kept."""

    folder: Path
    findings: list[Finding]
    backup: Path | None = None
    not_kept: Path | None = None

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong, or everything was repaired."""
        return all(one.state in {FindingState.REPAIRED, FindingState.NOTE} for one in self.findings)
