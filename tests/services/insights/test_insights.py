import json

from app.domain.labels import Decision, LabelState
from app.services.insights import stats
from app.services.labelling.decisions import decide, review
from app.services.project.categories import add_categories
from app.services.project.project_settings import change_settings


class Judge:
    def average_precision(self, category_id):
        return 0.5 if category_id == 1 else None

    def threshold(self, category_id):
        return {1: 0.4, 2: 0.25}.get(category_id)


def say(project, image_id, category_id, state):
    decide(project, [Decision(image_id, category_id, state)])


def test_stats_count_explicit_and_implied_answers(project):
    say(project, 1, 1, LabelState.YES)
    say(project, 2, 1, LabelState.NO)
    review(project, [1, 3])
    add_categories(project, ["wolf"])
    found = stats(project)
    rows = {one.name: (one.yes, one.no, one.unknown) for one in found.categories}
    assert rows == {"cat": (1, 2, 2), "dog": (0, 2, 3), "bird": (0, 2, 3), "wolf": (0, 0, 5)}
    assert found.images.reviewed == 2


def test_bands_follow_the_yes_labels_and_the_projects_cuts(project):
    change_settings(project, medium=1, head=3)
    for image_id in (1, 2, 3):
        say(project, image_id, 1, LabelState.YES)
    say(project, 1, 2, LabelState.YES)
    bands = [one.band for one in stats(project).categories]
    assert bands == ["head", "medium", "tail"]


def test_evidence_comes_from_the_learners_and_is_null_without_it(project):
    assert [(one.ap, one.threshold) for one in stats(project).categories] == [(None, None)] * 3
    judged = stats(project, Judge()).categories
    assert [(one.ap, one.threshold) for one in judged] == [(0.5, 0.4), (None, 0.25), (None, None)]


def test_the_json_has_the_keys_that_scripts_rely_on(project):
    value = json.loads(json.dumps(stats(project).to_json()))
    assert set(value) == {"images", "categories", "model"}
    assert set(value["images"]) == {"total", "ok", "unreadable", "missing", "reviewed", "changed"}
    keys = {"name", "yes", "no", "unknown", "band", "ap", "threshold"}
    assert all(set(one) == keys for one in value["categories"])
    assert value["model"] is None
