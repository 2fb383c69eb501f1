"""Adding an image folder to a project."""

import pytest

from app.domain.errors import NotFoundError, ProjectError
from app.services.images.scan import scan
from app.services.project.image_folders import image_folders
from app.services.project.more_folders import add_folder


def test_a_scan_finds_the_images_of_an_added_folder_and_adding_it_again_changes_nothing(
    project, tmp_path, make_image
):
    before = len(image_folders(project))
    make_image(tmp_path / "more" / "a.png")
    assert add_folder(project, tmp_path / "more") == (tmp_path / "more").resolve()
    assert scan(project).added == 1
    assert add_folder(project, tmp_path / "more") == (tmp_path / "more").resolve()
    assert len(image_folders(project)) == before + 1


def test_a_folder_inside_another_or_around_it_a_file_and_nothing_are_refused(project, tmp_path):
    known = image_folders(project)
    (known[0].path / "inner").mkdir()
    for wrong in (known[0].path / "inner", known[0].path.parent):
        with pytest.raises(ProjectError, match="is inside"):
            add_folder(project, wrong)
    (tmp_path / "file.txt").write_text("x")
    with pytest.raises(ProjectError, match="is a file"):
        add_folder(project, tmp_path / "file.txt")
    with pytest.raises(NotFoundError):
        add_folder(project, tmp_path / "gone")
    assert image_folders(project) == known
