"""Looking at a folder before there is a project: counts, previews, and what stands in the way."""

import io
from pathlib import Path

import pytest
from PIL import Image

from app.domain.errors import CancelledError
from app.domain.folder_survey import Fault
from app.services.images import survey as service
from app.services.images.pictures import PictureError
from app.services.images.survey import preview, survey
from app.services.project.creation import create_project


@pytest.fixture
def photos(tmp_path: Path, make_image) -> Path:
    for number in range(20):
        make_image(tmp_path / "photos" / f"roll{number % 4}" / f"{number:02}.png", size=(60, 40))
    (tmp_path / "photos" / "notes.txt").write_text("none", encoding="utf-8")
    return tmp_path / "photos"


def test_the_images_are_counted_and_the_previews_come_from_everywhere(photos: Path):
    told = []
    found = survey(photos, told.append)
    assert (found.images, found.finished, found.fault, found.project) == (20, True, None, None)
    assert "1 other file" in found.passed_over
    assert len(found.sample) == 8
    assert {Path(path).parent.name for path in found.sample} == {"roll0", "roll1", "roll2", "roll3"}
    assert not told[0].finished
    assert len(list(photos.iterdir())) == 5  # nothing was written


def test_the_count_runs_in_one_large_folder_and_the_previews_do_not_wait_for_its_end(
    photos: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("app.services.images.file_walk._LOOK_UP_EVERY", 2)
    monkeypatch.setattr(service, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(service, "SAMPLE_SECONDS", 0.0)
    told = []
    found = survey(photos, told.append)
    counts = [one.images for one in told]
    assert counts == sorted(counts)
    assert any(0 < count < 20 for count in counts)
    early = next(one for one in told if one.sample)
    assert not early.finished
    assert found.sample == early.sample


def test_counting_stops_when_it_is_no_longer_wanted(photos: Path):
    with pytest.raises(CancelledError):
        survey(photos, lambda _: None, lambda: True)


def test_what_is_not_a_folder_of_images_is_said(photos: Path, tmp_path: Path):
    def fault(path: str | Path) -> Fault | None:
        return survey(Path(path), lambda _: None).fault

    assert fault(tmp_path / "nowhere") is Fault.MISSING
    assert fault("x" * 5000) is Fault.MISSING
    assert fault("a\0b") is Fault.MISSING
    assert fault(photos / "notes.txt") is Fault.FILE


def test_a_folder_that_cannot_be_read_has_a_reason(photos: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("app.services.images.file_walk.os.scandir", refuse)
    found = survey(photos, lambda _: None)
    assert found.fault is Fault.UNREADABLE
    assert "Permission denied" in found.reason


def test_a_project_in_the_folder_or_the_folder_itself_is_recognised(photos: Path, tmp_path: Path):
    create_project(photos, [photos]).close()
    assert survey(photos, lambda _: None).project == photos / ".tailspotter"
    assert survey(photos, lambda _: None).images == 20
    assert survey(photos / ".tailspotter", lambda _: None).project == photos / ".tailspotter"


def test_a_preview_is_an_encoded_picture_and_a_broken_file_a_reason(photos: Path, tmp_path: Path):
    with Image.open(io.BytesIO(preview(str(photos / "roll0" / "00.png"), 32))) as image:
        assert image.size == (32, 21)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    with pytest.raises(PictureError):
        preview(str(tmp_path / "broken.jpg"), 32)
