"""A scan finds what is on the disk, and labels stay with the content of an image."""

import hashlib
import os
import shutil
import sys
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from app.domain.errors import BusyError, CancelledError
from app.domain.images import ImageState
from app.domain.labels import Decision, LabelState
from app.services.images import file_content, file_walk
from app.services.images import scan as scanning
from app.services.images.scan import last_passed_over, scan
from app.services.labelling.decisions import decide, image_states
from app.services.project.creation import create_project
from app.storage import images

YES = LabelState.YES
unix = pytest.mark.skipif(sys.platform == "win32", reason="a Unix file system")


def known(project, state=None):
    with project.db.read() as s:
        return {image.path: image for image in images.all_images(s, state)}


def label(project, path):
    """Say yes to cat for the image at this path; return its number."""
    image = known(project)[path]
    decide(project, [Decision(image.id, 1, YES)])
    return image.id


def labelled(project):
    """The paths, states included, of the images with a label."""
    with project.db.read() as s:
        found = images.all_images(s)
    return {(one.path, one.state.value) for one in found if image_states(project, one.id)[1] is YES}


def summary(report):
    names = ("added", "changed", "moved", "unchanged", "missing", "unreadable", "returned")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def test_a_scan_records_size_time_pixels_and_content(project, images_folder):
    image = known(project)["one.png"]
    file = images_folder / "one.png"
    assert (image.width, image.height, image.state, image.problem) == (8, 6, ImageState.OK, None)
    assert (image.size, image.mtime_ns) == (file.stat().st_size, file.stat().st_mtime_ns)
    assert image.content_hash == hashlib.blake2b(file.read_bytes(), digest_size=16).hexdigest()


def test_a_second_scan_reads_no_file(project, monkeypatch):
    monkeypatch.setattr(file_content, "read_content", lambda file, **_: pytest.fail("read again"))
    assert summary(scan(project)) == {"unchanged": 5}


def test_pixels_are_those_after_the_exif_rotation(project, images_folder):
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (40, 10)).save(images_folder / "turned.jpg", exif=exif)
    scan(project)
    image = known(project)["turned.jpg"]
    assert (image.width, image.height) == (10, 40)


def test_hidden_files_other_files_and_the_project_itself_are_passed_over(tmp_path, make_image):
    root = tmp_path / "images"
    make_image(root / "a.png")
    make_image(root / ".hidden" / "b.png")
    make_image(root / "._a.png")
    make_image(root / "work" / "thumb.png")
    (root / "readme.txt").write_text("no image")
    with create_project(root / "work", [root]) as project:
        assert summary(scan(project)) == {"added": 1}


def test_suffixes_count_in_any_case_and_folders_named_like_images_are_entered(tmp_path, make_image):
    make_image(tmp_path / "images" / "set.jpg" / "A.PNG")
    with create_project(tmp_path / "p", [tmp_path / "images"]) as project:
        scan(project)
        assert set(known(project)) == {"set.jpg/A.PNG"}


@unix
def test_links_are_followed_without_running_in_a_circle_and_real_places_come_first(tmp_path, make_image):
    root = tmp_path / "images"
    make_image(root / "real" / "a.png")
    make_image(tmp_path / "outside" / "b.png")
    (root / "a_link").symlink_to(root / "real")
    (root / "real" / "up").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "again").symlink_to(tmp_path / "outside")
    (root / "file.png").symlink_to(tmp_path / "outside" / "b.png")
    (root / "broken.png").symlink_to(tmp_path / "nothing.png")
    with create_project(tmp_path / "p", [root]) as project:
        report = scan(project)
        assert set(known(project)) == {"file.png", "real/a.png", "again/b.png"}
    assert report.problems == [("broken.png", "a broken link")]


@unix
@pytest.mark.parametrize("name", [b"caf\xe9 \xff.png", "un été.png".encode(), b"a b\nc\x1b0041.png"])
def test_names_of_any_bytes_are_known_again(project, images_folder, make_image, name):
    path = images_folder / os.fsdecode(name)
    shutil.copy(make_image(images_folder / "six.png"), path)
    (images_folder / "six.png").unlink()
    assert summary(scan(project)) == {"added": 1, "unchanged": 5}
    assert os.fsdecode(name) in known(project)
    assert summary(scan(project)) == {"unchanged": 6}
    path.unlink()
    assert summary(scan(project)) == {"unchanged": 5, "missing": 1}


@unix
def test_two_names_that_differ_only_in_composition_are_two_images(project, images_folder, make_image):
    for i, form in enumerate(["NFC", "NFD"]):
        make_image(images_folder / unicodedata.normalize(form, "é.png"), colour=(i, i, i))
    if len(list(images_folder.iterdir())) == 6:
        pytest.skip("this file system composes names itself")
    assert scan(project).added == 2


