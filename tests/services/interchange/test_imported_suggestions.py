"""Suggestions of other models go beside the labels, follow undo and redo, and never become labels."""

import itertools
import json
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_projects import category_ids, image_ids, make_project, mark, say, states

from app.services.interchange.importing import import_labels
from app.services.labelling.decisions import next_undo, redo, undo
from app.services.project.project import open_project
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


steps = st.lists(
    st.sampled_from(["undo", "redo"])
    | st.tuples(
        st.sampled_from(["one", "two"]),
        st.dictionaries(
            st.sampled_from(PATHS),
            st.dictionaries(st.sampled_from(["cat", "dog"]), st.sampled_from([0.3, 0.6, 0.9]), max_size=2),
            max_size=2,
        ),
    ),
    max_size=8,
)


def expected(done):
    """What is in force after these imports, told by a plain replay."""
    said = {}
    for model, found in done:
        for image, scores in found.items():
            said[model, image] = scores
    best = {}
    for (_, image), scores in said.items():
        for name, score in scores.items():
            best.setdefault(image, {})
            best[image][name] = max(score, best[image].get(name, 0))
    return best


@pytest.mark.slow
def test_any_order_of_imports_undo_and_redo_is_as_a_replay_of_the_imports(tmp_path):
    made = make_project(tmp_path / "template", PATHS)
    say(made, "a.jpg", cat="unknown", dog="unknown")  # so that no import creates a category
    made.close()
    places = itertools.count()

    @settings(max_examples=25, deadline=None)
    @given(steps=steps)
    def check(steps):
        folder = tmp_path / str(next(places))
        shutil.copytree(tmp_path / "template" / "project", folder)
        with open_project(folder) as project:
            done, undone = [], []
            for step in steps:
                if step in ("undo", "redo"):
                    source, target = (done, undone) if step == "undo" else (undone, done)
                    if source:
                        (undo if step == "undo" else redo)(project)
                        target.append(source.pop())
                    continue
                import_results(project, tmp_path, step[1], model=step[0])
                if ends(project) > len(done):
                    done, undone = [*done, step], []
            assert in_force(project) == expected(done)

    check()


def ends(project):
    """The number of imports that an undo can still take back."""
    count = 0
    while next_undo(project) == "Import md.json":
        undo(project)
        count += 1
    for _ in range(count):
        redo(project)
    return count
