import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.categories import Category
from app.domain.errors import BadInputError
from app.domain.images import Image, ImageState
from app.services.interchange.splitting import PARTS, Split, divided, parse_split
from app.services.interchange.table import ExportRow, ExportTable


def table(states, hashes=None):
    states = np.asarray(states, np.int8)
    names = [f"{at:04}.jpg" for at in range(len(states))]
    hashes = hashes or [f"{at:032x}" for at in range(len(states))]
    rows = [
        ExportRow(
            Image(at + 1, 1, name, 1, 0, 4, 4, hashes[at], ImageState.OK, None, None), name, False, row, []
        )
        for at, (name, row) in enumerate(zip(names, states, strict=True))
    ]
    return ExportTable([Category(at + 1, f"c{at}") for at in range(states.shape[1])], rows, 0)


def parts_of(found):
    return [row.split for row in found.rows]


def test_the_parts_have_their_shares_and_every_category_has_its_share_in_each():
    rng = np.random.default_rng(0)
    states = np.where(rng.random((1000, 12)) < np.linspace(0.02, 0.5, 12), 1, -1)
    found, report = divided(table(states), parse_split("80/10/10"))
    assert list(report.parts) == ["train", "val", "test"]
    assert np.abs(np.array(list(report.parts.values())) - [800, 100, 100]).max() <= 2
    chosen = np.array(parts_of(found))
    yes = states == 1
    for part, share in (("train", 0.8), ("val", 0.1), ("test", 0.1)):
        inside = yes[chosen == part].sum(axis=0)
        total = yes.sum(axis=0)
        assert (np.abs(inside - share * total) <= np.maximum(1.5, 0.02 * total)).all()
    assert report.scarce == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sets(st.integers(0, 5), max_size=2), min_size=1, max_size=60), st.integers(0, 9))
def test_every_absence_of_a_category_from_a_part_is_told(said, seed):
    states = np.full((len(said), 6), -1)
    for at, yes in enumerate(said):
        states[at, sorted(yes)] = 1
    whole = table(states)
    found, report = divided(whole, Split((0.8, 0.1, 0.1), seed))
    chosen = np.array(parts_of(found))
    counts = {part: (states[chosen == part] == 1).sum(axis=0) for part in PARTS}
    told = {one.category: one.absent for one in report.scarce}
    for at, category in enumerate(whole.categories):
        absent = tuple(part for part in PARTS if not counts[part][at])
        total = int((states[:, at] == 1).sum())
        assert told.get(category.name, ()) == (absent if total else ())
    assert sum(report.parts.values()) == len(said)
    assert divided(whole, Split((0.8, 0.1, 0.1), seed))[1] == report


def test_rare_categories_reach_the_small_parts_without_swelling_them():
    """Thirty categories of three images each, among 970 images of a common one."""
    states = np.full((1000, 31), -1)
    states[:, 30] = 1
    for at in range(90):
        states[at, at // 3] = 1
    found, report = divided(table(states), parse_split("80/10/10"))
    assert report.scarce == []
    assert report.parts == {"train": 800, "val": 100, "test": 100}
    chosen = np.array(parts_of(found))
    assert all(set(chosen[3 * one : 3 * one + 3]) == set(PARTS) for one in range(30))


def test_a_category_with_fewer_images_than_parts_is_named():
    states = np.full((40, 2), -1)
    states[:, 0] = 1
    states[:2, 1] = 1
    _, report = divided(table(states), parse_split("80/10/10"))
    (one,) = report.scarce
    assert (one.category, one.yes) == ("c1", 2)
    assert 1 <= len(one.absent) <= 2


def test_equal_files_stay_together():
    states = np.full((60, 1), 1)
    hashes = [f"{at % 20:032x}" for at in range(60)]
    found, report = divided(table(states, hashes), parse_split("50/25/25"))
    by_hash = {}
    for row in found.rows:
        by_hash.setdefault(row.image.content_hash, set()).add(row.split)
    assert all(len(parts) == 1 for parts in by_hash.values())
    assert report.together == 40
    missing = table(states, [None] * 60)
    assert divided(missing, parse_split("50/25/25"))[1].together == 0


def test_no_images_and_no_categories_split_into_empty_parts():
    assert divided(table(np.zeros((0, 2))), parse_split("80/20"))[1].parts == {"train": 0, "val": 0}
    assert sum(divided(table(np.zeros((9, 0))), parse_split("2/1"))[1].parts.values()) == 9


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("80/10/10", (0.8, 0.1, 0.1)),
        ("80/20", (0.8, 0.2)),
        ("3/1", (0.75, 0.25)),
        ("0.5/0/0.5", (0.5, 0, 0.5)),
    ],
)
def test_shares_are_read_as_parts_of_the_whole(text, shares):
    assert parse_split(text).shares == pytest.approx(shares)


@pytest.mark.parametrize(
    "text", ["", "80", "80/", "80/10/10/0", "a/b", "100/0", "-1/2", "nan/1", "1e9/1", "80,20"]
)
def test_anything_else_is_no_split(text):
    with pytest.raises(BadInputError, match=r"80/10/10"):
        parse_split(text)
