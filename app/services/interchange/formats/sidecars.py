"""Which image a file beside it belongs to: a.txt or a.jpg.txt to a.jpg."""

from dataclasses import dataclass

from app.services.interchange.collector import LabelCollector
from app.services.interchange.folder_files import FolderFiles, split_suffix


@dataclass(frozen=True, slots=True)
class Sidecar:
    """``path`` of the sidecar; ``image`` as in ImageStatement.file_name."""

    path: str
    image: str
    without_suffix: bool


def sidecars(found: FolderFiles, suffix: str, collector: LabelCollector) -> list[Sidecar]:
    """The files with ``suffix`` and the image of each; those of no image or of several are left out.

    A folder without images holds the sidecars of images that are elsewhere: the names are the images' own.
    """
    result: list[Sidecar] = []
    for inside, folder in found.folders.items():
        prefix = inside + "/" if inside else ""
        for name in sorted(one for one in folder.files if one.lower().endswith(suffix)):
            path, owner = prefix + name, name[: -len(suffix)]
            if not owner:
                continue
            whole = bool(split_suffix(owner)[1])
            if not folder.images or (whole and owner in folder.files):
                result.append(Sidecar(path, prefix + owner, not whole))
                continue
            images = folder.images.get(owner, [])
            if len(images) == 1:
                result.append(Sidecar(path, prefix + images[0], False))
            elif images:
                collector.leave_out(path, f"belongs to several images: {', '.join(images)}")
            else:
                collector.leave_out(path, "there is no image with this name beside it")
    return result
