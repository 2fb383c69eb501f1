"""Tuning end to end with the real worker jobs: judged, kept, resumed, stopped, and never in anybody's way."""

import errno
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from tuning_projects import KEY, NAMES, encode_noise, label, patchy_project, patchy_runner, truth_of

from app.domain.errors import BusyError, CancelledError
from app.domain.labels import Decision, LabelState
from app.domain.progress import Phase
from app.domain.suggestions import Learner
from app.domain.training import Basis
from app.protocol import messages as m
from app.services.features.indexing import feature_store
from app.services.insights import stats
from app.services.labelling.decisions import decide, label_states
from app.services.project.categories import add_categories
from app.services.project.project import Project, open_project
from app.services.runner.runner import WorkerCrashedError, WorkerFailedError
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.training import training
from app.services.training.overview import training_overview
from app.services.training.snapshot import NothingToTuneError
from app.services.training.training import can_resume, train
from app.services.versions import files as version_files
from app.services.versions.versions import active_version, versions
from app.storage import jobs
from app.storage.jobs import JobState
from app.worker.training_job import train_head
from cprfl_core.common.errors import BackboneError, FeatureStoreError, ModelFileError, TrainingError
from cprfl_core.tuning.scores import TunedScores
from cprfl_core.tuning.snapshot import TuningSnapshot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # heads are really tuned


@pytest.fixture(autouse=True)
def one_thread():
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tuned_folder(tmp_path_factory):
    """A project with a version that was activated; tests work on copies."""
    folder = tmp_path_factory.mktemp("tuned")
    with patchy_project(folder) as made:
        report = train(made, patchy_runner())
    return folder / "project", report


@pytest.fixture
def tuned(tuned_folder, tmp_path):
    shutil.copytree(tuned_folder[0], tmp_path / "copy")
    with open_project(tmp_path / "copy") as opened:
        yield opened


@pytest.fixture
def small(tmp_path):
    with patchy_project(tmp_path, count=60, reviewed=45) as made:
        yield made


def newest_job(project: Project) -> jobs.Job:
    with project.db.read() as s:
        return jobs.all_jobs(s)[0]


def epochs_heard(events: list) -> list[tuple[int | None, int]]:
    return [(event.fold, event.epoch) for event in events if isinstance(event, m.EpochDone)]


