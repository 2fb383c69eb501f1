"""The demo: the whole loop on a generated collection, judged by images that no learner has seen."""

import json

import pytest

from app.domain.errors import BadInputError, CancelledError
from app.services.insights import stats
from app.services.labelling.decisions import label_states
from app.services.simulation import demo
from app.worker.inprocess import InProcessRunner

BANDS = {"total", "head", "medium", "tail"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_small_demo_runs_the_loop_and_reports_every_stage(tmp_path):
    report = demo.run_demo(
        tmp_path / "demo", runner=InProcessRunner(), images=40, test_images=30, reviews=12
    ).to_json()
    assert json.loads(json.dumps(report)) == report
    assert report["images"] == 40
    assert report["test_images"] == 30
    assert report["reviews"] == 12
    assert set(report["zero_shot"]) == set(report["live"]) == BANDS
    assert report["zero_shot"]["head"] is None  # no category reaches 100 among 40 images
    assert 0 < report["zero_shot"]["total"] < 1
    assert set(report["tuned"]) == set(report["cprfl_alone"]) == BANDS
    assert 0 < report["cprfl_alone"]["total"] < 1
    assert report["model"] == "v1"
    assert not report["activated"], "twelve reviews are too few to judge"
    assert report["reason"].startswith("Too few labels to judge")
    assert report["tuned"] == report["live"]
    stages = {"generate", "scan", "index", "test_set", "load", "reviews", "judge", "tune", "judge_tuned"}
    assert stages <= set(report["seconds"])
    with demo.open_demo(tmp_path / "demo") as project:
        counts = stats(project)
        assert counts.images.reviewed == 12
        assert counts.images.total == 40, "the test set never enters the project"
        assert (label_states(project).matrix() >= 0).any(axis=1).sum() == 12


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_three_hundred_reviews_beat_the_text_by_five_points_and_tuning_adds_to_them(tmp_path):
    report = demo.run_demo(tmp_path / "demo", runner=InProcessRunner())
    assert report.images == 1200
    assert report.test_images == 1000
    assert report.live.total >= report.zero_shot.total + 0.05
    assert report.live.tail >= report.zero_shot.tail + 0.05
    assert report.activated
    assert report.tuned.total >= report.live.total + 0.01
    assert report.tuned.tail >= report.live.tail - 0.005
    assert report.cprfl_alone.total > report.zero_shot.total + 0.1


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(BadInputError, match="not empty"):
        demo.run_demo(tmp_path, runner=InProcessRunner())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_demo_can_be_stopped_while_its_images_are_drawn(tmp_path):
    with pytest.raises(CancelledError, match="stopped"):
        demo.prepare_demo(tmp_path / "demo", InProcessRunner(), images=4, should_stop=lambda: True)
    assert not demo.has_demo(tmp_path / "demo")
