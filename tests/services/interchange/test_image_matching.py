import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.images import Image, ImageState
from app.services.interchange.matching import ImageMatcher, export_names
from app.services.interchange.name_fits import Fit


def image(identifier, path, root=1, state=ImageState.OK):
    return Image(identifier, root, path, 10, 0, 4, 4, "00", state, None, None)


def match(matcher, *names, **options):
    return [one.image_id for one in matcher.match_all(names, **options)]


def fit(matcher, name):
    return matcher.match_all([name])[0].fit


ROOT = {1: Path("/data/photos")}
CAMERAS = [image(1, "cam1/IMG_0001.jpg"), image(2, "cam1/IMG_0002.jpg"), image(3, "cam3/IMG_0002.jpg")]


def test_a_relative_path_beats_a_file_name():
    matcher = ImageMatcher([image(1, "a.jpg"), image(2, "sub/a.jpg")], ROOT)
    assert match(matcher, "a.jpg", "sub/a.jpg") == [1, 2]


def test_a_name_without_folders_matches_where_only_one_image_has_it():
    matcher = ImageMatcher(CAMERAS, ROOT)
    assert match(matcher, "IMG_0001.jpg", "IMG_0002.jpg") == [1, None]
    assert fit(matcher, "IMG_0002.jpg") is Fit.AMBIGUOUS


@pytest.mark.parametrize(
    "name",
    [
        "cam2/IMG_0001.jpg",
        "cam2\\IMG_0001.jpg",
        "/other/cam2/IMG_0001.jpg",
        "D:\\cam2\\IMG_0001.jpg",
        "x/IMG_0001.jpg",
        "Cam1/IMG_0001.jpg",
        "cam1 /IMG_0001.jpg",
        "cam1/x/IMG_0001.jpg",
        "../IMG_0001.jpg",
        "/etc/IMG_0001.jpg",
    ],
)
def test_a_name_never_matches_an_image_in_another_folder(name):
    matcher = ImageMatcher(CAMERAS, ROOT)
    found = matcher.match_all([name])[0]
    assert (found.fit, found.image_id, found.candidates) == (Fit.OTHER_FOLDER, None, (1,))
    assert match(matcher, name, by_file_name=True) == [1]


def test_by_file_name_nothing_is_guessed_that_is_not_unique_or_taken():
    matcher = ImageMatcher(CAMERAS, ROOT)
    assert match(matcher, "x/IMG_0002.jpg", by_file_name=True) == [None]
    assert match(matcher, "x/IMG_0001.jpg", "y/IMG_0001.jpg", by_file_name=True) == [None, None]
    assert match(matcher, "x/IMG_0001.jpg", "cam1/IMG_0001.jpg", by_file_name=True) == [None, 1]


@pytest.mark.parametrize(
    "name",
    [
        "photos/cam1/IMG_0001.jpg",
        "/data/photos/cam1/IMG_0001.jpg",
        "C:\\Users\\x\\photos\\cam1\\IMG_0001.jpg",
        "\\\\nas\\share\\set\\cam1\\IMG_0001.jpg",
        "../images/cam1/IMG_0001.jpg",
        "./cam1//IMG_0001.jpg",
        "cam1/../cam1/IMG_0001.jpg",
        "/cam1/IMG_0001.jpg",
        "../../cam1/IMG_0001.jpg",
    ],
)
def test_a_name_matches_where_one_path_is_the_ending_of_the_other(name):
    assert match(ImageMatcher(CAMERAS, ROOT), name) == [1]


def test_the_longest_ending_wins_and_a_tie_is_ambiguous():
    matcher = ImageMatcher(
        [image(1, "b/a.jpg"), image(2, "c/b/a.jpg"), image(3, "d/b/x.jpg"), image(4, "e/b/x.jpg")], ROOT
    )
    assert match(matcher, "y/c/b/a.jpg") == [2]
    assert match(matcher, "y/b/a.jpg") == [1]
    found = matcher.match_all(["b/x.jpg"])[0]
    assert (found.fit, found.candidates) == (Fit.AMBIGUOUS, (3, 4))


def test_an_image_directly_in_its_folder_is_matched_only_under_the_name_of_that_folder():
    matcher = ImageMatcher([image(1, "IMG_0001.jpg")], {1: Path("/data/cam1")})
    assert match(matcher, "/old/cam1/IMG_0001.jpg") == [1]
    assert fit(matcher, "cam2/IMG_0001.jpg") is Fit.OTHER_FOLDER


