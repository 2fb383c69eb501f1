"""What is shown of a run before it starts, and why one cannot start."""

import json

import numpy as np
import pytest
import scripted_training_worker as scripted
from tuning_projects import label, patchy_project, patchy_runner, truth_of

from app.domain.errors import CancelledError
from app.domain.progress import Progress
from app.domain.training import Remedy
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.training.overview import training_overview
from app.services.training.training import train
from app.services.versions import files as version_files
from app.services.versions.versions import versions


@pytest.fixture
def runner(tmp_path, monkeypatch):
    """Tunes at once, as a script in tmp_path says."""
    monkeypatch.setattr(scripted, "SCRIPT", tmp_path / "script.json")
    return patchy_runner(TrainHead=scripted.train_head)


def test_without_features_they_are_what_a_run_needs_first(tmp_path, make_image):
    make_image(tmp_path / "photos" / "one.png", size=(8, 8))
    with create_project(tmp_path / "bare", [tmp_path / "photos"], ["cat"]) as project:
        scan(project)
        found = training_overview(project)
    assert (found.remedy, found.usable) == (Remedy.FEATURES, 0)
    assert "no features yet" in found.blocked


def test_without_labels_or_with_hardly_any_a_run_needs_labels(tmp_path):
    with patchy_project(tmp_path, count=20, reviewed=0) as project:
        found = training_overview(project)
        assert (found.remedy, found.blocked) == (
            Remedy.LABELS,
            "Nothing is labelled yet; review some images first.",
        )
        label(project, truth_of(20), range(2))
        few = training_overview(project)
    assert few.remedy is Remedy.LABELS
    assert "there are labels on 2 images" in few.blocked.casefold()
    assert few.reviewed == 2


def test_what_would_learn_is_said_before_anything_starts(tmp_path):
    with patchy_project(tmp_path, count=60, reviewed=45) as project:
        found = training_overview(project)
    yes = int(truth_of(60)[:45].sum())
    assert (found.blocked, found.remedy) == ("", Remedy.NONE)
    assert found.tuned.startswith(f"prompts alone, because 45 images with {yes} yes labels are too few")
    assert sum(found.yes.values()) == yes


def test_enough_is_said_only_where_a_version_would_be_judged(tmp_path):
    """The gate measures categories with several yes and a no: 45 images with 90 yes in two are too few."""
    truth = np.zeros((60, 8), bool)
    truth[:30, :2] = True
    with patchy_project(tmp_path, count=60, reviewed=0) as project:
        label(project, truth, range(45))
        few = training_overview(project)
        truth[:30, 2] = True
        label(project, truth, range(45))
        enough = training_overview(project)
    assert not few.enough
    assert few.hint.endswith("there are 45, 60 and 2.")
    assert enough.enough


@pytest.mark.slow
def test_how_many_new_answers_make_a_version_worth_the_wait_is_asked_for(tmp_path, runner):
    with patchy_project(tmp_path, count=60, reviewed=45) as project:
        train(project, runner)
        label(project, np.zeros((60, 8), bool), range(45, 55))
        assert training_overview(project).new_reviews == 10
        assert not training_overview(project).enough
        assert not training_overview(project, many_new=5).enough  # a fifth of what it knew is more than that
        label(project, np.ones((60, 8), bool), range(55, 60))
        assert training_overview(project, many_new=20).enough


@pytest.mark.parametrize("stage", ["Tuning", "Judging"])
def test_an_unwanted_run_leaves_nothing(tmp_path, runner, stage):
    unwanted = []

    def watch(progress: Progress) -> None:
        if progress.stage.startswith(stage):
            unwanted.append(True)

    with patchy_project(tmp_path, count=60, reviewed=45) as project:
        with pytest.raises(CancelledError):
            train(project, runner, watch, unwanted=lambda: bool(unwanted))
        assert versions(project) == []
        assert not version_files.work_folder(project).exists()


def test_a_scripted_version_can_be_harmful_and_is_refused(tmp_path, runner):
    scripted.SCRIPT.write_text(json.dumps({"gain": -2.0}), "utf-8")
    with patchy_project(tmp_path, count=60, reviewed=45) as project:
        report = train(project, runner)
    assert not report.activated
    assert report.reason.startswith("Not activated")
