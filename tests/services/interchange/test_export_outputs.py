"""Files and folders of one export appear together, or not at all."""

import errno
import os
from pathlib import Path

import pytest

from app.domain.errors import KnownError
from app.services.interchange.outputs import together


def contents(folder):
    return {path.name: path.read_text() if path.is_file() else "folder" for path in folder.iterdir()}


def write(place):
    with together() as outputs:
        for name in ("a.json", "b.json"):
            with outputs.file(place / name) as stream:
                stream.write(b"new")
        with outputs.folder(place / "images") as folder:
            (folder / "one").write_text("new")


def test_all_of_them_appear(tmp_path):
    (tmp_path / "a.json").write_text("old")
    write(tmp_path)
    assert contents(tmp_path) == {"a.json": "new", "b.json": "new", "images": "folder"}
    assert (tmp_path / "images" / "one").read_text() == "new"


def test_a_failure_while_writing_changes_nothing(tmp_path, monkeypatch):
    (tmp_path / "a.json").write_text("old")

    def refuse(_descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(KnownError, match="disk is full"):
        write(tmp_path)
    assert contents(tmp_path) == {"a.json": "old"}


@pytest.mark.parametrize("refused", ["a.json", "b.json", "images"])
@pytest.mark.parametrize("links", [True, False])
def test_a_name_that_cannot_be_given_puts_everything_back(tmp_path, monkeypatch, refused, links):
    """As on Windows while another program has the file open."""
    (tmp_path / "a.json").write_text("old")
    (tmp_path / "b.json").write_text("older")
    replace = Path.replace

    def careful(self, target):
        if Path(target).name == refused and self.name.endswith(".tmp"):
            raise PermissionError(errno.EACCES, "in use")
        return replace(self, target)

    def no_links(_source, _target):
        raise OSError(errno.EPERM, "no links")

    monkeypatch.setattr(Path, "replace", careful)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(KnownError, match=f"{refused} cannot be written"):
        write(tmp_path)
    assert contents(tmp_path) == {"a.json": "old", "b.json": "older"}
