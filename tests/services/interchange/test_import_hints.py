"""What an import report offers to the person: categories that perhaps mean nothing, and counts."""

import json

import pytest

from app.domain.errors import CancelledError
from app.services.interchange.exporting import export_labels
from app.services.interchange.importing import import_labels
from app.services.interchange.nothing import perhaps_nothing
from app.services.interchange.preview import preview_export
from app.services.interchange.registry import writable


@pytest.mark.parametrize("name", ["empty", "Empty", "no_animal", "No-Animals", " nothing here ", "BLANK"])
def test_names_of_nothing_are_known_in_any_spelling(name):
    assert perhaps_nothing([name, "fox"]) == [name]


def test_other_names_are_not_taken_for_nothing():
    assert perhaps_nothing(["fox", "empty nest", "", "no entry sign", "nonedible"]) == []


@pytest.fixture
def file(tmp_path, project):
    from app.storage import images

    with project.db.read() as s:
        names = [one.name for one in images.all_images(s)][:3]
    content = {
        "images": [{"id": at, "file_name": name} for at, name in enumerate(names)],
        "categories": [{"id": 1, "name": "fox"}, {"id": 2, "name": "owl"}, {"id": 3, "name": "empty"}],
        "annotations": [
            {"id": 1, "image_id": 0, "category_id": 1},
            {"id": 2, "image_id": 0, "category_id": 2},
            {"id": 3, "image_id": 1, "category_id": 1},
            {"id": 4, "image_id": 2, "category_id": 3},
        ],
    }
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(content))
    return path


def test_a_report_counts_changed_images_once_and_offers_what_may_mean_nothing(project, file):
    report = import_labels(project, "coco", file, dry_run=True)
    assert (report.yes, report.changed_images) == (4, 3)
    assert list(report.perhaps_nothing) == ["empty"]
    assert any('--nothing "empty"' in one for one in report.to_json()["notes"])
    assert not any("--nothing" in one for one in report.notes)
    chosen = import_labels(project, "coco", file, dry_run=True, nothing=["empty"])
    assert list(chosen.perhaps_nothing) == []


def test_an_import_that_is_stopped_while_it_reads_changes_nothing(project, file):
    with pytest.raises(CancelledError):
        import_labels(project, "coco", file, should_stop=lambda: True)
    assert import_labels(project, "coco", file, dry_run=True).yes == 4


@pytest.mark.parametrize("name", [one.name for one in writable()])
@pytest.mark.parametrize("answered", [False, True])
def test_the_preview_of_an_export_says_what_the_export_reports(project, file, tmp_path, name, answered):
    import_labels(project, "coco", file)
    preview = preview_export(project, name, answered=answered)
    suffix = next(one for one in writable() if one.name == name).suffixes
    target = tmp_path / f"out{suffix[0] if suffix else ''}"
    report = export_labels(project, name, target, answered=answered)
    for count in ("images", "categories", "labels", "left_out", "unanswered"):
        assert getattr(preview, count) == getattr(report, count)
    assert list(preview.losses) == list(report.losses)
