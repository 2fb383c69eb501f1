"""How fast this computer has trained before, for the estimate of a project that has not trained yet."""

import json
import logging
from pathlib import Path
from typing import Final

from app.services.settings import settings_path
from app.services.text_files import replacing
from cprfl_core.tuning.facts import RunFacts

FILE_NAME: Final = "training-speed.json"
OVERHEAD_SECONDS: Final = 5.0
"""A run takes this long however small it is."""

log = logging.getLogger(__name__)


def remember(facts: RunFacts) -> None:
    """Keep the speed of a run. A place that cannot be written to is only logged: it serves an estimate."""
    work = facts.images * facts.categories
    if facts.stopped or not work:
        return
    path = speed_path()
    seconds = max(0.0, facts.seconds - OVERHEAD_SECONDS) / work
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.write(json.dumps({"seconds_per_label": seconds, "device": facts.device}).encode())
    except OSError as error:
        log.info("the training speed is not kept: %s", error)


def known(device: str | None = None) -> float | None:
    """Seconds for one labelled image and category, all parts of a run together; None if unknown.

    ``device``, if it is known, is the one that the next run will use: the speed of another says nothing.
    """
    try:
        kept = json.loads(speed_path().read_bytes())
        if device is not None and _kind(kept["device"]) != _kind(device):
            return None
        found = float(kept["seconds_per_label"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if 0 <= found < float("inf") else None


def _kind(device: str) -> str:
    """``cuda`` of ``cuda:0``."""
    return device.partition(":")[0]


def speed_path() -> Path:
    return settings_path().with_name(FILE_NAME)
