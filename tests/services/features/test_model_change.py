"""Changing the image model: the old one works on until the new one is complete, and each keeps its own."""

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from fake_backbone import BATCH, FakeBackbone

from app.domain.changes import ChangeSet
from app.domain.errors import (
    BadInputError,
    BusyError,
    CancelledError,
    DiskError,
    NotFoundError,
    ReadOnlyError,
)
from app.domain.labels import Decision, LabelState
from app.domain.models import VersionCard
from app.protocol import messages as m
from app.services.features.index_run import ModelNotChangedError
from app.services.features.indexing import embeddings, ensure_text_features, feature_key, index
from app.services.features.model_change import (
    abandon_change,
    change_image_model,
    models_of,
    remove_features,
    request_image_model,
)
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, label_states
from app.services.project.categories import add_categories
from app.services.project.project import open_project
from app.services.runner.runner import WorkerCrashedError
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.training import training
from app.services.versions import versions
from app.storage import model_versions
from app.worker.inprocess import InProcessRunner
from cprfl_core.common.errors import BackboneError
from cprfl_core.tuning.facts import RunFacts

OTHER = "ViT-B-32@/weights/clip.pt"


class TwoModels:
    """A runner that knows the bundled model and OTHER, whose features have different keys."""

    def __init__(self, missing: str | None = None) -> None:
        self.models = {"bundled": FakeBackbone("old-1"), OTHER: FakeBackbone("new-1")}
        self.loaded: list[str] = []
        self.missing = missing
        self.on_batch = lambda: None

    def run(self, command, on_event, should_stop=None):
        self.loaded.append(command.backbone)
        if command.backbone == self.missing:
            return m.Failed(job=command.job, known=True, message=f"There is no file {command.backbone}.")

        def hear(event):
            on_event(event)
            if isinstance(event, m.Progress):
                self.on_batch()

        jobs = self.models[command.backbone].jobs()
        return InProcessRunner(jobs).run(command, hear, should_stop)


@pytest.fixture
def runner():
    return TwoModels()


@pytest.fixture
def indexed(project, runner):
    index(project, runner)
    return project


def add_version(project, key, active=True):
    """A row for a version that was tuned on the features of a model."""
    facts = RunFacts(**dict.fromkeys(RunFacts.__dataclass_fields__, 0))
    with project.db.write() as s:
        made = model_versions.add(s, key, VersionCard(None, facts, 0, 0), "It is better.")
        if active:
            model_versions.set_active(s, made.id)
    return made.name


def in_use(project):
    return project.backbone, feature_key(project)


def test_the_new_model_is_used_when_every_image_has_its_features_and_the_labels_stay(indexed, runner):
    decide(indexed, [Decision(1, 1, LabelState.YES), Decision(2, 1, LabelState.NO)])
    before = label_states(indexed).matrix().tolist()
    report = change_image_model(indexed, OTHER, runner)
    assert in_use(indexed) == (OTHER, "new-1")
    assert (report.embedded, report.skipped, report.switched_to) == (5, 0, OTHER)
    assert label_states(indexed).matrix().tolist() == before
    assert embeddings(indexed)[0].tolist() == [1, 2, 3, 4, 5]
    found = models_of(indexed)
    assert (found.used.name, found.used.images, found.wanted) == (OTHER, 5, None)
    assert [(one.name, one.images, one.complete) for one in found.kept] == [("bundled", 5, True)]
    with open_project(indexed.folder) as again:
        assert in_use(again) == (OTHER, "new-1")


def test_the_old_model_works_on_while_the_new_features_are_computed(indexed, runner):
    seen = []
    runner.on_batch = lambda: seen.append((in_use(indexed), len(embeddings(indexed)[0])))
    change_image_model(indexed, OTHER, runner)
    assert set(seen) == {(("bundled", "old-1"), 5)}


def test_a_change_that_was_stopped_is_continued_by_the_next_indexing(indexed, runner):
    done = []
    runner.on_batch = lambda: done.append(1)
    with pytest.raises(CancelledError):
        change_image_model(indexed, OTHER, runner, should_stop=lambda: bool(done))
    assert in_use(indexed) == ("bundled", "old-1")
    assert len(embeddings(indexed)[0]) == 5
    found = models_of(indexed)
    assert (found.wanted.name, found.wanted.images, found.wanted.complete) == (OTHER, BATCH, False)
    with open_project(indexed.folder) as again:
        report = index(again, runner)
        assert (report.embedded, report.skipped, report.switched_to) == (3, 2, OTHER)
        assert in_use(again) == (OTHER, "new-1")
        assert models_of(again).wanted is None


def test_after_the_change_indexing_has_nothing_to_do(indexed, runner):
    change_image_model(indexed, OTHER, runner)
    runner.loaded.clear()
    report = index(indexed, runner)
    assert (report.skipped, report.switched_to, runner.loaded) == (5, None, [])


