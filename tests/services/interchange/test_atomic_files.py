import errno
import os
import stat
import sys

import pytest

from app.domain.errors import KnownError
from app.services.text_files import atomic_writer, check_target


def leftovers(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_appears_whole_when_the_block_ends(tmp_path):
    target = tmp_path / "out.json"
    with atomic_writer(target) as stream:
        stream.write(b"first ")
        assert not target.exists()
        stream.write(b"second")
    assert target.read_bytes() == b"first second"
    assert leftovers(tmp_path) == ["out.json"]


def test_a_failure_leaves_the_old_file_and_no_remains(tmp_path):
    target = tmp_path / "out.json"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), atomic_writer(target) as stream:
        stream.write(b"new")
        raise RuntimeError
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == ["out.json"]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EACCES, "permission denied")],
)
def test_what_the_disk_refuses_is_one_sentence_and_the_old_file_stays(tmp_path, monkeypatch, number, words):
    target = tmp_path / "out.json"
    target.write_bytes(b"old")

    def refuse(_descriptor):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(KnownError, match=words) as caught, atomic_writer(target) as stream:
        stream.write(b"new")
    assert "out.json" in caught.value.sentence
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == ["out.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_new_file_is_as_readable_as_others_and_an_old_one_keeps_its_mode(tmp_path):
    plain = tmp_path / "plain"
    plain.touch()
    target = tmp_path / "out.json"
    with atomic_writer(target) as stream:
        stream.write(b"1")
    assert target.stat().st_mode == plain.stat().st_mode
    target.chmod(0o640)
    with atomic_writer(target) as stream:
        stream.write(b"2")
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_link_keeps_pointing_to_the_file_that_was_written(tmp_path):
    real = tmp_path / "real.json"
    real.write_bytes(b"old")
    link = tmp_path / "link.json"
    link.symlink_to(real)
    with atomic_writer(check_target(link, ".json")) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_a_target_in_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(KnownError, match="does not exist; create it"):
        check_target(tmp_path / "no" / "out.json", ".json")


def test_a_folder_is_refused_with_a_proposal(tmp_path):
    with pytest.raises(KnownError, match=r"labels\.json"):
        check_target(tmp_path, ".json")


def test_an_existing_file_of_another_kind_is_never_replaced(tmp_path):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"x")
    with pytest.raises(KnownError, match=r"is not a \.json file"):
        check_target(photo, ".json")
    assert check_target(tmp_path / "new.name", ".json") == (tmp_path / "new.name").resolve()
