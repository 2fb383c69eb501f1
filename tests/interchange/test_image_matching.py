from pathlib import Path

import pytest

from app.domain.errors import BadInputError
from app.domain.images import Image, ImageState
from app.services.interchange.matching import ImageMatcher, export_names


def image(identifier, path, root=1, state=ImageState.OK):
    return Image(identifier, root, path, 10, 0, 4, 4, "00", state, None, None)


def match(matcher, *names):
    return matcher.match_all([(f"images[{index}]", name) for index, name in enumerate(names)])


ROOT = {1: Path("/data/photos")}


def test_a_relative_path_beats_a_file_name():
    matcher = ImageMatcher([image(1, "a.jpg"), image(2, "sub/a.jpg")], ROOT)
    assert match(matcher, "a.jpg", "sub/a.jpg") == [1, 2]


def test_a_file_name_matches_where_only_one_image_has_it():
    matcher = ImageMatcher([image(1, "x/a.jpg"), image(2, "x/b.jpg"), image(3, "y/b.jpg")], ROOT)
    assert match(matcher, "train/a.jpg") == [1]
    assert match(matcher, "train/b.jpg") == [None]


def test_two_names_that_could_only_mean_one_image_are_both_left_out():
    matcher = ImageMatcher([image(1, "x/a.jpg")], ROOT)
    assert match(matcher, "p/a.jpg", "q/a.jpg") == [None, None]
    assert match(matcher, "x/a.jpg", "q/a.jpg") == [1, None]


def test_windows_separators_and_other_accent_forms_match():
    matcher = ImageMatcher([image(1, "s\u00fcd/\u00e9t\u00e9.jpg")], ROOT)
    assert match(matcher, "su\u0308d\\e\u0301te\u0301.jpg") == [1]


def test_absolute_paths_inside_an_image_folder_match():
    matcher = ImageMatcher([image(1, "sub/a.jpg")], ROOT)
    assert match(matcher, "/data/photos/sub/a.jpg") == [1]


@pytest.mark.parametrize(
    "name", ["../a.jpg", "sub/../../a.jpg", "/etc/a.jpg", "C:\\photos\\a.jpg", "..\\a.jpg"]
)
def test_a_name_that_leaves_the_folders_is_refused_with_its_place(name):
    matcher = ImageMatcher([image(1, "a.jpg")], ROOT)
    with pytest.raises(BadInputError, match=r"images\[0\].file_name .* leaves the image folders"):
        match(matcher, name)


def test_with_several_folders_names_start_below_the_shared_one_and_match_again():
    roots = {1: Path("/data/north/photos"), 2: Path("/data/south/photos")}
    images = [image(1, "a.jpg", 1), image(2, "a.jpg", 2)]
    names = [name for _, name in export_names(images, roots)]
    assert names == ["north/photos/a.jpg", "south/photos/a.jpg"]
    matcher = ImageMatcher(images, roots)
    assert match(matcher, *names) == [1, 2]
    assert match(matcher, "a.jpg") == [None]


def test_with_one_folder_names_are_paths_inside_it():
    assert [name for _, name in export_names([image(1, "sub/a.jpg")], ROOT)] == ["sub/a.jpg"]


def test_a_missing_image_gives_way_to_the_file_that_took_its_path():
    gone = image(1, "a.jpg", state=ImageState.MISSING)
    assert match(ImageMatcher([gone, image(2, "a.jpg")], ROOT), "a.jpg", "x/a.jpg") == [2, None]
    assert match(ImageMatcher([gone], ROOT), "a.jpg") == [1]
