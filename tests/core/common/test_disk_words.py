"""Sizes and refusals of a disk in words that a person can use."""

import errno
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import disk as of_the_application
from cprfl_core.common import disk
from cprfl_core.common.disk import size_words


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (12_544, "12.5 KB"),
        (177_408, "177 KB"),
        (999_499, "999 KB"),
        (999_500, "1 MB"),
        (5_500_000, "5.5 MB"),
        (4_294_967_296, "4.29 GB"),
        (2.5e12, "2.5 TB"),
        (1.2345e16, "12,345 TB"),
    ],
)
def test_a_size_is_shown_in_a_suitable_unit(count, words):
    assert size_words(count) == words


@given(st.integers(min_value=1, max_value=10**18))
def test_no_size_is_reported_as_nothing_and_none_is_off_by_more_than_its_third_digit(count):
    number, unit = size_words(count).split()
    told = float(number.replace(",", "")) * {"by": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}[unit[:2]]
    assert abs(told - count) <= 0.006 * count


def test_application_and_core_use_the_same_words():
    for number in [0, *errno.errorcode]:
        error = OSError(number, os.strerror(number))
        assert disk.fault_and_remedy(error) == of_the_application.fault_and_remedy(error)
        assert disk.is_full(error) == of_the_application.is_full(error)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ENOSPC", "the disk is full; free some space and try again"),
        ("EDQUOT", "your disk quota is used up; free some space and try again"),
        ("EROFS", "the disk is mounted read-only; choose another place"),
        ("EACCES", "permission denied; check its permissions or choose another place"),
        ("ESTALE", "the connection to the network folder was lost; connect it again and try again"),
    ],
)
def test_a_refusal_says_what_happened_and_what_to_do(name, words):
    number = getattr(errno, name)
    assert disk.fault_and_remedy(OSError(number, os.strerror(number))) == words


def test_what_is_not_in_the_table_has_the_words_of_the_system():
    assert disk.fault_and_remedy(OSError(errno.ENOTDIR, "Not a directory")) == "Not a directory"
    assert disk.fault_and_remedy(OSError()) == "OSError"
