import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInputError
from app.services.interchange.format import ReadOptions
from app.services.interchange.registry import FORMATS

READ = FORMATS["megadetector"].read


def results(images, **more):
    base = {
        "info": {"detector": "md_v5a.0.0.pt"},
        "detection_categories": {"0": "empty", "1": "animal", "2": "person"},
        "classification_categories": {"0": "fox", "7": "deer"},
    }
    return base | {"images": images} | more


def detection(category, conf, *classes):
    return {"category": category, "conf": conf, "bbox": [0, 0, 1, 1], "classifications": list(classes)}


def read(tmp_path, document, confidence=None):
    path = tmp_path / "md.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return READ(path, ReadOptions(confidence=confidence))


def found(file):
    return {
        image.file_name: {file.categories[at]: round(score, 3) for at, score in image.suggested.items()}
        for image in file.images
    }


def test_detections_are_suggestions_and_never_labels(tmp_path):
    images = [
        {"file": "a.jpg", "detections": [detection("1", 0.5), detection("1", 0.9), detection("2", 0.1)]},
        {"file": "b.jpg", "detections": []},
    ]
    file = read(tmp_path, results(images))
    assert found(file) == {"a.jpg": {"animal": 0.9}, "b.jpg": {}}
    assert not any(image.yes or image.no or image.reviewed for image in file.images)
    assert file.model == "md_v5a.0.0.pt"
    assert "from a confidence of 0.2 on" in file.notes[0]


def test_a_classification_counts_with_the_confidence_of_its_detection(tmp_path):
    images = [{"file": "a.jpg", "detections": [detection("1", 0.8, ["0", 0.5], ["7", 0.2])]}]
    assert found(read(tmp_path, results(images))) == {"a.jpg": {"animal": 0.8, "fox": 0.4}}


def test_the_least_confidence_is_the_option_else_what_the_file_says_is_usual(tmp_path):
    images = [{"file": "a.jpg", "detections": [detection("1", 0.5), detection("2", 0.9)]}]
    usual = results(images, info={"detector_metadata": {"typical_detection_threshold": 0.6}})
    assert found(read(tmp_path, usual)) == {"a.jpg": {"person": 0.9}}
    assert found(read(tmp_path, usual, 0.4)) == {"a.jpg": {"animal": 0.5, "person": 0.9}}
    assert read(tmp_path, usual).model == "MegaDetector"


def test_failures_and_single_bad_entries_are_left_out_with_the_reason(tmp_path):
    images = [
        {"file": "a.jpg", "failure": "Failure image access", "detections": None},
        {"file": "b.jpg", "detections": [detection("9", 0.9), {"category": "1"}, detection("1", 0.9)]},
        {"file": "c.jpg"},
        {"detections": []},
        None,
    ]
    file = read(tmp_path, results(images))
    assert found(file) == {"b.jpg": {"animal": 0.9}}
    assert {one.place: one.reason for one in file.left_out} == {
        "images[0]": "the model failed on it: Failure image access",
        "images[1].detections[0]": 'category "9" is not in detection_categories',
        "images[1].detections[1]": "conf must be a number from 0 to 1, not null",
        "images[2]": "it has no detections",
        "images[3]": "it has no file",
        "images[4]": "must be an object, not null",
    }


def test_the_list_with_categories_by_name_is_read_too(tmp_path):
    entries = [{"file": "a.jpg", "detections": [{"category": "animal", "confidence": 0.93}]}]
    assert found(read(tmp_path, entries)) == {"a.jpg": {"animal": 0.93}}


values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(["file", "detections", "failure", "category", "conf", "classifications"])
entry = st.dictionaries(fields, values | st.lists(st.dictionaries(fields, values, max_size=4), max_size=2))


@settings(max_examples=60, deadline=None)
@given(
    images=st.lists(entry, max_size=3) | values,
    categories=st.dictionaries(st.sampled_from(["0", "1", "x"]), values, max_size=3) | values,
)
def test_any_json_is_read_or_refused_with_a_sentence(tmp_path_factory, images, categories):
    folder = tmp_path_factory.getbasetemp()
    try:
        file = read(folder, {"images": images, "detection_categories": categories})
    except BadInputError as error:
        assert error.sentence.endswith(".")
        return
    assert all(0 <= score <= 1 for image in file.images for score in image.suggested.values())


@pytest.mark.parametrize("document", [3, {"images": []}, {"detection_categories": {}}, [{"file": "a.jpg"}]])
def test_a_file_of_another_kind_is_refused(tmp_path, document):
    with pytest.raises(BadInputError):
        read(tmp_path, document)
