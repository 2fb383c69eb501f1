import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInputError
from app.services.interchange.formats.coco_file import read_coco
from app.services.text_files import read_json


def document(**changes):
    base = {
        "images": [{"id": 7, "file_name": "a.jpg"}, {"id": 9, "file_name": "sub/b.jpg"}],
        "categories": [{"id": 3, "name": "cat"}, {"id": 5, "name": "dog"}],
        "annotations": [
            {"id": 1, "image_id": 7, "category_id": 3},
            {"id": 2, "image_id": 7, "category_id": 3, "bbox": [0, 0, 3, 4], "iscrowd": 1},
            {"id": 3, "image_id": 9, "category_id": 5},
        ],
    }
    return base | changes


def write(tmp_path, value):
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def sentence(tmp_path, value):
    with pytest.raises(BadInputError) as caught:
        read_coco(write(tmp_path, value))
    return caught.value.sentence


def test_each_annotation_is_a_yes_however_many_boxes_a_category_has(tmp_path):
    file = read_coco(write(tmp_path, document()))
    assert file.categories == ["cat", "dog"]
    assert [(image.file_name, image.yes) for image in file.images] == [("a.jpg", {0}), ("sub/b.jpg", {1})]
    assert not any(image.reviewed or image.no or image.open for image in file.images)


def test_lvis_fields_say_what_is_absent_and_what_stays_open(tmp_path):
    images = [
        {"id": 7, "coco_url": "http://host/train2017/a.jpg", "neg_category_ids": [5]},
        {"id": 9, "file_name": "b.jpg", "not_exhaustive_category_ids": [3], "reviewed": True},
    ]
    file = read_coco(write(tmp_path, document(images=images)))
    first, second = file.images
    assert (first.file_name, first.no, first.open) == ("train2017/a.jpg", {1}, frozenset())
    assert (second.no, second.open, second.reviewed) == (frozenset(), {0}, True)


def test_each_category_entry_keeps_its_name_and_place(tmp_path):
    categories = [{"id": 3, "name": "Cat"}, {"id": 5, "name": " cat "}]
    file = read_coco(write(tmp_path, document(categories=categories)))
    assert file.categories == ["Cat", "cat"]
    assert file.category_places == ["categories[0]", "categories[1]"]
    assert [image.yes for image in file.images] == [{0}, {1}]


def test_a_byte_order_mark_is_no_obstacle(tmp_path):
    path = tmp_path / "bom.json"
    path.write_text(json.dumps(document()), encoding="utf-8-sig")
    assert len(read_coco(path).images) == 2


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"annotations": [{"id": 1, "category_id": 3}]}, "annotations[0] has no image_id"),
        ({"annotations": [{"id": 1, "image_id": 7}]}, "annotations[0] has no category_id"),
        (
            {"annotations": [{"image_id": 7, "category_id": 3}, {"image_id": 8, "category_id": 3}]},
            "annotations[1].image_id 8 is not the id of any image",
        ),
        (
            {"annotations": [{"image_id": 7, "category_id": 4}]},
            "annotations[0].category_id 4 is not the id of any category",
        ),
        (
            {"annotations": [{"id": 1, "image_id": 7, "category_id": 3}] * 2},
            "annotations[1].id 1 is used twice",
        ),
        (
            {"annotations": [{"image_id": True, "category_id": 3}]},
            "annotations[0].image_id must be a whole number, not true",
        ),
        (
            {"annotations": [{"image_id": "7", "category_id": 3}]},
            'annotations[0].image_id must be a whole number, not "7"',
        ),
        ({"annotations": {}}, '"annotations" must be a list, not an object'),
        ({"annotations": [3]}, "annotations[0] must be an object, not 3"),
        ({"images": [{"id": 7}]}, "images[0] has no file_name"),
        ({"images": [{"file_name": "a.jpg"}]}, "images[0] has no id"),
        ({"images": [{"id": 7, "file_name": None}]}, "images[0].file_name must be a text, not null"),
        ({"images": [{"id": 7, "file_name": ""}]}, "images[0].file_name is not a file name"),
        (
            {"images": [{"id": 7, "file_name": "a.jpg"}, {"id": 7, "file_name": "b.jpg"}]},
            "images[1].id 7 is used twice",
        ),
        (
            {"images": [{"id": 7, "file_name": "a.jpg", "neg_category_ids": [5, 6]}]},
            "images[0].neg_category_ids[1] 6 is not the id of any category",
        ),
        (
            {"images": [{"id": 7, "file_name": "a.jpg", "neg_category_ids": 5}]},
            "images[0].neg_category_ids must be a list, not 5",
        ),
        (
            {"images": [{"id": 7, "file_name": "a.jpg", "reviewed": 1}]},
            "images[0].reviewed must be true or false, not 1",
        ),
        ({"categories": [{"id": 3, "name": " "}]}, "categories[0].name: A category needs a name"),
        ({"categories": [{"id": 3, "name": "\ud83d"}]}, "categories[0].name: The category name"),
        ({"categories": [{"id": 3}]}, "categories[0] has no name"),
        (
            {"categories": [{"id": 3, "name": "cat"}, {"id": 3, "name": "dog"}]},
            "categories[1].id 3 is used twice",
        ),
    ],
)
def test_an_error_names_the_entry_and_the_field(tmp_path, change, expected):
    message = sentence(tmp_path, document(**change))
    assert expected in message
    assert "labels.json" in message


