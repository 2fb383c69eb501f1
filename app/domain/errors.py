"""Known errors: the environment's or the input's fault, one sentence that says what to do.

Every other error is a bug and is reported with its traceback.
"""

from typing import ClassVar


class KnownError(Exception):
    """One sentence for the person; the command line prints it and exits with 1."""

    known: ClassVar[bool] = True
    retry_helps: bool = False
    """Whether the same call can succeed later, once the disk or another program allows it."""

    @property
    def sentence(self) -> str:
        return str(self)


def is_known(error: BaseException) -> bool:
    """Whether an error, of the application or of the core, is shown as one sentence; all others are bugs.

    The core has its own base class, which the domain cannot import; both mark themselves with ``known``.
    """
    return getattr(error, "known", None) is True


class NotFoundError(KnownError):
    """A project, image or category that does not exist."""


class BadInputError(KnownError):
    """A file or value that cannot be used; the sentence names the place."""


class BusyError(KnownError):
    """A lock is held by another process, which the sentence names."""


class DatabaseBusyError(BusyError):
    """Another program is writing to the database; nothing was changed, and the call can be repeated."""


class ProjectError(KnownError):
    """A project that cannot be opened: missing, newer, damaged or read-only."""


class NotAProjectError(ProjectError):
    """A folder or database that is not a Tailspotter project."""


class DamagedError(ProjectError):
    """A damaged database."""


class VersionError(ProjectError):
    """A project of a different version of Tailspotter that cannot be opened as it is."""


class OlderVersionError(VersionError):
    """A project of an older version, which the next command that opens it updates."""


class ReadOnlyError(ProjectError):
    """A change was requested in a project that cannot be written to."""


class DiskError(ProjectError):
    """The disk is full or fails; reading may still work.

    ``reason`` and ``remedy`` are the end of a sentence: "its disk is full", "free some space and try again".
    """

    def __init__(self, sentence: str, reason: str, remedy: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.remedy = remedy


class NothingToUndoError(KnownError):
    """Undo or redo was requested, and there is nothing to undo or redo."""


class NoDisplayError(KnownError):
    """A window was requested, and none can be shown."""


class CancelledError(KnownError):
    """The person stopped a long operation; what is finished is kept."""
