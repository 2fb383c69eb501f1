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


def left_out(file):
    return {one.place: one.reason for one in file.left_out}


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        ({"annotations": [{"id": 1, "category_id": 3}]}, "annotations[0]", "it has no image_id"),
        ({"annotations": [{"id": 1, "image_id": 7}]}, "annotations[0]", "it has no category_id"),
        (
            {"annotations": [{"image_id": 7, "category_id": None, "bbox": None}]},
            "annotations[0]",
            "category_id is null",
        ),
        (
            {"annotations": [{"image_id": 7, "category_id": 3}, {"image_id": 8, "category_id": 3}]},
            "annotations[1]",
            "image_id 8 is not the id of any image",
        ),
        (
            {"annotations": [{"image_id": 7, "category_id": 4}]},
            "annotations[0]",
            "category_id 4 is not the id of any category",
        ),
        (
            {"annotations": [{"image_id": True, "category_id": 3}]},
            "annotations[0]",
            "image_id must be a number or a text, not true",
        ),
        (
            {"annotations": [{"image_id": 7.5, "category_id": 3}]},
            "annotations[0]",
            "image_id must be a number or a text, not 7.5",
        ),
        (
            {"annotations": [{"image_id": 7, "category_id": float("nan")}]},
            "annotations[0]",
            "category_id must be a number or a text, not NaN",
        ),
        ({"annotations": [3]}, "annotations[0]", "must be an object, not 3"),
        (
            {"annotations": [{"image_id": 7, "caption": "a cat"}, {"image_id": 7, "category_id": 3}]},
            "annotations[0]",
            "it is a caption, not a label",
        ),
        ({"images": [{"id": 7}]}, "images[0]", "it has no file_name"),
        ({"images": [{"file_name": "a.jpg"}]}, "images[0]", "it has no id"),
        ({"images": [{"id": 7, "file_name": None}]}, "images[0]", "file_name must be a text, not null"),
        ({"images": [{"id": 7, "file_name": ""}]}, "images[0]", 'file_name "" is not a file name'),
        (
            {"images": [{"id": 7, "file_name": "a.jpg", "neg_category_ids": [5, 6]}]},
            "images[0].neg_category_ids[1]",
            "6 is not the id of a category that can be used",
        ),
        (
            {"images": [{"id": 7, "file_name": "a.jpg", "neg_category_ids": 5}]},
            "images[0]",
            "neg_category_ids must be a list, not 5",
        ),
        (
            {"images": [{"id": 7, "file_name": "a.jpg", "reviewed": 1}]},
            "images[0]",
            "reviewed must be true or false, not 1",
        ),
        ({"categories": [{"id": 3, "name": " "}]}, "categories[0]", "A category needs a name"),
        ({"categories": [{"id": 3, "name": "\ud83d"}]}, "categories[0]", "The category name"),
        ({"categories": [{"id": 3}]}, "categories[0]", "it has no name"),
    ],
)
def test_an_entry_that_cannot_be_used_is_left_out_with_its_place(tmp_path, change, place, reason):
    file = read_coco(write(tmp_path, document(**change)))
    assert left_out(file)[place].startswith(reason)


def test_one_bad_entry_does_not_refuse_the_rest(tmp_path):
    annotations = [{"image_id": 99, "category_id": 3}, *document()["annotations"], None]
    file = read_coco(write(tmp_path, document(annotations=annotations)))
    assert [image.yes for image in file.images] == [{0}, {1}]
    assert set(left_out(file)) == {"annotations[0]", "annotations[4]"}


@pytest.mark.parametrize("spelled", ["7", "7.0", 7.0, 7])
def test_an_id_is_only_a_name(tmp_path, spelled):
    annotations = [{"id": "a", "image_id": spelled, "category_id": "5"}]
    file = read_coco(write(tmp_path, document(annotations=annotations)))
    assert [image.yes for image in file.images] == [{1}, set()]
    assert not file.left_out


def test_ids_may_be_any_text(tmp_path):
    images = [{"id": "6ba7b810-9dad", "file_name": "a.jpg"}, {"id": "007", "file_name": "b.jpg"}]
    annotations = [{"image_id": "007", "category_id": 3}, {"image_id": 7, "category_id": 3}]
    file = read_coco(write(tmp_path, document(images=images, annotations=annotations)))
    assert [image.yes for image in file.images] == [set(), {0}]
    assert left_out(file) == {"annotations[1]": "image_id 7 is not the id of any image"}


def test_two_files_with_one_id_are_both_left_out_with_their_annotations(tmp_path):
    images = [*document()["images"], {"id": "7", "file_name": "other.jpg"}]
    file = read_coco(write(tmp_path, document(images=images)))
    assert [(image.file_name, image.yes) for image in file.images] == [("sub/b.jpg", {1})]
    assert left_out(file) == {
        "images[2]": "its id 7 is that of images[0], a different file; neither is used",
        "annotations[0]": "its image, images[0] and images[2], was left out",
        "annotations[1]": "its image, images[0] and images[2], was left out",
    }


