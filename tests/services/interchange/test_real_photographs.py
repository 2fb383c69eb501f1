import json
from pathlib import Path

import pytest
from labelled_projects import export_coco, import_coco

from app.services.images.scan import scan
from app.services.project.creation import create_project

PHOTOS = Path(__file__).parents[3].parent / "shared" / "photos"


def labels(path):
    document = json.loads(path.read_text("utf-8"))
    images = {one["id"]: one["file_name"] for one in document["images"]}
    names = {one["id"]: one["name"] for one in document["categories"]}
    pairs = {(images[one["image_id"]], names[one["category_id"]]) for one in document["annotations"]}
    return set(images.values()), set(names.values()), pairs


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the shared photographs are not here")
def test_real_labels_come_out_as_they_went_in(tmp_path):
    with create_project(tmp_path / "project", [PHOTOS / "images"]) as project:
        scan(project)
        report = import_coco(project, PHOTOS / "annotations.json")
        export_coco(project, tmp_path / "out.json")
    images, names, pairs = labels(PHOTOS / "annotations.json")
    used = {name for _, name in pairs}
    assert labels(tmp_path / "out.json") == (images, used, pairs)
    assert set(report.unused) == names - used
    assert (report.matched, report.unmatched, report.yes) == (126, [], 362)
