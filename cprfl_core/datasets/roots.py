"""Finds the files of listed paths in the usual layouts of VOC and COCO. NumPy- and torch-free.

A listed path is ``VOCdevkit/VOC2012/JPEGImages/2008_000023.jpg``. The root may be the folder that contains
``VOCdevkit``, ``VOCdevkit`` itself, ``VOC2012``, ``JPEGImages``, or one whose subfolders contain these.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from cprfl_core.common.errors import DatasetError, ImageError
from cprfl_core.images.reading import read_header

_NAMED: Final = 5


def find_images(root: Path, paths: Sequence[str]) -> list[Path]:
    """The file of each listed path, in order.

    Listed folders are located independently, so ``train2017`` and ``val2017`` may have different layouts.
    Raises DatasetError with the searched folders if a folder is not found, and with number and first names of
    missing images.
    """
    if not root.is_dir():
        raise DatasetError(f"The image folder {root} does not exist; give an existing one.")
    groups: dict[PurePosixPath, list[str]] = {}
    for path in paths:
        pure = PurePosixPath(path)
        groups.setdefault(pure.parent, []).append(pure.name)
    beneath = _folders(root)
    found: dict[PurePosixPath, Path] = {}
    missing: list[str] = []
    for listed, names in groups.items():
        folder, absent = _best(root, beneath, listed, names)
        found[listed] = folder
        missing += [f"{folder / name}" for name in absent]
    if missing:
        rest = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        raise DatasetError(
            f"{len(missing)} of {len(paths)} listed images are missing: {', '.join(missing[:_NAMED])}{rest}."
        )
    files = [found[PurePosixPath(path).parent] / PurePosixPath(path).name for path in paths]
    _refuse_sharing(files, paths)
    return files


def check_images(files: Sequence[Path]) -> None:
    """Read the header of every file. Raises DatasetError with number and names of unreadable ones."""
    faults: list[str] = []
    for file in files:
        try:
            read_header(file)
        except ImageError as error:
            faults.append(f"{file} ({error.reason})")
    if faults:
        rest = f" and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
        raise DatasetError(
            f"{len(faults)} of {len(files)} images cannot be read: {', '.join(faults[:_NAMED])}{rest}; "
            "unpack them again."
        )


def _best(root: Path, beneath: list[Path], listed: PurePosixPath, names: list[str]) -> tuple[Path, list[str]]:
    """The folder that contains most of the names, and the names missing from it."""
    searched: list[Path] = []
    best: tuple[Path, list[str]] | None = None
    for folder in _candidates(root, beneath, listed):
        searched.append(folder)
        present = _names_in(folder)
        absent = [name for name in names if name not in present]
        if not absent:
            return folder, []
        if len(absent) < len(names) and (best is None or len(absent) < len(best[1])):
            best = folder, absent
    if best is None:
        first = ", ".join(str(folder) for folder in searched[: len(listed.parts) + 1])
        raise DatasetError(
            f"None of the {len(names)} images listed in {listed}/ is in {root}. Searched: {first}, and the "
            f"same in each of its {len(beneath)} subfolders; give the folder that contains {names[0]}."
        )
    return best


def _candidates(root: Path, beneath: list[Path], listed: PurePosixPath) -> Iterator[Path]:
    """Possible locations of the listed folder, the likeliest first: its whole path, then shorter ones."""
    ends = [Path(*listed.parts[drop:]) for drop in range(len(listed.parts) + 1)]
    for base in (root, *beneath):
        for end in ends:
            yield base / end


def _folders(root: Path) -> list[Path]:
    """Folders directly in ``root``, such as separately unpacked archives."""
    try:
        with os.scandir(root) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir())
    except OSError as error:
        raise DatasetError(f"{root} cannot be read: {error.strerror or error}.") from error


def _names_in(folder: Path) -> frozenset[str]:
    """File names in a folder: one listing is much faster than thousands of lookups."""
    try:
        with os.scandir(folder) as entries:
            return frozenset(entry.name for entry in entries)
    except OSError:
        return frozenset()


def _refuse_sharing(files: Sequence[Path], paths: Sequence[str]) -> None:
    first: dict[Path, str] = {}
    for file, path in zip(files, paths, strict=True):
        if file in first:
            raise DatasetError(
                f"{first[file]} and {path} would both be {file}; "
                "keep the folders of the two apart, as listed."
            )
        first[file] = path