def test_names_of_several_sites_are_not_taken_for_the_one_site_of_the_project():
    matcher = ImageMatcher(CAMERAS, {1: Path("/data/north")})
    assert match(matcher, "north/cam1/IMG_0001.jpg", "south/cam1/IMG_0002.jpg") == [1, None]
    assert match(matcher, "south/cam1/IMG_0001.jpg", "west/cam1/IMG_0002.jpg") == [None, None]
    assert match(matcher, "old/cam1/IMG_0001.jpg", "old/cam1/IMG_0002.jpg") == [1, 2]


def test_different_names_that_could_only_mean_one_image_are_left_out():
    matcher = ImageMatcher([image(1, "x/a.jpg")], ROOT)
    assert match(matcher, "p/photos/x/a.jpg", "q/photos/x/a.jpg") == [None, None]
    assert match(matcher, "x/a.jpg", "q/a.jpg") == [1, None]


def test_spellings_of_one_name_all_match():
    matcher = ImageMatcher([image(1, "s\u00fcd/a.jpg")], ROOT)
    names = [
        "s\u00fcd/a.jpg",
        "./s\u00fcd/a.jpg",
        "su\u0308d\\a.jpg",
        "/data/photos/su\u0308d/a.jpg",
        "photos/s\u00fcd/a.jpg",
    ]
    assert match(matcher, *names, *names) == [1] * 10


def test_beside_a_name_with_more_folders_a_shorter_name_is_another_file():
    matcher = ImageMatcher([image(1, "x/sub/a.jpg")], ROOT)
    found = matcher.match_all(["a.jpg", "x/sub/a.jpg", "sub/a.jpg"])
    assert [one.image_id for one in found] == [None, 1, None]
    assert (found[0].fit, found[0].candidates) == (Fit.AMBIGUOUS, (1,))
    assert match(matcher, "a.jpg", "sub/a.jpg") == [None, 1]


def test_a_longer_name_beside_exact_ones_lies_in_another_folder():
    matcher = ImageMatcher(CAMERAS, ROOT)
    assert match(matcher, "cam1/IMG_0001.jpg", "south/cam1/IMG_0002.jpg") == [1, None]
    assert match(matcher, "cam1/IMG_0001.jpg", "photos/cam1/IMG_0002.jpg") == [1, 2]
    assert match(matcher, "cam1/IMG_0001.jpg", "D:\\set\\cam1\\IMG_0002.jpg") == [1, 2]


def test_an_image_folder_is_not_found_in_two_places():
    matcher = ImageMatcher(CAMERAS, {1: Path("/data/north/DCIM")})
    assert match(matcher, "north/DCIM/cam1/IMG_0001.jpg", "south/DCIM/cam1/IMG_0002.jpg") == [1, None]
    assert match(matcher, "2023/old/cam1/IMG_0001.jpg", "2024/old/cam1/IMG_0002.jpg") == [None, None]
    assert match(matcher, "/old/DCIM/cam1/IMG_0001.jpg", "DCIM/cam1/IMG_0002.jpg") == [1, 2]
    assert match(matcher, "../DCIM/cam1/IMG_0001.jpg", "DCIM/cam1/IMG_0002.jpg") == [1, 2]


def test_the_very_spelling_decides_between_composed_and_decomposed_names():
    composed, decomposed = "\u00e9t\u00e9.jpg", "e\u0301te\u0301.jpg"
    mixed = "\u00e9te\u0301.jpg"
    matcher = ImageMatcher([image(1, composed), image(2, decomposed), image(3, "x/" + decomposed)], ROOT)
    assert match(matcher, composed, decomposed, mixed) == [1, 2, None]
    assert match(matcher, "photos/" + composed, "photos/" + decomposed) == [1, 2]
    assert match(matcher, "x/" + composed) == [3]


def test_a_backslash_in_a_name_on_the_disk_is_no_separator():
    matcher = ImageMatcher([image(1, "a\\b.jpg"), image(2, "a/b.jpg"), image(3, "x/y.jpg")], ROOT)
    assert match(matcher, "a\\b.jpg", "a/b.jpg", "x\\y.jpg") == [1, 2, 3]


@pytest.mark.parametrize("name", ["../../../../etc/passwd", "/etc/passwd", "..", "/", "\\", ".", "C:\\"])
def test_what_is_no_image_of_the_project_is_unknown(name):
    assert fit(ImageMatcher(CAMERAS, ROOT), name) is Fit.UNKNOWN


