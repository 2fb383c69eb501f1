import json

import pytest
from labelled_projects import (
    category_ids,
    export_coco,
    import_coco,
    make_project,
    mark,
    row,
    say,
    states,
)

from app.domain.errors import KnownError
from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide, label_states
from app.storage import images as image_store


def exported(project, tmp_path, **options):
    path = tmp_path / "out.json"
    report = export_coco(project, path, **options)
    return report, json.loads(path.read_text("utf-8"))


def test_each_yes_is_one_annotation_without_a_box(tmp_path):
    with make_project(tmp_path, ["b.jpg", "a.jpg"]) as project:
        say(project, "a.jpg", cat="yes", dog="no")
        say(project, "b.jpg", dog="yes", cat="yes")
        report, document = exported(project, tmp_path)
    names = {one["id"]: one["file_name"] for one in document["images"]}
    labels = {one["id"]: one["name"] for one in document["categories"]}
    said = [(names[one["image_id"]], labels[one["category_id"]]) for one in document["annotations"]]
    assert said == [("a.jpg", "cat"), ("b.jpg", "cat"), ("b.jpg", "dog")]
    assert [one["id"] for one in document["annotations"]] == [1, 2, 3]
    assert all(set(one) == {"id", "image_id", "category_id"} for one in document["annotations"])
    assert [(one["width"], one["height"]) for one in document["images"]] == [(640, 480)] * 2
    assert (report.images, report.categories, report.labels, report.left_out) == (2, 2, 3, 0)
    assert report.size == (tmp_path / "out.json").stat().st_size


def test_said_noes_and_what_a_review_left_open_are_written(tmp_path):
    with make_project(tmp_path, ["a.jpg", "b.jpg"]) as project:
        say(project, "a.jpg", cat="no", dog="yes")
        mark(project, "a.jpg")
        say(project, "b.jpg", bird="yes")
        _, document = exported(project, tmp_path)
        ids = category_ids(project)
    first, second = document["images"]
    assert (first["reviewed"], second["reviewed"]) == (True, False)
    assert first["neg_category_ids"] == [ids["cat"]]
    assert first["unknown_category_ids"] == [ids["bird"]]
    assert "neg_category_ids" not in second


def test_the_same_labels_give_the_same_bytes(tmp_path):
    with make_project(tmp_path, ["a.jpg", "b.jpg"]) as project:
        say(project, "a.jpg", cat="yes")
        exported(project, tmp_path)
        first = (tmp_path / "out.json").read_bytes()
        exported(project, tmp_path)
    assert (tmp_path / "out.json").read_bytes() == first


def test_images_without_a_readable_file_are_left_out_and_counted(tmp_path):
    with make_project(tmp_path, ["a.jpg"]) as project:
        with project.db.write() as session:
            extra = [
                row(1, "broken.jpg", "unreadable"),
                row(1, "gone.jpg", "missing"),
                row(1, "a.jpg", "missing"),
            ]
            image_store.add_many(session, extra)
        report, document = exported(project, tmp_path)
        assert [one["file_name"] for one in document["images"]] == ["a.jpg"]
        assert report.left_out == 3
        report, document = exported(project, tmp_path, everything=True)
        assert [one["file_name"] for one in document["images"]] == ["a.jpg", "broken.jpg", "gone.jpg"]
        assert report.left_out == 1


def test_names_outside_ascii_and_bytes_that_are_no_text_survive_the_round_trip(tmp_path):
    paths = ["Eichhörnchen 松鼠.jpg", "bytes \udcff.jpg", 'quote " \\.jpg']
    with make_project(tmp_path / "one", paths) as project:
        for path in paths:
            say(project, path, **{"süß": "yes"})
        export_coco(project, tmp_path / "out.json")
    text = (tmp_path / "out.json").read_bytes().decode("utf-8")
    assert "Eichhörnchen 松鼠.jpg" in text
    with make_project(tmp_path / "two", paths) as other:
        report = import_coco(other, tmp_path / "out.json")
        assert (report.matched, report.unmatched) == (3, [])
        assert all(answers == {"süß": "yes"} for answers in states(other).values())


def test_with_several_folders_each_label_finds_its_image_again(tmp_path):
    roots = {"north": ["a.jpg"], "south": ["a.jpg"]}
    with make_project(tmp_path, [], ["cat", "dog"], roots=roots) as project:
        names = category_ids(project)
        said = [Decision(1, names["cat"], LabelState.YES), Decision(2, names["dog"], LabelState.YES)]
        decide(project, said)
        _, document = exported(project, tmp_path)
        before = label_states(project).matrix().tolist()
        again = import_coco(project, tmp_path / "out.json")
        assert label_states(project).matrix().tolist() == before
    assert [one["file_name"] for one in document["images"]] == ["north/a.jpg", "south/a.jpg"]
    assert (again.matched, again.unchanged, again.conflicts) == (2, 2, [])


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path):
    with make_project(tmp_path / "p", ["a.jpg"]) as project:
        with pytest.raises(KnownError, match="does not exist; create it"):
            export_coco(project, tmp_path / "no" / "out.json")
        with pytest.raises(KnownError, match=r"is not a \.json file"):
            export_coco(project, project.layout.database)
