"""Lock files that name their holder and are released by a crash (docs/decisions/0240)."""

import contextlib
import json
import logging
import os
import socket
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil

from app.domain.errors import BusyError, KnownError
from app.domain.language import translate
from app.domain.stored_words import lock_words
from app.storage.database import Database
from app.storage.disk import disk_error
from app.storage.os_lock import try_lock

RETRY_SECONDS: Final = 0.3
"""Checking who holds a lock takes it briefly; only a process that has it for longer is the holder."""
_MOST_BYTES: Final = 65_536
_BINARY: Final = getattr(os, "O_BINARY", 0)
_BY_SYSTEM: Final = "system"
_BY_NUMBER: Final = "process"
_UNKNOWN: Final = "unknown"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds a lock.

    ``born`` is the start of the process in seconds since the epoch; only older versions rely on it, as it
    moves with the clock. ``token`` is a random name, how the lock is held, and the identity of the process
    among others with its pid; older versions write the random name alone, and accept any token.
    """

    pid: int
    born: float
    host: str
    since: str
    what: str
    token: str

    @property
    def by_system(self) -> bool:
        """Whether the system's lock on the file, on this computer, ends with the holder."""
        return self._word(1) == _BY_SYSTEM and self._on_this_computer()

    def alive(self) -> bool:
        """Whether the process still runs, judged by its pid; assumed true on another computer."""
        if not self._on_this_computer():
            return True
        recorded, found = self._word(2), _identity(self.pid)
        if not recorded:
            return found is not None and _born_then(self.pid, self.born)
        own = _identity(os.getpid()) or ""
        if _namespace(recorded) != _namespace(own):  # a container whose processes are not visible here
            return _boot(recorded) == _boot(own)
        return found in {recorded, _UNKNOWN}

    def _on_this_computer(self) -> bool:
        """By host name; or by boot id, if the name was changed or is that of a container."""
        run = _boot(self._word(2))
        return self.host == socket.gethostname() or (bool(run) and run == _boot(_identity(os.getpid()) or ""))

    def _word(self, place: int) -> str:
        return [*self.token.split(" "), "", ""][place]

    def describe(self) -> str:
        if not self.since:
            return lock_words(self.what)
        since = datetime.fromisoformat(self.since).astimezone().strftime("%Y-%m-%d %H:%M")
        place = (
            ""
            if self.host == socket.gethostname()
            else translate("Storage", " on {host}").format(host=self.host)
        )
        return translate("Storage", "{what} (process {pid}{place}, since {since})").format(
            what=lock_words(self.what), pid=self.pid, place=place, since=since
        )


