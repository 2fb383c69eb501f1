"""What a service does with the events of a short job."""

import logging

from app.protocol.messages import Event, WorkerWarning

log = logging.getLogger(__name__)


def log_warnings(event: Event) -> None:
    """An ``on_event`` that only logs warnings."""
    if isinstance(event, WorkerWarning):
        log.warning("%s", event.text)
