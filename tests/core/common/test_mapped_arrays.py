"""Arrays in temporary files: the same numbers, whether they are in memory or not."""

import errno
import os

import numpy as np
import pytest

from cprfl_core.common import mapped_arrays
from cprfl_core.common.mapped_arrays import is_mapped, mapped_copy, mapped_zeros, release, released_blocks


@pytest.mark.parametrize("order", ["C", "F"])
def test_zeros_of_many_numbers_lie_in_a_file_and_keep_what_is_written(order):
    found = mapped_zeros((300, 20), np.float32, order, above=1000)
    assert is_mapped(found) and not found.any()
    assert found.flags.c_contiguous is (order == "C")
    given = np.random.default_rng(0).random((300, 20), np.float32)
    for block in released_blocks(found, 64):
        found[block] = given[block]
    np.testing.assert_array_equal(found, given)
    column = found[:, 3]
    release(column)
    np.testing.assert_array_equal(column, given[:, 3])


@pytest.mark.parametrize("shape", [(10, 5), (0, 5), (5,)])
def test_few_numbers_stay_in_memory(shape):
    found = mapped_zeros(shape, np.int8, above=50)
    assert found.shape == shape and not is_mapped(found)
    release(found)


def test_a_full_disk_leaves_them_in_memory(monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(mapped_arrays, "_reserve", full)
    found = mapped_zeros((100, 10), np.float16, above=10)
    assert not is_mapped(found) and found.shape == (100, 10)


def test_space_is_taken_also_where_the_system_has_no_call_for_it(monkeypatch):
    monkeypatch.delattr(os, "posix_fallocate", raising=False)
    monkeypatch.setattr(mapped_arrays, "_ZEROS", bytes(300))
    found = mapped_zeros((100, 10), np.float64, above=10)
    found[:] = 7
    assert is_mapped(found) and found.sum() == 7000


def test_copies_are_recognised_as_mapped():
    assert is_mapped(mapped_copy(np.arange(50)))
    assert not is_mapped(np.arange(50))
