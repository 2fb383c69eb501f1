"""The tags of TIFF files, which Pillow decodes only when they are asked for."""

from collections.abc import Iterator
from typing import IO, Any

from PIL.TiffImagePlugin import ImageFileDirectory_v2


def directories(stream: IO[bytes]) -> Iterator[ImageFileDirectory_v2]:
    """The tags of each directory in turn, in one object that is filled again; ends before a repeated one.

    May raise anything for arbitrary bytes, and so may asking for a tag.
    """
    stream.seek(0)
    header = stream.read(8)
    tags, seen = ImageFileDirectory_v2(header + stream.read(8) if header[2] == 43 else header), set[int]()
    while tags.next and tags.next not in seen:
        seen.add(tags.next)
        stream.seek(tags.next)
        tags.load(stream)
        yield tags


def whole_numbers(value: Any) -> tuple[int, ...]:
    """The values of a tag. A damaged one may be of any type; then this raises ValueError or TypeError."""
    return tuple(int(one) for one in (value if isinstance(value, tuple) else (value,)))