def test_with_several_folders_names_start_below_the_shared_one_and_match_again():
    roots = {1: Path("/data/north/photos"), 2: Path("/data/south/photos")}
    images = [image(1, "a.jpg", 1), image(2, "a.jpg", 2), image(3, "south/photos/a.jpg", 1)]
    names = [name for _, name in export_names(images, roots)]
    assert names[:2] == ["north/photos/a.jpg", "south/photos/a.jpg"]
    matcher = ImageMatcher(images, roots)
    assert match(matcher, *names) == [1, 2, 3]
    assert match(matcher, *("/old/" + name for name in names)) == [1, 2, 3]
    elsewhere = {1: Path("/x/north/photos"), 2: Path("/y/south/images")}
    moved = ImageMatcher([image(1, "cam1/a.jpg", 1), image(2, "cam1/a.jpg", 2)], elsewhere)
    assert match(moved, "/old/photos/cam1/a.jpg", "/old/images/cam1/a.jpg", "/old/cam1/a.jpg") == [1, 2, None]
    assert match(matcher, "a.jpg") == [None]
    assert match(matcher, "photos/a.jpg") == [None]


def test_with_several_folders_a_name_below_a_third_one_matches_nothing():
    roots = {1: Path("/data/cam1"), 2: Path("/data/cam2")}
    matcher = ImageMatcher([image(1, "IMG_0001.jpg", 1), image(2, "IMG_0002.jpg", 2)], roots)
    assert match(matcher, "cam1/IMG_0001.jpg", "cam2/IMG_0001.jpg", "cam3/IMG_0002.jpg") == [1, None, None]
    assert match(matcher, "IMG_0001.jpg", "IMG_0002.jpg") == [1, 2]


def test_with_one_folder_names_are_paths_inside_it():
    assert [name for _, name in export_names([image(1, "sub/a.jpg")], ROOT)] == ["sub/a.jpg"]


def test_a_missing_image_gives_way_to_the_file_that_took_its_path():
    gone = image(1, "a.jpg", state=ImageState.MISSING)
    assert match(ImageMatcher([gone, image(2, "a.jpg")], ROOT), "a.jpg", "x/a.jpg") == [2, None]
    assert match(ImageMatcher([gone], ROOT), "a.jpg") == [1]


PART = st.sampled_from(["a", "b", "\u00e9", "e\u0301", "c\\d"])
PATHS = st.lists(st.lists(PART, min_size=1, max_size=3).map("/".join), min_size=1, max_size=8, unique=True)


@given(PATHS, st.booleans())
def test_own_export_names_always_match_their_own_image(paths, several):
    roots = {1: Path("/data/\u00e9"), 2: Path("/data/e\u0301")} if several else ROOT
    images = [image(at, path, 1 + at % len(roots)) for at, path in enumerate(paths)]
    matcher = ImageMatcher(images, roots)
    names = [name for _, name in export_names(images, roots)]
    assert match(matcher, *names) == [one.id for one in images]
    absolute = [str(roots[one.root_id] / one.path) for one in images]
    assert match(matcher, *absolute) == [one.id for one in images]


@given(PATHS, PATHS)
def test_a_match_never_contradicts_a_folder(paths, names):
    matcher = ImageMatcher([image(at, path) for at, path in enumerate(paths)], ROOT)
    for name, found in zip(names, matcher.match_all(names), strict=True):
        if found.image_id is not None:
            whole = unicodedata.normalize("NFC", f"/data/photos/{paths[found.image_id]}").replace("\\", "/")
            wanted = unicodedata.normalize("NFC", name).replace("\\", "/")
            own = whole.removeprefix("/data/photos/")
            assert whole.endswith("/" + wanted) or wanted.endswith("/" + own)


PLAIN = [image(1, "owl.jpg"), image(2, "Capture décran 1.jpg"), image(3, "sub/100% wool.jpg")]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Capture%20d%C3%A9cran%201.jpg", 2),
        ("Capture%2520d%25C3%25A9cran%25201.jpg", 2),
        ("Capture%20d%E9cran%201.jpg", 2),
        ("sub/100%25%20wool.jpg", 3),
        ("owl.jpg?token=1", 1),
        ("https://host/data/photos/owl.jpg?X-Sig=a/b.jpg#top", 1),
        ("/data/local-files/?d=photos/owl.jpg", 1),
        ("/data/local-files/?d=Capture%20d%C3%A9cran%201.jpg", 2),
        ("/tasks/4/resolve/?fileuri=czM6Ly9idWNrZXQvcGhvdG9zL293bC5qcGc=", 1),
        ("s3://bucket/photos/owl.jpg?versionId=7", 1),
        (" owl.jpg\r", 1),
        ("sub/100&#37; wool.jpg", 3),
    ],
)
def test_encoded_names_and_urls_are_matched_as_what_they_say(name, wanted):
    (found,) = ImageMatcher(PLAIN, {1: Path("/data/photos")}).match_all([name])
    assert (found.fit, found.image_id) == (Fit.DECODED, wanted)
    assert found.read_as


