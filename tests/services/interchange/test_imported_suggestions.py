"""Suggestions of other models go beside the labels, follow undo and redo, and never become labels."""

import json

import pytest
from labelled_projects import category_ids, image_ids, make_project, mark, say, states

from app.services.interchange.importing import import_labels
from app.services.labelling.decisions import next_undo, redo, undo
from app.services.suggestions.imported import any_imported, imported_cards, imported_suggestions

PATHS = ["a.jpg", "b.jpg", "sub/c.jpg"]


@pytest.fixture
def project(tmp_path):
    with make_project(tmp_path / "p", PATHS) as opened:
        yield opened


def import_results(project, tmp_path, found, model="md_v5a", **options):
    """``found``: {file name: {category: confidence}}."""
    names = sorted({name for scores in found.values() for name in scores})
    document = {
        "info": {"detector": model},
        "detection_categories": {str(number): name for number, name in enumerate(names)},
        "images": [
            {
                "file": file_name,
                "detections": [
                    {"category": str(names.index(name)), "conf": conf} for name, conf in scores.items()
                ],
            }
            for file_name, scores in found.items()
        ],
    }
    path = tmp_path / "md.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return import_labels(project, "megadetector", path, **options)


def in_force(project):
    paths = {number: path for path, number in image_ids(project).items()}
    found = imported_suggestions(project, sorted(paths))
    return {
        paths[number]: {one.category: one.probability for one in some}
        for number, some in found.items()
        if some
    }


def cards(project, name, **options):
    paths = {number: path for path, number in image_ids(project).items()}
    found = imported_cards(project, category_ids(project)[name], None, options.get("limit", 9))
    return [(paths[one.image_id], one.probability) for one in found]


def test_an_import_keeps_suggestions_beside_the_labels(project, tmp_path):
    found = {"a.jpg": {"animal": 0.9, "person": 0.4}, "b.jpg": {}, "gone.jpg": {"animal": 0.8}}
    report = import_results(project, tmp_path, found)
    assert (report.suggested, report.model, report.created) == (2, "md_v5a", ["animal", "person"])
    assert (report.yes, report.no, report.reviewed) == (0, 0, 0)
    assert in_force(project) == {"a.jpg": {"animal": 0.9, "person": 0.4}}
    assert not any(states(project).values())


def test_undo_and_redo_take_them_away_and_bring_them_back(project, tmp_path):
    say(project, "b.jpg", animal="no")
    assert not any_imported(project)
    import_results(project, tmp_path, {"a.jpg": {"animal": 0.9}})
    assert next_undo(project) == "Import md.json"
    for _ in range(2):
        undo(project)
        assert (in_force(project), any_imported(project)) == ({}, False)
        redo(project)
        assert in_force(project) == {"a.jpg": {"animal": 0.9}}


def test_undo_of_an_import_that_created_the_categories_removes_both(project, tmp_path):
    import_results(project, tmp_path, {"a.jpg": {"animal": 0.9}})
    undo(project)
    assert (category_ids(project), in_force(project)) == ({}, {})
    redo(project)
    assert in_force(project) == {"a.jpg": {"animal": 0.9}}


def test_the_same_model_replaces_what_it_said_of_these_images_only(project, tmp_path):
    import_results(project, tmp_path, {"a.jpg": {"animal": 0.9}, "b.jpg": {"animal": 0.8}})
    import_results(project, tmp_path, {"a.jpg": {"person": 0.7}, "sub/c.jpg": {"animal": 0.6}})
    after = {"a.jpg": {"person": 0.7}, "b.jpg": {"animal": 0.8}, "sub/c.jpg": {"animal": 0.6}}
    assert in_force(project) == after
    import_results(project, tmp_path, {"b.jpg": {}})
    assert in_force(project) == {"a.jpg": {"person": 0.7}, "sub/c.jpg": {"animal": 0.6}}
    undo(project)
    assert in_force(project) == after
    undo(project)
    assert in_force(project) == {"a.jpg": {"animal": 0.9}, "b.jpg": {"animal": 0.8}}


def test_of_two_models_the_more_certain_one_is_shown(project, tmp_path):
    import_results(project, tmp_path, {"a.jpg": {"animal": 0.5}}, model="one")
    import_results(project, tmp_path, {"a.jpg": {"animal": 0.8, "person": 0.3}}, model="two")
    import_results(project, tmp_path, {"a.jpg": {"animal": 0.6}}, model="two")
    assert in_force(project) == {"a.jpg": {"animal": 0.6}}


def test_importing_the_same_file_again_changes_nothing(project, tmp_path):
    import_results(project, tmp_path, {"a.jpg": {"animal": 0.9}})
    say(project, "b.jpg", owl="yes")
    before = next_undo(project)
    report = import_results(project, tmp_path, {"a.jpg": {"animal": 0.9}})
    assert (report.suggested, next_undo(project)) == (1, before)


def test_a_dry_run_keeps_nothing(project, tmp_path):
    report = import_results(project, tmp_path, {"a.jpg": {"animal": 0.9}}, dry_run=True)
    assert (report.suggested, in_force(project), category_ids(project)) == (1, {}, {})


def test_an_answer_always_wins(project, tmp_path):
    import_results(project, tmp_path, {path: {"animal": 0.5 + at / 10} for at, path in enumerate(PATHS)})
    assert cards(project, "animal") == [("sub/c.jpg", 0.7), ("b.jpg", 0.6), ("a.jpg", 0.5)]
    assert cards(project, "animal", limit=1) == [("sub/c.jpg", 0.7)]
    say(project, "sub/c.jpg", animal="no")
    mark(project, "b.jpg")
    assert cards(project, "animal") == [("a.jpg", 0.5)]
    assert in_force(project) == {"a.jpg": {"animal": 0.5}}


def test_scores_of_annotations_in_coco_are_suggestions_of_that_file(project, tmp_path):
    document = {
        "images": [{"id": 1, "file_name": "a.jpg"}],
        "categories": [{"id": 1, "name": "fox"}],
        "annotations": [{"image_id": 1, "category_id": 1, "score": 0.8}],
    }
    path = tmp_path / "detections.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    report = import_labels(project, "coco", path)
    assert (report.yes, report.suggested, report.model) == (0, 1, "detections.json")
    assert in_force(project) == {"a.jpg": {"fox": 0.8}}
