"""Long jobs and how they ended."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.storage.models import JobRow


class JobState(StrEnum):
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CRASHED = "crashed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    kind: str
    state: JobState
    message: str
    started_at: datetime
    ended_at: datetime | None
    arguments: dict[str, Any] = field(default_factory=dict, hash=False)


def start(s: Session, kind: str, arguments: dict[str, Any]) -> int:
    """Record that a job has started; ``arguments`` are what is needed to resume it."""
    row = JobRow(
        kind=kind,
        state=JobState.RUNNING.value,
        arguments=arguments,
        message="",
        started_at=datetime.now(UTC),
    )
    s.add(row)
    s.flush()
    return row.id


def finish(s: Session, job_id: int, state: JobState, message: str = "") -> None:
    values = {"state": state.value, "message": message, "ended_at": datetime.now(UTC)}
    s.execute(update(JobRow).where(JobRow.id == job_id).values(**values))


def interrupt_running(s: Session) -> list[int]:
    """Mark jobs recorded as running as interrupted. Only for the holder of the job lock."""
    running = list(s.scalars(select(JobRow.id).where(JobRow.state == JobState.RUNNING.value)))
    for job_id in running:
        finish(s, job_id, JobState.INTERRUPTED, "The program ended before the job did.")
    return running


def all_jobs(s: Session) -> list[Job]:
    """All jobs, newest first."""
    return [
        Job(row.id, row.kind, JobState(row.state), row.message, row.started_at, row.ended_at, row.arguments)
        for row in s.scalars(select(JobRow).order_by(JobRow.id.desc()))
    ]
