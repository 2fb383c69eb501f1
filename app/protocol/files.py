"""Files that carry the bulk of a job from the service to the worker: JSON lines, read as a stream."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One image to embed. ``path`` is absolute; ``stamp`` (unsigned 64 bit) names the file's content.

    ``thumbnail``: long side in pixels of the thumbnail to make as well; 0, or nothing in the file, for none.
    """

    id: int
    path: str
    stamp: int
    thumbnail: int = 0


@dataclass(frozen=True, slots=True)
class PromptLine:
    """One category to encode: its key in the feature store and the texts that are averaged."""

    key: str
    prompts: Sequence[str]


def write_items(path: Path, items: Iterable[ItemLine]) -> int:
    """Write ``items`` to ``path`` and return their number. Raises OSError."""
    rows = ([one.id, one.path, one.stamp, *([one.thumbnail] if one.thumbnail else ())] for one in items)
    return _write(path, rows)


def read_items(path: Path) -> Iterator[ItemLine]:
    """Raises OSError for a file that cannot be read and ValueError for one of another shape."""
    for row in _rows(path, 3, 4):
        yield ItemLine(int(row[0]), str(row[1]), int(row[2]), *map(int, row[3:]))


def write_prompts(path: Path, prompts: Iterable[PromptLine]) -> int:
    """Write ``prompts`` to ``path`` and return their number. Raises OSError."""
    return _write(path, ([line.key, list(line.prompts)] for line in prompts))


def read_prompts(path: Path) -> Iterator[PromptLine]:
    """Raises OSError for a file that cannot be read and ValueError for one of another shape."""
    for key, prompts in _rows(path, 2):
        yield PromptLine(str(key), tuple(str(prompt) for prompt in prompts))


def _write(path: Path, rows: Iterable[Sequence[object]]) -> int:
    count = 0
    with path.open("w", encoding="ascii", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, separators=(",", ":")) + "\n")
            count += 1
    return count


def _rows(path: Path, *widths: int) -> Iterator[list[Any]]:
    with path.open(encoding="ascii") as file:
        for number, line in enumerate(file, 1):
            row = json.loads(line)
            if not isinstance(row, list) or len(row) not in widths:
                wanted = " or ".join(map(str, widths))
                raise ValueError(f"{path.name} line {number}: expected a list of {wanted} values")
            yield row
