"""What the window keeps of a run: its curves, its log, and whether stopping leaves a version."""

from app.domain.progress import Phase
from app.domain.training import CurvePoint
from app.jobs.training.run import TrainingRun, point_words, points_of
from app.jobs.values.session import JobInfo, JobPhase

RUNNING = JobInfo("1", "train", "Training", JobPhase.RUNNING, "Tuning", phase=Phase.LEARNING, part=1, parts=3)


def point(part, epoch, fold=0, **numbers):
    return CurvePoint(part, 3, fold, epoch, 2, 0.25, **numbers)


def run_with(*points):
    run = TrainingRun(RUNNING)
    for one in points:
        run.hear(one)
    return run


def test_a_point_reported_again_after_a_resumption_replaces_the_old_one():
    run = run_with(point(1, 1), point(1, 2), point(2, 1), point(2, 2))
    run.hear(point(2, 1, fold=1))
    assert [(one.part, one.epoch) for one in run.points] == [(1, 1), (1, 2), (2, 1)]
    assert run.points[-1].fold == 1


def test_only_the_part_over_all_images_can_be_kept():
    assert not TrainingRun(RUNNING).can_keep
    assert not run_with(point(1, 1)).can_keep
    run = run_with(point(2, 2, fold=1), point(3, 1, fold=None))
    assert run.can_keep
    run.follow(JobInfo("1", "train", "Training", JobPhase.RUNNING, phase=Phase.JUDGING))
    assert run.parts == 3
    assert run.judging
    assert not run.can_keep
    run.follow(JobInfo("1", "train", "Training", JobPhase.CANCELLING, phase=Phase.LEARNING, part=3, parts=3))
    assert not run.can_keep


def test_each_stage_is_logged_once():
    run = TrainingRun(JobInfo("1", "train", "Training", JobPhase.WAITING))
    assert run.follow(RUNNING)
    assert not run.follow(RUNNING)
    assert [line.partition("  ")[2] for line in run.log] == ["Tuning"]


def test_a_line_of_the_log_says_what_is_known_and_no_more():
    assert point_words(point(1, 2, total=0.5, tail=0.25)) == (
        "Part 1 of 3 (fold 1 held out), epoch 2 of 2: loss 0.2500, total 0.500, tail 0.250"
    )
    assert point_words(point(3, 1, fold=None)) == "Part 3 of 3 (all images), epoch 1 of 2: loss 0.2500"


def test_the_curves_of_a_card_come_back_in_the_order_of_the_run_and_what_is_odd_is_left_out():
    record = {"epoch": 1, "loss": 0.2, "total": 0.4, "head": None}
    found = points_of({"None": [record], "10": [record], "2": [record, {"epoch": 2}, {"loss": "?"}]})
    assert [(one.part, one.fold) for one in found] == [(1, 2), (2, 10), (3, None)]
    assert (found[0].total, found[0].head) == (0.4, None)
    assert points_of({}) == []
