"""Lock files that name their holder and outlive no crash."""

import json
import os
import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from app.domain.errors import BusyError, ProjectError
from app.storage.database import Database


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock. ``born``: start of the process, seconds since the epoch; numbers are used again."""

    pid: int
    born: float
    host: str
    since: str
    what: str
    token: str

    def alive(self) -> bool:
        """Whether the holder still runs; one on another computer is taken to."""
        if self.host != socket.gethostname():
            return True
        try:
            born: float = psutil.Process(self.pid).create_time()
            return abs(born - self.born) < 2
        except psutil.NoSuchProcess:
            return False
        except psutil.AccessDenied:
            return True

    def describe(self) -> str:
        since = datetime.fromisoformat(self.since).astimezone().strftime("%Y-%m-%d %H:%M")
        here = self.host == socket.gethostname()
        return f"{self.what} (process {self.pid}{'' if here else ' on ' + self.host}, since {since})"


def holder(path: Path) -> Holder | None:
    """Who holds the lock file now, None if nobody does or its holder is dead."""
    try:
        found = Holder(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):  # an empty or torn file is the remains of a power loss
        return None
    return found if found.alive() else None


@contextmanager
def lock(database: Database, path: Path, what: str) -> Iterator[Holder]:
    """Hold the lock file ``path`` for the block; ``what`` says what for (``"the window"``).

    Taking it runs inside a write transaction of the project's database, so that of two processes that find
    a dead holder only one takes over. Raises BusyError, naming the holder.
    """
    process = psutil.Process()
    mine = Holder(
        pid=process.pid,
        born=process.create_time(),
        host=socket.gethostname(),
        since=datetime.now(UTC).isoformat(),
        what=what,
        token=uuid.uuid4().hex,
    )
    with database.write():
        other = holder(path)
        if other is not None:
            hint = "" if other.host == mine.host else f" If that is no longer so, delete {path}."
            raise BusyError(f"The project {path.parent} is in use by {other.describe()}.{hint}")
        _write(path, mine)
    try:
        yield mine
    finally:
        if holder(path) == mine:
            path.unlink(missing_ok=True)


def _write(path: Path, mine: Holder) -> None:
    partial = path.with_name(f"{path.name}.{mine.token}")
    try:
        with partial.open("w", encoding="utf-8") as file:
            json.dump(asdict(mine), file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise ProjectError(f"The lock {path} cannot be written: {error.strerror}.") from error
