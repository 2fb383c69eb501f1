"""From a listed path to a file: the layouts in which people keep VOC and COCO. NumPy- and torch-free.

A list says ``VOCdevkit/VOC2012/JPEGImages/2008_000023.jpg``. The person may give the folder that holds
``VOCdevkit``, ``VOCdevkit`` itself, ``VOC2012``, ``JPEGImages``, or one whose subfolders hold any of these.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from cprfl_core.errors import DatasetError, ImageError
from cprfl_core.images import read_header

_NAMED: Final = 5


def find_images(root: Path, paths: Sequence[str]) -> list[Path]:
    """The file of each listed path, in order.

    Listed folders are found one by one, so ``train2017`` and ``val2017`` may lie in different layouts. Raises
    DatasetError, with what was searched, where a folder is not found, and with the number and the first
    names where images are missing from it.
    """
    if not root.is_dir():
        raise DatasetError(f"The folder of images {root} does not exist.")
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
    """Read the header of every file. Raises DatasetError, which counts and names those that have none."""
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
    """The folder that holds most of the names, and the names that it lacks."""
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
            f"same in each of the {len(beneath)} folders beneath it; {names[0]} is the first one wanted."
        )
    return best


def _candidates(root: Path, beneath: list[Path], listed: PurePosixPath) -> Iterator[Path]:
    """Places where the listed folder may lie, the likeliest first: its whole path, then ever less of it."""
    ends = [Path(*listed.parts[drop:]) for drop in range(len(listed.parts) + 1)]
    for base in (root, *beneath):
        for end in ends:
            yield base / end


def _folders(root: Path) -> list[Path]:
    """Folders directly in ``root``, as archives that were unpacked each into its own place."""
    try:
        with os.scandir(root) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir())
    except OSError as error:
        raise DatasetError(f"{root} cannot be read: {error.strerror or error}.") from error


def _names_in(folder: Path) -> frozenset[str]:
    """One reading of a folder is far cheaper than asking for thousands of names, above all over a network."""
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