def test_files_that_are_no_images_are_recorded_with_the_reason_and_the_scan_continues(project, images_folder):
    (images_folder / "empty.jpg").touch()
    (images_folder / "text.jpg").write_text("hello")
    (images_folder / "cut.png").write_bytes((images_folder / "one.png").read_bytes()[:20])
    report = scan(project)
    assert summary(report) == {"added": 3, "unchanged": 5, "unreadable": 3}
    assert {Path(path).name for path, _ in report.problems} == {"empty.jpg", "text.jpg", "cut.png"}
    for image in known(project, ImageState.UNREADABLE).values():
        assert image.problem
        assert image.content_hash is None
    assert "0 bytes" in known(project)["empty.jpg"].problem


def test_an_unreadable_file_is_tried_and_reported_again_until_it_can_be_read(
    project, images_folder, make_image
):
    (images_folder / "six.png").write_text("not yet")
    scan(project)
    before = known(project)["six.png"]
    report = scan(project)
    assert summary(report) == {"unchanged": 6, "unreadable": 1}
    assert len(report.problems) == 1
    assert known(project)["six.png"] == before
    make_image(images_folder / "six.png")
    assert summary(scan(project)) == {"unchanged": 5, "changed": 1}
    assert known(project)["six.png"].state is ImageState.OK


def test_a_file_that_decoding_found_damaged_stays_so_until_it_changes(project, images_folder, make_image):
    number = known(project)["one.png"].id
    with project.db.write() as s:
        images.set_unreadable(s, number, "truncated")
    report = scan(project)
    assert summary(report) == {"unchanged": 5, "unreadable": 1}
    assert report.problems == [("one.png", "truncated")]
    make_image(images_folder / "one.png", size=(9, 9))
    scan(project)
    assert known(project)["one.png"].state is ImageState.OK


def test_a_moved_or_renamed_file_keeps_its_labels(project, images_folder):
    number = label(project, "one.png")
    (images_folder / "deep").mkdir()
    (images_folder / "one.png").rename(images_folder / "deep" / "uno.png")
    assert summary(scan(project)) == {"moved": 1, "unchanged": 4}
    assert known(project)["deep/uno.png"].id == number
    assert labelled(project) == {("deep/uno.png", "ok")}


def test_a_folder_of_images_that_moved_as_a_whole_keeps_its_labels(project, images_folder):
    label(project, "one.png")
    label(project, "four.png")
    (images_folder / "sub").mkdir()
    for file in images_folder.glob("*.png"):
        file.rename(images_folder / "sub" / file.name)
    assert summary(scan(project)) == {"moved": 5}
    assert labelled(project) == {("sub/one.png", "ok"), ("sub/four.png", "ok")}


def test_a_moved_image_that_was_missing_for_a_while_is_known_again(project, images_folder, tmp_path):
    number = label(project, "one.png")
    (images_folder / "one.png").rename(tmp_path / "away.png")
    assert summary(scan(project)) == {"missing": 1, "unchanged": 4}
    (tmp_path / "away.png").rename(images_folder / "back.png")
    assert summary(scan(project)) == {"moved": 1, "unchanged": 4}
    assert known(project)["back.png"].id == number


def test_files_that_exchange_their_names_keep_their_labels(project, images_folder):
    label(project, "one.png")
    (images_folder / "one.png").rename(images_folder / "x.png")
    (images_folder / "two.png").rename(images_folder / "one.png")
    (images_folder / "x.png").rename(images_folder / "two.png")
    assert summary(scan(project)) == {"moved": 2, "unchanged": 3}
    assert labelled(project) == {("two.png", "ok")}


def test_a_row_of_files_renumbered_by_one_keeps_its_labels(tmp_path, make_image):
    root = tmp_path / "images"
    for i in range(6):
        make_image(root / f"img_{i}.png", colour=(i * 40, 0, 0))
    with create_project(tmp_path / "p", [root], ["cat"]) as project:
        scan(project)
        label(project, "img_2.png")
        label(project, "img_5.png")
        for i in reversed(range(6)):
            (root / f"img_{i}.png").rename(root / f"img_{i + 1}.png")
        assert summary(scan(project)) == {"moved": 6}
        assert labelled(project) == {("img_3.png", "ok"), ("img_6.png", "ok")}


def test_a_file_moved_over_another_leaves_that_one_missing_with_its_labels(project, images_folder):
    label(project, "one.png")
    label(project, "two.png")
    (images_folder / "one.png").replace(images_folder / "two.png")
    assert summary(scan(project)) == {"moved": 1, "missing": 1, "unchanged": 3}
    assert labelled(project) == {("two.png", "ok"), ("two.png", "missing")}
    assert summary(scan(project)) == {"missing": 1, "unchanged": 4}


