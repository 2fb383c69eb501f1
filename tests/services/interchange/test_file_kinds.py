"""Files of another kind than the reader that they are given to."""

import gzip
import io
import json
import os
import zipfile

import pytest

from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ReadOptions
from app.services.interchange.importing import import_labels
from app.services.interchange.registry import FORMATS, detect, explained, readable
from app.services.interchange.sample import Sample
from app.services.labelling.decisions import decide

FOX = {"id": 1, "name": "fox"}
IMAGE = {"id": 1, "file_name": "a.jpg"}
COCO = {"images": [IMAGE], "categories": [FOX], "annotations": [{"image_id": 1, "category_id": 1}]}
SAMPLES = {
    "coco": COCO,
    "camera-traps": COCO | {"images": [IMAGE | {"seq_id": "s", "location": "x"}]},
    "megadetector": {
        "info": {"detector": "md_v5a"},
        "detection_categories": {"1": "animal"},
        "images": [{"file": "a.jpg", "detections": [{"category": "1", "conf": 0.9}]}],
    },
    "fiftyone": {"classes": ["fox"], "labels": {"a": 0}},
    "labelstudio": [{"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"result": []}]}],
}


def packed():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("labels.json", json.dumps(COCO))
    return stream.getvalue()


KINDS = {
    "COCO results": json.dumps([{"image_id": 1, "category_id": 1, "score": 0.7}]),
    "captions in the form": json.dumps([{"image_id": 1, "caption": "a fox"}]),
    "Create ML": json.dumps([{"image": "a.jpg", "annotations": ["fox"]}]),
    "labelme": json.dumps({"version": "5", "shapes": [], "imagePath": "a.jpg"}),
    "SpeciesNet": json.dumps({"predictions": [{"filepath": "a.jpg", "prediction": "fox"}]}),
    "Labelbox": json.dumps([{"ID": "x", "Labeled Data": "u", "Label": {}}]),
    "VGG Image Annotator": json.dumps({"_via_settings": {}, "_via_img_metadata": {}}),
    "Datumaro": json.dumps({"info": {}, "categories": {}, "items": []}),
    "JSON-MIN": json.dumps([{"image": "a.jpg", "choice": "fox", "annotator": 1, "annotation_id": 2}]),
    "git lfs pull": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n",
    "web page": "<!DOCTYPE html>\n<html><title>Log in</title></html>",
    "gzip": gzip.compress(json.dumps(COCO).encode()),
    "ZIP": packed(),
    "only zero bytes": bytes(500),
    "is empty": b" \n",
    "UTF-16": json.dumps(COCO).encode("utf-16"),
    "pickle": b"\x80\x04\x95",
    "an image": b"\x89PNG\r\n\x1a\n",
}


def write(tmp_path, content):
    path = tmp_path / "labels.json"
    data = content if isinstance(content, bytes) else content.encode()
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("expected", KINDS)
def test_a_reader_says_what_a_file_of_another_kind_looks_like(tmp_path, expected):
    path = write(tmp_path, KINDS[expected])
    for name in SAMPLES:
        chosen = FORMATS[name]
        with pytest.raises(BadInputError) as caught:
            chosen.read(path, ReadOptions())
        sentence = explained(caught.value, path, chosen).sentence
        assert expected in sentence
        assert sentence.startswith(str(path))
        assert sentence.endswith(".")


@pytest.mark.parametrize("expected", [one for one in KINDS if one != "UTF-16"])
def test_the_same_is_said_if_no_format_is_named(tmp_path, expected):
    with pytest.raises(BadInputError) as caught:
        detect(write(tmp_path, KINDS[expected]))
    assert expected in caught.value.sentence


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_recognised_as_one_format_and_the_other_readers_name_it(tmp_path, name):
    path = write(tmp_path, json.dumps(SAMPLES[name]))
    assert [one.name for one in readable() if one.recognise(Sample(path))] == [name]
    assert detect(path).name == name
    for other in SAMPLES.keys() - {name}:
        try:
            FORMATS[other].read(path, ReadOptions())
        except BadInputError as error:
            assert f"with the format {name}" in explained(error, path, FORMATS[other]).sentence


def test_what_is_wrong_with_a_file_of_the_right_kind_is_not_hidden(tmp_path):
    path = write(tmp_path, json.dumps(COCO | {"annotations": 3}))
    with pytest.raises(BadInputError) as caught:
        FORMATS["coco"].read(path, ReadOptions())
    assert explained(caught.value, path, FORMATS["coco"]) is caught.value


def test_a_file_that_cannot_be_read_keeps_its_own_sentence(tmp_path):
    error = BadInputError("It does not exist.")
    assert explained(error, tmp_path / "none.json", FORMATS["coco"]) is error


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path):
    os.mkfifo(tmp_path / "labels.json")
    with pytest.raises(BadInputError, match="is neither a file nor a folder"):
        detect(tmp_path / "labels.json")


@pytest.mark.parametrize("name", ["auto", "imagefolder"])
def test_an_empty_folder_and_a_project_are_told_for_what_they_are(project, tmp_path, name):
    (tmp_path / "empty").mkdir()
    for folder, words in ((tmp_path / "empty", "is an empty folder"), (project.folder, "tailspotter merge")):
        with pytest.raises(BadInputError, match=words):
            import_labels(project, name, folder)


def test_a_document_of_which_a_reader_could_use_single_lines_is_refused(project, tmp_path):
    """A COCO file with an image in each line is no JSON Lines."""
    decide(project, [Decision(1, 1, LabelState.YES), Decision(2, 1, LabelState.NO)])
    export_labels(project, "coco", tmp_path / "coco.json")
    with pytest.raises(BadInputError, match="looks like COCO and LVIS JSON; import it with the format coco"):
        import_labels(project, "jsonl", tmp_path / "coco.json", match_names=True)
