"""A folder of image files for each category, as torchvision, Keras and Ultralytics read them."""

from pathlib import Path

from app.domain.counting import count
from app.domain.errors import BadInputError
from app.domain.language import QT_TRANSLATE_NOOP, translate
from app.services.interchange.collector import LabelCollector
from app.services.interchange.folder_files import (
    SPLITS,
    FolderFiles,
    file_name,
    list_folder,
    original_name,
    safe_path,
    split_suffix,
)
from app.services.interchange.format import Format, Holds, ImageFiles, ReadOptions, Reviews, WriteOptions
from app.services.interchange.image_files import put_image
from app.services.interchange.markers import certain
from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.interchange.table import ExportTable


def _read(path: Path, options: ReadOptions) -> LabelFile:  # noqa: ARG001
    """cat/x.jpg and cat/sub/x.jpg are cat; so is train/cat/x.jpg if all images are in train, val or test."""
    found = list_folder(path, "folders")
    collector = LabelCollector(folder=found.base)
    images = [one for one in found.files if split_suffix(one)[1]]
    tops = {one.partition("/")[0].lower() for one in images if "/" in one}
    depth = 1 if tops and tops <= SPLITS.keys() else 0
    deeper = 0
    for one in images:
        parts = one.split("/")
        if len(parts) < depth + 2:
            collector.leave_out(one, translate("Interchange", "is not in the folder of a category"))
            continue
        inside = parts[depth + 1 :]
        deeper += len(inside) > 1
        yes = collector.categories([original_name(parts[depth])], one)
        collector.add(
            ImageStatement(
                one, one, yes=yes, short_name=original_name("/".join(inside)), size=_size(found, one)
            )
        )
    if found.files and not collector.images:
        raise BadInputError(
            translate(
                "Interchange", "{path} has no folders with images; each category needs a folder of its own."
            ).format(path=path)
        )
    if depth:
        collector.notes.append(
            translate("Interchange", "{names} are parts of the data set, not categories.").format(
                names=", ".join(sorted(tops))
            )
        )
    if deeper:
        collector.notes.append(
            translate(
                "Interchange", "{images} in deeper folders: the highest folder is the category."
            ).format(images=count(deeper, "image"))
        )
    found.tell(collector, images)
    return collector.file()


def _size(found: FolderFiles, path: str) -> int | None:
    """In bytes; None for a link, whose target is not looked at."""
    whole = found.folder / path
    try:
        return None if whole.is_symlink() else whole.stat().st_size
    except OSError:  # it is gone; then its name counts
        return None


def _write(table: ExportTable, folder: Path, options: WriteOptions) -> list[str]:
    how = options.images or FOLDERS.images
    if how is ImageFiles.NONE:
        raise BadInputError(
            translate("Interchange", "An export in folders consists of the images; copy or link them.")
        )
    names = [file_name(one.name) for one in table.categories]
    several, without, gone = 0, 0, []
    for row in table.rows:
        yes = (row.states == 1).nonzero()[0].tolist()
        several += len(yes) > 1
        without += not yes
        for at in yes:
            # Many readers take the last folder for the category, so there are none inside it.
            target = folder / (row.split or "") / names[at] / file_name(safe_path(row.name))
            if not put_image(table.image_file(row), target, how):
                gone.append(row.name)
                break
    told = []
    if several:
        told.append(
            translate(
                "Interchange",
                "{images} in several folders, for several categories; a trainer for one class an image "
                "will take them for different images",
            ).format(images=count(several, "image"))
        )
    if without:
        told.append(
            translate("Interchange", "{images} left out, without a yes").format(
                images=count(without, "image")
            )
        )
    if gone:
        told.append(
            translate("Interchange", "{images} left out, the file is missing: {names}").format(
                images=count(len(gone), "image"), names=", ".join(gone[:5])
            )
        )
    return told


FOLDERS = Format(
    name="folders",
    title=QT_TRANSLATE_NOOP("Interchange", "A folder of images for each category"),
    suffixes=(),
    holds=Holds(no=False, reviews=Reviews.NONE),
    recognise=lambda sample: certain(sample, "folders"),
    read=_read,
    write_folder=_write,
    options=frozenset({"images"}),
    splits=True,
    images=ImageFiles.COPY,
)
