"""Reading the lists of VOC-LT and COCO-LT."""

from pathlib import Path

import numpy as np
import pytest
from miniature import CATEGORIES, TEST, TRAIN, write_miniature

from cprfl_core.common.errors import DatasetError
from cprfl_core.datasets.lists import read_labels, read_list, read_lists

SHARED = Path(__file__).resolve().parents[4] / "shared" / "lists"
NAMES = ("cat", "dog", "hair drier")


def write(folder: Path, content: str | bytes, name: str = "list.txt") -> Path:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_a_miniature_in_the_published_layout_is_read_as_written(tmp_path):
    _, folder = write_miniature(tmp_path)
    lists = read_lists("voc-lt", folder)
    assert lists.categories == CATEGORIES
    assert [tuple(np.flatnonzero(row)) for row in lists.train.labels] == TRAIN
    assert [tuple(np.flatnonzero(row)) for row in lists.test.labels] == TEST
    assert lists.train_positives.tolist() == [sum(c in row for row in TRAIN) for c in range(3)]
    assert (lists.train.unlabelled, lists.test.unlabelled) == (1, 2)
    assert not lists.as_published
    assert set(lists.digests) == {"voc_labels.txt", "voc_lt_train.txt", "voc_lt_test.txt"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the published lists are not on this machine")
@pytest.mark.parametrize(
    ("name", "sizes", "bands", "unlabelled", "some"),
    [
        ("voc-lt", (1142, 4952, 20), (6, 6, 8), 0, {14: "person", 19: "tvmonitor"}),
        ("coco-lt", (1909, 5000, 80), (22, 33, 25), 48, {78: "hair drier", 12: "parking meter", 0: "person"}),
    ],
)
def test_the_published_lists_have_the_sizes_and_bands_of_the_paper(name, sizes, bands, unlabelled, some):
    lists = read_lists(name, SHARED)
    assert (len(lists.train.paths), len(lists.test.paths), len(lists.categories)) == sizes
    positives = lists.train_positives
    assert (
        int((positives >= 100).sum()),
        int(((positives >= 20) & (positives < 100)).sum()),
        int((positives < 20).sum()),
    ) == bands
    assert (lists.train.unlabelled, lists.test.unlabelled) == (0, unlabelled)
    assert {index: lists.categories[index] for index in some} == some
    assert lists.as_published


def test_label_names_are_split_from_the_right_whatever_the_line_ends(tmp_path):
    file = write(tmp_path, b"\xef\xbb\xbfhair  drier 1 \r\ncat 0\r\n\r\n")
    assert read_labels(file) == ("cat", "hair drier")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("cat 0\ndog one\n", "line 2: 'dog one' is not a name followed by an index"),
        ("cat 0\n1\n", "line 2: '1' is not a name"),
        ("cat 0\ndog 0\n", "line 2: index 0 is also that of 'cat'"),
        ("cat 0\ndog 1\ncat 2\n", "line 3: 'cat' is also in line 1"),
        ("cat 0\ndog 2\n", "has 2 categories but no index 1"),
        ("cat 0\n\ndog 1\n", "line 2: the line is blank"),
        ("cat 0\ndog -1\n", "line 2: 'dog -1' is not a name followed by an index"),
        ("", "is empty"),
        (b"cat 0\nd\xf6g 1\n", "line 2: the text is not UTF-8"),
    ],
)
def test_a_bad_label_file_is_refused_with_its_line(tmp_path, content, told):
    file = write(tmp_path, content)
    with pytest.raises(DatasetError, match=rf"list\.txt.*{told}"):
        read_labels(file)


def test_an_image_without_an_index_is_a_negative_for_every_category(tmp_path):
    found = read_list(write(tmp_path, "a.jpg\nb.jpg 2 0 \n"), NAMES)
    assert found.labels.tolist() == [[0, 0, 0], [1, 0, 1]]
    assert found.labels.dtype == np.int8
    assert found.unlabelled == 1


def test_a_folder_may_hold_a_space_and_a_backslash_is_a_slash(tmp_path):
    found = read_list(write(tmp_path, "my photos/b 2.JPG 1\r\nval\\c.jpeg 2\r\n"), NAMES)
    assert found.paths == ("my photos/b 2.JPG", "val/c.jpeg")
    assert found.labels.tolist() == [[0, 1, 0], [0, 0, 1]]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a.jpg 0\nb.jpg 0 x4 1\n", "line 2: field 3, 'x4', is not the index of a category"),
        ("a.jpg 0\nb.jpg 3\n", "line 2: field 2, index 3, is beyond the last, 2"),
        ("a.jpg 0\nb.jpg -1\n", "line 2: field 2, '-1', is not the index"),
        ("a.jpg 1 1\n", "line 1: field 3, index 1, is a duplicate"),
        ("a.jpg 0\nb.jpg 1\na.jpg 2\n", "line 3: a.jpg is also in line 1"),
        ("0 1 2\n", "line 1: field 1, '0', is not the name of an image file"),
        ("a.jpg b.jpg 1\n", "line 1: field 2, 'b.jpg', is not the index"),
        ("../a.jpg 0\n", "line 1: the path ../a.jpg leaves the folder"),
        ("/etc/a.jpg 0\n", "line 1: the path /etc/a.jpg leaves the folder"),
        ("C:\\a.jpg 0\n", "line 1: the path C:/a.jpg leaves the folder"),
        ("a.jpg 0\n\nb.jpg 1\n", "line 2: the line is blank"),
        ("a.jpg ²\n", "line 1: field 2, '²', is not the index"),
    ],
)
def test_a_bad_list_is_refused_with_line_and_field(tmp_path, content, told):
    with pytest.raises(DatasetError) as caught:
        read_list(write(tmp_path, content), NAMES)
    assert f"list.txt, {told}" in caught.value.sentence


def test_a_missing_file_is_named_with_what_the_folder_should_hold(tmp_path):
    _, folder = write_miniature(tmp_path)
    (folder / "voc_lt_test.txt").unlink()
    with pytest.raises(DatasetError, match=r"lacks voc_lt_test\.txt; give the folder with voc_labels"):
        read_lists("voc-lt", folder)
    with pytest.raises(DatasetError, match="lacks coco_labels"):
        read_lists("coco-lt", folder)


def test_an_image_that_is_trained_on_and_tested_is_refused(tmp_path):
    _, folder = write_miniature(tmp_path)
    first = (folder / "voc_lt_train.txt").read_text().splitlines()[2]
    test = folder / "voc_lt_test.txt"
    test.write_text(test.read_text() + f"\n{first}")
    with pytest.raises(DatasetError, match=r"voc_lt_train.txt, line 3, and in voc_lt_test.txt, line 13"):
        read_lists("voc-lt", folder)


def test_an_unreadable_file_is_a_sentence(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(DatasetError, match=r"folder.txt cannot be read"):
        read_list(tmp_path / "folder.txt", NAMES)


def test_an_unknown_data_set_is_refused(tmp_path):
    with pytest.raises(DatasetError, match="'nus-wide'; use voc-lt or coco-lt"):
        read_lists("nus-wide", tmp_path)
