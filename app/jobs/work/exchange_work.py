"""What imports and exports do on their thread, with their own connection to the project."""

import json
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from app.domain.errors import CancelledError
from app.domain.language import translate, translated
from app.domain.progress import StopCheck
from app.jobs.values.exchange import (
    ExportRequest,
    FormatInfo,
    FormatOption,
    ImportRequest,
    OptionKind,
)

if TYPE_CHECKING:
    from app.services.interchange.preview import ExportPreview
    from app.services.interchange.reports import ExportReport, ImportReport


def formats() -> list[FormatInfo]:
    """All formats with the options that each takes, in the order of the registry."""
    from app.services.interchange.format import ReadOptions, WriteOptions
    from app.services.interchange.registry import FORMATS

    reading, writing = _options(ReadOptions), _options(WriteOptions)
    return [
        FormatInfo(
            name=one.name,
            title=translated("Interchange", one.title),
            suffix=one.suffixes[0] if one.suffixes and one.write is not None else "",
            no=one.holds.no,
            reviews=one.holds.reviews.value,
            readable=one.read is not None,
            writable=one.write is not None or one.write_folder is not None,
            read_options=tuple(option for option in reading if option.name in one.options),
            write_options=tuple(option for option in writing if option.name in one.options),
            splits=one.splits,
        )
        for one in FORMATS.values()
    ]


def recognised_format(path: Path) -> str:
    """The name of the format of a file or folder; empty if it is not certain. Raises BadInputError."""
    from app.services.interchange.registry import recognised

    found = recognised(path)
    return "" if found is None else found.name


def run_import(folder: Path, wanted: ImportRequest, should_stop: StopCheck, *, trial: bool) -> "ImportReport":
    """``trial``: the report alone, nothing is changed."""
    from app.services.interchange.format import ReadOptions
    from app.services.interchange.importing import import_labels
    from app.services.project.project import open_project

    with open_project(folder) as project:
        report = import_labels(
            project,
            wanted.format,
            wanted.path,
            complete=wanted.complete,
            dry_run=trial,
            overwrite=wanted.overwrite,
            match_names=wanted.match_names,
            nothing=wanted.nothing,
            options=_filled(ReadOptions, wanted.options),
            should_stop=should_stop,
        )
    if trial and should_stop():
        raise CancelledError(translate("Jobs", "The import was stopped; nothing was changed."))
    return report


def save_report(path: Path, report: "ImportReport", text: str) -> Path:
    """Write a report to a .json file with everything in it, else as ``text``. Raises KnownError."""
    from app.services.text_files import atomic_writer, check_target, without_surrogates

    target = check_target(path, path.suffix.lower())
    whole = json.dumps(report.to_json(), indent=1) if target.suffix.lower() == ".json" else text
    with atomic_writer(target) as stream:
        stream.write(without_surrogates(f"{whole}\n").encode())
    return target


def run_export(folder: Path, wanted: ExportRequest) -> "ExportReport":
    """Write the file or folder, completely or not at all."""
    from app.services.interchange.exporting import export_labels
    from app.services.interchange.format import WriteOptions
    from app.services.interchange.splitting import parse_split
    from app.services.project.project import open_project

    assert wanted.path is not None
    with open_project(folder) as project:
        return export_labels(
            project,
            wanted.format,
            wanted.path,
            everything=wanted.everything,
            image_ids=wanted.image_ids,
            query=wanted.query or None,
            answered=wanted.answered,
            split=parse_split(wanted.split) if wanted.split else None,
            card_path=wanted.card,
            options=_filled(WriteOptions, wanted.options),
        )


def count_export(folder: Path, wanted: ExportRequest) -> "ExportPreview":
    """What run_export() would write."""
    from app.services.interchange.preview import preview_export
    from app.services.project.project import open_project

    with open_project(folder) as project:
        return preview_export(
            project,
            wanted.format,
            everything=wanted.everything,
            image_ids=wanted.image_ids,
            answered=wanted.answered,
            split=wanted.split,
        )


def _options(kind: type) -> list[FormatOption]:
    """The fields of an options class, as what a form needs to know of them."""
    hints = get_type_hints(kind)
    return [_option(one.name, hints[one.name]) for one in fields(kind)]


def _option(name: str, hint: Any) -> FormatOption:
    inner = _without_none(hint)
    if isinstance(inner, type) and issubclass(inner, StrEnum):
        return FormatOption(name, OptionKind.CHOICE, tuple(one.value for one in inner))
    kinds = {bool: OptionKind.SWITCH, float: OptionKind.NUMBER, int: OptionKind.NUMBER}
    return FormatOption(name, kinds.get(inner, OptionKind.TEXT))


def _without_none(hint: Any) -> Any:
    if get_origin(hint) not in (Union, UnionType):
        return hint
    return next(one for one in get_args(hint) if one is not NoneType)


def _filled(kind: type, values: Any) -> Any:
    """An options object with these values; a choice's word becomes its value."""
    hints = get_type_hints(kind)
    known = {}
    for name, value in values.items():
        inner = _without_none(hints[name])
        known[name] = inner(value) if isinstance(inner, type) and issubclass(inner, StrEnum) else value
    return kind(**known)
