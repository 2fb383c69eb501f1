"""Which image a file beside it belongs to: a.txt or a.jpg.txt to a.jpg."""

from dataclasses import dataclass

from app.domain.language import translate
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
    for folder in found.folders.values():
        prefix = folder.path + "/" if folder.path else ""
        for name in sorted(one for one in folder.files if one.lower().endswith(suffix)):
            path, owner = prefix + name, name[: -len(suffix)]
            if not owner:
                continue
            whole = bool(split_suffix(owner)[1])
            if not folder.images:
                result.append(Sidecar(path, prefix + owner, not whole))
                continue
            named = found.spelled(prefix + owner) if whole else None
            images = [named] if named is not None else found.images(prefix + owner)
            if len(images) == 1:
                result.append(Sidecar(path, images[0], False))
            elif images:
                names = ", ".join(image.removeprefix(prefix) for image in images)
                collector.leave_out(
                    path, translate("Interchange", "belongs to several images: {names}").format(names=names)
                )
            else:
                collector.leave_out(
                    path, translate("Interchange", "there is no image with this name beside it")
                )
    return result
