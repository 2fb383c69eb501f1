"""What is shown of a run before it starts, and why one cannot start."""

import json

import numpy as np
import pytest
import scripted_training_worker as scripted
from tuning_projects import label, patchy_project, patchy_runner, truth_of

from app.domain.errors import BadInputError, CancelledError
from app.domain.progress import Progress
from app.domain.training import Basis, Remedy, TrainingOverview
from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.training import speed
from app.services.training.overview import training_overview
from app.services.training.readiness import Readiness, readiness
from app.services.training.snapshot import NothingToTuneError
from app.services.training.training import train
from app.services.versions import files as version_files
from app.services.versions.versions import delete, set_note, versions
from cprfl_core.tuning.facts import RunFacts


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
            "Nothing is labelled yet. Review some images first.",
        )
        label(project, truth_of(20), range(2))
        few = training_overview(project)
    assert few.remedy is Remedy.LABELS
    assert few.blocked.startswith(
        "Training needs at least 5 labelled images and 3 yes labels; there are 2 and"
    )
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
    assert _missing(few) == (
        "Too few labels to judge a new version: 2 of 3 categories with several yes and a no."
    )
    assert [(need.have, need.want, need.met) for need in few.needs] == [
        (45, 40, True),
        (60, 30, True),
        (2, 3, False),
    ]
    assert enough.enough


@pytest.mark.parametrize(
    "reviewed", [3, *(pytest.param(count, marks=pytest.mark.slow) for count in (12, 38, 45))]
)
def test_hint_run_and_verdict_follow_one_rule(tmp_path, runner, reviewed):
    """What the checklist says before a run is what the run finds."""
    with patchy_project(tmp_path, count=60, reviewed=reviewed) as project:
        before = training_overview(project)
        if before.blocked:
            assert not before.enough
            with pytest.raises(NothingToTuneError) as refused:
                train(project, runner)
            assert str(refused.value) == before.blocked
            return
        report = train(project, runner)
        assert (report.verdict.ground != "too few") == before.judged == before.enough
        assert (_missing(before) in report.warnings) == (not before.judged)


def _missing(overview: TrainingOverview) -> str:
    return Readiness(overview.needs, "").missing


def test_the_speed_of_this_computer_serves_the_estimate_of_another_project(tmp_path):
    facts = RunFacts(100, 10, 5, 3, "", "", "cpu", "float32", seconds=205.0)
    with patchy_project(tmp_path, count=60, reviewed=45) as project:
        speed.speed_path().unlink(missing_ok=True)
        guess = training_overview(project)
        assert guess.basis is Basis.GUESS
        speed.remember(facts)
        try:
            known = training_overview(project)
            same = training_overview(project, device="cpu")
            other = training_overview(project, device="cuda:0")
        finally:
            speed.speed_path().unlink()
    assert known.basis is same.basis is Basis.COMPUTER
    assert other.basis is Basis.GUESS
    assert known.estimate == pytest.approx(0.2 * 45 * 8 + speed.OVERHEAD_SECONDS)


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


@pytest.mark.slow
def test_a_version_has_a_size_and_a_note_and_both_go_with_it(tmp_path, runner):
    with patchy_project(tmp_path, count=60, reviewed=45) as project:
        scripted.SCRIPT.write_text(json.dumps({"gain": -2.0}), "utf-8")
        train(project, runner)
        set_note(project, "v1", "  before the\n serval labels ")
        (one,) = versions(project)
        assert one.note == "before the serval labels"
        place = version_files.folder(project, one.id)
        files = [path for path in place.rglob("*") if path.is_file()]
        files += [path for path in project.layout.scores.iterdir() if path.name.startswith("1.")]
        assert one.bytes == sum(path.stat().st_size for path in files) > 0
        with pytest.raises(BadInputError, match="at most 200 letters"):
            set_note(project, "v1", "a" * 201)
        assert delete(project, "v1") == one.bytes
        assert versions(project) == []


def test_yes_labels_of_categories_without_a_no_are_told():
    states = np.full((50, 3), -1, np.int8)
    states[:20, 0] = states[:7, 1] = 1
    states[20:30, 0] = 0
    assert readiness(states).one_sided == 7