def test_a_change_that_began_before_the_old_features_were_complete_needs_only_the_new_ones(
    project, runner, make_image, images_folder
):
    done = []
    runner.on_batch = lambda: done.append(1)
    with pytest.raises(CancelledError):
        index(project, runner, should_stop=lambda: bool(done))
    assert len(embeddings(project)[0]) == BATCH
    change_image_model(project, OTHER, runner)
    assert in_use(project) == (OTHER, "new-1") and len(embeddings(project)[0]) == 5
    assert [(one.images, one.complete) for one in models_of(project).kept] == [(BATCH, False)]
    assert not request_image_model(project, "bundled")
    assert index(project, runner).embedded == 5 - BATCH


@pytest.mark.parametrize("kind", ["describe_backbone", "index_images"])
def test_a_change_outlives_a_worker_that_crashes(indexed, runner, kind):
    def crash(command, on_event, should_stop=None):
        if command.type == kind:
            return m.Crashed(job=command.job, message="The worker ended.", log=())
        return runner.run(command, on_event, should_stop)

    with pytest.raises(WorkerCrashedError):
        change_image_model(indexed, OTHER, SimpleNamespace(run=crash))
    assert in_use(indexed) == ("bundled", "old-1")
    assert models_of(indexed).wanted.name == OTHER
    assert index(indexed, runner).switched_to == OTHER


def test_an_abandoned_change_leaves_the_old_model_and_keeps_what_was_computed(indexed, runner):
    done = []
    runner.on_batch = lambda: done.append(1)
    with pytest.raises(CancelledError):
        change_image_model(indexed, OTHER, runner, should_stop=lambda: bool(done))
    assert abandon_change(indexed) == OTHER
    assert index(indexed, runner).embedded == 0
    assert in_use(indexed) == ("bundled", "old-1")
    assert [(one.name, one.images, one.complete) for one in models_of(indexed).kept] == [
        (OTHER, BATCH, False)
    ]
    with pytest.raises(BadInputError, match="not being changed"):
        abandon_change(indexed)


def test_the_way_back_is_immediate_and_needs_no_model(indexed, runner):
    change_image_model(indexed, OTHER, runner)
    runner.loaded.clear()
    assert change_image_model(indexed, "bundled", runner) is None
    assert in_use(indexed) == ("bundled", "old-1")
    assert request_image_model(indexed, OTHER)
    assert in_use(indexed) == (OTHER, "new-1")
    assert runner.loaded == []


def test_images_that_were_added_meanwhile_are_embedded_before_the_way_back(
    indexed, runner, images_folder, make_image
):
    change_image_model(indexed, OTHER, runner)
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    scan(indexed)
    assert not request_image_model(indexed, "bundled")
    assert in_use(indexed) == (OTHER, "new-1")
    report = index(indexed, runner)
    assert (report.embedded, report.skipped) == (1, 5)
    assert in_use(indexed) == ("bundled", "old-1")


def test_images_that_a_scan_finds_during_the_change_get_the_new_features_too(
    indexed, runner, images_folder, make_image
):
    def find_another():
        runner.on_batch = lambda: None
        make_image(images_folder / "six.png", colour=(1, 2, 3))
        scan(indexed)

    runner.on_batch = find_another
    report = change_image_model(indexed, OTHER, runner)
    assert report.embedded == 6
    assert embeddings(indexed)[0].tolist() == [1, 2, 3, 4, 5, 6]


def test_an_image_that_cannot_be_decoded_does_not_hold_up_the_change(indexed, runner, images_folder):
    (images_folder / "three.png").write_bytes(b"no image")
    report = change_image_model(indexed, OTHER, runner)
    assert [path for path, _ in report.failed] == ["three.png"]
    assert in_use(indexed) == (OTHER, "new-1")
    assert len(embeddings(indexed)[0]) == 4


def test_a_model_that_cannot_be_loaded_ends_the_change_and_the_old_one_works_on(
    indexed, images_folder, make_image
):
    gone = TwoModels(missing=OTHER)
    with pytest.raises(ModelNotChangedError, match=r"There is no file .*keeps its image model bundled"):
        change_image_model(indexed, OTHER, gone)
    assert models_of(indexed).wanted is None
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    scan(indexed)
    assert index(indexed, gone).embedded == 1
    assert in_use(indexed) == ("bundled", "old-1")


def test_a_disk_that_is_too_full_ends_the_change(indexed, runner, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: shutil._ntuple_diskusage(100, 90, 10))
    with pytest.raises(
        ModelNotChangedError, match=r"10 bytes left.*keeps its image model bundled until .* is"
    ):
        change_image_model(indexed, OTHER, runner)
    assert in_use(indexed) == ("bundled", "old-1")
    assert models_of(indexed).wanted is None


def test_the_model_in_use_and_bad_names_are_refused(indexed, runner):
    with pytest.raises(BadInputError, match="already uses the image model bundled"):
        request_image_model(indexed, "bundled")
    with pytest.raises(BackboneError, match="empty"):
        request_image_model(indexed, " ")
    assert models_of(indexed).wanted is None


