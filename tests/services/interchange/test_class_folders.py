import pytest
from folder_trees import make_tree, read, reasons, yes
from labelled_projects import make_project, say

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ImageFiles, WriteOptions


@pytest.mark.parametrize("part", ["", "train/", "Valid/"])
def test_the_folder_is_the_category_also_inside_the_parts_of_a_data_set(tmp_path, part):
    make_tree(tmp_path, {f"{part}fox/a.jpg": None, f"{part}red deer/deep/b.png": None})
    file = read("folders", tmp_path)
    assert yes(file) == {f"{part}fox/a.jpg": {"fox"}, f"{part}red deer/deep/b.png": {"red deer"}}
    assert [one.short_name for one in file.images] == ["a.jpg", "deep/b.png"]
    assert "1 image in deeper folders: the highest folder is the category." in file.notes


def test_a_category_called_train_is_one_if_there_are_others(tmp_path):
    make_tree(tmp_path, {"train/a.jpg": None, "bus/b.jpg": None})
    assert yes(read("folders", tmp_path)) == {"train/a.jpg": {"train"}, "bus/b.jpg": {"bus"}}


def test_images_outside_of_folders_and_other_files_are_told(tmp_path):
    make_tree(tmp_path, {"fox/a.jpg": None, "b.jpg": None, "fox/notes.md": "x", ".cache/c.jpg": None})
    file = read("folders", tmp_path)
    assert yes(file) == {"fox/a.jpg": {"fox"}}
    assert reasons(file) == {"b.jpg": "is not in the folder of a category"}
    assert file.notes == ["Passed over: 1 .md, 1 hidden."]


def test_a_linked_folder_is_not_followed(tmp_path):
    make_tree(tmp_path, {"in/fox/a.jpg": None, "out/b.jpg": None})
    (tmp_path / "in" / "hen").symlink_to(tmp_path / "out")
    file = read("folders", tmp_path / "in")
    assert yes(file) == {"fox/a.jpg": {"fox"}}
    assert file.notes == ["Passed over: 1 linked folders."]


def test_a_folder_without_class_folders_is_refused(tmp_path):
    make_tree(tmp_path, {"a.jpg": None})
    with pytest.raises(BadInputError, match="each category needs a folder of its own"):
        read("folders", tmp_path)


def labelled(tmp_path):
    project = make_project(tmp_path, ["a.jpg", "sub/b.jpg", "c.jpg", "d.jpg"])
    make_tree(tmp_path / "photos", {"a.jpg": "aaa", "sub/b.jpg": "bbb", "d.jpg": "ddd"})
    say(project, "a.jpg", fox="yes", **{"crow/raven": "yes"})
    say(project, "sub/b.jpg", **{"50%25 off": "yes", "..": "yes", "con": "yes"})
    say(project, "c.jpg", fox="yes")
    return project


@pytest.mark.parametrize("how", [None, ImageFiles.LINK])
def test_an_image_is_in_the_folder_of_each_of_its_categories(tmp_path, how):
    with labelled(tmp_path) as project:
        report = export_labels(project, "folders", tmp_path / "out", options=WriteOptions(images=how))
    out = tmp_path / "out"
    files = sorted(one.relative_to(out).as_posix() for one in out.rglob("*") if not one.is_dir())
    assert files == [
        "%2E%2E/sub%2Fb.jpg",
        "%63on/sub%2Fb.jpg",
        "50%2525 off/sub%2Fb.jpg",
        "crow%2Fraven/a.jpg",
        "fox/a.jpg",
    ]
    assert (out / "fox" / "a.jpg").is_symlink() == (how is ImageFiles.LINK)
    assert yes(read("folders", out))["50%2525 off/sub%2Fb.jpg"] == {"50%25 off"}
    assert [one.split(" ", 2)[:2] for one in report.notes] == [
        ["2", "images"],
        ["1", "image"],
        ["1", "image"],
    ]
    assert report.notes[2] == "1 image left out, the file is missing: c.jpg"


def test_an_export_without_images_is_refused_and_leaves_nothing(tmp_path):
    with labelled(tmp_path) as project, pytest.raises(BadInputError, match="copy or link them"):
        export_labels(project, "folders", tmp_path / "out", options=WriteOptions(images=ImageFiles.NONE))
    assert not [one for one in tmp_path.iterdir() if "out" in one.name]
