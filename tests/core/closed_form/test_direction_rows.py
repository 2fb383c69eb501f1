"""Directions computed from half floats when they are asked for, against those that are kept."""

import mmap

import numpy as np
import pytest

from cprfl_core.closed_form import direction_rows
from cprfl_core.closed_form.direction_rows import DirectionRows
from cprfl_core.closed_form.directions import centred_directions
from cprfl_core.common.half_floats import products, singles
from cprfl_core.common.mapped_arrays import mapped_copy, release


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def both(monkeypatch, rng):
    """The directions of some embeddings, and the same computed when they are asked for."""
    rows = (rng.normal(size=(2_500, 24)) + 0.5).astype(np.float16)
    rows[7] = 0
    space = centred_directions(rows)
    kept = space.transform(rows)
    monkeypatch.setattr(direction_rows, "KEPT_NUMBERS", 1)
    return kept, DirectionRows(space, mapped_copy(rows)), rows


def test_rows_are_bit_for_bit_the_directions(both):
    kept, asked, _ = both
    assert asked.shape == kept.shape and len(asked) == len(kept)
    for rows in (5, slice(3, 2_000), slice(None), np.array([2_499, 0, 7, 7])):
        assert np.array_equal(asked[rows], kept[rows])


def test_products_are_those_of_the_directions(both, rng):
    kept, asked, _ = both
    vectors = rng.normal(size=(24, 2)).astype(np.float32)
    np.testing.assert_allclose(asked.products(vectors), kept @ vectors, atol=3e-6)


def test_added_images_follow_the_others(both, rng):
    kept, asked, rows = both
    more = rng.normal(size=(3, 24))
    vectors = rng.normal(size=(24, 2)).astype(np.float32)
    whole = np.concatenate([kept, centred_directions(rows).transform(more)])
    asked.append(more)
    assert len(asked) == 2_503
    assert np.array_equal(asked[np.array([2_502, 1, 2_500])], whole[[2_502, 1, 2_500]])
    assert np.array_equal(asked[2_501], whole[2_501])
    np.testing.assert_allclose(asked.products(vectors), whole @ vectors, atol=3e-6)


def test_every_finite_half_float_is_converted_exactly():
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    found = singles(halves)
    assert found.dtype == np.float32
    assert np.array_equal(found, halves.astype(np.float32))
    assert np.array_equal(np.signbit(found), np.signbit(halves))


def test_products_with_half_floats_have_the_bits_of_converted_ones(rng):
    halves = rng.normal(scale=0.03, size=(1_300, 24)).astype(np.float16)
    halves[7] = 6e-8  # below the normal range
    halves[8] = 0
    vector = rng.normal(size=24).astype(np.float32)
    assert np.array_equal(products(halves[:500], vector), singles(halves[:500]) @ vector)
    np.testing.assert_allclose(products(halves, vector), singles(halves) @ vector, rtol=1e-5, atol=1e-7)
    assert products(halves[:0], vector).shape == (0,)


def test_a_mapped_copy_is_equal_and_stays_readable_after_it_was_released(rng):
    rows = rng.normal(size=(500, 30)).astype(np.float16)
    mapped = mapped_copy(rows)
    assert isinstance(mapped.base.base, mmap.mmap) or isinstance(mapped.base.base.obj, mmap.mmap)
    release(mapped)
    release(rows)
    assert np.array_equal(mapped, rows)


def test_a_full_disk_leaves_the_array_in_memory(monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cprfl_core.common.mapped_arrays.tempfile.TemporaryFile", full)
    rows = np.ones((2, 3), np.float16)
    assert mapped_copy(rows) is rows
