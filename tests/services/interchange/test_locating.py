"""Which image an entry of a folder means."""

import pytest
from folder_trees import make_tree
from labelled_projects import make_project, states

from app.services.images.scan import scan
from app.services.interchange.importing import import_labels
from app.services.project.creation import create_project


def labelled(project):
    return {path: set(one) for path, one in states(project).items() if one}


@pytest.fixture
def photos(make_image, tmp_path):
    for number, name in enumerate(["a.png", "2024/a.png"]):
        make_image(tmp_path / "photos" / name, colour=(number * 90, 10, 10))
    return tmp_path / "photos"


def test_names_in_a_part_of_the_image_folder_mean_the_files_there(photos, tmp_path):
    make_tree(photos / "2024", {"a.txt": "fox"})
    with create_project(tmp_path / "project", [photos]) as project:
        scan(project)
        import_labels(project, "txt", photos / "2024")
        assert labelled(project) == {"2024/a.png": {"fox"}}


def test_names_in_a_folder_above_the_image_folder_mean_the_files_there(photos, tmp_path):
    make_tree(tmp_path, {"photos/2024/a.txt": "fox", "a.png": None, "a.txt": "wolf"})
    with create_project(tmp_path / "project", [photos]) as project:
        scan(project)
        report = import_labels(project, "txt", tmp_path)
        assert labelled(project) == {"2024/a.png": {"fox"}}
        assert report.unmatched == ["a.png"]


def test_the_folder_may_be_given_through_a_link(photos, tmp_path):
    make_tree(photos / "2024", {"a.txt": "fox"})
    (tmp_path / "link").symlink_to(photos)
    with create_project(tmp_path / "project", [photos]) as project:
        scan(project)
        import_labels(project, "txt", tmp_path / "link" / "2024")
        assert labelled(project) == {"2024/a.png": {"fox"}}


def test_a_copy_of_the_image_folder_is_matched_by_relative_paths(tmp_path):
    make_tree(tmp_path / "copy", {"sub/a.jpg": None, "sub/a.txt": "fox"})
    with make_project(tmp_path, ["a.jpg", "sub/a.jpg"]) as project:
        import_labels(project, "txt", tmp_path / "copy")
        assert labelled(project) == {"sub/a.jpg": {"fox"}}


def test_a_name_without_suffix_is_the_image_that_agrees_most(tmp_path):
    make_tree(tmp_path / "tags", {"sub/a.txt": "fox", "b.txt": "hen", "c.txt": "owl"})
    with make_project(tmp_path, ["a.png", "sub/a.jpg", "b.jpg", "b.png", "deep/c.jpg"]) as project:
        report = import_labels(project, "txt", tmp_path / "tags")
        assert labelled(project) == {"sub/a.jpg": {"fox"}, "deep/c.jpg": {"owl"}}
        (lost,) = report.unmatched_entries
        assert (lost.entry.file_name, lost.reason, set(lost.candidates)) == (
            "b",
            "ambiguous",
            {"b.jpg", "b.png"},
        )


def test_accents_may_be_composed_or_not(tmp_path):
    composed, apart = "\u00e9t\u00e9", "e\u0301te\u0301"
    make_tree(tmp_path / "tags", {f"{composed}.txt": "fox", f"{composed} 2/b.txt": "hen"})
    with make_project(tmp_path, [f"{apart}.jpg", f"{apart} 2/b.jpg"]) as project:
        import_labels(project, "txt", tmp_path / "tags")
        assert labelled(project) == {f"{apart}.jpg": {"fox"}, f"{apart} 2/b.jpg": {"hen"}}


def test_class_folders_of_copies_are_matched_without_the_class_and_by_size(tmp_path):
    """make_project's images have 10 bytes."""
    ten = b"0123456789"
    make_tree(tmp_path / "set", {"fox/sub/a.jpg": ten, "hen/sub/a.jpg": ten, "hen/b.jpg": ten + b"more"})
    with make_project(tmp_path, ["sub/a.jpg", "b.jpg"]) as project:
        report = import_labels(project, "folders", tmp_path / "set")
        assert labelled(project) == {"sub/a.jpg": {"fox", "hen"}}
        assert report.unmatched == ["hen/b.jpg"]


def test_class_folders_in_the_project_are_matched_with_the_class(tmp_path):
    make_tree(tmp_path / "set", {"fox/a.jpg": b"0123456789", "hen/a.jpg": b"0123456789"})
    with make_project(tmp_path, ["fox/a.jpg", "hen/a.jpg", "a.jpg"]) as project:
        import_labels(project, "folders", tmp_path / "set")
        assert labelled(project) == {"fox/a.jpg": {"fox"}, "hen/a.jpg": {"hen"}}
