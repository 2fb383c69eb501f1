"""Keywords in XMP: sidecars beside the images, and packets and IPTC keywords inside them."""

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.services.interchange.collector import LabelCollector
from app.services.interchange.folder_files import (
    FolderFiles,
    UnusableError,
    list_folder,
    opened,
    read_file,
    safe_path,
    split_suffix,
)
from app.services.interchange.format import Format, Holds, ReadOptions, Reviews, WriteOptions
from app.services.interchange.formats.sidecars import sidecars
from app.services.interchange.formats.xmp_keywords import DamagedXmpError, Keywords, Tree, read_keywords
from app.services.interchange.formats.xmp_packets import MAX_PACKET_BYTES, embedded
from app.services.interchange.formats.xmp_writing import new_packet, updated
from app.services.interchange.markers import certain
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportRow, ExportTable

LEAF, ALL = "leaf", "all"
_SUFFIX: Final = ".xmp"
_NOT_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEPT: Final = QT_TRANSLATE_NOOP("Interchange", "The project keeps what was chosen last.")


def _read(path: Path, options: ReadOptions) -> LabelFile:
    """``keywords``: "leaf" (the default) takes the last part of a tree, "all" the parents too."""
    if options.keywords not in (None, LEAF, ALL):
        raise BadInputError(
            translate("Interchange", "Keywords cannot be {keywords}; use {leaf} or {all}.").format(
                keywords=repr(options.keywords), leaf=LEAF, all=ALL
            )
        )
    found = list_folder(path, "xmp")
    collector = LabelCollector(folder=found.base)
    sources: dict[tuple[str, bool], list[str]] = {}
    for one in sidecars(found, _SUFFIX, collector):
        sources.setdefault((one.image, one.without_suffix), []).append(one.path)
    for image in (name for name in found.files if split_suffix(name)[1]):
        sources.setdefault((image, False), [])
    example: Tree | None = None
    branches = 0
    for (image, without_suffix), places in sources.items():
        keywords = _keywords(found, image, places, collector)
        if keywords is None:
            continue
        branches += len(keywords.trees)
        example = example or next(iter(keywords.trees), None)
        place = ", ".join(places) or image
        yes = collector.categories(keywords.names(options.keywords == ALL), place)
        collector.add(ImageStatement(place, image, yes=yes, without_suffix=without_suffix))
    if found.files and not collector.images and not collector.left_out:
        raise BadInputError(
            translate("Interchange", "{path} has no XMP sidecars, and no image in it has keywords.").format(
                path=path
            )
        )
    if example is not None:
        collector.notes.append(_about_trees(example, branches, options.keywords == ALL))
    found.tell(collector, [name for name in found.files if name.lower().endswith(_SUFFIX)])
    return collector.file()


def _about_trees(example: Tree, branches: int, parents: bool) -> str:
    words = translate("Interchange", "{keywords} in trees, such as {names}: ").format(
        keywords=count(branches, "keyword"), names=" > ".join(example)
    )
    last = example[-1]
    if parents:
        return words + translate(
            "Interchange", "every part is a category; --keywords {leaf} takes only the last. {kept}"
        ).format(leaf=LEAF, kept=translated("Interchange", _KEPT))
    return words + translate(
        "Interchange", "the last part ({last}) is the category; --keywords {all} adds the parents. {kept}"
    ).format(last=last, all=ALL, kept=translated("Interchange", _KEPT))


def _keywords(
    found: FolderFiles, image: str, places: list[str], collector: LabelCollector
) -> Keywords | None:
    """The keywords of the sidecars and the file of one image together; None if it has neither."""
    united = Keywords()
    some = False
    packets: list[tuple[str, bytes, str]] = []
    for place in places:
        try:
            packets.append(
                (place, found.data(place, MAX_PACKET_BYTES), translate("Interchange", "the sidecar"))
            )
        except UnusableError as error:
            collector.leave_out(place, str(error))
    if found.spelled(image) is not None:
        try:
            with opened(found.inside(image)) as stream:
                packet, iptc = embedded(stream)
        except UnusableError:  # whether an image can be read is the scan's matter
            packet, iptc = None, []
        if packet is not None:
            packets.append((image, packet, translate("Interchange", "its XMP packet")))
        united.flat += [
            keyword for value in iptc if (keyword := value.decode("utf-8", "replace").strip("\0 "))
        ]
        some = bool(iptc)
    for place, packet, what in packets:
        try:
            one = read_keywords(packet)
        except DamagedXmpError as error:
            collector.leave_out(place, f"{what} {error}")
            continue
        some = some or what == "the sidecar" or bool(one.flat or one.trees)
        united.flat += one.flat
        united.trees += one.trees
    return united if some else None


