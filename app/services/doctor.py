"""Diagnosis when something does not work: each check says what it found and what to do about it."""

import os
import platform
import shlex
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from app import __version__
from app.domain.errors import (
    BusyError,
    DamagedError,
    DiskError,
    KnownError,
    NotAProjectError,
    NotFoundError,
    OlderVersionError,
    VersionError,
)
from app.domain.progress import StopCheck
from app.protocol.messages import (
    BackboneResult,
    Cancelled,
    Completed,
    Crashed,
    DescribeBackbone,
    DeviceInfo,
    Event,
    Failed,
    Hello,
    Terminal,
)
from app.services.features.index_run import readable_ids_and_stamps
from app.services.features.indexing import feature_key, feature_store
from app.services.image_models.known import INCLUDED
from app.services.image_models.listing import ModelState, listed_models
from app.services.image_models.transfer import host
from app.services.project.project import Project, newest_backup, open_project, users
from app.services.runner.runner import Runner, new_job_id
from app.services.settings import FOLDER_VARIABLE, settings_path
from app.services.system_libraries import missing_packages
from app.storage import changed_images, images, pictures
from cprfl_core.backbone.names import DEFAULT, OFFLINE_VARIABLE
from cprfl_core.common.disk import size_words
from cprfl_core.common.errors import CoreError

WORKER_SECONDS = 120.0
LITTLE_DISK = 1 << 30
NO_DISK = 100 << 20
LITTLE_MEMORY = 1 << 30
OLDEST_SQLITE = (3, 35, 0)


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """``detail`` is what was found; ``advice`` what to do about it, None if all is well."""

    name: str
    state: State
    detail: str
    advice: str | None = None


def report(
    runner: Runner,
    folder: Path | None = None,
    *,
    should_stop: StopCheck | None = None,
    worker_seconds: float = WORKER_SECONDS,
) -> dict[str, Any]:
    """Check this installation and optionally a project; returns ``{"ok": bool, "checks": [...]}``.

    ``runner`` should load the model in a separate process, as loading torch may crash. Nothing is raised for
    what is found.
    """
    checks = [_versions(), _sqlite(), _window(), _settings(), _image_models(), _network()]
    backbone = DEFAULT
    project: Project | None = None
    if folder is not None:
        try:
            project = open_project(folder, migrating=False)
        except KnownError as error:
            checks.append(_closed_project(folder, error))
        else:
            backbone = project.backbone
    try:
        checks += _worker(runner, backbone, should_stop, worker_seconds)
        checks.append(_disk(project.folder if project else _home()))
        if project is not None:
            checks += _project(project)
    finally:
        if project is not None:
            project.close()
    return {
        "ok": all(check.state is not State.FAIL for check in checks),
        "checks": [asdict(check) for check in checks],
    }


def _closed_project(folder: Path, error: KnownError) -> Check:
    """A project that cannot be opened, with advice by reason."""
    state = State.FAIL
    match error:
        case NotAProjectError() | NotFoundError():
            advice = "Give the folder of a project, or an image folder that contains one."
        case BusyError():
            who = " and ".join(users(folder)) or "the other program"
            advice = f"Wait until {who} has finished, and try again."
        case DiskError():
            advice = f"{error.remedy[0].upper()}{error.remedy[1:]}."
        case DamagedError():
            advice = _recovery_advice(folder)
        case OlderVersionError():
            state, advice = State.WARN, "Nothing to do: any other command updates it."
        case VersionError():
            advice = "Update Tailspotter."
        case _:
            advice = "Check that the disk is connected, and that you may read and write the folder."
    return Check("project", state, str(error), advice)


def _recovery_advice(folder: Path) -> str:
    backup = newest_backup(folder)
    base = "what can be read" if backup is None else f"what can be read, on top of the backup {backup.name}"
    return f"Run 'tailspotter check {folder} --repair': it sets the database aside and recovers {base}."


def _versions() -> Check:
    detail = f"Tailspotter {__version__}, Python {platform.python_version()}, {platform.platform()}"
    return Check("version", State.OK, detail)