def holder(path: Path) -> Holder | None:
    """The holder of the lock file, None if there is none or it is dead. Raises ProjectError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | _BINARY)
        try:
            return _holder(descriptor, try_lock(descriptor, shared=True))
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return None
    except PermissionError:
        return _unnamed(translate("Storage", "a program of another user"))
    except OSError as error:
        raise _unusable(path, error) from error


@contextmanager
def lock(database: Database | None, path: Path, what: str) -> Iterator[Holder]:
    """Hold the lock file ``path`` during the block; ``what`` describes the holder (``"the window"``).

    Nothing is written to the database, unless the file system has no locks; None stands for one that may be
    damaged. Raises BusyError, naming the holder; ReadOnlyError and DiskError if the lock file cannot be
    written; ProjectError.
    """
    if database is not None:
        database.require_writable()
    descriptor, mine = _acquire(database, path, what)
    try:
        yield mine
    finally:
        _release(descriptor, path, mine)


def _acquire(database: Database | None, path: Path, what: str) -> tuple[int, Holder]:
    deadline = time.monotonic() + RETRY_SECONDS
    while True:
        try:
            descriptor = _open(path)
            try:
                free = try_lock(descriptor)
                # Without system locks, the database's lock keeps two from taking over from a dead holder.
                with contextlib.nullcontext() if free is not None or database is None else database.write():
                    if _is_at(descriptor, path):  # else it has just been released, or taken over
                        other = _holder(descriptor, free)
                        if other is None:
                            kind = _BY_NUMBER if free is None else _BY_SYSTEM
                            return descriptor, _write_holder(descriptor, path, what, kind)
                        if free is not False or time.monotonic() > deadline:
                            raise _busy(path, other)
                        time.sleep(RETRY_SECONDS / 20)
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)
        except OSError as error:
            raise _unusable(path, error) from error


def _open(path: Path) -> int:
    while True:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | _BINARY, 0o666)
        except PermissionError:
            other = holder(path)
            if not path.exists():  # no permission to create it
                raise
            if other is not None:
                raise _busy(path, other) from None
            path.unlink()  # left by a dead process of another user; raises without permission


def _write_holder(descriptor: int, path: Path, what: str, kind: str) -> Holder:
    pid = os.getpid()
    mine = Holder(
        pid=pid,
        born=psutil.Process(pid).create_time(),
        host=socket.gethostname(),
        since=datetime.now(UTC).isoformat(),
        what=what,
        token=f"{uuid.uuid4().hex} {kind} {_identity(pid)}",
    )
    try:
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        with open(descriptor, "wb", closefd=False) as stream:
            stream.write(json.dumps(asdict(mine)).encode())
        os.fsync(descriptor)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    return mine


def _release(descriptor: int, path: Path, mine: Holder) -> None:
    try:
        ours = _is_at(descriptor, path) and _record(descriptor) == mine
        if ours:
            os.ftruncate(descriptor, 0)
            if sys.platform != "win32":  # Windows cannot remove an open file
                path.unlink()
    except OSError as error:  # closing it releases the lock anyway
        log.warning("the lock %s could not be removed: %s", path, error)
        ours = False
    finally:
        os.close(descriptor)
    if ours and sys.platform == "win32":
        with contextlib.suppress(OSError):  # another process has opened it already
            path.unlink()


def _holder(descriptor: int, free: bool | None) -> Holder | None:
    """The holder of an open lock file. ``free``: the result of :func:`try_lock`."""
    record = _record(descriptor)
    if free is False:
        return record or _unnamed(translate("Storage", "another program"))
    if record is None or (free and record.by_system):
        return None
    return record if record.alive() else None


def _record(descriptor: int) -> Holder | None:
    """The holder recorded in the file; None for an empty or torn file, as after a power loss.

    Fields added by newer versions are ignored.
    """
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        record = json.loads(os.read(descriptor, _MOST_BYTES))
        found = Holder(**{field.name: record[field.name] for field in fields(Holder)})
        if type(found.pid) is not int or not 0 < found.pid < 1 << 32 or not found.since:
            return None
        float(found.born), found.token.split(), found.describe()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None
    return found


def _identity(pid: int) -> str | None:
    """What distinguishes a running process from others with its pid, whatever the clock; None if it is dead.

    A zombie process counts as dead.
    """
    try:
        if sys.platform != "linux":  # here the start time of a process does not move with the clock
            process = psutil.Process(pid)
            return None if process.status() == psutil.STATUS_ZOMBIE else f"{process.create_time():.2f}"
        state, *rest = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        if state in {"Z", "X"}:
            return None
        run = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return f"{run}/{Path('/proc/self/ns/pid').stat().st_ino}/{rest[18]}"
    except psutil.AccessDenied:
        return _UNKNOWN
    except (psutil.NoSuchProcess, OSError, ValueError, OverflowError):
        return _UNKNOWN if psutil.pid_exists(pid) else None


def _boot(identity: str) -> str:
    """The boot id, on Linux; else empty."""
    return identity.split("/", maxsplit=1)[0] if "/" in identity else ""


def _namespace(identity: str) -> list[str]:
    return identity.split("/")[:-1]


def _born_then(pid: int, born: float) -> bool:
    try:
        return bool(abs(psutil.Process(pid).create_time() - born) < 2)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one at this path."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _unnamed(what: str) -> Holder:
    return Holder(0, 0.0, socket.gethostname(), "", what, "")


def _busy(path: Path, other: Holder) -> BusyError:
    near = other.host == socket.gethostname() and other.since
    hint = "" if near else translate("Storage", " If it no longer is, delete {path}.").format(path=path)
    return BusyError(
        translate("Storage", "The project {parent} is in use by {describe}.{hint}").format(
            parent=path.parent, describe=other.describe(), hint=hint
        )
    )


def _unusable(path: Path, error: OSError) -> KnownError:
    return disk_error(translate("Storage", "The lock {path} cannot be used").format(path=path), error)
