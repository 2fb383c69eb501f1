"""Finding listed images in the layouts that people have."""

import shutil
from pathlib import Path

import pytest
from miniature import write_miniature

from cprfl_core.common.errors import DatasetError
from cprfl_core.datasets.lists import read_lists
from cprfl_core.datasets.roots import check_images, find_images


@pytest.fixture
def miniature(tmp_path):
    images, folder = write_miniature(tmp_path, "voc-lt")
    lists = read_lists("voc-lt", folder)
    return images, [*lists.train.paths, *lists.test.paths]


def moved(images: Path, target: Path, *, keep: str = "") -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(images / keep, target)
    return target


def test_images_are_found_below_and_inside_the_listed_folders(miniature, tmp_path):
    images, paths = miniature
    expected = [images / path for path in paths]
    assert find_images(images, paths) == expected
    assert find_images(images / "VOCdevkit", paths) == expected
    only_training = [path for path in paths if "VOC2012" in path]
    assert find_images(images / "VOCdevkit" / "VOC2012", only_training) == expected[: len(only_training)]
    jpegs = images / "VOCdevkit" / "VOC2012" / "JPEGImages"
    assert find_images(jpegs, only_training) == expected[: len(only_training)]


def test_archives_unpacked_each_into_its_own_folder_are_found(miniature, tmp_path):
    images, paths = miniature
    root = tmp_path / "root"
    moved(images, root / "VOCtrainval_11-May-2012" / "VOCdevkit" / "VOC2012", keep="VOCdevkit/VOC2012")
    moved(images, root / "VOCtest_06-Nov-2007" / "VOC2007", keep="VOCdevkit/VOC2007")
    found = find_images(root, paths)
    assert all(file.is_file() for file in found)
    assert [file.name for file in found] == [Path(path).name for path in paths]


def test_one_flat_folder_serves_both_lists_where_the_names_differ(miniature, tmp_path):
    images, paths = miniature
    flat = tmp_path / "JPEGImages"
    flat.mkdir()
    for path in paths:
        shutil.copy(images / path, flat / Path(path).name)
    assert find_images(flat, paths) == [flat / Path(path).name for path in paths]


def test_coco_folders_may_lie_in_the_root_or_in_images(tmp_path):
    images, folder = write_miniature(tmp_path, "coco-lt")
    lists = read_lists("coco-lt", folder)
    paths = [*lists.train.paths, *lists.test.paths]
    assert find_images(images, paths) == [images / path for path in paths]
    assert find_images(tmp_path, paths) == [images / path for path in paths]


def test_two_listed_images_never_share_a_file(tmp_path):
    (tmp_path / "1.jpg").write_bytes(b"x")
    with pytest.raises(DatasetError, match=r"train/1.jpg and val/1.jpg would both be"):
        find_images(tmp_path, ["train/1.jpg", "val/1.jpg"])


def test_missing_images_are_counted_and_the_first_are_named(miniature):
    images, paths = miniature
    for path in paths[:7]:
        (images / path).unlink()
    with pytest.raises(DatasetError) as caught:
        find_images(images, paths)
    assert caught.value.sentence.startswith(f"7 of {len(paths)} listed images are missing: ")
    assert str(images / paths[4]) in caught.value.sentence
    assert str(images / paths[5]) not in caught.value.sentence
    assert caught.value.sentence.endswith(" and 2 more.")


def test_where_nothing_is_found_the_places_searched_are_reported(tmp_path):
    with pytest.raises(DatasetError) as caught:
        find_images(tmp_path, ["VOCdevkit/VOC2012/JPEGImages/1.jpg"])
    for place in ("VOCdevkit/VOC2012/JPEGImages", "VOC2012/JPEGImages", "JPEGImages"):
        assert str(tmp_path / place) in caught.value.sentence
    assert "give the folder that contains 1.jpg" in caught.value.sentence
    with pytest.raises(DatasetError, match="does not exist"):
        find_images(tmp_path / "nowhere", ["1.jpg"])


def test_unreadable_images_are_counted_and_named_with_the_reason(miniature):
    images, paths = miniature
    files = [images / path for path in paths]
    check_images(files)
    files[1].write_bytes(b"")
    files[2].write_text("<html>not found</html>")
    with pytest.raises(DatasetError) as caught:
        check_images(files)
    assert caught.value.sentence.startswith(f"2 of {len(files)} images cannot be read: ")
    assert f"{files[1]} (empty file (0 bytes))" in caught.value.sentence