def test_a_name_is_decoded_only_if_no_image_has_it_as_it_is_written():
    images = [image(1, "100%25.jpg"), image(2, "100%.jpg")]
    assert match(ImageMatcher(images, ROOT), "100%25.jpg", "100%.jpg") == [1, 2]
    assert match(ImageMatcher(images[1:], ROOT), "100%25.jpg", "100%.jpg") == [None, 2]
    elsewhere = ImageMatcher([image(1, "x/100%25.jpg"), image(2, "100%.jpg")], ROOT)
    assert fit(elsewhere, "100%25.jpg") is Fit.ENDING
    (found,) = elsewhere.match_all(["y/../100%25.jpg"])
    assert found.image_id == 1
    (found,) = ImageMatcher([image(1, "x/100%25.jpg"), image(2, "y/100%.jpg")], ROOT).match_all(
        ["y/100%25.jpg"]
    )
    assert (found.fit, found.candidates) == (Fit.AMBIGUOUS, (2, 1))


@pytest.mark.parametrize(
    ("name", "removed"),
    [
        ("3f9a1c02-owl.jpg", "3f9a1c02-"),
        ("images/3f9a1c02-owl.jpg", "3f9a1c02-"),
        ("/data/upload/1/3f9a1c02-owl.jpg", "3f9a1c02-"),
        ("8d3ea2f4-2f0a-4d7e-9d53-0d6f0b7ad111-owl.jpg", "8d3ea2f4-2f0a-4d7e-9d53-0d6f0b7ad111-"),
        ("0123456789abcdef0123456789abcdef_owl.jpg", "0123456789abcdef0123456789abcdef_"),
        (
            "train/owl_jpg.rf.0123456789abcdef0123456789abcdef.jpg",
            ".rf.0123456789abcdef0123456789abcdef",
        ),
        ("owl.rf.0123456789abcdef0123456789abcdef.jpg", ".rf.0123456789abcdef0123456789abcdef"),
        ("OWL.JPG", ""),
    ],
)
def test_what_an_upload_added_is_a_guess_that_a_person_accepts(name, removed):
    matcher = ImageMatcher(PLAIN, ROOT)
    (found,) = matcher.match_all([name])
    assert (found.fit, found.image_id, found.candidates) == (Fit.OTHER_NAME, None, (1,))
    assert found.removed == removed
    (found,) = matcher.match_all([name], by_file_name=True)
    assert (found.fit, found.image_id) == (Fit.ORIGINAL_NAME, 1)


def test_uploads_that_replaced_spaces_are_found_too():
    matcher = ImageMatcher(PLAIN, ROOT)
    names = [
        "3f9a1c02-Capture_décran_1.jpg",
        "Capture-décran-1_jpg.rf.0123456789abcdef0123456789abcdef.jpg",
    ]
    assert [match(matcher, name, by_file_name=True) for name in names] == [[2], [2]]


def test_an_encoded_path_behind_what_was_added_tells_equal_file_names_apart():
    (found,) = ImageMatcher(CAMERAS, ROOT).match_all(["0d17e9fb__cam3%5CIMG_0002.jpg"])
    assert (found.fit, found.candidates, found.removed) == (Fit.OTHER_NAME, (3,), "0d17e9fb__")
    twice = [image(1, "x/3f9a1c02-a.jpg"), image(2, "y/3f9a1c02-a.jpg"), image(3, "a.jpg")]
    (found,) = ImageMatcher(twice, ROOT).match_all(["z/3f9a1c02-a.jpg"])
    assert (found.fit, found.candidates) == (Fit.OTHER_FOLDER, (1, 2))


def test_only_guesses_that_would_be_accepted_are_offered():
    matcher = ImageMatcher([*PLAIN, image(4, "aa11bb22-hen.jpg"), image(5, "hen.jpg")], ROOT)
    assert match(matcher, "aa11bb22-hen.jpg", by_file_name=True) == [4]
    names = ["owl.jpg", "3f9a1c02-owl.jpg"]
    assert [one.fit for one in matcher.match_all(names)] == [Fit.EXACT, Fit.TAKEN]
    assert match(matcher, *names, by_file_name=True) == [1, None]
    names = ["3f9a1c02-owl.jpg", "00000000-owl.jpg"]
    assert [one.fit for one in matcher.match_all(names)] == [Fit.AMBIGUOUS] * 2
    assert match(matcher, *names, by_file_name=True) == [None, None]


@given(st.lists(st.text(max_size=40) | st.from_regex(r"[a-z%?=/\\.0-9:+-]{0,40}"), max_size=6))
def test_no_name_stops_the_others_from_being_matched(names):
    found = ImageMatcher(PLAIN, ROOT).match_all([*names, "sub/100% wool.jpg"])
    assert len(found) == len(names) + 1
    if not any("wool" in name for name in names):
        assert found[-1].image_id == 3
