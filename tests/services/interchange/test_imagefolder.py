import json

import pytest
from folder_trees import make_tree, no, read, reasons, yes
from labelled_projects import make_project, mark, say

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ImageFiles, WriteOptions
from app.services.interchange.splitting import Split


def lines(*rows):
    return "\n".join(json.dumps(row) for row in rows) + "\n\n"


def test_file_names_are_relative_to_the_folder_of_their_metadata(tmp_path):
    make_tree(
        tmp_path,
        {
            "train/0001.jpg": None,
            "train/sub/0002.jpg": None,
            "test/0001.jpg": None,
            "train/metadata.jsonl": lines(
                {"file_name": "0001.jpg", "labels": ["fox", "snow"]},
                {"file_name": "sub\\0002.jpg", "labels": []},
                {"file_name": "missing.jpg", "labels": ["fox"]},
                {"labels": ["fox"]},
                {"file_name": "../../x.jpg", "labels": ["fox"]},
                {"file_name": "/etc/passwd", "labels": ["fox"]},
                {"file_name": "../test/0001.jpg", "labels": ["hen"]},
            ),
            "test/metadata.csv": "file_name,labels\n0001.jpg,\"['fox', 'snow']\"\n",
        },
    )
    file = read("imagefolder", tmp_path)
    assert yes(file) == {
        "train/0001.jpg": {"fox", "snow"},
        "train/sub/0002.jpg": set(),
        "test/0001.jpg": {"fox", "snow", "hen"},
    }
    assert reasons(file) == {
        "train/metadata.jsonl, line 3": "there is no file train/missing.jpg",
        "train/metadata.jsonl, line 4": "has no file_name",
        "train/metadata.jsonl, line 5": "'../../x.jpg' is not a path inside the folder",
        "train/metadata.jsonl, line 6": "'/etc/passwd' is not a path inside the folder",
    }


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"label": "fox"}, {"fox"}),
        ({"tags": "fox|red deer"}, {"fox", "red deer"}),
        ({"tags": "fox; red deer;"}, {"fox", "red deer"}),
        ({"labels": None}, set()),
        ({"objects": {"bbox": [[1, 2, 3, 4]], "categories": ["fox", "fox"]}}, {"fox"}),
        ({"objects": [{"category": "fox"}, {"category": "hen"}]}, {"fox", "hen"}),
        ({"caption": "A fox.", "animals": ["fox"]}, {"fox"}),
        ({"labels": '["fox", "hen"]'}, {"fox", "hen"}),
    ],
)
def test_labels_are_found_in_the_usual_columns_and_forms(tmp_path, row, expected):
    make_tree(tmp_path, {"metadata.jsonl": lines({"file_name": "a.jpg"} | row)})
    assert yes(read("imagefolder", tmp_path)) == {"a.jpg": expected}


def test_accents_may_be_composed_or_not(tmp_path):
    make_tree(
        tmp_path,
        {
            "e\u0301te\u0301.jpg": None,
            "metadata.jsonl": lines({"file_name": "\u00e9t\u00e9.jpg", "labels": ["fox"]}),
        },
    )
    assert yes(read("imagefolder", tmp_path)) == {"e\u0301te\u0301.jpg": {"fox"}}


def test_columns_that_are_not_used_are_told(tmp_path):
    make_tree(
        tmp_path, {"metadata.jsonl": lines({"file_name": "a.jpg", "text": "A fox.", "labels": ["fox"]})}
    )
    (note,) = read("imagefolder", tmp_path).notes
    assert note.endswith('"labels" its categories; not used: text.')


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            lines({"file_name": "a.jpg", "labels": [1, 2]}),
            "its labels are numbers without names, or no texts",
        ),
        (lines({"file_name": "a.jpg", "labels": "['fox"}), "its list of labels cannot be read"),
        (lines(["a.jpg"]), "is not an object"),
        ("{\n", "is not JSON"),
    ],
)
def test_a_line_that_cannot_be_used_is_left_out_with_its_number(tmp_path, content, reason):
    make_tree(tmp_path, {"metadata.jsonl": content + lines({"file_name": "b.jpg", "labels": ["hen"]})})
    file = read("imagefolder", tmp_path)
    assert yes(file) == {"b.jpg": {"hen"}}
    assert reasons(file)["metadata.jsonl, line 1"].startswith(reason)


def test_files_without_labels_and_parquet_are_told(tmp_path):
    make_tree(
        tmp_path,
        {
            "a/metadata.jsonl": lines({"file_name": "a.jpg", "caption": "A fox."}),
            "b/metadata.parquet": b"PAR1",
            "c/metadata.csv": "file_name,labels\na.jpg,fox,3\nb.jpg,hen\n",
        },
    )
    file = read("imagefolder", tmp_path)
    assert yes(file) == {"c/b.jpg": {"hen"}}
    assert reasons(file) == {
        "a/metadata.jsonl": "has no column of labels; name it labels or label or tags",
        "b/metadata.parquet": "Parquet is not read here; save it as metadata.jsonl",
        "c/metadata.csv, line 2": "has 3 cells, but there are 2 columns",
    }


