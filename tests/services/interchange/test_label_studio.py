import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_projects import make_project, mark, say

from app.domain.errors import BadInputError
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ReadOptions
from app.services.interchange.registry import FORMATS

READ = FORMATS["labelstudio"].read


def result(kind, labels, control="c", **more):
    return {"from_name": control, "to_name": "i", "type": kind, "value": {kind: labels, **more}}


def task(image, *annotations, **more):
    return {
        "id": 1,
        "data": {"image": image},
        "annotations": [{"result": list(one), "was_cancelled": False} for one in annotations],
    } | more


def read(tmp_path, tasks, **options):
    path = tmp_path / "tasks.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    return READ(path, ReadOptions(**options))


def yes(file):
    return {image.file_name: {file.categories[one] for one in image.yes} for image in file.images}


def test_choices_taxonomies_and_labels_of_shapes_are_yes(tmp_path):
    file = read(
        tmp_path,
        [
            task("a.jpg", [result("choices", ["fox", "snow"])]),
            task("b.jpg", [result("rectanglelabels", ["deer"], width=3), result("labels", ["fox"])]),
            task("c.jpg", [result("taxonomy", [["animal", "mammal", "fox"], ["plant"]])]),
        ],
    )
    assert yes(file) == {"a.jpg": {"fox", "snow"}, "b.jpg": {"deer", "fox"}, "c.jpg": {"fox", "plant"}}
    assert not any(image.no or image.reviewed for image in file.images)
    assert "Labels of a box or another shape: 1" in " ".join(file.notes)


def test_the_parents_of_a_taxonomy_are_categories_on_request(tmp_path):
    tasks = [task("a.jpg", [result("taxonomy", [["animal", "fox"]])])]
    assert yes(read(tmp_path, tasks, keywords="all")) == {"a.jpg": {"animal", "fox"}}


def test_several_annotations_are_united_and_skipped_ones_are_not_used(tmp_path):
    one = task("a.jpg", [result("choices", ["fox"])], [result("choices", ["deer"])])
    one["annotations"].append({"result": [result("choices", ["owl"])], "was_cancelled": True})
    file = read(tmp_path, [one])
    assert yes(file) == {"a.jpg": {"fox", "deer"}}
    notes = " ".join(file.notes)
    assert "several annotations that differ: 1" in notes
    assert "the annotator skipped: 1" in notes


def test_controls_that_are_answered_with_yes_and_no_are_three_states(tmp_path):
    file = read(
        tmp_path,
        [
            task("a.jpg", [result("choices", ["Yes"], "fox"), result("choices", ["no"], "deer")]),
            task("b.jpg", [result("choices", ["unknown"], "fox")], [result("choices", ["no"], "deer")]),
            task("c.jpg", [result("choices", ["yes"], "deer")], [result("choices", ["no"], "deer")]),
        ],
    )
    names = file.categories
    said = [({names[x] for x in one.yes}, {names[x] for x in one.no}) for one in file.images]
    assert said == [({"fox"}, {"deer"}), (set(), {"deer"}), ({"deer"}, {"deer"})]


def test_a_task_without_an_annotation_says_nothing_even_if_the_labels_are_complete(tmp_path):
    file = read(tmp_path, [task("a.jpg"), task("b.jpg", [])])
    assert [image.answered for image in file.images] == [False, True]
    notes = " ".join(file.notes)
    assert "without a submitted annotation: 1" in notes
    assert "submitted without a label: 1" in notes


def test_predictions_are_suggestions(tmp_path):
    predictions = [
        {"model_version": "m1", "score": 0.4, "result": [result("choices", ["fox"])]},
        {"model_version": "m1", "result": [result("choices", ["deer"]) | {"score": 0.9}]},
    ]
    file = read(tmp_path, [task("a.jpg", predictions=predictions)])
    image = file.images[0]
    assert {file.categories[at]: score for at, score in image.suggested.items()} == {"fox": 0.4, "deer": 0.9}
    assert (image.yes, image.answered, file.model) == (set(), False, "m1")
    least = read(tmp_path, [task("a.jpg", predictions=predictions)], confidence=0.5)
    assert list(least.images[0].suggested.values()) == [0.9]


