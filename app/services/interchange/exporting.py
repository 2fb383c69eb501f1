"""Exporting labels in any format."""

import glob
import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.services.interchange.format import Format, WriteOptions, losses
from app.services.interchange.registry import exporter
from app.services.interchange.reports import ExportReport
from app.services.interchange.table import ExportTable, read_table
from app.services.project.project import Project
from app.services.text_files import atomic_writer, check_target
from app.storage.abandoned import remove_abandoned

_DEFAULTS = WriteOptions()


def export_labels(
    project: Project,
    format_name: str,
    path: Path,
    *,
    everything: bool = False,
    image_ids: Collection[int] | None = None,
    options: WriteOptions = _DEFAULTS,
) -> ExportReport:
    """Write the labels to ``path``, completely or not at all. The same labels always give the same bytes.

    ``image_ids``: only these images. ``everything``: images whose file is missing or cannot be read, too.
    Raises KnownError if it cannot be written.
    """
    chosen = exporter(format_name)
    chosen.check(options)
    target = check_folder(path) if chosen.write is None else check_target(path, chosen.suffixes[0])
    table = read_table(project, everything, image_ids)
    _write(chosen, table, target, options)
    return table.report(chosen.name, target, losses(table, chosen.holds))


def _write(chosen: Format, table: ExportTable, target: Path, options: WriteOptions) -> None:
    if chosen.write is not None:
        with atomic_writer(target) as stream:
            chosen.write(table, stream, options)
        return
    assert chosen.write_folder is not None  # exporter() gives only formats that are written
    partial = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", suffix=".tmp", dir=target.parent))
    try:
        chosen.write_folder(table, partial, options)
        partial.chmod(0o777 & ~_mask())
        partial.replace(target)
        remove_abandoned(target.parent, f".{glob.escape(target.name[:80])}.*.tmp")
    except OSError as error:
        raise KnownError(f"{target} cannot be written: {fault_and_remedy(error)}.") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def check_folder(path: Path) -> Path:
    """The folder that an export will create. Raises KnownError if it exists and is not empty."""
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise KnownError(f"The folder {target.parent} does not exist; create it or choose another one.")
    try:
        used = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise KnownError(f"{target} cannot be written: {fault_and_remedy(error)}.") from error
    if used:
        raise KnownError(f"{target} exists and is not an empty folder; name a new folder for the export.")
    return target


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