def test_one_metadata_file_can_be_given(tmp_path):
    make_tree(tmp_path, {"a.jpg": None, "metadata.jsonl": lines({"file_name": "a.jpg", "labels": ["fox"]})})
    assert yes(read("imagefolder", tmp_path / "metadata.jsonl")) == {"a.jpg": {"fox"}}


def test_a_folder_without_metadata_names_the_format_of_class_folders(tmp_path):
    make_tree(tmp_path, {"fox/a.jpg": None})
    with pytest.raises(BadInputError, match="with the format folders"):
        read("imagefolder", tmp_path)


def test_no_review_and_unknown_are_read_where_they_are_said(tmp_path):
    row = {"file_name": "a.jpg", "labels": ["fox"], "no": ["hen"], "unknown": ["owl"], "reviewed": True}
    file = read("imagefolder", make_tree(tmp_path, {"metadata.jsonl": lines(row)}))
    (image,) = file.images
    assert (yes(file), no(file), image.reviewed) == ({"a.jpg": {"fox"}}, {"a.jpg": {"hen"}}, True)
    assert {file.categories[at] for at in image.open} == {"owl"}


def test_an_image_that_is_both_yes_and_no_in_one_row_gets_neither(tmp_path):
    row = {"file_name": "a.jpg", "labels": ["fox", "hen"], "no": ["hen"]}
    file = read("imagefolder", make_tree(tmp_path, {"metadata.jsonl": lines(row)}))
    assert (yes(file), no(file)) == ({"a.jpg": {"fox"}}, {})
    assert reasons(file) == {"metadata.jsonl, line 1": 'both yes and no for "hen"; neither is used'}


def labelled(tmp_path):
    project = make_project(tmp_path, ["a.jpg", "sub/b.jpg", "c.jpg"])
    make_tree(tmp_path / "photos", {"a.jpg": "aaa", "sub/b.jpg": "bbb"})
    say(project, "a.jpg", fox="yes", hen="no")
    mark(project, "sub/b.jpg")
    say(project, "sub/b.jpg", owl="unknown")
    return project


def test_every_row_has_the_same_columns_of_the_same_types(tmp_path):
    with labelled(tmp_path) as project:
        report = export_labels(project, "imagefolder", tmp_path / "out")
    rows = [
        json.loads(line) for line in (tmp_path / "out" / "metadata.jsonl").read_text("utf-8").splitlines()
    ]
    assert rows == [
        {"file_name": "a.jpg", "labels": ["fox"], "no": ["hen"], "unknown": [], "reviewed": False},
        {"file_name": "sub/b.jpg", "labels": [], "no": ["fox", "hen"], "unknown": ["owl"], "reviewed": True},
        {"file_name": "c.jpg", "labels": [], "no": [], "unknown": [], "reviewed": False},
    ]
    assert {tuple((key, type(value)) for key, value in row.items()) for row in rows} == {
        tuple((key, type(value)) for key, value in rows[0].items())
    }
    assert report.losses == []
    assert "move metadata.jsonl into the image folder" in report.notes[0]


@pytest.mark.parametrize("how", [ImageFiles.COPY, ImageFiles.LINK])
def test_images_come_along_if_wanted_and_a_missing_one_is_told(tmp_path, how):
    with labelled(tmp_path) as project:
        report = export_labels(project, "imagefolder", tmp_path / "out", options=WriteOptions(images=how))
    copy = tmp_path / "out" / "sub" / "b.jpg"
    assert copy.is_symlink() == (how is ImageFiles.LINK)
    assert copy.read_bytes() == b"bbb"
    assert '"c.jpg"' not in (tmp_path / "out" / "metadata.jsonl").read_text("utf-8")
    assert report.notes == ["1 image left out, the file is missing: c.jpg"]


@pytest.mark.parametrize(
    ("answers", "files"),
    [
        (
            {"a.jpg": {"fox": "yes"}, "sub/b.jpg": {"hen": "yes"}},
            ["train/metadata.jsonl", "val/metadata.jsonl"],
        ),
        ({"a.jpg": {"fox": "yes"}, "sub/b.jpg": {"hen": "no"}}, ["metadata.jsonl"]),
    ],
)
def test_the_parts_have_files_of_their_own_if_the_types_agree(tmp_path, answers, files):
    with make_project(tmp_path, list(answers)) as project:
        make_tree(tmp_path / "photos", dict.fromkeys(answers))
        for path, said in answers.items():
            say(project, path, **said)
        export_labels(
            project,
            "imagefolder",
            tmp_path / "out",
            split=Split((0.5, 0.5, 0.0)),
            options=WriteOptions(images=ImageFiles.COPY),
        )
        out = tmp_path / "out"
        assert sorted(one.relative_to(out).as_posix() for one in out.rglob("metadata.jsonl")) == files
    found = yes(read("imagefolder", out))
    assert sorted(map(sorted, found.values())) == sorted(
        sorted(name for name, state in said.items() if state == "yes") for said in answers.values()
    )
