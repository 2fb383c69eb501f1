"""Putting another database in the place of one that cannot be used, which is kept beside it."""

import os
from contextlib import suppress
from pathlib import Path

from app.domain.language import translate
from app.storage.backup import stamp
from app.storage.disk import disk_error
from app.storage.layout import database_files


def replace_database(new: Path, database: Path) -> Path | None:
    """Rename ``new`` to ``database``; return the former one, under a new name, None if there was none.

    Its logs are renamed with it: SQLite would merge them into the new database. At every moment a database
    has the usual name. Nobody may have it open. Raises ProjectError.
    """
    aside = database.with_name(f"{database.stem}-damaged-{stamp()[:15]}{database.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = database.with_name(f"{database.stem}-damaged-{stamp()[:15]}-{number}{database.suffix}")
    existed = database.exists()
    try:
        if existed:
            try:
                os.link(database, aside)
            except OSError:  # a file system without hard links
                database.rename(aside)
        main, *logs = database_files(database)
        for log in logs:
            if log.exists():
                log.replace(aside.with_name(aside.name + log.name.removeprefix(main.name)))
        new.replace(database)
    except OSError as error:
        with suppress(OSError):
            if existed and not database.exists():
                aside.rename(database)
        raise disk_error(
            translate("Storage", "The database {database} cannot be replaced").format(database=database),
            error,
        ) from error
    return aside if existed else None