def _write(table: ExportTable, folder: Path, options: WriteOptions) -> list[str]:  # noqa: ARG001
    """A sidecar for each image with a yes, and for each whose own sidecar has a keyword that is a no now. It
    begins with the sidecar beside the image, if there is one; the image folders are not written to."""
    names = [one.name for one in table.categories]
    beside = _Beside(table)
    based, damaged = 0, []
    strange = {name for name in names if _NOT_XML.search(name)}
    for row in table.rows:
        yes = [names[at] for at in (row.states == 1).nonzero()[0].tolist() if names[at] not in strange]
        no = [names[at] for at in (row.states == 0).nonzero()[0].tolist()]
        packet: bytes | None = None
        name = safe_path(row.name)
        try:
            own, base = beside.sidecar(row)
            if base is not None:
                packet = updated(base, yes, no)
                name = name.removesuffix(own)
                based += packet is not None
        except (DamagedXmpError, UnusableError):
            damaged.append(row.name)
        if packet is None and yes:
            packet = new_packet(yes)
        if packet is not None:
            target = folder / (name + _SUFFIX)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(packet)
    told = []
    if strange:
        told.append(
            translate("Interchange", "left out, with characters that XML does not allow: {names}").format(
                names=", ".join(sorted(strange))
            )
        )
    if based:
        told.append(
            translate(
                "Interchange", "{sidecars} beside the images taken over with everything else in them"
            ).format(sidecars=count(based, "sidecar"))
        )
    if damaged:
        told.append(
            translate(
                "Interchange", "the sidecars beside {names} cannot be read and were not taken over"
            ).format(names=", ".join(damaged[:5]))
        )
    return told


class _Beside:
    """The sidecars beside the images of an export."""

    def __init__(self, table: ExportTable) -> None:
        self._table = table
        self._folders: dict[Path, _Names] = {}

    def sidecar(self, row: ExportRow) -> tuple[str, bytes | None]:
        """What the sidecar's name lacks of the image's, and its content; ``a.xmp`` is that of ``a.jpg`` only
        if no other image has the name. Raises UnusableError."""
        if row.image.root_id not in self._table.roots:
            return "", None
        image = self._table.image_file(row)
        names = self._folders.get(image.parent)
        if names is None:
            names = self._folders[image.parent] = _Names.of(image.parent)
        stem, suffix = split_suffix(image.name)
        for own, name in (("", image.name + _SUFFIX), (suffix, stem + _SUFFIX)):
            if name in names.files and (own == "" or names.stems[stem] == 1):
                return own, read_file(image.parent / name, MAX_PACKET_BYTES)
        return "", None


@dataclass(frozen=True, slots=True)
class _Names:
    """The files of a folder, and how many images share each name without suffix."""

    files: frozenset[str]
    stems: Counter[str]

    @classmethod
    def of(cls, folder: Path) -> "_Names":
        try:
            files = frozenset(one.name for one in os.scandir(folder))
        except OSError:  # the images are not there, so nothing is beside them
            files = frozenset()
        return cls(files, Counter(stem for stem, suffix in map(split_suffix, files) if suffix))


XMP = Format(
    name="xmp",
    title=QT_TRANSLATE_NOOP("Interchange", "XMP keywords, in sidecars and in the images"),
    suffixes=(),
    holds=Holds(no=False, reviews=Reviews.NONE),
    recognise=lambda sample: certain(sample, "xmp"),
    read=_read,
    write_folder=_write,
    options=frozenset({"keywords"}),
)