def _sqlite() -> Check:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        wanted = ".".join(map(str, OLDEST_SQLITE))
        advice = f"Use a Python version with SQLite {wanted} or newer."
        return Check("sqlite", State.FAIL, sqlite3.sqlite_version, advice)
    return Check("sqlite", State.OK, sqlite3.sqlite_version)


def _window() -> Check:
    """Without a display only the window cannot be used. Whether a display answers is not tried."""
    try:
        detail = f"PySide6 {version('PySide6-Essentials')}"
    except PackageNotFoundError:
        return Check("window", State.FAIL, "PySide6 is not installed", "Install Tailspotter again.")
    if missing := missing_packages():
        wanted = f"Install the libraries; on Debian or Ubuntu: apt install {' '.join(missing)}."
        return Check("window", State.WARN, f"{detail}, without system libraries that it needs", wanted)
    names = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
    chosen = [f"{name}={os.environ[name]}" for name in names if os.environ.get(name)]
    if sys.platform.startswith("linux") and not chosen:
        return Check("window", State.OK, f"{detail}; no display here: the window cannot open, commands can")
    return Check("window", State.OK, ", ".join([detail, *chosen]))


def _settings() -> Check:
    path = settings_path()
    there = next(place for place in (path, *path.parents) if place.exists())
    if os.access(there, os.W_OK):
        return Check("settings", State.OK, str(path))
    advice = f"Make the folder writable, or name another one in {FOLDER_VARIABLE}."
    return Check("settings", State.WARN, f"{path} cannot be written; preferences are lost at the end", advice)


def _image_models() -> Check:
    ready = [one for one in listed_models() if one.state is ModelState.READY and not one.missing_package]
    included = [one.model.name for one in ready if one.model in INCLUDED]
    others = [one for one in ready if one.model not in INCLUDED]
    detail = f"included: {', '.join(included)}"
    if others:
        size = size_words(sum(one.disk_bytes or 0 for one in others))
        detail = f"{detail}; downloaded: {', '.join(one.model.name for one in others)} ({size})"
    return Check("image models", State.OK, detail)


def _network() -> Check:
    if os.environ.get(OFFLINE_VARIABLE):
        return Check("network", State.OK, f"not used: {OFFLINE_VARIABLE} is set")
    return Check("network", State.OK, f"used only to download image models when asked, from {host()}")


def _worker(runner: Runner, backbone: str, should_stop: StopCheck | None, seconds: float) -> list[Check]:
    """Load the backbone in the worker, which checks torch, the device and the weights together."""
    events: list[Event] = []
    began = time.monotonic()

    def timed_out() -> bool:
        return time.monotonic() - began > seconds or (should_stop is not None and should_stop())

    terminal = runner.run(DescribeBackbone(job=new_job_id(), backbone=backbone), events.append, timed_out)
    checks = []
    for event in events:
        if isinstance(event, Hello):
            versions = ", ".join(f"{name} {version}" for name, version in event.versions.items())
            checks += [Check("packages", State.OK, versions), _memory(event)]
        elif isinstance(event, DeviceInfo):
            checks.append(Check("device", State.OK, f"{event.device}, {event.precision}: {event.reason}"))
    return [*checks, _backbone(backbone, terminal, time.monotonic() - began)]


def _memory(hello: Hello) -> Check:
    detail = f"{size_words(hello.memory_available)} free of {size_words(hello.memory_total)}"
    if hello.memory_available < LITTLE_MEMORY:
        return Check("memory", State.WARN, detail, "Close other programs before indexing.")
    return Check("memory", State.OK, detail)


def _backbone(name: str, terminal: Terminal, seconds: float) -> Check:
    again = "Install Tailspotter again; if it still fails, report this text."
    match terminal:
        case Completed(result=BackboneResult() as found):
            rows, columns = found.grid
            detail = f"{name}: {found.embed_dim} values per image, {rows} x {columns} patches, {found.device}"
            return Check("backbone", State.OK, f"{detail}, loaded in {seconds:.1f} s")
        case Failed(known=True):
            return Check("backbone", State.FAIL, terminal.message, "Without it nothing can be indexed.")
        case Failed():
            return Check("backbone", State.FAIL, f"{terminal.message}\n{terminal.traceback or ''}", again)
        case Crashed():
            log = "".join(f"\n  {line}" for line in terminal.log[-5:])
            return Check("worker", State.FAIL, terminal.message + log, again)
        case Cancelled():
            advice = "Check whether the computer is busy or out of memory, and try again."
            return Check("worker", State.FAIL, f"no answer within {seconds:.0f} s", advice)
        case _:
            return Check("backbone", State.FAIL, f"unexpected answer {terminal!r}", again)


