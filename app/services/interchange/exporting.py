"""Exporting labels in any format."""

import os
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.disk import fault_and_remedy
from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.fewer_collections import fewer_collections
from app.services.interchange.card import card, card_text, check_card
from app.services.interchange.format import Format, ImageFiles, WriteOptions, losses
from app.services.interchange.outputs import Outputs, together
from app.services.interchange.places import check_places
from app.services.interchange.registry import exporter
from app.services.interchange.reports import ExportReport, SplitReport
from app.services.interchange.splitting import PARTS, Split, divided
from app.services.interchange.table import ExportTable, read_table
from app.services.project.project import Project
from app.services.text_files import check_target, without_surrogates

_DEFAULTS = WriteOptions()


@fewer_collections()
def export_labels(
    project: Project,
    format_name: str,
    path: Path,
    *,
    everything: bool = False,
    image_ids: Collection[int] | None = None,
    query: str | None = None,
    answered: bool = False,
    split: Split | None = None,
    card_path: Path | None = None,
    options: WriteOptions = _DEFAULTS,
) -> ExportReport:
    """Write the labels to ``path``, completely or not at all. The same labels always give the same bytes.

    ``image_ids``: only these images; ``query`` is what chose them, for the data card. ``everything``: images
    whose file is missing or cannot be read, too. ``answered``: only images with an answer or a review.
    ``split``: divide the images; a format that cannot name the parts is written once for each, as
    "labels-train.json". ``card_path``: also write a data card, .md or .json. Raises KnownError if anything
    cannot be written; then nothing is.
    """
    chosen = exporter(format_name)
    chosen.check(options)
    separate = split is not None and not chosen.splits
    targets = _targets(chosen, path, split if separate else None)
    suffix = None if card_path is None else check_card(card_path)
    card_target = None if card_path is None or suffix is None else check_target(card_path, suffix)
    if card_target in targets.values():
        raise KnownError(
            translate(
                "Interchange",
                "{card_path} is the name of both the labels and the data card; choose two names.",
            ).format(card_path=card_path)
        )
    check_places(
        project,
        [*targets.values(), *([] if card_target is None else [card_target])],
        with_images=(options.images or chosen.images) is not ImageFiles.NONE,
    )
    table, unanswered = _chosen_rows(project, everything, image_ids, answered)
    report_of_split: SplitReport | None = None
    if split is not None:
        table, report_of_split = divided(table, split)
    with together() as outputs:
        notes: list[str] = []
        for part, target in targets.items():
            notes += _write(chosen, _part(table, part), target, options, outputs)
        notes += chosen.advice(table)
        report = replace(
            table.report(chosen.name, next(iter(targets.values())), losses(table, chosen.holds), notes),
            path=Path(os.path.realpath(path)),
            paths=list(targets.values()),
            unanswered=unanswered,
            split=report_of_split,
            card=card_target,
        )
        if card_target is not None and suffix is not None:
            text = card_text(card(project, table, report, query), suffix)
            with outputs.file(card_target) as stream:
                stream.write(without_surrogates(text).encode())
    return replace(report, size=sum(map(_size, targets.values())))


def _targets(chosen: Format, path: Path, split: Split | None) -> dict[str | None, Path]:
    """What is written, by part; None for everything."""
    if split is None:
        return {None: _target(chosen, path)}
    parts = [part for part, share in zip(PARTS, split.shares, strict=False) if share > 0]
    suffix = path.suffix if chosen.write is not None else ""
    stem = path.name.removesuffix(suffix)
    return {part: _target(chosen, path.with_name(f"{stem}-{part}{suffix}")) for part in parts}


def _target(chosen: Format, path: Path) -> Path:
    return check_folder(path) if chosen.write is None else check_target(path, chosen.suffixes[0])


def _chosen_rows(
    project: Project, everything: bool, image_ids: Collection[int] | None, answered: bool
) -> tuple[ExportTable, int]:
    """The images to export, and how many were left out because they have no answer."""
    table = read_table(project, everything, image_ids)
    if not answered:
        return table, 0
    rows = [row for row in table.rows if row.answered]
    return replace(table, rows=rows), len(table.rows) - len(rows)


def _part(table: ExportTable, part: str | None) -> ExportTable:
    if part is None:
        return table
    return replace(table, rows=[row for row in table.rows if row.split == part])


def _write(
    chosen: Format, table: ExportTable, target: Path, options: WriteOptions, outputs: Outputs
) -> Sequence[str]:
    """Returns sentences about how something was written."""
    if chosen.write is not None:
        with outputs.file(target) as stream:
            chosen.write(table, stream, options)
        return ()
    assert chosen.write_folder is not None  # exporter() gives only formats that are written
    with outputs.folder(target) as folder:
        return chosen.write_folder(table, folder, options) or ()


def check_folder(path: Path) -> Path:
    """The folder that an export will create. Raises KnownError if it exists and is not empty."""
    target = Path(os.path.realpath(path))
    if not target.parent.is_dir():
        raise KnownError(
            translate(
                "Interchange", "The folder {parent} does not exist; create it or choose another one."
            ).format(parent=target.parent)
        )
    try:
        used = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise KnownError(
            translate("Interchange", "{target} cannot be written: {reason}.").format(
                target=target, reason=fault_and_remedy(error)
            )
        ) from error
    if used:
        raise KnownError(
            translate(
                "Interchange", "{target} exists and is not an empty folder; name a new folder for the export."
            ).format(target=target)
        )
    return target


def _size(path: Path) -> int:
    if path.is_dir():
        return sum(one.lstat().st_size for one in path.rglob("*") if not one.is_dir())
    return path.stat().st_size
