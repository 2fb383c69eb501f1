from pathlib import Path

import pytest
from folder_trees import make_tree, no, read, reasons, yes
from labelled_projects import make_project, mark, say

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from cprfl_core.datasets.lists import read_lists

LISTS = Path(__file__).parents[3].parent / "shared" / "lists"
LABELS = "fox 0\nhair drier 1 \nhen 2\n"


def test_indices_are_categories_and_an_image_without_one_has_none_of_them(tmp_path):
    make_tree(
        tmp_path,
        {
            "labels.txt": LABELS + "word\nowl 0\n",
            "train.txt": "VOC/a b.jpg 0 1 \nc 1.jpg\nd.jpg 2 9\n\ne.jpg 1 x\n../f.jpg 1\n",
        },
    )
    file = read("lists", tmp_path)
    assert yes(file) == {"VOC/a b.jpg": {"fox", "hair drier"}, "c 1.jpg": set(), "d.jpg": {"hen"}}
    assert [one.reviewed for one in file.images] == [False, True, False]
    assert reasons(file) == {
        "labels.txt, line 4": "is not a name followed by its index",
        "labels.txt, line 5": "the index 0 is used twice",
        "train.txt, line 3": "there is no category 9",
        "train.txt, line 5": "is not an image in the folder, followed by indices of categories",
        "train.txt, line 6": "is not an image in the folder, followed by indices of categories",
    }


def test_two_data_sets_in_one_folder_say_nothing_about_the_categories_of_the_other(tmp_path):
    make_tree(
        tmp_path,
        {
            "x_labels.txt": "fox 0\n",
            "x_train.txt": "a.jpg\n",
            "y_labels.txt": "hen 0\n",
            "y_val.txt": "b.jpg 0\n",
        },
    )
    file = read("lists", tmp_path)
    assert (yes(file), no(file)) == ({"a.jpg": set(), "b.jpg": {"hen"}}, {"a.jpg": {"fox"}})
    assert not any(one.reviewed for one in file.images)
    assert yes(read("lists", tmp_path / "y_val.txt")) == {"b.jpg": {"hen"}}


def test_lists_without_names_and_names_without_lists_are_refused(tmp_path):
    with pytest.raises(BadInputError, match="no file with the categories"):
        read("lists", make_tree(tmp_path / "one", {"train.txt": "a.jpg 0\n"}))
    with pytest.raises(BadInputError, match=r"no list that belongs to labels\.txt"):
        read("lists", make_tree(tmp_path / "two", {"labels.txt": LABELS}))


@pytest.mark.skipif(not LISTS.is_dir(), reason="the shared lists are not here")
def test_the_published_lists_say_what_the_core_reads_in_them():
    expected = read_lists("voc-lt", LISTS)
    for part in (expected.train, expected.test):
        found = yes(read("lists", part.file))
        assert found == {
            path: {expected.categories[at] for at in row.nonzero()[0]}
            for path, row in zip(part.paths, part.labels, strict=True)
        }


def test_an_export_lists_only_what_a_list_can_say(tmp_path):
    with make_project(tmp_path, ["a.jpg", "b.jpg", "c.jpg", "d 1.jpg"]) as project:
        say(project, "a.jpg", fox="yes", hen="no")
        say(project, "b.jpg", hen="no")
        mark(project, "c.jpg")
        say(project, "d 1.jpg", hen="yes", fox="yes")
        report = export_labels(project, "lists", tmp_path / "out")
    assert (tmp_path / "out" / "labels.txt").read_text("utf-8") == "fox 0\nhen 1\n"
    assert (tmp_path / "out" / "images.txt").read_text("utf-8") == "a.jpg 0\nc.jpg\nd 1.jpg 0 1\n"
    assert report.notes == ["1 image left out: a list would make no of what is unknown there"]
