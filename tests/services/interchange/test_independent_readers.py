"""Other programs' readers judge what is exported: they find the same yes labels on the same images.

Only pycocotools is a dependency for development; the others are tried where they are installed.
"""

import csv
import io
import json
from contextlib import redirect_stdout
from pathlib import PurePosixPath
from urllib.parse import unquote

import pytest
from labelled_projects import make_project, mark, say

from app.services.interchange.exporting import export_labels
from app.services.interchange.registry import FORMATS

pytestmark = pytest.mark.slow
PATHS = ["a.jpg", "b.jpg", "sub/a.jpg", "sub/c d.png", "e.jpg"]
YES = {"a.jpg": {"cat"}, "sub/a.jpg": {"cat", "red deer"}, "sub/c d.png": {"red deer"}, "b.jpg": set()}


@pytest.fixture
def exported(tmp_path):
    """``exported(name)`` is the path of an export in that format; skips what does not exist."""

    def export(name):
        if name not in FORMATS:
            pytest.skip(f"there is no format {name}")
        suffix = (*FORMATS[name].suffixes, "")[0]
        with make_project(tmp_path / "p", PATHS, ["cat", "red deer"]) as project:
            for path in PATHS:
                (tmp_path / "p" / "photos" / path).parent.mkdir(exist_ok=True)
                (tmp_path / "p" / "photos" / path).touch()
            for path, names in YES.items():
                for category in sorted(names):
                    say(project, path, **{category: "yes"})
            say(project, "a.jpg", **{"red deer": "no"})
            mark(project, "b.jpg")
            export_labels(project, name, tmp_path / f"out{suffix}")
        return tmp_path / f"out{suffix}"

    return export


def with_labels(found):
    """Without images on which nothing was found, which some readers leave out."""
    return {image: names for image, names in found.items() if names}


def test_pycocotools_finds_every_image_by_its_category(exported):
    coco_module = pytest.importorskip("pycocotools.coco")
    with redirect_stdout(io.StringIO()):
        coco = coco_module.COCO(str(exported("coco")))
    assert len(coco.getImgIds()) == len(PATHS)
    found = {path: set() for path in PATHS}
    for category in coco.loadCats(coco.getCatIds()):
        ids = coco.getImgIds(catIds=[category["id"]])
        for image in coco.loadImgs(ids):
            assert coco.getAnnIds(imgIds=[image["id"]], catIds=[category["id"]])
            found[image["file_name"]].add(category["name"])
    assert found == {**YES, "e.jpg": set()}
    reviewed = {one["file_name"] for one in coco.loadImgs(coco.getImgIds()) if one["reviewed"]}
    assert reviewed == {"b.jpg"}


def datumaro_labels(folder, kind):
    datumaro = pytest.importorskip("datumaro")
    dataset = datumaro.Dataset.import_from(str(folder), kind)
    (categories,) = (one for key, one in dataset.categories().items() if key.name == "label")
    return {
        item.id: {categories[one.label].name for one in item.annotations if one.type.name == "label"}
        for item in dataset
    }


def without_suffix(found):
    return {str(PurePosixPath(path).with_suffix("")): names for path, names in found.items()}


def test_datumaro_reads_coco_as_labels_of_images(exported, tmp_path):
    pytest.importorskip("datumaro")
    place = tmp_path / "set"
    (place / "images").mkdir(parents=True)
    (place / "annotations").mkdir()
    exported("coco").rename(place / "annotations" / "labels_train.json")
    assert with_labels(datumaro_labels(place, "coco_labels")) == with_labels(without_suffix(YES))


def test_datumaro_reads_the_image_sets_of_voc(exported):
    pytest.importorskip("datumaro")
    place = exported("voc")
    label_map = place / "labelmap.txt"
    if not label_map.exists():  # without it datumaro knows only the twenty classes of the challenge
        label_map.write_text("cat:::\nred deer:::\n", encoding="utf-8")
    assert with_labels(datumaro_labels(place, "voc_classification")) == with_labels(without_suffix(YES))


def test_the_converter_of_label_studio_reads_its_tasks(exported, tmp_path):
    converter = pytest.importorskip("label_studio_converter")
    choices = '<Choice value="cat"/><Choice value="red deer"/>'
    config = tmp_path / "config.xml"
    config.write_text(
        '<View><Image name="image" value="$image"/>'
        f'<Choices name="choice" toName="image" choice="multiple">{choices}</Choices></View>'
    )
    tasks = exported("labelstudio")
    reader = converter.Converter(str(config), str(tmp_path))
    reader.convert_to_csv(str(tasks), str(tmp_path / "csv"), is_dir=False, sep=",", header=True)
    found = {}
    with (tmp_path / "csv" / "result.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            said = row["choice"]
            names = json.loads(said)["choices"] if said.startswith("{") else filter(None, [said])
            found[unquote(row["image"].rpartition("?d=")[2])] = set(names)
    assert {path.removeprefix("photos/"): names for path, names in with_labels(found).items()} == with_labels(
        YES
    )


def test_fiftyone_reads_image_classifications(exported):
    importers = pytest.importorskip("fiftyone.utils.data.importers")
    place = exported("fiftyone")
    reader = importers.FiftyOneImageClassificationDatasetImporter(
        dataset_dir=str(place), data_path="data.json", compute_metadata=False
    )
    reader.setup()
    found = {}
    for path, _, label in reader:
        found[path] = {one.label for one in label.classifications} if label is not None else set()
    inside = {path.rpartition("/photos/")[2]: names for path, names in found.items()}
    assert with_labels(inside) == with_labels(YES)
