"""Runs one job to its terminal event, in a worker or in this process."""

import logging
import traceback
from collections.abc import Callable, Mapping

from app.protocol.messages import (
    Cancelled,
    Command,
    Completed,
    Failed,
    JobCommand,
    JobResult,
    SentTerminal,
)
from app.worker.context import JobContext
from cprfl_core.common.errors import CoreError

MAX_MESSAGE = 2_000
MAX_TRACEBACK = 20_000

log = logging.getLogger(__name__)

JobFunction = Callable[..., JobResult]
JobTable = Mapping[type[Command], JobFunction]
"""For each job command a function (command, JobContext) -> JobResult."""


class Stopped(Exception):
    """Raised by a job function that stopped early because it was asked to; ``result`` is what is kept."""

    def __init__(self, result: JobResult | None = None) -> None:
        super().__init__("the job was stopped")
        self.result = result


def run_job(command: JobCommand, jobs: JobTable, context: JobContext) -> SentTerminal:
    """Run ``command`` and return its terminal event. The last progress is sent before this returns.

    Raises only KeyboardInterrupt: a CoreError is a known failure, any other exception is a bug whose
    traceback is in the event.
    """
    job = command.job
    if context.should_stop():
        return Cancelled(job=job)
    try:
        result = jobs[type(command)](command, context)
    except Stopped as stopped:
        return Cancelled(job=job, result=stopped.result)
    except CoreError as error:
        log.info("job %s failed: %s", job, error)
        return Failed(job=job, known=True, message=str(error)[:MAX_MESSAGE])
    except (Exception, SystemExit) as error:
        log.exception("job %s met a bug", job)
        text = "".join(traceback.format_exception(error))
        message = f"{type(error).__name__}: {error}"[:MAX_MESSAGE]
        return Failed(job=job, known=False, message=message, traceback=text[-MAX_TRACEBACK:])
    else:
        return Completed(job=job, result=result)
    finally:
        context.meter.flush()