def test_while_a_job_runs_the_model_cannot_be_changed(indexed, runner):
    change_image_model(indexed, OTHER, runner)
    with indexed.job_lock("training"):
        for call in (
            lambda: request_image_model(indexed, "bundled"),
            lambda: abandon_change(indexed),
            lambda: remove_features(indexed, "bundled"),
        ):
            with pytest.raises(BusyError, match="training"):
                call()
    assert in_use(indexed) == (OTHER, "new-1")


def test_a_project_that_is_open_for_reading_is_refused(indexed):
    with open_project(indexed.folder, DiskError("", "it is on a read-only disk", "copy it")) as reading:
        with pytest.raises(ReadOnlyError):
            request_image_model(reading, OTHER)
        assert models_of(reading).used.images == 5


def test_removing_the_features_of_a_model_that_is_not_in_use_frees_its_disk_space(indexed, runner):
    change_image_model(indexed, OTHER, runner)
    kept = models_of(indexed).kept[0]
    place = indexed.layout.features("old-1")
    assert kept.bytes == sum(one.stat().st_size for one in place.rglob("*") if one.is_file()) > 0
    assert remove_features(indexed, "bundled") == kept
    assert not place.exists()
    assert list(models_of(indexed).kept) == []
    with pytest.raises(BadInputError, match="is in use"):
        remove_features(indexed, OTHER)
    with pytest.raises(NotFoundError, match="no features of the image model bundled"):
        remove_features(indexed, "bundled")
    assert change_image_model(indexed, "bundled", runner).embedded == 5


def test_the_features_of_a_model_that_is_wanted_are_not_removed(indexed, runner):
    request_image_model(indexed, OTHER)
    with pytest.raises(BadInputError, match="abandon the change first"):
        remove_features(indexed, OTHER)


def test_another_name_for_the_same_features_is_used_at_once_and_protects_them(indexed, runner):
    runner.models[OTHER] = FakeBackbone("old-1")
    report = change_image_model(indexed, OTHER, runner)
    assert (report.embedded, report.skipped) == (0, 5)
    assert in_use(indexed) == (OTHER, "old-1")
    assert list(models_of(indexed).kept) == []
    with pytest.raises(BadInputError, match="are the same as those"):
        remove_features(indexed, "bundled")


def test_a_model_can_be_chosen_before_there_are_features(project, runner):
    change_image_model(project, OTHER, runner)
    assert in_use(project) == (OTHER, "new-1")
    assert "bundled" not in runner.loaded


def test_each_model_keeps_its_versions_and_the_one_that_was_active(indexed, runner):
    first = add_version(indexed, "old-1")
    change_image_model(indexed, OTHER, runner)
    assert versions.active_version(indexed) is None
    assert [(one.name, one.other_model) for one in versions.versions(indexed)] == [(first, "bundled")]
    assert versions.newest_version(indexed) is None
    with pytest.raises(BadInputError, match=r"v1 belongs to the image model bundled.*uses ViT-B-32"):
        versions.activate(indexed, first)
    second = add_version(indexed, "new-1")
    request_image_model(indexed, "bundled")
    assert versions.active_version(indexed).name == first
    assert [(one.name, one.other_model) for one in versions.versions(indexed)] == [
        (second, OTHER),
        (first, None),
    ]
    request_image_model(indexed, OTHER)
    assert versions.active_version(indexed).name == second


def test_no_active_version_is_remembered_too_and_a_deleted_one_forgotten(indexed, runner):
    first = add_version(indexed, "old-1")
    versions.activate(indexed, "none")
    change_image_model(indexed, OTHER, runner)
    request_image_model(indexed, "bundled")
    assert versions.active_version(indexed) is None
    with indexed.db.write() as s:
        model_versions.set_active(s, 1)
    request_image_model(indexed, OTHER)
    versions.delete(indexed, first)
    request_image_model(indexed, "bundled")
    assert versions.active_version(indexed) is None


def test_open_suggestions_take_new_categories_after_the_change_until_they_are_loaded_again(indexed, runner):
    ensure_text_features(indexed, runner)
    live = LiveSuggestions.load(indexed, runner)
    change_image_model(indexed, OTHER, runner)
    add_categories(indexed, ["newt"])
    runner.models[OTHER].jobs = None  # the texts of the new model must not be asked for
    before = live.for_category(1).copy()
    live.apply(ChangeSet(categories=[4]))
    assert len(live.category_ids) == 4
    np.testing.assert_allclose(live.for_category(1), before)


def test_an_interrupted_training_run_is_not_resumed_with_another_model(indexed, runner, monkeypatch):
    monkeypatch.setattr(training.TuningSnapshot, "load", lambda path: None)
    work = training.version_files.work_folder(indexed)
    work.mkdir(parents=True)
    run = {"key": "old-1", "parent": None, "epochs": None, "seed": 0, "ledger_entry": 0}
    (work / training.RUN).write_text(json.dumps(run), "utf-8")
    assert training.can_resume(indexed)
    change_image_model(indexed, OTHER, runner)
    assert not training.can_resume(indexed)
    request_image_model(indexed, "bundled")
    assert training.can_resume(indexed)