class Interrupt:
    """An on_event that presses Ctrl+C after so many epochs."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, event: m.Event) -> None:
        if isinstance(event, m.EpochDone):
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt


def test_a_better_version_is_activated_and_used_for_suggestions(tuned_folder, tuned):
    report = tuned_folder[1]
    assert report.activated
    assert report.reason.startswith("Activated: ")
    assert report.metrics["total"].value > report.baseline["total"].value + 0.03
    assert report.metrics["total"].low < report.metrics["total"].value < report.metrics["total"].high
    live = LiveSuggestions.load(tuned, patchy_runner())
    assert live.model == "v1"
    assert live.model_problem is None
    learners = {one.learner for image_id in live.image_ids[-20:] for one in live.for_image(int(image_id))}
    assert Learner.TUNED in learners
    assert live.for_image(int(live.image_ids[0]))[0].model == "v1"
    assert stats(tuned).model == "v1"


def test_the_active_version_ranks_images_better_that_nobody_has_labelled(tuned):
    live = LiveSuggestions.load(tuned, patchy_runner())
    truth = truth_of(160)[120:]

    def recall() -> float:
        chances = np.stack([live.for_category(one)[120:] for one in live.category_ids], axis=1)
        best = np.argsort(-chances, axis=0)[:10]
        return float(np.take_along_axis(truth, best, axis=0).mean())

    with_head = recall()
    live.use_scores(None, None)
    assert with_head > recall()


def test_weights_card_and_scores_lie_where_the_design_says(tuned):
    folder = tuned.layout.models / "1"
    card = json.loads((folder / "card.json").read_text("utf-8"))
    assert (card["name"], card["parent"], card["images"]) == ("v1", None, 120)
    assert set(card["metrics"]["total"]) == {"value", "low", "high", "categories"}
    assert {path.suffix for path in folder.rglob("*") if path.is_file()} == {".json", ".safetensors"}
    numbers = np.load(tuned.layout.scores / "1.npy")
    assert numbers.dtype == np.float16
    assert numbers.shape == (len(NAMES), 160)
    scores = TunedScores.load(tuned.layout.scores / "1.npy")
    assert (scores.folds >= 0).sum() == 120
    assert not version_files.work_folder(tuned).exists()
    assert newest_job(tuned).state is JobState.COMPLETED


def test_the_next_version_starts_from_the_active_one_and_keeps_its_folds(tuned):
    before = TunedScores.load(tuned.layout.scores / "1.npy")
    label(tuned, truth_of(160), range(120, 140))
    report = train(tuned, patchy_runner(), epochs=1)
    assert report.facts.start == "the active version"
    assert [one.name for one in versions(tuned)] == ["v2", "v1"]
    assert versions(tuned)[0].card.parent == "v1"
    after = TunedScores.load(tuned.layout.scores / "2.npy")
    known = before.folds >= 0
    np.testing.assert_array_equal(after.folds[known], before.folds[known])
    assert (after.folds >= 0).sum() == 140
    assert active_version(tuned).name == ("v2" if report.activated else "v1")


def test_a_head_that_learned_shuffled_labels_is_refused_by_the_gate(tmp_path):
    def shuffled(command, context):
        path = Path(command.snapshot)
        held = TuningSnapshot.load(path)
        order = np.random.default_rng(3).permutation(len(held.labels))
        wrong = {name: getattr(held, name) for name in held.__dataclass_fields__}
        TuningSnapshot(**wrong | {"labels": held.labels[order]}).save(path.with_name("shuffled"))
        return train_head(command.model_copy(update={"snapshot": str(path.with_name("shuffled"))}), context)

    with patchy_project(tmp_path, count=90, reviewed=80) as project:
        # Texts that say nothing: what the head knows it has from the labels alone.
        report = train(project, patchy_runner(TrainHead=shuffled, EncodeText=encode_noise), epochs=3)
        assert not report.activated
        assert report.reason.startswith("Not activated: ")
        assert active_version(project) is None
        assert [one.name for one in versions(project)] == ["v1"], "it can still be looked at"
        assert LiveSuggestions.load(project, patchy_runner()).model is None


def test_what_is_decided_while_the_worker_tunes_stays_and_counts_as_new(small):
    made: list[tuple[int, int]] = []
    with small.db.read() as s:
        assert jobs.all_jobs(s) == []
    free = [int(one) for one in label_states(small).image_ids[45:]]

    def decide_something(event: m.Event) -> None:
        if isinstance(event, m.EpochDone):
            image_id = free[len(made)]
            decide(small, [Decision(image_id, 1, LabelState.YES)])
            made.append((image_id, 1))

    before = label_states(small).matrix().copy()
    report = train(small, patchy_runner(), on_event=decide_something, epochs=1)
    assert len(made) == 6
    table = label_states(small)
    after = table.matrix()
    for image_id, category_id in made:
        row, column = table.image_ids.index(image_id), table.category_ids.index(category_id)
        assert after[row, column] == 1
        before[row, column] = 1
    np.testing.assert_array_equal(after, before)
    assert report.facts.images == 45
    overview = training_overview(small)
    assert overview.new_labels == 6
    assert overview.images == 51
    assert overview.basis is Basis.PROJECT


def test_an_interrupted_run_is_resumed(small):
    heard: list = []
    with pytest.raises(KeyboardInterrupt):
        train(small, patchy_runner(), on_event=Interrupt(after=3), epochs=2)
    assert newest_job(small).state is JobState.INTERRUPTED
    assert can_resume(small)
    assert training_overview(small).resumable
    label(small, truth_of(60), range(45, 50))
    report = train(small, patchy_runner(), on_event=heard.append, epochs=2)
    assert report.resumed
    assert report.facts.images == 45, "with the labels of its time"
    assert (0, 1) not in epochs_heard(heard)
    assert (None, 2) in epochs_heard(heard)
    assert not can_resume(small)


def test_a_fresh_run_leaves_the_interrupted_one_behind(small):
    with pytest.raises(KeyboardInterrupt):
        train(small, patchy_runner(), on_event=Interrupt(after=1), epochs=1)
    label(small, truth_of(60), range(45, 50))
    report = train(small, patchy_runner(), epochs=1, fresh=True)
    assert not report.resumed
    assert report.facts.images == 50


def test_a_crashed_worker_is_reported_and_the_next_run_resumes(small):
    class Dying:
        def run(self, command, on_event, should_stop=None):
            if isinstance(command, m.TrainHead):
                return m.Crashed(
                    job=command.job, message="The worker ended.", exit_code=-9, log=("last words",)
                )
            return patchy_runner().run(command, on_event, should_stop)

    with pytest.raises(WorkerCrashedError, match="ended"):
        train(small, Dying(), epochs=1)
    assert newest_job(small).state is JobState.CRASHED
    assert "last words" in newest_job(small).message
    assert train(small, patchy_runner(), epochs=1).resumed


def test_stopping_before_every_fold_is_done_leaves_no_trace(small):
    heard: list = []
    with pytest.raises(CancelledError, match="no version was created"):
        train(small, patchy_runner(), None, lambda: len(epochs_heard(heard)) > 1, heard.append, epochs=1)
    assert versions(small) == []
    assert not can_resume(small)
    assert list(small.layout.models.glob("*")) == []
    assert newest_job(small).state is JobState.CANCELLED


def test_stopping_after_the_folds_keeps_what_was_learned(small):
    heard: list = []
    report = train(
        small, patchy_runner(), None, lambda: (None, 1) in epochs_heard(heard), heard.append, epochs=2
    )
    assert report.facts.stopped
    assert versions(small)[0].card.facts.epochs == 1


def test_progress_and_epochs_are_reported_for_live_curves(small):
    heard, told = [], []
    train(small, patchy_runner(), told.append, None, heard.append, epochs=1)
    folds = [fold for fold, _ in epochs_heard(heard)]
    assert folds[-1] is None
    assert folds[:-1] == sorted(set(folds[:-1]))
    first = next(event for event in heard if isinstance(event, m.EpochDone))
    assert first.loss > 0
    assert first.total is not None
    started = next(event for event in heard if isinstance(event, m.Started))
    assert (started.feature_key, started.device) == (KEY, "cpu")
    parts = [(one.phase, one.part, one.parts) for one in told]
    order = list(dict.fromkeys(parts))
    count = len(folds)
    learning = [one for one in order if one[0] is Phase.LEARNING]
    # The worker reports ten times a second: a part that is done sooner may not be heard of.
    assert learning
    assert learning == sorted(learning, key=lambda one: one[1])
    assert set(learning) <= {(Phase.LEARNING, part, count) for part in range(1, count + 1)}
    assert order[-1] == (Phase.JUDGING, 0, 0)
    assert "Judging the new version" in {one.stage for one in told}


def test_without_labels_or_with_one_reviewed_image_a_sentence_says_what_to_do(tmp_path):
    with patchy_project(tmp_path, count=12, reviewed=0) as project:
        with pytest.raises(NothingToTuneError, match="Nothing is labelled yet"):
            train(project, patchy_runner())
        label(project, truth_of(12), range(1))
        with pytest.raises(NothingToTuneError, match="Review some more images first"):
            train(project, patchy_runner())
        assert versions(project) == []
        assert not training_overview(project).enough


def test_a_project_without_patch_tokens_is_told_to_index_with_them(small):
    for path in (small.layout.features(KEY)).glob("tokens.safetensors"):
        path.unlink()
    with pytest.raises(NothingToTuneError, match="--patches"):
        train(small, patchy_runner())


def test_features_that_vanish_while_tuning_runs_are_one_sentence(small):
    def gone(command, context):
        shutil.rmtree(command.features)
        return train_head(command, context)

    with pytest.raises(WorkerFailedError, match="index again"):
        train(small, patchy_runner(TrainHead=gone))
    assert not can_resume(small)


def test_numbers_that_are_not_finite_leave_the_active_version_in_use(tuned):
    def diverges(command, context):
        raise TrainingError("The loss is NaN in epoch 1; use a smaller learning rate.")

    with pytest.raises(WorkerFailedError, match="NaN"):
        train(tuned, patchy_runner(TrainHead=diverges))
    assert active_version(tuned).name == "v1"
    assert len(versions(tuned)) == 1


def test_a_full_disk_while_the_version_is_put_in_its_place_leaves_nothing_half_written(tuned, monkeypatch):
    def full(scores, path):
        raise FeatureStoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(version_files.TunedScores, "save", full)
        with pytest.raises((FeatureStoreError, WorkerFailedError), match="disk is full"):
            train(tuned, patchy_runner(), epochs=1)
    assert [one.name for one in versions(tuned)] == ["v1"]
    assert sorted(path.name for path in tuned.layout.models.iterdir()) == ["1"]
    assert LiveSuggestions.load(tuned, patchy_runner()).model == "v1"


def test_a_disk_that_is_full_in_the_last_step_takes_the_row_back_with_the_files(tuned, monkeypatch):
    settle = version_files.settle

    def full(project, made, version_id, scores):
        settle(project, made, version_id, scores)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(version_files, "settle", full)
        with pytest.raises(ModelFileError, match="the disk is full"):
            train(tuned, patchy_runner(), epochs=1)
    assert [one.name for one in versions(tuned)] == ["v1"]
    assert sorted(path.name for path in tuned.layout.models.iterdir()) == ["1"]
    assert sorted(path.name for path in tuned.layout.scores.iterdir()) == ["1.index.safetensors", "1.npy"]
    assert newest_job(tuned).state is JobState.FAILED
    assert train(tuned, patchy_runner(), epochs=1).model == "v2"


def test_a_backbone_that_has_changed_since_indexing_is_one_sentence(small):
    def changed(command, context):
        raise BackboneError("The weights are no longer those of the cached features; index again.")

    with pytest.raises(WorkerFailedError, match="index again"):
        train(small, patchy_runner(EncodeText=changed))
    assert versions(small) == []


def test_two_runs_at_once_are_refused_with_a_name(small):
    with small.job_lock("indexing"), pytest.raises(BusyError, match="indexing"):
        train(small, patchy_runner())


def test_a_category_that_came_after_the_version_loses_nothing(tuned):
    add_categories(tuned, ["thing later"])
    live = LiveSuggestions.load(tuned, patchy_runner())
    later = live.category_ids[-1]
    with_head = live.for_category(later).copy()
    live.use_scores(None, None)
    np.testing.assert_allclose(live.for_category(later), with_head, atol=1e-5)


def test_live_learning_continues_on_top_of_the_version(tuned):
    live = LiveSuggestions.load(tuned, patchy_runner())
    category = live.category_ids[2]
    image_id = int(live.image_ids[-1])
    before = live.for_category(category).copy()
    live.apply(decide(tuned, [Decision(image_id, category, LabelState.YES)]))
    assert np.abs(live.for_category(category) - before).max() > 1e-4
    assert live.model == "v1"


def test_labelled_images_without_features_are_left_out_with_a_warning(small):
    store = feature_store(small, KEY)
    shard = next(iter((store.folder / "shards").iterdir()))
    tokens = store.patch_tokens()
    rows = np.arange(len(tokens) - 20)
    values = store.embeddings(), store.stamps(), tokens.raw(rows)
    basis = store.basis
    shard.unlink()
    again = feature_store(small, KEY)
    again.set_basis(basis)
    keep = tokens.ids[rows][np.r_[0:30, 35:40]]
    at = np.searchsorted(tokens.ids, keep)
    again.append(keep, values[1][at], values[0][at], values[2][0][at], values[2][1][at])
    report = train(small, patchy_runner(), epochs=1)
    assert report.facts.images == 35
    assert any("10 labelled images" in one for one in report.warnings)


def test_the_overview_counts_what_a_run_would_be_given(small):
    overview = training_overview(small)
    table = label_states(small).matrix()
    assert overview.images == overview.usable == 45
    assert sum(overview.yes.values()) == int((table == 1).sum())
    assert overview.no == int((table == 0).sum())
    assert overview.new_labels == sum(overview.yes.values()), "the others are implied by the reviews"
    assert overview.new_reviews == 45
    assert overview.enough
    assert overview.estimate > 0
    assert overview.basis is not Basis.PROJECT
    assert overview.newest is None
    assert json.loads(json.dumps(overview.to_json()))["categories"] == len(NAMES)


def test_the_report_has_the_keys_of_the_contract(tuned_folder):
    told = tuned_folder[1].to_json()
    assert {"model", "activated", "reason", "metrics", "baseline"} <= set(told)
    assert set(told["metrics"]) == set(told["baseline"]) == {"total", "head", "medium", "tail"}
    assert json.loads(json.dumps(told)) == told


def test_the_pretrained_head_is_offered_to_features_of_its_own_backbone_only():
    assert training.PRETRAINED.parent.name == "resources"
    card = json.loads((training.PRETRAINED / "model.json").read_text(encoding="utf-8"))["card"]
    assert training.pretrained_for(card["backbone"]) == str(training.PRETRAINED)
    assert training.pretrained_for("ViT-B-32-0123456789ab-squash-224-bicubic-abcdef") is None


def test_an_installation_without_a_pretrained_head_tunes_from_the_text(monkeypatch, tmp_path):
    monkeypatch.setattr(training, "PRETRAINED", tmp_path)
    assert training.pretrained_for("any") is None
