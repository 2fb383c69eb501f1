"""What is exported is recognised as no other format, and odd texts as none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labelled_projects import make_project, mark, say

from app.services.interchange.exporting import export_labels
from app.services.interchange.format import ImageFiles, WriteOptions
from app.services.interchange.registry import FORMATS, readable, writable
from app.services.interchange.sample import Sample


@pytest.mark.parametrize("name", [one.name for one in writable() if one.read is not None])
def test_an_export_is_recognised_as_no_other_format(tmp_path, name):
    target = (tmp_path / "out").with_suffix((*FORMATS[name].suffixes, "")[0])
    paths = ["a.jpg", "sub/b.jpg", "c.jpg"]
    with make_project(tmp_path / "p", paths) as project:
        for path in paths:
            place = tmp_path / "p" / "photos" / path
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(path.encode())
        say(project, "a.jpg", fox="yes", owl="yes")
        say(project, "sub/b.jpg", fox="no")
        mark(project, "c.jpg")
        options = WriteOptions(images=ImageFiles.COPY if "images" in FORMATS[name].options else None)
        export_labels(project, name, target, options=options)
    found = [one.name for one in readable() if one.recognise(Sample(target))]
    # The three forms of CSV are read by one reader, which tells them apart.
    assert found in ([name], [], ["csv"] if name in ("long", "tags-csv") else [])


@pytest.mark.parametrize("closed", ["]" * 6, '}"a":1' * 4, '[[]]]]]]"a":1'])
def test_more_brackets_closed_than_opened_are_no_fault(tmp_path, closed):
    path = tmp_path / "odd.json"
    path.write_text(closed + '{"images": [{"file_name": "a.jpg"}]}')
    assert all(isinstance(one.recognise(Sample(path)), bool) for one in readable())


@given(st.text(alphabet='[]{}":,\\ab1 ', max_size=60))
def test_the_keys_of_any_text_are_found(text):
    sample = Sample(Path("any.json"))
    vars(sample)["text"] = text
    assert len(sample.keys) == 3