def _home() -> Path:
    """The home folder according to the system, even if it does not exist."""
    return Path(os.path.abspath(os.path.expanduser("~")))  # noqa: PTH100, PTH111 - pathlib's raise without one


def _disk(folder: Path) -> Check:
    """For a folder that does not exist, the nearest existing parent counts."""
    free = None
    for place in (folder, *folder.parents):
        try:
            free = shutil.disk_usage(place).free
        except OSError:
            continue
        break
    if free is None:
        return Check("disk", State.WARN, f"the free space at {folder} cannot be read", "Check it yourself.")
    detail = f"{size_words(free)} free on the disk of {folder}"
    if free < NO_DISK:
        return Check("disk", State.FAIL, detail, "Free some space: nothing can be written.")
    if free < LITTLE_DISK:
        return Check("disk", State.WARN, detail, "Free some space before indexing.")
    return Check("disk", State.OK, detail)


def _project(project: Project) -> Iterator[Check]:
    how, advice = "opens", project.warning
    if project.read_only is not None:
        how = f"opens for reading only ({project.read_only})"
        advice = "Labels can be read and exported; nothing can be changed."
    state = State.WARN if advice else State.OK
    yield Check("project", state, f"{project.folder} {how}, backbone {project.backbone}", advice)
    with project.db.read() as session:
        roots = images.roots(session)
        counts, changed = images.counts(session), changed_images.count(session)
        notes = pictures.note_counts(session)
    place = shlex.quote(str(project.folder))
    for root in roots.values():
        if root.is_dir():
            yield Check("image folder", State.OK, str(root))
        else:
            advice = (
                "Connect the disk or put the folder back, or give its new place with "
                f"'tailspotter relocate {place} {shlex.quote(str(root))} NEW'; its labels are safe."
            )
            yield Check("image folder", State.FAIL, f"{root} is not there", advice)
    detail = f"{counts.total:,}: {counts.unreadable:,} unreadable, {counts.missing:,} missing"
    if counts.unreadable or counts.missing:
        advice = f"'tailspotter list {place} \"is:missing OR is:unreadable\"' lists them with their reasons."
        yield Check("images", State.WARN, detail, advice)
    else:
        yield Check("images", State.OK, detail)
    if changed:
        detail = f"{changed:,} with a different picture than when labelled"
        advice = f"'tailspotter list {place} is:changed' lists them; check their labels and review them."
        yield Check("changed images", State.WARN, detail, advice)
    if notes:
        detail = "; ".join(f"{count:,} {note}" for note, count in sorted(notes.items()))
        advice = f"Nothing to do; 'tailspotter list {place}' says which they are."
        yield Check("odd image files", State.OK, detail, advice)
    yield _features(project)


def _features(project: Project) -> Check:
    advice = "Compute them with 'tailspotter index'."
    key, (readable, _) = feature_key(project), readable_ids_and_stamps(project)
    try:
        known = np.empty(0) if key is None else feature_store(project, key).ids()
    except CoreError as error:
        return Check("features", State.FAIL, str(error), advice)
    indexed = int(np.isin(readable, known).sum())
    detail = f"{indexed:,} of {len(readable):,} readable images"
    if indexed < len(readable):
        return Check("features", State.WARN, detail, advice)
    return Check("features", State.OK, detail)


def check_lines(check: dict[str, Any]) -> list[str]:
    """One check of a report, for people."""
    first, *others = check["detail"].splitlines() or [""]
    lines = [f"{check['state']:<5} {check['name']}: {first}", *(f"      {line}" for line in others)]
    return [*lines, f"      -> {check['advice']}"] if check["advice"] else lines
