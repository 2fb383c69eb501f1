"""Which image of the project a file name in an annotation file means."""

import os
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath

from app.domain.errors import BadInputError
from app.domain.images import Image, ImageState


class ImageMatcher:
    """Finds images by the names that annotation files use.

    A name is tried as a path relative to an image folder, then relative to the folder that all image folders
    share (what an export of a project with several image folders writes), then as an absolute path, and last
    as a bare file name that only one image has.
    """

    def __init__(self, images: Iterable[Image], roots: Mapping[int, Path]) -> None:
        self._roots = [PurePosixPath(_key(root.as_posix())) for root in roots.values()]
        self._by_path: dict[str, int | None] = {}
        self._by_basename: dict[str, int | None] = {}
        # A file that took the path of a missing one has the better right to its name.
        ordered = sorted(images, key=lambda image: image.state is ImageState.MISSING)
        for image, exported in export_names(ordered, roots):
            absolute = _key((roots[image.root_id] / image.path).as_posix())
            for key in {_key(image.path), _key(exported), absolute}:
                _enter(self._by_path, key, image)
            _enter(self._by_basename, PurePosixPath(_key(image.path)).name, image)

    def match_all(self, named: Sequence[tuple[str, str]]) -> list[int | None]:
        """The image id for each (place, file name), None where there is no image or no single one.

        ``place`` is where the name stands in the file, for messages. No image is given twice: a full path
        beats a bare file name, and two bare names for one image are both left out.

        Raises BadInputError for a name that leaves the image folders.
        """
        keys = [self._check(place, name) for place, name in named]
        found = [self._by_path.get(key) for key in keys]
        taken = {image_id for image_id in found if image_id is not None}
        claims: dict[int, list[int]] = {}
        for position, key in enumerate(keys):
            if found[position] is None and key not in self._by_path:
                image_id = self._by_basename.get(PurePosixPath(key).name)
                if image_id is not None and image_id not in taken:
                    claims.setdefault(image_id, []).append(position)
        for image_id, positions in claims.items():
            if len(positions) == 1:
                found[positions[0]] = image_id
        return found

    def _check(self, place: str, name: str) -> str:
        key = _key(name)
        path = PurePosixPath(key)
        absolute = path.is_absolute() or PureWindowsPath(name).drive != ""
        inside = any(path.is_relative_to(root) for root in self._roots)
        if ".." in path.parts or (absolute and not inside):
            raise BadInputError(
                f'{place}.file_name "{name}" leaves the image folders of this project; '
                "use paths relative to the image folder."
            )
        return key


def export_names(images: Iterable[Image], roots: Mapping[int, Path]) -> list[tuple[Image, str]]:
    """Each image with the name that exports use for it, with forward slashes.

    With one image folder that is the path inside it. With several it is the path below the folder they
    share, so that every name is different and one folder is enough to find all files; where they share none
    (several drives), the absolute path.
    """
    if len(roots) <= 1:
        return [(image, image.path) for image in images]
    try:
        shared = Path(os.path.commonpath(list(roots.values())))
    except ValueError:
        prefix = {key: root.as_posix() for key, root in roots.items()}
    else:
        prefix = {key: root.relative_to(shared).as_posix() for key, root in roots.items()}
    return [(image, str(PurePosixPath(prefix[image.root_id]) / image.path)) for image in images]


def _enter(names: dict[str, int | None], key: str, image: Image) -> None:
    """Note that ``key`` names ``image``, or nothing any more when it named another."""
    if key not in names:
        names[key] = image.id
    elif image.state is not ImageState.MISSING:
        names[key] = None


def _key(name: str) -> str:
    """Windows tools write backslashes, and file systems differ in how they compose accents."""
    return str(PurePosixPath(unicodedata.normalize("NFC", name.replace("\\", "/"))))
