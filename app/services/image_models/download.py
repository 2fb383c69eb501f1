"""Downloading an image model: only when asked, one at a time, verified before it counts as ready."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from app.domain.disk import fault_and_remedy
from app.domain.errors import CancelledError, KnownError, NotFoundError
from app.domain.language import translate
from app.domain.progress import Progress, ProgressCallback, RateMeter, StopCheck
from app.domain.sizes import size_words
from app.services.image_models.checks import PassedCheck, check_model, checks_path
from app.services.image_models.hub import (
    Part,
    config_part,
    hub_files,
    model_parts,
    require_package,
    text_package,
)
from app.services.image_models.known import KNOWN, PUBLISHED, HubFiles
from app.services.runner.runner import Runner
from app.storage.os_lock import try_lock
from cprfl_core.backbone.names import LOCAL_DIR, is_path, split_name

if TYPE_CHECKING:
    from app.services.image_models.transfer import RemoteFile

SPARE_BYTES: Final = 200_000_000
"""Disk space that a download leaves free: the projects may be on the same disk."""
REPORT_SECONDS: Final = 0.1
RETRY_SECONDS: Final = 0.2
LOCK_NAME: Final = "download.lock"


@dataclass(frozen=True, slots=True)
class DownloadPlan:
    """What a download will receive. ``left`` bytes of ``total`` are not on the disk of ``folder`` yet."""

    name: str
    files: "tuple[RemoteFile, ...]"
    total: int
    left: int
    folder: Path

    @property
    def free(self) -> int | None:
        """Free bytes of the disk; None if it does not say, as some network drives."""
        place = next(folder for folder in (self.folder, *self.folder.parents) if folder.exists())
        disk = shutil.disk_usage(place)
        return disk.free if disk.total > 0 else None


def plan_download(name: str) -> DownloadPlan:
    """Ask the hub for the files of a model and their sizes; only its small configuration is received.

    Raises DownloadError, NotFoundError, KnownError (also if the disk is too small) or BackboneError, each a
    sentence.
    """
    files = _downloadable(name)
    require_package(name)
    plan = _planned(name, files, lambda: False)
    _require_space(plan)
    return plan


def download_model(
    name: str,
    runner: Runner,
    on_plan: Callable[[DownloadPlan], None] | None = None,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> PassedCheck:
    """Download a model and check it with ``runner``; it is ready when this returns.

    ``on_plan`` is told the size before anything is received. Raises what :func:`fetch_model` and
    :func:`check_model` raise.
    """
    fetch_model(name, on_plan, on_progress, should_stop)
    return check_model(name, runner, on_progress, should_stop)


def fetch_model(
    name: str,
    on_plan: Callable[[DownloadPlan], None] | None = None,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> None:
    """Receive the files of a model into the cache of the hub and verify their hashes.

    Partial files are continued. Waits while another download runs. Raises CancelledError, DownloadError,
    NotFoundError, or a ProjectError of the disk.
    """
    from app.services.image_models.transfer import publish, transfer

    stop = should_stop or (lambda: False)
    files = _downloadable(name)
    require_package(name)
    with download_lock(_waiting(on_progress, stop)):
        plan = _planned(name, files, stop)
        if on_plan is not None:
            on_plan(plan)
        _require_space(plan)
        report = _Reporter(plan, on_progress)
        there = [file.size - file.bytes_left for file in plan.files]
        for number, file in enumerate(plan.files):
            transfer(file, partial(report, sum(there) - there[number]), stop)
            there[number] = file.size
        publish(plan.files)


@contextlib.contextmanager
def download_lock(on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold this person's lock on downloads in this block, once no other process or thread holds it.

    ``on_wait`` is called again and again while one does; what it raises ends the waiting. Raises KnownError.
    """
    path = checks_path().with_name(LOCK_NAME)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise KnownError(
            translate("ImageModels", "The lock {path} cannot be used: {reason}.").format(
                path=path, reason=fault_and_remedy(error)
            )
        ) from error
    try:
        while try_lock(descriptor) is False:
            on_wait()
            time.sleep(RETRY_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _waiting(on_progress: ProgressCallback | None, should_stop: StopCheck) -> Callable[[], None]:
    def wait() -> None:
        if should_stop():
            raise CancelledError(
                translate("ImageModels", "The download was stopped while it waited for another one.")
            )
        if on_progress is not None:
            on_progress(Progress(translate("ImageModels", "Waiting for another download"), 0, None))

    return wait


def _downloadable(name: str) -> HubFiles:
    """Where a model is on the hub. Raises KnownError if it is not a model to be downloaded."""
    files = hub_files(name)
    if files is not None:
        return files
    architecture, weights = split_name(name)
    if name in KNOWN:
        raise KnownError(
            translate(
                "ImageModels", "{name} is part of the installation; there is nothing to download."
            ).format(name=name)
        )
    if name.startswith(LOCAL_DIR) or (weights and is_path(weights)):
        raise KnownError(
            translate(
                "ImageModels", "{name} is on this disk already; check it with 'tailspotter backbones check'."
            ).format(name=name)
        )
    same = [model.name for model in PUBLISHED if model.name.startswith(f"{architecture}@")]
    known = (
        translate("ImageModels", "; did you mean {names}?").format(names=" or ".join(same))
        if same
        else translate("ImageModels", "; hf-hub:ORGANISATION/MODEL names others.")
    )
    raise NotFoundError(
        translate(
            "ImageModels", "{name} is not in the list of image models (tailspotter backbones list){known}"
        ).format(name=name, known=known)
    )


def _planned(name: str, files: HubFiles, stop: StopCheck) -> DownloadPlan:
    """The files in the newest commit of the hub. The configuration is received, as it names further files."""
    from app.services.image_models.transfer import look_up, note_missing, transfer

    found: list[RemoteFile] = []
    tokenizer = files.tokenizer
    if files.configured:
        part = config_part(files)
        first = look_up(part.repository, part.names)
        if first is None:
            raise _no_model(part)
        found.append(first)
        config = transfer(first, lambda _: None, stop)
        tokenizer = bool(text_package(config))
        require_package(name, text_package(config))
    for part in model_parts(files, tokenizer):
        commit = found[0].commit if found else None
        file = look_up(part.repository, part.names, commit)
        if file is not None:
            found.append(file)
        elif part.optional and commit is not None:
            note_missing(part.repository, commit, part.names)
        else:
            raise _no_model(part)
    left = sum(file.bytes_left for file in found)
    return DownloadPlan(name, tuple(found), sum(file.size for file in found), left, found[0].folder)


def _no_model(part: Part) -> NotFoundError:
    from app.services.image_models.transfer import host

    return NotFoundError(
        translate(
            "ImageModels",
            "{repository} on {host} has no {names}: it is not a model for open_clip; choose another one.",
        ).format(repository=part.repository, host=host(), names=part.names[0])
    )


def _require_space(plan: DownloadPlan) -> None:
    """Raise KnownError unless the disk of the cache has room for what is left."""
    free = plan.free
    if free is not None and plan.left and plan.left + SPARE_BYTES > free:
        raise KnownError(
            translate(
                "ImageModels",
                "{plan} needs {size} and the disk of {parent} has {size_2} left; free {size_3}, or "
                "set HF_HOME to a folder on another disk.",
            ).format(
                plan=plan.name,
                size=size_words(plan.left),
                parent=plan.folder.parent,
                size_2=size_words(free),
                size_3=size_words(plan.left + SPARE_BYTES - free),
            )
        )


class _Reporter:
    """Reports the bytes that are there, at most ten times a second."""

    def __init__(self, plan: DownloadPlan, on_progress: ProgressCallback | None) -> None:
        self._on_progress = on_progress
        self._meter = RateMeter(
            translate("ImageModels", "Downloading {plan}").format(plan=plan.name),
            plan.total,
            done=plan.total - plan.left,
            in_bytes=True,
        )
        self._total = plan.total
        self._last = 0.0

    def __call__(self, elsewhere: int, received: int) -> None:
        """Of the file that is transferred, ``received`` bytes are there; ``elsewhere`` of the others."""
        now, done = time.monotonic(), elsewhere + received
        if self._on_progress is None or (now - self._last < REPORT_SECONDS and done < self._total):
            return
        self._last = now
        self._on_progress(self._meter.progress(done))
