"""Readers of trainers find the exported labels: torchvision, and Hugging Face where it is installed."""

import pytest
from labelled_projects import make_project, say
from PIL import Image

from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ImageFiles, WriteOptions

pytestmark = pytest.mark.slow
YES = {"a.jpg": {"cat"}, "sub/a.jpg": {"cat", "red deer"}, "sub/c d.png": {"red deer"}}


def export(tmp_path, name):
    with make_project(tmp_path, list(YES)) as project:
        for path, names in YES.items():
            file = tmp_path / "photos" / path
            file.parent.mkdir(exist_ok=True)
            Image.new("RGB", (8, 8)).save(file)
            for category in sorted(names):
                say(project, path, **{category: "yes"})
        say(project, "a.jpg", **{"red deer": "no"})
        export_labels(project, name, tmp_path / "out", options=WriteOptions(images=ImageFiles.COPY))
    return tmp_path / "out"


def pairs():
    return sorted((name, path) for path, names in YES.items() for name in names)


def hugging_face(folder, tmp_path):
    reader = pytest.importorskip("datasets.load")  # a folder of tests is called datasets, too
    found = reader.load_dataset("imagefolder", data_dir=str(folder), cache_dir=str(tmp_path / "cache"))
    return found["train"]


def test_torchvision_reads_a_folder_for_each_category(tmp_path):
    from torchvision.datasets import ImageFolder

    out = export(tmp_path, "folders")
    found = ImageFolder(str(out))
    assert found.classes == ["cat", "red deer"]
    names = [(found.classes[at], path.rpartition("/")[2].replace("%2F", "/")) for path, at in found.samples]
    assert sorted(names) == pairs()


def test_hugging_face_reads_a_folder_for_each_category(tmp_path):
    out = export(tmp_path, "folders")
    found = hugging_face(out, tmp_path)
    names = found.features["label"].names
    assert sorted(names[one] for one in found["label"]) == [name for name, _ in pairs()]


def test_hugging_face_reads_metadata_with_three_states(tmp_path):
    out = export(tmp_path, "imagefolder")
    found = hugging_face(out, tmp_path)
    assert [set(row["labels"]) for row in found] == list(YES.values())
    assert [row["no"] for row in found] == [["red deer"], [], []]
