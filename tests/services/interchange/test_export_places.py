"""Exports do not go where the project or a scan would take them for something else."""

import pytest
from labelled_projects import make_project, say

from app.domain.errors import KnownError
from app.services.images.scan import scan
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ImageFiles, WriteOptions


@pytest.fixture
def project(tmp_path):
    with make_project(tmp_path / "p", ["a.jpg"]) as project:
        (tmp_path / "p" / "photos").mkdir(exist_ok=True)
        (tmp_path / "p" / "photos" / "a.jpg").write_bytes(b"picture")
        say(project, "a.jpg", fox="yes")
        yield project


@pytest.mark.parametrize(
    ("name", "how"),
    [("folders", None), ("folders", ImageFiles.LINK), ("imagefolder", ImageFiles.COPY)],
)
def test_an_export_with_images_is_refused_in_an_image_folder(project, tmp_path, name, how):
    photos = tmp_path / "p" / "photos"
    options = WriteOptions(images=how)
    with pytest.raises(KnownError, match="a scan would take the exported images for new ones"):
        export_labels(project, name, photos / "out", options=options)
    assert [path.name for path in photos.iterdir()] == ["a.jpg"]
    for allowed in (photos / ".out", tmp_path / "out", project.folder / "out"):
        export_labels(project, name, allowed, options=options)
    assert scan(project).added == 0


def test_labels_without_images_may_be_written_into_an_image_folder(project, tmp_path):
    photos = tmp_path / "p" / "photos"
    export_labels(project, "imagefolder", photos / "out")
    export_labels(project, "coco", photos / "labels.json")
    assert scan(project).added == 0


@pytest.mark.parametrize("own", ["features", "models", "scores", "backups", "logs"])
def test_the_folders_that_the_program_keeps_for_itself_are_refused(project, tmp_path, own):
    (project.folder / own).mkdir(exist_ok=True)
    with pytest.raises(KnownError, match="keeps for itself"):
        export_labels(project, "coco", project.folder / own / "labels.json")
    with pytest.raises(KnownError, match="keeps for itself"):
        export_labels(project, "voc", project.folder / own)
    with pytest.raises(KnownError, match="keeps for itself"):
        export_labels(project, "csv", tmp_path / "a.csv", card_path=project.folder / own / "card.md")
    assert not (tmp_path / "a.csv").exists()
    export_labels(project, "coco", project.folder / "labels.json")
