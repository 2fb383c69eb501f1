import json

import pytest
from labelled_projects import make_project, mark, say

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ReadOptions, WriteOptions
from app.services.interchange.formats.json_lines import JSONL
from app.services.interchange.registry import recognised


@pytest.fixture
def read(tmp_path):
    def call(*entries, **options):
        lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
        path = tmp_path / "in.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return JSONL.read(path, ReadOptions(**options))

    return call


def said(file, at=0):
    one = file.images[at]
    return tuple({file.categories[k] for k in group} for group in (one.yes, one.no, one.open))


def test_one_object_a_line_with_three_states_and_the_review_mark(tmp_path):
    with make_project(tmp_path, ["a.jpg", "b.jpg", "c.jpg"]) as project:
        say(project, "a.jpg", cat="yes", dog="no")
        mark(project, "b.jpg")
        say(project, "a.jpg", bird="yes")
        export_labels(project, "jsonl", tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    nothing = {"yes": [], "no": [], "unknown": []}
    assert [json.loads(line) for line in lines] == [
        {"image": "a.jpg", "yes": ["cat", "bird"], "no": ["dog"], "unknown": [], "reviewed": False},
        nothing | {"image": "b.jpg", "unknown": ["bird"], "reviewed": True},
        nothing | {"image": "c.jpg", "reviewed": False},
    ]


def test_a_category_that_only_reviews_answer_is_named_once(tmp_path):
    with make_project(tmp_path, ["a.jpg", "b.jpg"], ["cat"]) as project:
        mark(project, "a.jpg", "b.jpg")
        export_labels(project, "jsonl", tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["no"] for line in lines] == [["cat"], []]


@pytest.mark.parametrize("image", ["image", "file_name", "filename", "path", "file"])
@pytest.mark.parametrize("yes", ["yes", "labels", "tags", "categories"])
def test_fields_have_many_names(read, image, yes):
    file = read({image: "a.jpg", yes: ["fox", "red deer"], "width": 3})
    assert file.images[0].file_name == "a.jpg"
    assert said(file) == ({"fox", "red deer"}, set(), set())
    assert file.notes[1:] == [f"Fields read: {image}, {yes}", "Fields left out: width"]


def test_answers_may_be_an_object_or_one_text(read):
    file = read(
        {"image": "a.jpg", "labels": {"fox": True, "deer": 0, "owl": None, "hare": "perhaps"}},
        {"image": "b.jpg", "label": "fox"},
    )
    assert said(file) == ({"fox"}, {"deer"}, {"owl"})
    assert said(file, 1) == ({"fox"}, set(), set())
    assert [str(one) for one in file.left_out] == ['line 1: labels: "hare" is "perhaps", neither yes nor no']


def test_several_categories_in_one_text_are_never_one_category(read):
    entry = {"image": "a.jpg", "tags": "fox|red deer"}
    file = read(entry)
    assert said(file) == (set(), set(), set())
    assert "one category or several" in file.left_out[0].reason
    assert said(read(entry, separator="|")) == ({"fox", "red deer"}, set(), set())


def test_probabilities_are_suggestions_and_never_answers(read):
    entry = {"image": "a.jpg", "labels": {"fox": 0.9, "owl": 0.1, "deer": 1}}
    file = read(entry, confidence=0.5)
    assert (said(file)[0], file.images[0].suggested) == ({"deer"}, {0: 0.9})
    assert [one.place for one in read(entry).left_out] == ["line 1", "line 1"]


def test_bad_lines_are_listed_and_cost_no_other(read):
    file = read(
        {"image": "a.jpg", "yes": ["fox"]},
        "",
        "{broken",
        '["a.jpg"]',
        {"yes": ["fox"]},
        {"image": 7, "yes": []},
        {"image": "b.jpg", "yes": [3, "", "fox"]},
        {"image": "c.jpg", "reviewed": "perhaps"},
        {"image": "d.jpg", "yes": ["owl"]},
    )
    assert [one.file_name for one in file.images] == ["a.jpg", "b.jpg", "d.jpg"]
    places = [int(one.place.removeprefix("line ")) for one in file.left_out]
    assert places == [3, 4, 5, 6, 7, 7, 8]


def test_yes_and_no_for_one_category_are_two_entries(read):
    file = read({"image": "a.jpg", "yes": ["fox"], "no": ["fox"]})
    assert [(one.yes, one.no) for one in file.images] == [({0}, set()), (set(), {0})]


@pytest.mark.parametrize(
    "text", ["", "{}", '{"images": [', "[1]", "{\n", '[\n{"image": "a.jpg"}\n]', "\x00\x01"]
)
def test_another_kind_of_file_is_refused(read, text):
    with pytest.raises(BadInputError):
        read(text)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(tmp_path, encoding):
    path = tmp_path / "in.jsonl"
    path.write_text('{"image": "größe.jpg", "yes": ["čáp"]}\n', encoding=encoding)
    file = JSONL.read(path, ReadOptions())
    assert (file.images[0].file_name, file.categories) == ("größe.jpg", ["čáp"])


def test_a_name_that_is_no_text_survives(tmp_path):
    with make_project(tmp_path, ["x\udcff.jpg"]) as project:
        export_labels(project, "jsonl", tmp_path / "out.jsonl")
    assert JSONL.read(tmp_path / "out.jsonl", ReadOptions()).images[0].file_name == "x\udcff.jpg"


def test_a_separator_is_refused_where_there_are_lists(tmp_path):
    with (
        make_project(tmp_path, ["a.jpg"]) as project,
        pytest.raises(BadInputError, match="no separator is needed"),
    ):
        export_labels(project, "jsonl", tmp_path / "out.jsonl", options=WriteOptions(separator="|"))
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "text", "certain"),
    [
        ("a.jsonl", '{"image": "a.jpg", "yes": []}\n', True),
        ("a.ndjson", '\n{"path": "a.jpg", "tags": []}\n', True),
        ("metadata.jsonl", '{"file_name": "a.jpg", "labels": []}\n', False),
        ("a.jsonl", '{"text": "hello"}\n', False),
        ("a.json", '{"image": "a.jpg", "yes": []}\n', False),
        ("a.jsonl", "broken", False),
    ],
)
def test_only_lines_about_images_are_certain(tmp_path, name, text, certain):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = recognised(path)
    assert (found is not None and found.name == "jsonl") == certain