def test_a_copy_is_a_separate_image(project, images_folder):
    label(project, "one.png")
    shutil.copy2(images_folder / "one.png", images_folder / "copy.png")
    os.utime(images_folder / "one.png")
    assert summary(scan(project)) == {"added": 1, "unchanged": 5}
    assert labelled(project) == {("one.png", "ok")}


def test_other_content_at_the_same_place_keeps_the_labels_and_gets_a_new_hash(
    project, images_folder, make_image
):
    number = label(project, "one.png")
    before = known(project)["one.png"].content_hash
    make_image(images_folder / "one.png", size=(30, 20))
    assert summary(scan(project)) == {"changed": 1, "unchanged": 4}
    image = known(project)["one.png"]
    assert (image.id, image.width, image.height) == (number, 30, 20)
    assert image.content_hash != before
    assert labelled(project) == {("one.png", "ok")}


def test_a_file_with_a_new_time_only_is_unchanged(project, images_folder):
    os.utime(images_folder / "one.png", ns=(1, 1))
    assert summary(scan(project)) == {"unchanged": 5}
    assert known(project)["one.png"].mtime_ns == 1


def test_a_vanished_file_is_missing_and_keeps_its_labels_until_it_is_back(project, images_folder, tmp_path):
    label(project, "one.png")
    shutil.move(images_folder / "one.png", tmp_path / "kept.png")
    assert summary(scan(project)) == {"missing": 1, "unchanged": 4}
    assert known(project)["one.png"].problem == "the file is gone"
    assert labelled(project) == {("one.png", "missing")}
    assert summary(scan(project)) == {"missing": 1, "unchanged": 4}
    shutil.move(tmp_path / "kept.png", images_folder / "one.png")
    assert summary(scan(project)) == {"returned": 1, "unchanged": 4}
    assert labelled(project) == {("one.png", "ok")}
    assert known(project)["one.png"].problem is None


def test_a_root_that_is_not_there_makes_its_images_missing_and_moves_nothing(tmp_path, images_folder):
    other = tmp_path / "other"
    other.mkdir()
    with create_project(tmp_path / "p", [images_folder, other], ["cat"]) as project:
        scan(project)
        label(project, "one.png")
        shutil.copy2(images_folder / "one.png", other / "copy.png")
        images_folder.rename(tmp_path / "unplugged")
        report = scan(project)
        assert summary(report) == {"added": 1, "missing": 5}
        assert report.problems == [(str(images_folder), "the image folder is not there")]
        (tmp_path / "unplugged").rename(images_folder)
        assert summary(scan(project)) == {"returned": 5, "unchanged": 1}
        assert labelled(project) == {("one.png", "ok")}


