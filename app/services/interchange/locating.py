"""The image of each entry of a label file: full names in a folder, names without suffix, class folders."""

import os
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from pathlib import Path

from app.domain.images import Image
from app.services.interchange.folder_files import nfc, split_suffix
from app.services.interchange.matching import ImageMatcher
from app.services.interchange.name_fits import Fit, Match, Parts
from app.services.interchange.statements import LabelFile

_MOST_CANDIDATES = 20


def find_images(
    file: LabelFile, known: Sequence[Image], roots: Mapping[int, Path], *, by_file_name: bool = False
) -> list[Match]:
    """The match of each entry of ``file``; see :class:`ImageMatcher` for the rules.

    If the file's folder is, contains or is in an image folder of the project, its names mean the files that
    are there. A name without suffix means the only image with that name; if several differ in the suffix
    alone, it is ambiguous.
    """
    matcher = ImageMatcher(known, roots)
    names = [one.file_name for one in file.images]
    base = None if file.folder is None else _place(file.folder, roots)
    if base is not None:
        names = [f"{base}/{name}" for name in names]
    shared: dict[int, tuple[int, ...]] = {}
    if any(one.without_suffix for one in file.images):
        suffixes = _Suffixes(known, roots)
        for at, one in enumerate(file.images):
            if one.without_suffix:
                names[at], several = suffixes.complete(names[at])
                if several:
                    shared[at] = several
    found = matcher.match_all(names, by_file_name=by_file_name)
    for at, several in shared.items():
        found[at] = Match(Fit.AMBIGUOUS, None, several)
    if base is None and any(one.short_name is not None for one in file.images):
        return _without_class_folders(file, found, matcher, known)
    return found


def _place(folder: Path, roots: Mapping[int, Path]) -> str | None:
    """The path of ``folder`` in the spelling of the image folder that it is in or contains."""
    for root in roots.values():
        real = Path(os.path.realpath(root))
        if folder.is_relative_to(real):
            return (root / folder.relative_to(real)).as_posix().rstrip("/")
        if real.is_relative_to(folder):
            # As many parts fewer as the real one has; a link on the way only changes the spelling.
            below = real.relative_to(folder)
            whole = root.as_posix()
            if whole.endswith("/" + below.as_posix()):
                return whole.removesuffix("/" + below.as_posix())
            return folder.as_posix().rstrip("/")
    return None


class _Suffixes:
    """The images by path without suffix, the last part first, in order: those that agree with most of a path
    are neighbours."""

    def __init__(self, known: Sequence[Image], roots: Mapping[int, Path]) -> None:
        folders = {root_id: root.as_posix().rstrip("/") for root_id, root in roots.items()}
        paths = ((split_suffix(f"{folders[one.root_id]}/{one.path}"), one.id) for one in known)
        self._images = sorted((_reversed(stem), suffix, image_id) for (stem, suffix), image_id in paths)
        self._found: dict[Parts, tuple[set[str], tuple[int, ...]]] = {}

    def complete(self, name: str) -> tuple[str, tuple[int, ...]]:
        """The name with the suffix of the images that agree with most of it; or these images, if they have
        different suffixes."""
        parts = _reversed(name.replace("\\", "/"))
        at = bisect_left(self._images, (parts,))
        agreeing = max((_agreeing(parts, one[0]) for one in self._images[max(at - 1, 0) : at + 1]), default=0)
        if not agreeing:
            return name, ()
        suffixes, images = self._with(parts[:agreeing])
        return (name + min(suffixes), ()) if len(suffixes) == 1 else (name, images)

    def _with(self, parts: Parts) -> tuple[set[str], tuple[int, ...]]:
        """The suffixes of the images with these last parts, and the first ones of these images."""
        if parts not in self._found:
            start = end = bisect_left(self._images, (parts,))
            while end < len(self._images) and self._images[end][0][: len(parts)] == parts:
                end += 1
            same = self._images[start:end]
            first = tuple(image_id for _, _, image_id in same[:_MOST_CANDIDATES])
            self._found[parts] = {suffix for _, suffix, _ in same}, first
        return self._found[parts]


def _reversed(path: str) -> Parts:
    """The parts, last first and in composed form."""
    return tuple(part for part in nfc(path).split("/")[::-1] if part)


def _agreeing(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _without_class_folders(
    file: LabelFile, found: list[Match], matcher: ImageMatcher, known: Sequence[Image]
) -> list[Match]:
    """The names without the folders of the categories, if more of those are names in the project: then the
    files were copied into these folders. A file of another size is another picture."""
    short = matcher.match_all([one.short_name or one.file_name for one in file.images])
    exact = sum(one.fit is Fit.EXACT for one in found)
    if exact >= sum(one.fit is Fit.EXACT for one in short):
        return found
    sizes = {image.id: image.size for image in known}
    return [
        Match(Fit.UNKNOWN)
        if one.image_id is not None and entry.size not in (None, sizes[one.image_id])
        else one
        for one, entry in zip(short, file.images, strict=True)
    ]
