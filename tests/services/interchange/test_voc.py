import pytest
from folder_trees import make_tree, no, read, reasons, yes
from labelled_projects import make_project, mark, say

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels


def annotation(name, *objects):
    inside = "".join(
        f"<object><name>{one}</name><difficult>{hard}</difficult><bndbox/></object>" for one, hard in objects
    )
    return f"<annotation><folder>VOC</folder><filename>{name}</filename>{inside}</annotation>"


MAIN = "VOC2012/ImageSets/Main"


def test_lists_are_yes_no_and_unknown_and_annotations_yes(tmp_path):
    make_tree(
        tmp_path,
        {
            f"{MAIN}/train.txt": "2008_1\n2008_2\n",
            f"{MAIN}/red_deer_train.txt": "2008_1  1\n2008_2 -1\n2008_3  0\n",
            f"{MAIN}/fox_trainval.txt": "2008_1 -1\n2008_9 1\n2008_1 2\nword\n",
            "VOC2012/Annotations/2008_2.xml": annotation("2008_2.jpg", ("fox", 0), ("hen", 1)),
            **{f"VOC2012/JPEGImages/2008_{number}.jpg": None for number in (1, 2, 3)},
        },
    )
    file = read("voc", tmp_path)
    path = "VOC2012/JPEGImages/2008_"
    assert yes(file) == {
        f"{path}1.jpg": {"red_deer"},
        f"{path}2.jpg": {"fox"},
        f"{path}3.jpg": set(),
        f"{path}9": {"fox"},
    }
    assert no(file) == {f"{path}1.jpg": {"fox"}, f"{path}2.jpg": {"red_deer"}}
    assert not any(one.reviewed for one in file.images)
    assert reasons(file) == dict.fromkeys(
        [f"{MAIN}/fox_trainval.txt, line 3", f"{MAIN}/fox_trainval.txt, line 4"],
        "is not an image followed by 1, 0 or -1",
    )
    assert "2 answers of 0, or with difficult objects only, read as unknown." in file.notes


def test_a_yes_in_an_annotation_against_a_no_in_a_list_is_told_and_neither_is_used(tmp_path):
    make_tree(
        tmp_path,
        {"ImageSets/Main/fox_val.txt": "a -1\n", "Annotations/a.xml": annotation("a.jpg", ("fox", 0))},
    )
    file = read("voc", tmp_path)
    assert (yes(file), no(file)) == ({"a": set()}, {})
    assert list(reasons(file).values()) == ['both yes and no for "fox"; neither is used']


def test_annotations_alone_beside_the_images_are_read(tmp_path):
    make_tree(
        tmp_path,
        {
            "a.jpg": None,
            "sub/b.png": None,
            "a.xml": annotation("C:\\photos\\a.jpg", ("fox", 0), ("fox", 1)),
            "sub/b.xml": annotation("renamed.png", ("hen", 0)),
            "plan.xml": "<plan/>",
            "cut.xml": annotation("a.jpg")[:30],
            "bomb.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><annotation>&b;</annotation>",
        },
    )
    file = read("voc", tmp_path)
    assert yes(file) == {"a.jpg": {"fox"}, "sub/b.png": {"hen"}}
    assert reasons(file)["plan.xml"] == "is not an annotation of VOC, but 'plan'"
    assert reasons(file)["bomb.xml"] == "declares XML entities, which are refused"
    assert reasons(file)["cut.xml"].startswith("is damaged")
    assert any("<filename> differs" in one for one in file.notes)


def test_names_that_leave_the_folder_are_left_out(tmp_path):
    make_tree(tmp_path, {"ImageSets/Main/fox_val.txt": "../../../etc/passwd 1\n/etc/passwd 1\na 1\n"})
    file = read("voc", tmp_path)
    assert yes(file) == {"a": {"fox"}}
    assert len(file.left_out) == 2


def test_the_folder_main_itself_can_be_given(tmp_path):
    make_tree(tmp_path, {"fox_val.txt": "a 1\n", "val.txt": "a\n"})
    assert yes(read("voc", tmp_path)) == {"a": {"fox"}}


def test_a_folder_of_something_else_is_refused(tmp_path):
    make_tree(tmp_path, {"a.jpg": None})
    with pytest.raises(BadInputError, match="neither class lists"):
        read("voc", tmp_path)


def test_an_export_lists_every_image_for_every_class(tmp_path):
    paths = ["a.jpg", "sub/b.jpg", "c.jpg", "c.png", "d\n.jpg", " e.jpg", "f .jpg"]
    with make_project(tmp_path, paths) as project:
        say(project, "a.jpg", fox="yes", **{"red deer/hind": "no"})
        mark(project, "sub/b.jpg")
        report = export_labels(project, "voc", tmp_path / "out")
    main = tmp_path / "out" / "ImageSets" / "Main"
    assert sorted(one.name for one in main.iterdir()) == [
        "fox_trainval.txt",
        "red deer%2Fhind_trainval.txt",
        "trainval.txt",
    ]
    names = ["./ e.jpg", "a", "c.jpg", "c.png", "f .jpg", "sub/b"]
    assert (main / "trainval.txt").read_text("utf-8").split("\n")[:-1] == names
    states = [0, 1, 0, 0, 0, -1]
    assert (main / "fox_trainval.txt").read_text("utf-8") == "".join(
        f"{name} {state:>2}\n" for name, state in zip(names, states, strict=True)
    )
    labels = (tmp_path / "out" / "labelmap.txt").read_text("utf-8").splitlines()
    assert labels == ["# label:color_rgb:parts:actions", "fox:::", "red deer/hind:::"]
    assert report.notes[1] == "1 image left out, a line cannot hold the name"
    back = read("voc", tmp_path / "out")
    assert not back.left_out
    assert yes(back)["a"] == {"fox"}
    assert no(back) == {"a": {"red deer/hind"}, "sub/b": {"fox", "red deer/hind"}}
