"""Known errors: the environment's or the input's fault, told in one sentence that says what to do.

Anything that is not a :class:`KnownError` is a bug and is reported with its traceback.
"""


class KnownError(Exception):
    """One sentence for the person; the command line prints it and exits with 1."""

    retry_helps: bool = False
    """Whether the same call can succeed later, once the disk or another program allows it."""

    @property
    def sentence(self) -> str:
        return str(self)


class NotFoundError(KnownError):
    """A project, image or category that does not exist."""


class BadInputError(KnownError):
    """A file or value that cannot be used; the sentence names the place."""


class BusyError(KnownError):
    """Somebody else holds a lock; the sentence names who."""


class DatabaseBusyError(BusyError):
    """Another program is writing to the database; nothing was changed, the same call may be tried again."""


class ProjectError(KnownError):
    """A project folder that cannot be opened: not one, newer, damaged or read-only."""


class NotAProjectError(ProjectError):
    """A folder or a database that is something else."""


class DamagedError(ProjectError):
    """A database whose bytes are not what was written."""


class VersionError(ProjectError):
    """A project of another version of Tailspotter, which cannot be opened as it is."""


class ReadOnlyError(ProjectError):
    """A change was asked for where nothing can be written."""


class DiskError(ProjectError):
    """The disk is full or does not work; what is there may still be read.

    ``reason`` and ``remedy`` go on a sentence: "its disk is full", "free some space and try again".
    """

    def __init__(self, sentence: str, reason: str, remedy: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.remedy = remedy


class NothingToUndoError(KnownError):
    """Undo or redo was asked for and there is nothing left."""


class NoDisplayError(KnownError):
    """A window is asked for where none can be shown."""


class CancelledError(KnownError):
    """The person stopped a long operation; what was finished is kept."""