def test_a_category_cannot_be_present_and_absent_on_one_image(tmp_path):
    images = [{"id": 7, "file_name": "a.jpg", "neg_category_ids": [3]}, {"id": 9, "file_name": "b.jpg"}]
    message = sentence(tmp_path, document(images=images))
    assert 'images[0].neg_category_ids has "cat", but the image has an annotation of it' in message


@pytest.mark.parametrize("missing", ["images", "categories", "annotations"])
def test_a_missing_part_is_named(tmp_path, missing):
    value = document()
    del value[missing]
    assert f'it has no "{missing}"' in sentence(tmp_path, value)


def test_a_results_file_is_told_apart_from_labels(tmp_path):
    assert "results" in sentence(tmp_path, [{"image_id": 1, "category_id": 1, "score": 0.3}])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"images": [\n  {"id": 1,}\n]}', "line 2, column"),
        (b"", "line 1, column 1"),
        (b'{"images": "\xff\xfe"}', "not UTF-8 text (line 1, column 13)"),
        (b"{\n\n\xe4}", "not UTF-8 text (line 3, column 1)"),
        (b'\xef\xbb\xbf"\xc3\xa4\xff', "not UTF-8 text (line 1, column 3)"),
        ('{"images": []}'.encode("utf-16"), "looks like UTF-16"),
        ('{"images": []}'.encode("utf-16-be"), "looks like UTF-16"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 5000 + b"}", "a number that cannot be read"),
    ],
)
def test_a_file_that_is_no_json_is_told_with_its_place(tmp_path, data, expected):
    path = tmp_path / "broken.json"
    path.write_bytes(data)
    with pytest.raises(BadInputError) as caught:
        read_json(path)
    assert expected in caught.value.sentence
    assert "broken.json" in caught.value.sentence


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = write(tmp_path, document())
    with pytest.raises(BadInputError, match="more than the limit of 100"):
        read_json(path, max_bytes=100)


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path):
    with pytest.raises(BadInputError, match="does not exist"):
        read_json(tmp_path / "nothing.json")
    with pytest.raises(BadInputError, match="is not a file"):
        read_json(tmp_path)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=8,
)
fields = ["id", "file_name", "name", "image_id", "category_id", "neg_category_ids", "reviewed", "coco_url"]
entries = st.lists(st.dictionaries(st.sampled_from(fields), json_values, max_size=4), max_size=3)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(value=st.fixed_dictionaries({"images": entries, "categories": entries, "annotations": entries}))
def test_any_json_is_either_read_or_refused_with_a_sentence(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "wild.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    try:
        read_coco(path)
    except BadInputError as error:
        assert "wild.json" in error.sentence
        assert error.sentence.endswith(".")
