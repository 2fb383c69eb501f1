"""The labels for an export: one row per image."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.categories import Category
from app.domain.hierarchy import in_order
from app.domain.images import Image, ImageState
from app.domain.labels import LabelState
from app.services.interchange.matching import export_names
from app.services.interchange.reports import ExportReport
from app.services.labelling.decisions import label_states
from app.services.project.project import Project
from app.storage import categories, images, labels
from app.storage.labels import LabelDetail


@dataclass(frozen=True, slots=True)
class ExportRow:
    """``states`` int8 [C]: 1 yes (explicit or derived), 0 no (explicit, or implied by a review), -1 unknown.

    ``explicit_no`` are the ids of the categories with an explicit no, ascending. ``split``: the part (train,
    val, test) of the image; None if the export is not split.
    """

    image: Image
    name: str
    reviewed: bool
    states: NDArray[np.int8]
    explicit_no: list[int]
    split: str | None = None

    @property
    def answered(self) -> bool:
        return self.reviewed or bool((self.states >= 0).any())


@dataclass(frozen=True, slots=True)
class ExportTable:
    """``roots``: the image folders by their ids. ``read_details`` reads the details of all explicit answers,
    by (image, category); answers that were given since the table was read differ from it."""

    categories: list[Category]
    rows: list[ExportRow]
    left_out: int
    roots: Mapping[int, Path] = field(default_factory=dict)
    read_details: Callable[[], Mapping[tuple[int, int], LabelDetail]] = dict

    def image_file(self, row: ExportRow) -> Path:
        return self.roots[row.image.root_id] / row.image.path

    def report(
        self, format_name: str, path: Path, losses: Sequence[str] = (), notes: Sequence[str] = ()
    ) -> ExportReport:
        """The report of this table's export to ``path``; the size is not known yet."""
        return ExportReport(
            format=format_name,
            path=path,
            images=len(self.rows),
            categories=len(self.categories),
            labels=sum(int((row.states == 1).sum()) for row in self.rows),
            reviewed=sum(row.reviewed for row in self.rows),
            left_out=self.left_out,
            size=0,
            losses=losses,
            notes=notes,
        )


def read_table(project: Project, everything: bool, image_ids: Collection[int] | None = None) -> ExportTable:
    """The images in the order of their names; the C categories that are not archived in the person's order.

    ``image_ids``: only these images; the others are not counted as left out.

    Images with a missing or unreadable file are left out and counted, unless ``everything``; a missing image
    whose name another file has taken is always left out, because a name must be unique.
    """
    table = label_states(project)
    with project.db.read() as session:
        active = {category.id: category for category in categories.all_categories(session)}
        known = images.all_images(session)
        roots = images.roots(session)
        explicit = labels.by_state(session)
    if image_ids is not None:
        wanted = frozenset(image_ids)
        known = [image for image in known if image.id in wanted]
    # Images or categories added between the two reads are left for the next export.
    positions = {image_id: row for row, image_id in enumerate(table.image_ids)}
    place = {category_id: column for column, category_id in enumerate(table.category_ids)}
    columns = [place[one.id] for one in in_order(active.values()) if one.id in place]
    states = np.ascontiguousarray(table.matrix()[:, columns])
    explicit_no: dict[int, list[int]] = {}
    for category_id, state, image_numbers in explicit:
        if state == LabelState.NO.target and category_id in active:
            for image_id in image_numbers.tolist():
                explicit_no.setdefault(image_id, []).append(category_id)
    rows = [
        ExportRow(
            image=image,
            name=name,
            reviewed=bool(table.reviewed[positions[image.id]]),
            states=states[positions[image.id]],
            explicit_no=sorted(explicit_no.get(image.id, [])),
        )
        for image, name in _named(known, roots, everything)
        if image.id in positions
    ]
    ordered = [active[table.category_ids[column]] for column in columns]
    return ExportTable(ordered, rows, len(known) - len(rows), roots, lambda: _details(project))


def _details(project: Project) -> dict[tuple[int, int], LabelDetail]:
    with project.db.read() as session:
        return labels.details(session)


def _named(known: Iterable[Image], roots: Mapping[int, Path], everything: bool) -> list[tuple[Image, str]]:
    by_name: dict[str, Image] = {}
    for image, name in export_names(known, roots):
        holder = by_name.get(name)
        if holder is None or holder.state is ImageState.MISSING:
            by_name[name] = image
    return [
        (image, name) for name, image in sorted(by_name.items()) if everything or image.state is ImageState.OK
    ]
