import pytest
from folder_trees import make_tree, read, reasons, yes
from labelled_projects import make_project, say, states

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from app.services.interchange.importing import import_labels


def tags(tmp_path, text, **options):
    make_tree(tmp_path, {"a.jpg": None, "a.txt": text})
    file = read("txt", tmp_path, **options)
    return yes(file).get("a.jpg"), file


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fox, red fox, snow\n", {"fox", "red fox", "snow"}),
        (b"\xef\xbb\xbffox,snow,\r\n", {"fox", "snow"}),
        ("fox, snow".encode("utf-16"), {"fox", "snow"}),
        ("fox\nsnow\n", {"fox", "snow"}),
        ("", set()),
        (" , ,\n", set()),
        ("1girl, (masterpiece:1.2), \\(cosplay\\)", {"1girl", "masterpiece", "(cosplay)"}),
        ("crane (bird), a\\b", {"crane (bird)", "a\\b"}),
    ],
)
def test_tags_are_separated_by_commas_or_lines(tmp_path, text, expected):
    found, file = tags(tmp_path, text)
    assert found == expected
    assert not file.left_out
    assert not file.images[0].reviewed


def test_weights_that_were_taken_off_are_told(tmp_path):
    _, file = tags(tmp_path, "(fox:1.2)")
    assert file.notes == ["Weights such as (tag:1.2) were taken off in 1 file."]


@pytest.mark.parametrize(
    "text",
    [
        "A fox crosses a snowy road at dusk, while a car waits.",
        "A dog plays outside.",
        "fox, " + "very " * 30 + "long",
    ],
)
def test_a_description_is_not_taken_for_tags(tmp_path, text):
    found, file = tags(tmp_path, text)
    assert found is None
    assert "looks like a description" in reasons(file)["a.txt"]


def test_a_separator_that_was_given_makes_everything_a_tag(tmp_path):
    found, _ = tags(tmp_path, "a fox that crosses the road at dusk;snow, wet", separator=";")
    assert found == {"a fox that crosses the road at dusk", "snow, wet"}


def test_another_encoding_is_told_and_can_be_given(tmp_path):
    found, file = tags(tmp_path, "Füchse".encode("cp1252"))
    assert found is None
    assert reasons(file) == {"a.txt": "is not UTF-8 text"}
    assert tags(tmp_path, "Füchse".encode("cp1252"), encoding="cp1252")[0] == {"Füchse"}
    with pytest.raises(BadInputError, match="no encoding 'klingon'"):
        tags(tmp_path, "x", encoding="klingon")


def test_texts_of_no_image_or_of_several_are_told(tmp_path):
    make_tree(tmp_path, {"a.jpg": None, "a.png": None, "a.txt": "x", "README.txt": "How.", "a.png.txt": "y"})
    file = read("txt", tmp_path)
    assert yes(file) == {"a.png": {"y"}}
    assert reasons(file) == {
        "a.txt": "belongs to several images: a.jpg, a.png",
        "README.txt": "there is no image with this name beside it",
    }


def test_a_folder_without_texts_and_a_file_are_refused_with_the_reason(tmp_path):
    make_tree(tmp_path, {"a.jpg": None})
    with pytest.raises(BadInputError, match=r"has no \.txt files"):
        read("txt", tmp_path)
    with pytest.raises(BadInputError, match="is a file; the format txt reads a folder"):
        read("txt", tmp_path / "a.jpg")


def test_names_with_commas_and_backslashes_come_back_and_equal_stems_keep_their_suffix(tmp_path):
    names = ["castle, knight", "a\\b", "(x:1.2)", "ends\\"]
    with make_project(tmp_path, ["a.jpg", "a.png", "b.png.jpg", "c.jpg"]) as project:
        for name in names:
            say(project, "a.jpg", **{name: "yes"})
            say(project, "b.png.jpg", **{name: "yes"})
        say(project, "a.png", fox="yes")
        say(project, "c.jpg", fox="no")
        before = states(project)
        report = export_labels(project, "txt", tmp_path / "out")
        written = sorted(one.name for one in (tmp_path / "out").iterdir())
        assert written == ["a.jpg.txt", "a.png.txt", "b.png.jpg.txt"]
        assert any("castle, knight" in one for one in report.notes)
    with make_project(tmp_path / "other", ["a.jpg", "a.png", "b.png.jpg", "c.jpg"]) as project:
        assert not import_labels(project, "txt", tmp_path / "out").left_out
        assert states(project) == {**before, "c.jpg": {}}
