"""Paths of any bytes survive the database."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.storage.types import escape_path, unescape_path


@given(st.text(st.characters(codec=None), max_size=30))
def test_any_path_survives_the_round_trip(path):
    stored = escape_path(path)
    stored.encode("utf-8")
    assert unescape_path(stored) == path


@given(st.binary(max_size=30).filter(lambda name: b"\0" not in name))
def test_any_file_name_of_bytes_survives_the_round_trip(name):
    path = name.decode("utf-8", "surrogateescape")
    assert unescape_path(escape_path(path)).encode("utf-8", "surrogateescape") == name


@given(st.lists(st.text(alphabet="\x1b0dcf\udc80\udcff", max_size=6), unique=True))
def test_different_paths_stay_different(paths):
    assert len({escape_path(path) for path in paths}) == len(paths)


@pytest.mark.skipif(os.name == "nt", reason="file names of bytes exist on Unix")
def test_ordinary_names_are_stored_as_they_are():
    assert escape_path("vögel/été 1.jpg") == "vögel/été 1.jpg"
