"""Checking a model, and remembering on this computer which models passed and how fast they are."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.domain.language import translate
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.protocol.messages import CheckBackbone, CheckResult
from app.services.image_models.hub import cached_files, hub_files, require_files
from app.services.runner.events import log_warnings
from app.services.runner.runner import Runner, new_job_id, result_of
from app.services.settings import settings_path
from app.services.text_files import replacing
from cprfl_core.backbone.names import absolute_name

FILE_NAME: Final = "image-models.json"


@dataclass(frozen=True, slots=True)
class PassedCheck:
    """A model whose features were finite, different by image and of the width ``embed_dim``.

    ``images_per_second`` of the model alone, on this computer's ``device``. ``files`` identifies the files
    that were checked, empty for a model that is not from the hub.
    """

    name: str
    key: str
    embed_dim: int
    image_size: tuple[int, int]
    images_per_second: float
    device: str
    precision: str
    checked_at: str
    files: tuple[str, ...] = ()


def check_model(
    name: str,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> PassedCheck:
    """Load a model, compute features with it, and remember the result. Nothing is downloaded.

    ``name`` may be any name of a model, a local file or folder included. Raises BackboneError,
    NotFoundError, CancelledError or the runner's known errors.
    """
    wanted = absolute_name(name)
    require_files(wanted)
    if on_progress is not None:
        on_progress(Progress(translate("ImageModels", "Checking the image model"), 0, None))
    command = CheckBackbone(job=new_job_id(), backbone=wanted)
    result = result_of(runner.run(command, log_warnings, should_stop), CheckResult)
    passed = PassedCheck(
        wanted,
        result.key,
        result.embed_dim,
        result.image_size,
        result.images_per_second,
        result.device,
        result.precision,
        datetime.now(UTC).isoformat(timespec="seconds"),
        file_stamps(wanted),
    )
    _remember(passed)
    return passed


def file_stamps(name: str) -> tuple[str, ...]:
    """What identifies the files of a model of the hub: the cache names a file by its hash."""
    files = hub_files(name)
    paths = cached_files(files) if files is not None else None
    return tuple(f"{path.resolve().name} {path.stat().st_size}" for path in paths or ())


def passed_checks() -> dict[str, PassedCheck]:
    """The remembered checks by name. An unreadable file counts as empty: a model can be checked again."""
    try:
        stored = json.loads(checks_path().read_bytes())
        entries = stored["checks"] if isinstance(stored, dict) else {}
        return {name: _restored(name, entry) for name, entry in entries.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def forget(names: Sequence[str]) -> None:
    """Forget the checks of these models. Raises KnownError."""
    before = passed_checks()
    after = {name: check for name, check in before.items() if name not in names}
    if after != before:
        _write(after)


def checks_path() -> Path:
    return settings_path().with_name(FILE_NAME)


def _remember(passed: PassedCheck) -> None:
    _write(passed_checks() | {passed.name: passed})


def _write(checks: dict[str, PassedCheck]) -> None:
    path = checks_path()
    text = json.dumps({"checks": {name: asdict(check) for name, check in checks.items()}}, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as stream:
            stream.write(text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise KnownError(
            translate(
                "ImageModels", "The check of the image model cannot be stored in {path}: {reason}."
            ).format(path=os.fspath(path), reason=fault_and_remedy(error))
        ) from error


def _restored(name: str, entry: dict[str, Any]) -> PassedCheck:
    values = {field.name: entry[field.name] for field in fields(PassedCheck)}
    height, width = values["image_size"]
    values |= {
        "name": name,
        "image_size": (int(height), int(width)),
        "images_per_second": float(values["images_per_second"]),
        "files": tuple(map(str, values["files"])),
    }
    return PassedCheck(**values)
