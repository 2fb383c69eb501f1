"""Small folders of labels, and what a reader makes of them."""

from app.services.interchange.format import ReadOptions
from app.services.interchange.registry import FORMATS

JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9"
"""Enough of a JPEG: no reader decodes an image."""


def make_tree(folder, files):
    """``files``: content by path; a text, bytes, or None for an image."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        data = JPEG if content is None else content
        target.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
    return folder


def read(name, path, **options):
    return FORMATS[name].read(path, ReadOptions(**options))


def yes(file):
    """{image: categories} of the yes's, united over the entries of an image."""
    found = {}
    for one in file.images:
        found.setdefault(one.file_name, set()).update(file.categories[at] for at in one.yes)
    return found


def no(file):
    return {one.file_name: {file.categories[at] for at in one.no} for one in file.images if one.no}


def reasons(file):
    return {one.place: one.reason for one in file.left_out}