@unix
def test_an_unreadable_folder_is_reported_and_its_images_are_not_matched_elsewhere(
    project, images_folder, make_image, monkeypatch
):
    make_image(images_folder / "closed" / "six.png", size=(3, 3))
    scan(project)
    label(project, "closed/six.png")
    shutil.copy2(images_folder / "closed" / "six.png", images_folder / "copy.png")
    look = os.scandir

    def refuse(folder):
        if str(folder).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return look(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    report = scan(project)
    assert summary(report) == {"added": 1, "missing": 1, "unchanged": 5}
    assert report.problems == [("closed", "the folder cannot be read (Permission denied)")]
    assert known(project)["closed/six.png"].problem == "its folder cannot be read"
    monkeypatch.undo()
    assert summary(scan(project)) == {"returned": 1, "unchanged": 6}
    assert labelled(project) == {("closed/six.png", "ok")}


def test_a_file_that_vanishes_during_the_scan_is_reported_and_not_recorded(
    project, images_folder, monkeypatch
):
    (images_folder / "six.png").touch()
    read = file_content.read_content

    def vanish_first(file, **options):
        (images_folder / "six.png").unlink()
        return read(file, **options)

    monkeypatch.setattr(file_content, "read_content", vanish_first)
    report = scan(project)
    assert summary(report) == {"unchanged": 5}
    assert report.problems == [("six.png", "vanished while the scan was running")]


def test_a_stop_keeps_what_was_read_and_the_next_scan_does_the_rest(tmp_path, make_image, monkeypatch):
    for i in range(40):
        make_image(tmp_path / "images" / f"{i:02}.png", colour=(i, i, i))
    monkeypatch.setattr(scanning, "COMMIT_EVERY", 10)
    calls = iter(range(100))
    with create_project(tmp_path / "p", [tmp_path / "images"]) as project:
        with pytest.raises(CancelledError, match="everything found so far is kept"):
            scan(project, should_stop=lambda: next(calls) >= 25)
        assert len(known(project)) == 25
        assert summary(scan(project)) == {"added": 15, "unchanged": 25}


def test_a_crash_loses_no_more_than_one_portion(tmp_path, make_image, monkeypatch):
    for i in range(25):
        make_image(tmp_path / "images" / f"{i:02}.png", colour=(i, i, i))
    monkeypatch.setattr(scanning, "COMMIT_EVERY", 10)
    read = file_content.read_content

    def crash_at_last(file, **options):
        if file.path == "24.png":
            raise ZeroDivisionError
        return read(file, **options)

    monkeypatch.setattr(file_content, "read_content", crash_at_last)
    with create_project(tmp_path / "p", [tmp_path / "images"]) as project:
        with pytest.raises(ZeroDivisionError):
            scan(project)
        assert len(known(project)) == 20


def test_progress_counts_up_to_the_total_and_stays_within_it(project, images_folder, make_image, monkeypatch):
    monkeypatch.setattr(scanning, "REPORT_EVERY", 0)
    for i in range(7):
        make_image(images_folder / "more" / f"{i}.png", colour=(i, 0, 0))
    heard = []
    scan(project, heard.append)
    looking = [one.done for one in heard if one.stage == "Looking for images"]
    reading = [one.done for one in heard if one.stage == "Reading images"]
    assert looking == sorted(looking)
    assert looking[-1] == 12
    assert reading == list(range(8))
    assert {one.total for one in heard if one.stage == "Reading images"} == {7}


def test_two_scans_at_a_time_are_one_too_many(project):
    with project.scan_lock(), pytest.raises(BusyError, match="in use by a scan for images"):
        scan(project)


def test_the_image_folders_are_only_read(tmp_path, images_folder):
    before = {path: path.stat().st_mtime_ns for path in [images_folder, *images_folder.iterdir()]}
    with create_project(tmp_path / "p", [images_folder]) as project:
        scan(project)
    assert {path: path.stat().st_mtime_ns for path in [images_folder, *images_folder.iterdir()]} == before


def test_files_that_are_not_looked_into_are_counted_by_suffix(tmp_path, make_image):
    root = tmp_path / "images"
    make_image(root / "a.png")
    for name in (".hidden.nef", ".hidden/b.nef", "1.NEF", "deep/2.nef", "3.dcm", "notes.txt", "1.2.840.7"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"some bytes")
    (root / "folder.nef").mkdir()
    with create_project(root / "work", [root]) as project:
        report = scan(project)
        assert report.passed_over.counts == {".nef": 2, ".dcm": 1, ".txt": 1, "no suffix": 1}
        assert report.passed_over.not_supported == {"camera raw": 2, "DICOM": 1}
        assert last_passed_over(project) == report.passed_over.words()
        (root / "3.dcm").unlink()
        assert ".dcm" not in scan(project).passed_over.counts


def test_of_files_without_a_suffix_a_few_are_read_to_tell_their_kind(tmp_path, make_image):
    make_image(tmp_path / "images" / "a.jpg").rename(tmp_path / "images" / "IMG_0001")
    with create_project(tmp_path / "project", [tmp_path / "images"]) as project:
        assert scan(project).passed_over.words().startswith("1 without suffix (JPEG;")
    (tmp_path / "images" / "IMG_0001").write_bytes(bytes(128) + b"DICM")
    with create_project(tmp_path / "other", [tmp_path / "images"]) as project:
        assert scan(project).passed_over.not_supported == {"DICOM": 1}


def test_files_with_an_unknown_suffix_are_not_opened(tmp_path, monkeypatch):
    (tmp_path / "images").mkdir()
    for number in range(30):
        (tmp_path / "images" / f"{number}.nef").write_bytes(b"II*\0")
        (tmp_path / "images" / f"IM{number}").write_bytes(b"text")
    read = []

    def noted(path, mode):
        read.append(path)
        return Path(path).open(mode)

    monkeypatch.setattr(file_walk, "open", noted, raising=False)
    with create_project(tmp_path / "project", [tmp_path / "images"]) as project:
        assert scan(project).passed_over.total == 60
    assert len(read) == 20
    assert not any(path.endswith(".nef") for path in read)


@unix
def test_a_pipe_without_a_suffix_is_not_waited_for(tmp_path):
    (tmp_path / "images").mkdir()
    os.mkfifo(tmp_path / "images" / "pipe")
    (tmp_path / "images" / "loop").symlink_to("loop")
    with create_project(tmp_path / "project", [tmp_path / "images"]) as project:
        assert scan(project).passed_over.total == 0