def test_an_image_that_is_listed_twice_is_united(tmp_path):
    images = [*document()["images"], {"id": 7, "file_name": "a.jpg", "neg_category_ids": [5]}]
    file = read_coco(write(tmp_path, document(images=images)))
    assert [(image.file_name, image.yes, image.no) for image in file.images] == [
        ("a.jpg", {0}, {1}),
        ("sub/b.jpg", {1}, set()),
    ]
    assert not file.left_out


def test_two_categories_with_one_id_are_not_used_and_no_review_answers_for_them(tmp_path):
    categories = [*document()["categories"], {"id": 3, "name": "lynx"}]
    file = read_coco(write(tmp_path, document(categories=categories)))
    assert file.categories == ["dog"]
    assert left_out(file)["categories[2]"].startswith("its id 3 is that of categories[0]")
    assert [image.yes for image in file.images] == [set(), {0}]


def test_an_annotation_without_a_category_leaves_every_category_of_a_review_open(tmp_path):
    images = [{"id": 7, "file_name": "a.jpg", "reviewed": True}, {"id": 9, "file_name": "b.jpg"}]
    annotations = [{"image_id": 7, "category_id": 3}, {"image_id": 7, "category_id": None}]
    file = read_coco(write(tmp_path, document(images=images, annotations=annotations)))
    assert (file.images[0].yes, file.images[0].open >= {1}) == ({0}, True)


def test_a_list_of_open_categories_that_cannot_be_read_leaves_all_of_them_open(tmp_path):
    images = [{"id": 7, "file_name": "a.jpg", "reviewed": True, "unknown_category_ids": "5"}]
    file = read_coco(write(tmp_path, document(images=images)))
    assert file.images[0].open == {0, 1}


def test_annotations_with_a_score_are_suggestions(tmp_path):
    scores = (0.9, 0.2, None, 0.7)
    annotations = [
        {"image_id": 7, "category_id": 3 + 2 * (n % 2), "score": score} for n, score in enumerate(scores)
    ]
    file = read_coco(write(tmp_path, document(annotations=annotations)))
    assert (file.images[0].yes, file.images[0].suggested) == ({0}, {0: 0.9, 1: 0.7})
    assert read_coco(write(tmp_path, document(annotations=annotations)), 0.8).images[0].suggested == {0: 0.9}


def test_the_segments_of_a_panoptic_annotation_are_its_categories(tmp_path):
    annotations = [{"image_id": 7, "segments_info": [{"category_id": 3}, {"category_id": 5}]}]
    assert read_coco(write(tmp_path, document(annotations=annotations))).images[0].yes == {0, 1}


def test_boxes_captions_and_sequences_are_told(tmp_path):
    annotations = [
        {"image_id": 7, "category_id": 3, "bbox": [0, 0, 1, 1], "sequence_level_annotation": True},
        {"image_id": 7, "caption": "a cat"},
    ]
    notes = " ".join(read_coco(write(tmp_path, document(annotations=annotations))).notes)
    assert "with boxes, masks or key points: 1 of 2" in notes
    assert "that are captions: 1 of 2" in notes
    assert "given to a whole sequence: 1 of 2" in notes


def test_an_unused_supercategory_only_groups(tmp_path):
    categories = [
        {"id": 0, "name": "animals-x", "supercategory": "none"},
        {"id": 3, "name": "cat", "supercategory": "animals-x"},
        {"id": 5, "name": "dog", "supercategory": "dog"},
    ]
    file = read_coco(write(tmp_path, document(categories=categories)))
    assert file.groups == {0}
    assert any("'animals-x'" in note for note in file.notes)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            {"images": [{"id": 1, "file_name": "a.jpg"}], "annotations": [{"image_id": 1, "caption": "x"}]},
            "captions",
        ),
        (document(annotations=[{"id": 1, "image_id": 7, "caption": "x"}]), "captions"),
        (document(annotations=None), "image_info"),
        (document(annotations={}), '"annotations" must be a list, not an object'),
        (3, "a COCO file is an object"),
    ],
)
def test_a_file_without_labels_is_told(tmp_path, value, expected):
    assert expected in sentence(tmp_path, value)


@pytest.mark.parametrize("missing", ["images", "categories", "annotations"])
def test_a_missing_part_is_named(tmp_path, missing):
    value = document()
    del value[missing]
    assert f'it has no "{missing}"' in sentence(tmp_path, value)


def test_a_list_is_told(tmp_path):
    assert "this is a list" in sentence(tmp_path, [{"image_id": 1, "category_id": 1, "score": 0.3}])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b'{"images": [\n  {"id": 1,}\n]}', "a comma too many before line 2, column"),
        (b'{"images": [1, ]}', "a comma too many"),
        (b'{"images": [1 2]}', "Expecting ',' delimiter at line 1, column 15"),
        (b'{"images": [{"id": 1}, ', "cut off"),
        (b'{"images": [{"id": "ab', "cut off"),
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
fields = [
    "score",
    "segments_info",
    "caption",
    "supercategory",
    "id",
    "file_name",
    "name",
    "image_id",
    "category_id",
    "neg_category_ids",
    "reviewed",
    "coco_url",
]
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