@pytest.mark.parametrize(
    ("image", "name"),
    [
        ("/data/local-files/?d=photos/a%20b.jpg", "photos/a b.jpg"),
        ("http://host:8080/data/local-files/?d=a%2Bb.jpg", "a+b.jpg"),
        ("/data/upload/1/ab12cd34-a.jpg", "/data/upload/1/ab12cd34-a.jpg"),
        ("s3://bucket/dir/a.jpg", "s3://bucket/dir/a.jpg"),
    ],
)
def test_the_name_of_the_image_is_found_in_paths_and_urls(tmp_path, image, name):
    assert [one.file_name for one in read(tmp_path, [task(image)]).images] == [name]


def test_an_image_under_any_key_of_the_data_is_found(tmp_path):
    tasks = [{"data": {"text": "a walk", "Bild": "sub/a.jpg"}, "annotations": []}]
    assert [one.file_name for one in read(tmp_path, tasks).images] == ["sub/a.jpg"]


def test_entries_that_cannot_be_used_are_left_out(tmp_path):
    tasks = [
        None,
        {"data": 3, "annotations": []},
        task("data:image/png;base64,AAAA"),
        {"data": {"text": "no image"}, "annotations": []},
        task("a.jpg", [result("choices", [" ", "fox"])]),
    ]
    file = read(tmp_path, tasks)
    assert yes(file) == {"a.jpg": {"fox"}}
    assert [one.place for one in file.left_out] == [
        "tasks[0]",
        "tasks[1]",
        "tasks[2]",
        "tasks[3]",
        "tasks[4].annotations",
    ]


def test_an_export_has_a_task_for_each_image_and_keeps_what_was_looked_at(tmp_path):
    with make_project(tmp_path / "p", ["a b.jpg", "b.jpg", "c+&.jpg"]) as project:
        say(project, "a b.jpg", fox="yes", owl="yes", deer="no")
        mark(project, "b.jpg")
        report = export_labels(project, "labelstudio", tmp_path / "out.json")
    first, second, third = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert first["data"] == {"image": "/data/local-files/?d=a%20b.jpg"}
    assert first["annotations"][0]["result"][0]["value"] == {"choices": ["fox", "owl"]}
    assert first["meta"]["tailspotter"] == {"categories": ["fox", "owl", "deer"], "no": ["deer"]}
    assert second["annotations"][0]["result"] == []
    assert (third["annotations"], "meta" in third) == ([], False)
    assert "choice" in report.notes[0]
    names = [one.file_name for one in READ(tmp_path / "out.json", ReadOptions()).images]
    assert names == ["a b.jpg", "b.jpg", "c+&.jpg"]


def test_what_was_annotated_after_an_export_counts_more_than_its_meta(tmp_path):
    meta = {"tailspotter": {"categories": ["fox", "deer"], "no": ["fox", "deer"], "reviewed": True}}
    file = read(tmp_path, [task("a.jpg", [result("choices", ["fox"])], meta=meta)])
    image = file.images[0]
    assert ({file.categories[x] for x in image.yes}, {file.categories[x] for x in image.no}) == (
        {"fox"},
        {"deer"},
    )


def test_categories_named_yes_and_no_survive_our_own_export(tmp_path):
    with make_project(tmp_path / "p", ["a.jpg"]) as project:
        say(project, "a.jpg", yes="yes")
        export_labels(project, "labelstudio", tmp_path / "out.json")
    assert yes(READ(tmp_path / "out.json", ReadOptions())) == {"a.jpg": {"yes"}}


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["choices", "a.jpg"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["data", "image", "result", "type", "value", "choices", "from_name", "score"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
wild = st.dictionaries(
    st.sampled_from(["data", "annotations", "predictions", "meta", "was_cancelled"]), values, max_size=4
)


@settings(max_examples=80, deadline=None)
@given(tasks=st.lists(wild, max_size=3) | values)
def test_any_json_is_read_or_refused_with_a_sentence(tmp_path_factory, tasks):
    try:
        read(tmp_path_factory.getbasetemp(), tasks)
    except BadInputError as error:
        assert error.sentence.endswith(".")
