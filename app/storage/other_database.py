"""Reading the database of another project, wherever it is and whatever its version, without changing it."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.domain.errors import ProjectError
from app.domain.language import translate
from app.storage import migrate
from app.storage.backup import copy_content
from app.storage.database import Database, connect, translated_errors
from app.storage.read_only import ReadOnlyFile


@contextmanager
def copied(path: Path) -> Iterator[Database]:
    """A copy of the database with this version's schema, deleted afterwards.

    Raises ProjectError if it cannot be read, is no project's, or is of a newer version.
    """
    try:
        place = tempfile.TemporaryDirectory(prefix="tailspotter-", ignore_cleanup_errors=True)
    except OSError as error:
        raise ProjectError(
            translate("Storage", "No temporary copy of {path} can be made: {reason}.").format(
                path=path, reason=error.strerror
            )
        ) from error
    with place as folder:
        copy = Path(folder) / path.name
        file = ReadOnlyFile(path)
        try:
            with translated_errors(path), closing(file.connect()) as source:
                migrate.require_known(path, source)
                with closing(connect(copy)) as target:
                    copy_content(source, target, path)
                    target.execute("PRAGMA journal_mode = DELETE")
        finally:
            file.close()
        if not migrate.is_current(copy):
            migrate.upgrade(copy)
        database = Database(copy)
        try:
            yield database
        finally:
            database.close()
