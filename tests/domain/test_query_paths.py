"""Globs and natural order of paths."""

import fnmatch
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.query.paths import glob_matcher, natural_keys


def natural_key(path):
    return natural_keys([path])[0]


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("a.jpg", "a.jpg", True),
        ("a.jpg", "x/a.jpg", False),
        ("*.jpg", "x/y/a.jpg", True),
        ("*.jpg", "a.JPG", False),
        ("cam?/a.jpg", "cam1/a.jpg", True),
        ("cam?/a.jpg", "cam12/a.jpg", False),
        ("cam[12]/*", "cam2/a.jpg", True),
        ("cam[!12]/*", "cam2/a.jpg", False),
        ("x/**/a.jpg", "x/a.jpg", True),
        ("x/**/a.jpg", "x/y/z/a.jpg", True),
        ("x/**/a.jpg", "x/ya.jpg", False),
        ("x/**/a.jpg", "xy/a.jpg", False),
        ("**/a.jpg", "a.jpg", True),
        ("**/a.jpg", "x/y/a.jpg", True),
        ("**/a.jpg", "ba.jpg", False),
        ("**/x/**/a.jpg", "w/x/y/a.jpg", True),
        ("x/**", "x/y/z.jpg", True),
        ("x/**", "xy/z.jpg", False),
        ("x/", "x/y/z.jpg", True),
        ("x/", "x", False),
        ("a+(b).jpg", "a+(b).jpg", True),
        ("a[.jpg", "a[.jpg", True),
        ("e\u0301.jpg", "é.jpg", True),
        ("a\nb*", "a\nb\nc", True),
    ],
)
def test_glob_matches_the_whole_relative_path(glob, path, matches):
    assert glob_matcher(glob)(path) is matches


@given(st.text("ab/.*?[]!-^\\", max_size=8), st.text("ab/.-]^!", max_size=8))
@settings(max_examples=200)
def test_glob_without_folder_stars_agrees_with_fnmatch(glob, path):
    if "**" not in glob and not glob.endswith("/"):
        assert glob_matcher(glob)(path) == fnmatch.fnmatchcase(path, glob)


def by_definition(glob, path):
    """Folder stars by trying every split: the definition, in exponential time."""
    if glob.startswith("**/"):
        rests = [path] + [path[m.end() :] for m in re.finditer("/", path)]
        return any(by_definition(glob[3:], rest) for rest in rests)
    if glob.startswith("*"):
        return any(by_definition(glob.lstrip("*"), path[i:]) for i in range(len(path) + 1))
    if glob.startswith("/**/"):
        return path.startswith("/") and by_definition(glob[1:], path[1:])
    return path == "" if not glob else bool(path) and path[0] == glob[0] and by_definition(glob[1:], path[1:])


@given(
    st.lists(st.sampled_from(["**/", "a", "b", "*", "a/", "b/"]), max_size=6).map("".join),
    st.text("ab/", max_size=8),
)
@settings(max_examples=200)
def test_folder_stars_agree_with_their_definition(glob, path):
    if not glob.endswith("/") and "***" not in glob and not re.search(r"[^/]\*\*/", glob):
        assert glob_matcher(glob)(path) == by_definition(glob, path)


def test_many_stars_over_a_long_path_end_without_backtracking():
    assert not glob_matcher("*a" * 20 + "*b")("a" * 4000)


@pytest.mark.parametrize(
    "ordered",
    [
        ["img1.jpg", "img2.jpg", "img10.jpg"],
        ["a/2.jpg", "a/10.jpg", "a b/1.jpg", "b.jpg"],
        ["A.jpg", "b.jpg", "C.jpg"],
        ["1.jpg", "9.jpg", "10000000000000000000000.jpg"],
        ["2021-2-1.jpg", "2021-11-1.jpg"],
    ],
)
def test_natural_order_counts_numbers_by_value_and_keeps_folders_together(ordered):
    mixed = ordered[1:] + ordered[:1]
    assert sorted(mixed, key=natural_key) == ordered


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.text("ab/", max_size=3))
def test_numbers_in_the_same_place_are_ordered_like_numbers(one, other, around):
    keys = [natural_key(f"{around}{number}{around}") for number in (one, other)]
    assert (keys[0] < keys[1]) == (one < other)


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0"), max_size=6)
        | st.from_regex(r"[0-9A-Za-z/]{0,8}", fullmatch=True)
    )
)
def test_many_paths_have_the_keys_that_each_has_alone(paths):
    assert natural_keys(paths) == [natural_key(path) for path in paths]


@pytest.mark.parametrize("accent", ["\u0301", "\u0345", "\u1161", "\u11a8"])
def test_a_mark_at_the_beginning_of_a_path_does_not_join_the_path_before(accent):
    paths = ["e", accent, "\u1100", accent]
    assert natural_keys(paths) == [natural_key(path) for path in paths]
