import pytest
from folder_trees import make_tree, read, reasons, yes

from app.domain.errors import BadInputError

BOX = "0.5 0.5 0.25 0.25"
LIST = "path: ../datasets\ntrain: images/train\nnames: [fox, red deer, no]\n"
MAPPING = "train: ../train/images\nnc: 3\nnames:\n  0: fox\n  1: red deer\n  7: hen\n"


def test_boxes_are_yes_and_an_empty_file_is_a_review(tmp_path):
    make_tree(
        tmp_path,
        {
            "data.yaml": LIST,
            "images/train/a.jpg": None,
            "images/train/b.jpg": None,
            "images/val/c.png": None,
            "images/val/d.png": None,
            "labels/train/a.txt": f"0 {BOX}\n1 {BOX}\n0 {BOX}\n",
            "labels/train/b.txt": "\n",
            "labels/val/c.txt": f"9 {BOX}\nfox {BOX}\n2 {BOX} 0.9 0.1\n",
        },
    )
    file = read("yolo", tmp_path)
    assert yes(file) == {
        "images/train/a.jpg": {"fox", "red deer"},
        "images/train/b.jpg": set(),
        "images/val/c.png": {"no"},
    }
    assert {one.file_name: one.reviewed for one in file.images} == {
        "images/train/a.jpg": False,
        "images/train/b.jpg": True,
        "images/val/c.png": False,
    }
    assert reasons(file) == {
        "labels/val/c.txt, line 1": "there is no class 9",
        "labels/val/c.txt, line 2": "is not a class followed by the numbers of a box",
    }
    assert any("path is '../datasets'; only what is in this folder was read" in one for one in file.notes)
    assert "1 empty label file: none of the classes is there, which counts as a review." in file.notes


def test_a_file_of_which_nothing_is_understood_is_no_review(tmp_path):
    make_tree(tmp_path, {"data.yaml": LIST, "a.jpg": None, "a.txt": "a fox, snow\n"})
    assert read("yolo", tmp_path).images == []


def test_names_may_be_a_mapping_and_data_yaml_itself_can_be_given(tmp_path):
    make_tree(tmp_path, {"data.yaml": MAPPING, "train/labels/a.txt": f"7 {BOX}", "train/images/a.jpg": None})
    assert yes(read("yolo", tmp_path / "data.yaml")) == {"train/images/a.jpg": {"hen"}}


@pytest.mark.parametrize("names", ["classes.txt", "obj.names"])
def test_names_may_be_in_the_files_of_older_tools(tmp_path, names):
    make_tree(tmp_path, {names: "fox\nhen\n", "data/a.txt": f"1 {BOX}", "data/a.jpg": None, "train.txt": "x"})
    assert yes(read("yolo", tmp_path)) == {"data/a.jpg": {"hen"}}


def test_labels_without_the_images_name_them_without_suffix(tmp_path):
    make_tree(tmp_path, {"data.yaml": LIST, "labels/train/a.txt": f"0 {BOX}"})
    (image,) = read("yolo", tmp_path).images
    assert (image.file_name, image.without_suffix) == ("images/train/a", True)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "no data.yaml"),
        ("names: fox\ntrain: x\n", '"names" must be a list or a mapping of numbers'),
        ("names: {fox: 0}\ntrain: x\n", '"names" must be a list or a mapping of numbers'),
        ("names: [!!python/object/apply:os.getcwd []]\ntrain: x\n", "no data.yaml"),
    ],
)
def test_without_names_of_classes_nothing_is_read(tmp_path, content, sentence):
    files = {"labels/a.txt": f"0 {BOX}"} | ({} if content is None else {"data.yaml": content})
    with pytest.raises(BadInputError, match=sentence):
        read("yolo", make_tree(tmp_path, files))


def test_aliases_that_grow_without_end_are_no_names(tmp_path):
    grown = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x'}]\n" for n in range(12))
    make_tree(tmp_path, {"data.yaml": grown + "train: x\nnames: [*a11, fox]\n", "labels/a.txt": f"1 {BOX}"})
    assert yes(read("yolo", tmp_path)) == {"images/a": {"fox"}}
