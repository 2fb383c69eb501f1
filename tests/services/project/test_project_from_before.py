"""A project that an earlier version of the program stored, read and worked on with the code of today.

``project_before.zip`` was made with commit bf5258c, the last one before the rooms were rebuilt, from
``patchy_project`` (60 images of 4 x 4 pixels): 40 reviewed images and three single decisions, the active
version v1, 8 more reviewed images, and a run of two epochs that was interrupted after its second fold. The
path of its image folder was replaced by one that does not exist.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tuning_projects import KEY, NAMES, patchy_runner

from app.protocol import messages as m
from app.services.images.scan import scan
from app.services.labelling.decisions import label_states
from app.services.project.image_folders import missing_folders, relocate
from app.services.project.project import Project, open_project
from app.services.suggestions.suggestions import LiveSuggestions
from app.services.training.training import can_resume, train
from app.services.versions.versions import active_version, versions

YES = [26, 19, 15, 11, 7, 5, 1, 7]
"""Stored yes labels by category."""
STORED = Path(__file__).parents[2] / "data" / "project_before.zip"


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Project]:
    with zipfile.ZipFile(STORED) as archive:
        archive.extractall(tmp_path)
    with open_project(tmp_path / "project") as opened:
        yield opened


def test_the_labels_and_reviews_are_all_there(before):
    table = label_states(before)
    states = table.matrix()
    assert [(states == value).sum() for value in (1, 0, -1)] == [91, 294, 95]
    assert table.reviewed.sum() == 48
    assert [int((states[:, column] == 1).sum()) for column in range(len(NAMES))] == YES


def test_the_images_are_found_again_where_their_folder_is_now(before, tmp_path):
    assert [str(one.path) for one in missing_folders(before)] == ["/elsewhere/images"]
    assert relocate(before, "images", tmp_path / "images").found == 60
    assert missing_folders(before) == []
    assert scan(before).missing == 0


def test_the_card_of_the_version_is_read_and_the_version_speaks(before):
    version = active_version(before)
    assert version is not None
    assert (version.name, version.backbone) == ("v1", KEY)
    assert version.card.metrics["tail"].value == pytest.approx(0.456, abs=5e-4)
    assert version.card.baseline["tail"].value == pytest.approx(0.389, abs=5e-4)
    assert len(version.card.by_category) == len(NAMES)
    assert sorted(version.card.curves) == ["0", "1", "2", "3", "4", "None"]
    live = LiveSuggestions.load(before, patchy_runner())
    assert (live.model, live.model_problem) == ("v1", None)


@pytest.mark.slow
@pytest.mark.timeout(300)  # heads are really tuned
def test_the_interrupted_run_is_resumed_to_a_finished_version(before):
    assert can_resume(before)
    epochs: list[tuple[int, int]] = []

    def hear(event: m.Event) -> None:
        if isinstance(event, m.EpochDone):
            epochs.append((event.part, event.epoch))

    report = train(before, patchy_runner(), on_event=hear, epochs=2)
    assert report.resumed
    assert (report.model, report.facts.images, report.facts.start) == ("v2", 49, "the active version")
    assert epochs[0] == (2, 2), "its first fold and the first epoch of its second are not trained again"
    assert epochs[-1] == (6, 2)
    assert not can_resume(before)
    assert [one.name for one in versions(before)] == ["v2", "v1"]
    assert versions(before)[0].card.parent == "v1"
