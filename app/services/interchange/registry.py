"""The formats, one module each."""

from pathlib import Path
from typing import Protocol

from app.domain.errors import BadInputError
from app.services.interchange.coco import export_coco, import_coco
from app.services.interchange.csv import export_csv
from app.services.interchange.reports import ExportReport, ImportReport
from app.services.project.project import Project


class Importer(Protocol):
    def __call__(
        self,
        project: Project,
        path: Path,
        *,
        complete: bool = False,
        dry_run: bool = False,
        overwrite: bool = False,
        match_names: bool = False,
    ) -> ImportReport: ...


class Exporter(Protocol):
    def __call__(self, project: Project, path: Path, *, everything: bool = False) -> ExportReport: ...


IMPORTERS: dict[str, Importer] = {"coco": import_coco}
EXPORTERS: dict[str, Exporter] = {"coco": export_coco, "csv": export_csv}


def importer(name: str) -> Importer:
    """Raises BadInputError, naming the formats."""
    if name.lower() not in IMPORTERS:
        raise BadInputError(f"There is no import format {name!r}; there is {', '.join(IMPORTERS)}.")
    return IMPORTERS[name.lower()]


def exporter(name: str) -> Exporter:
    """Raises BadInputError, naming the formats."""
    if name.lower() not in EXPORTERS:
        raise BadInputError(f"There is no export format {name!r}; there are {', '.join(EXPORTERS)}.")
    return EXPORTERS[name.lower()]
