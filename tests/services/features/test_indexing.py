"""Indexing over an arithmetic backbone: what is embedded, what is kept, what is told."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fake_backbone import DIM, FakeBackbone, embedding, text_row
from PIL import Image

from app.domain.errors import BusyError, CancelledError, ProjectError
from app.domain.images import ImageState
from app.protocol import messages as m
from app.services.features.indexing import (
    NotIndexedError,
    embeddings,
    ensure_text_features,
    feature_key,
    feature_store,
    index,
)
from app.services.features.parts import InParts, next_part
from app.services.project.categories import add_categories, archive
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.services.runner.runner import WorkerBugError, WorkerCrashedError, WorkerFailedError
from app.storage import images, jobs, settings
from cprfl_core.features.store import bytes_needed


class NoRunner:
    def run(self, command, on_event, should_stop=None):
        pytest.fail(f"a worker was started for {command}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "images"
    folder.mkdir()
    for number in range(5):
        draw(folder / f"image {number}.png", number)
    return folder


@pytest.fixture
def project(folder: Path, tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "project", [folder]) as project:
        take_in(project, folder)
        yield project


def draw(path: Path, number: int) -> None:
    Image.new("RGB", (8 + number, 8), (number, 0, 0)).save(path)


def take_in(project: Project, folder: Path) -> None:
    """What a scan writes for new and changed files."""
    with project.db.write() as s:
        known = {image.path: image.id for image in images.all_images(s)}
        for path in sorted(folder.iterdir()):
            row = {
                "root_id": 1,
                "path": path.name,
                "size": path.stat().st_size,
                "mtime_ns": path.stat().st_mtime_ns,
                "width": 8,
                "height": 8,
                "content_hash": hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest(),
                "state": "ok",
                "problem": None,
            }
            if path.name in known:
                images.update_many(s, [row | {"id": known[path.name]}])
            else:
                images.add_many(s, [row])


def states(project: Project) -> dict[str, tuple[ImageState, str | None]]:
    with project.db.read() as s:
        return {image.path: (image.state, image.problem) for image in images.all_images(s)}


def last_job(project: Project) -> jobs.Job:
    with project.db.read() as s:
        return jobs.all_jobs(s)[0]


def test_every_readable_image_is_embedded_once_and_found_under_its_number(project: Project, folder: Path):
    backbone = FakeBackbone()
    report = index(project, backbone.runner())
    assert (report.embedded, report.skipped, list(report.failed)) == (5, 0, [])
    assert (report.device, report.feature_key) == ("cpu", "fake-1")
    ids, matrix = embeddings(project)
    assert ids.tolist() == [1, 2, 3, 4, 5] and ids.dtype == np.int64
    expected = [embedding(folder / f"image {number}.png") for number in range(5)]
    np.testing.assert_allclose(matrix.astype(np.float32), expected)
    assert last_job(project).state is jobs.JobState.COMPLETED
    assert not list(project.folder.glob("index-items*"))


def test_with_nothing_to_do_no_worker_is_started(project: Project):
    index(project, FakeBackbone().runner())
    report = index(project, NoRunner())
    assert (report.embedded, report.skipped, report.device) == (0, 5, None)
    assert report.feature_key == feature_key(project) == "fake-1"


def test_a_project_without_images_needs_no_worker(tmp_path: Path):
    (tmp_path / "empty").mkdir()
    with create_project(tmp_path / "project", [tmp_path / "empty"]) as project:
        assert index(project, NoRunner()).feature_key is None
        ids, matrix = embeddings(project)
        assert len(ids) == len(matrix) == 0


def test_only_new_and_changed_images_are_embedded_the_next_time(project: Project, folder: Path):
    backbone = FakeBackbone()
    index(project, backbone.runner())
    backbone.indexed.clear()
    draw(folder / "image 1.png", 40)
    draw(folder / "new.png", 7)
    take_in(project, folder)
    assert embeddings(project)[0].tolist() == [1, 3, 4, 5]  # what is out of date speaks for nobody
    report = index(project, backbone.runner())
    assert (report.embedded, report.skipped) == (2, 4)
    assert sorted(backbone.indexed) == [2, 6]
    ids, matrix = embeddings(project)
    assert ids.tolist() == [1, 2, 3, 4, 5, 6]
    assert matrix[1].tolist() == embedding(folder / "image 1.png")


def test_an_image_that_cannot_be_decoded_is_marked_with_its_reason_and_indexing_continues(
    project: Project, folder: Path
):
    whole = (folder / "image 2.png").read_bytes()
    (folder / "image 2.png").write_bytes(whole[:40])
    (folder / "image 3.png").write_text("no image", encoding="ascii")
    take_in(project, folder)
    backbone = FakeBackbone()
    report = index(project, backbone.runner())
    assert report.embedded == 3
    assert [path for path, _ in report.failed] == ["image 2.png", "image 3.png"]
    for path, reason in report.failed:
        assert states(project)[path] == (ImageState.UNREADABLE, reason)
        assert reason.startswith("cannot be decoded")
    assert embeddings(project)[0].tolist() == [1, 2, 5]
    assert index(project, NoRunner()).skipped == 3  # they are not tried again as they are
    (folder / "image 2.png").write_bytes(whole)
    take_in(project, folder)
    assert index(project, backbone.runner()).embedded == 1


def test_features_of_nothing_have_the_width_of_the_backbone(project: Project, folder: Path):
    backbone = FakeBackbone()
    index(project, backbone.runner())
    for category in ensure_text_features(project, backbone.runner()).category_ids:
        archive(project, category)
    assert ensure_text_features(project, NoRunner()).matrix.shape == (0, 4)
    for path in folder.iterdir():
        path.write_bytes(b"no image")
    take_in(project, folder)
    index(project, backbone.runner())
    ids, matrix = embeddings(project)
    assert (ids.shape, matrix.shape) == ((0,), (0, 4))


def test_an_image_whose_file_has_gone_is_missing_and_not_unreadable(project: Project, folder: Path):
    (folder / "image 0.png").unlink()
    report = index(project, FakeBackbone().runner())
    assert report.embedded == 4 and [path for path, _ in report.failed] == ["image 0.png"]
    assert states(project)["image 0.png"][0] is ImageState.MISSING


def test_a_folder_that_vanishes_stops_the_job_and_marks_no_image(project: Project, folder: Path):
    shutil.move(folder, folder.with_name("elsewhere"))
    with pytest.raises(ProjectError, match=r"images is gone; put it back"):
        index(project, FakeBackbone().runner())
    assert {state for state, _ in states(project).values()} == {ImageState.OK}
    assert last_job(project).state is jobs.JobState.FAILED


def test_a_stopped_run_keeps_what_is_finished_and_the_next_one_does_the_rest(project: Project):
    backbone, seen = FakeBackbone(), []
    with pytest.raises(CancelledError, match="stopped after 2 of 5 images"):
        index(project, backbone.runner(), seen.append, lambda: bool(seen))
    assert last_job(project).state is jobs.JobState.CANCELLED
    assert len(embeddings(project)[0]) == 2
    report = index(project, backbone.runner())
    assert (report.embedded, report.skipped) == (3, 2)
    assert len(backbone.indexed) == len(set(backbone.indexed)) == 5


def test_progress_reaches_the_end_with_the_number_of_images(project: Project):
    seen = []
    index(project, FakeBackbone().runner(), seen.append)
    assert (seen[-1].stage, seen[-1].done, seen[-1].total) == ("indexing", 5, 5)


def test_changed_weights_are_noticed_when_the_worker_starts_and_everything_is_embedded_again(
    project: Project, folder: Path
):
    index(project, FakeBackbone().runner())
    draw(folder / "new.png", 7)
    take_in(project, folder)
    report = index(project, FakeBackbone("fake-2").runner())
    assert report.embedded == 6 and report.feature_key == feature_key(project) == "fake-2"
    assert any("weights have changed" in warning for warning in report.warnings)
    assert len(embeddings(project)[0]) == 6


def test_another_backbone_of_the_same_project_has_its_own_features(project: Project):
    index(project, FakeBackbone().runner())
    with project.db.write() as s:
        settings.set(s, "backbone_key", {"backbone": "another", "key": "fake-9"})
    assert feature_key(project) is None
    with pytest.raises(NotIndexedError):
        embeddings(project)


def test_features_that_were_deleted_are_computed_again(project: Project):
    index(project, FakeBackbone().runner())
    shutil.rmtree(project.layout.features("fake-1"))
    with pytest.raises(NotIndexedError, match="tailspotter index"):
        embeddings(project)
    assert index(project, FakeBackbone().runner()).embedded == 5


def test_a_damaged_shard_costs_its_images_and_nothing_else(project: Project):
    index(project, FakeBackbone().runner())
    shard = min((project.layout.features("fake-1") / "shards").iterdir())
    shard.write_bytes(shard.read_bytes()[:-10])
    assert embeddings(project)[0].tolist() == [3, 4, 5]
    assert index(project, FakeBackbone().runner()).embedded == 2
    assert embeddings(project)[0].tolist() == [1, 2, 3, 4, 5]


def test_one_job_at_a_time(project: Project):
    with project.job_lock("training"), pytest.raises(BusyError, match="training"):
        index(project, FakeBackbone().runner())


@pytest.mark.parametrize(
    ("terminal", "error", "state"),
    [
        (m.Failed(job="j", known=True, message="No such backbone."), WorkerFailedError, jobs.JobState.FAILED),
        (
            m.Failed(job="j", known=False, message="KeyError: 1", traceback="Traceback ..."),
            WorkerBugError,
            jobs.JobState.FAILED,
        ),
        (
            m.Crashed(job="j", message="ended by SIGKILL", log=("last words",)),
            WorkerCrashedError,
            jobs.JobState.CRASHED,
        ),
        (m.Cancelled(job="j", forced=True), CancelledError, jobs.JobState.CANCELLED),
    ],
    ids=["known", "bug", "crash", "killed"],
)
def test_how_a_job_ended_is_recorded_and_the_lock_is_free_again(project: Project, terminal, error, state):
    class Ending:
        def run(self, command, on_event, should_stop=None):
            return terminal

    with pytest.raises(error):
        index(project, Ending())
    assert last_job(project).state is state
    if isinstance(terminal, m.Crashed):
        assert "last words" in last_job(project).message
    assert index(project, FakeBackbone().runner()).embedded == 5


def test_an_interrupt_leaves_an_interrupted_job(project: Project):
    def interrupt(progress) -> bool:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index(project, FakeBackbone().runner(), should_stop=lambda: interrupt(None))
    assert last_job(project).state is jobs.JobState.INTERRUPTED


def test_a_full_disk_is_reported_before_the_work_starts(project: Project, monkeypatch: pytest.MonkeyPatch):
    usage = shutil.disk_usage(project.folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10))
    backbone = FakeBackbone()
    with pytest.raises(ProjectError, match=r"need [1-9].* KB and .* has 10 bytes left; free .* KB and"):
        index(project, backbone.runner())
    assert backbone.kinds == ["describe_backbone"]


def test_patch_tokens_are_kept_unless_they_are_not_wanted(project: Project):
    backbone = FakeBackbone()
    report = index(project, backbone.runner(), patches="none")
    assert (report.embedded, report.patches, backbone.commands[-1].patches) == (5, "none", None)
    assert report.patches_explained is None
    assert not feature_store(project, backbone.key).has_patches().any()
    # The wish belongs to the project, until another is told.
    assert index(project, NoRunner()).skipped == 5
    report = index(project, backbone.runner(), patches="pooled")
    assert (report.embedded, report.patches, backbone.commands[-1].patches) == (5, "pooled", "pooled")
    assert report.patches_explained == 1.0
    assert feature_store(project, backbone.key).has_patches().all()
    assert index(project, NoRunner()).skipped == 5


def test_a_project_indexed_without_tokens_gets_only_those_that_are_missing(project: Project, folder: Path):
    backbone = FakeBackbone()
    index(project, backbone.runner(), patches="none")
    draw(folder / "later.png", 6)
    take_in(project, folder)
    with project.db.read() as s:
        later = next(image.id for image in images.all_images(s) if image.path == "later.png")
    index(project, backbone.runner())
    assert backbone.indexed[5:] == [later]
    assert index(project, backbone.runner(), patches="pooled").embedded == 6


def test_the_reported_size_includes_the_tokens(project: Project):
    without = index(project, FakeBackbone().runner(), patches="none")
    assert without.bytes_needed == bytes_needed(5, DIM)
    report = index(project, FakeBackbone().runner(), patches="pooled")
    assert report.bytes_needed == bytes_needed(5, DIM, (4, 8))


def test_categories_are_encoded_once_and_stand_in_their_order(project: Project):
    backbone = FakeBackbone()
    index(project, backbone.runner())
    add_categories(project, ["cat", "snow leopard"])
    features = ensure_text_features(project, backbone.runner())
    assert list(features.category_ids) == [1, 2]
    rows = [text_row((f"a photo of a {name}.",)) for name in ("cat", "snow leopard")]
    np.testing.assert_allclose(features.matrix, rows)
    assert features.matrix.dtype == np.float32
    again = ensure_text_features(project, NoRunner())
    np.testing.assert_array_equal(again.matrix, features.matrix)
    add_categories(project, ["ibex"])
    backbone.commands.clear()
    assert ensure_text_features(project, backbone.runner()).matrix.shape == (3, DIM)
    assert backbone.kinds == ["describe_backbone", "encode_text"]


def test_without_categories_there_is_nothing_to_encode(project: Project):
    features = ensure_text_features(project, NoRunner())
    assert len(features.category_ids) == len(features.matrix) == 0


def test_text_of_other_weights_is_never_mixed_with_the_images(project: Project):
    index(project, FakeBackbone().runner())
    add_categories(project, ["cat"])
    changed = FakeBackbone("fake-2")
    with pytest.raises(NotIndexedError, match="weights have changed"):
        ensure_text_features(project, changed.runner())
    assert index(project, changed.runner()).embedded == 5
    assert ensure_text_features(project, changed.runner()).matrix.shape == (1, DIM)


def test_in_parts_the_images_in_view_come_first_and_what_is_finished_can_be_used_between(project: Project):
    fake, told, between = FakeBackbone(), [], []
    with project.db.read() as s:
        ids = [image.id for image in images.all_images(s)]
    wanted = iter([[ids[3], 99, ids[1]], [ids[4]], []])

    def look() -> None:
        between.append(len(embeddings(project)[0]))

    in_parts = InParts(lambda: next(wanted), look, first_part=2)
    report = index(project, fake.runner(), told.append, in_parts=in_parts)
    assert fake.indexed[:2] == [ids[3], ids[1]]
    assert sorted(fake.indexed) == ids
    assert (report.embedded, between[0]) == (5, 2)
    assert {command.run for command in fake.commands if command.type == "index_images"} == {5}
    assert [one.done for one in told if one.total == 5][-1] == 5
    assert {one.total for one in told if one.stage == "indexing"} == {5}


def test_in_parts_a_stop_keeps_the_finished_parts_and_counts_them(project: Project):
    stop = []
    in_parts = InParts(tuple, lambda: stop.append(True), first_part=2)
    with pytest.raises(CancelledError, match="after 2 of 5 images"):
        index(project, FakeBackbone().runner(), should_stop=lambda: bool(stop), in_parts=in_parts)
    assert len(embeddings(project)[0]) == 2


def test_the_next_part_is_spread_over_the_images_that_are_left():
    left = {number: number for number in range(100)}
    part = next_part(left, 10, [50, 7])  # type: ignore[arg-type]
    assert part[:2] == [50, 7]
    assert (len(part), len(set(part))) == (10, 10)
    assert min(part[2:]) < 10
    assert max(part[2:]) > 90
