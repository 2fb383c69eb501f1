"""Damaged files in folders of labels: what can be read is read, and nothing raises but BadInputError."""

import itertools

import pytest
from folder_trees import make_tree
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import BadInputError
from app.services.interchange.format import ReadOptions
from app.services.interchange.registry import FORMATS, recognised

TREES = {
    "txt": {"a.jpg": None, "a.txt": "fox, (snow:1.2), \\(x\\)\nhen", "b.jpg": None, "b.txt": "hen"},
    "xmp": {
        "a.jpg": None,
        "a.xmp": "<x xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'"
        " xmlns:lr='http://ns.adobe.com/lightroom/1.0/'><dc:subject><rdf:Bag><rdf:li>fox</rdf:li></rdf:Bag>"
        "</dc:subject><lr:hierarchicalSubject><rdf:li>a|b</rdf:li></lr:hierarchicalSubject></x>",
    },
    "imagefolder": {
        "a.jpg": None,
        "metadata.jsonl": '{"file_name": "a.jpg", "labels": ["fox"], "objects": {"categories": [1]}}\n',
        "b/metadata.csv": "file_name,labels\na.jpg,\"['fox', 'hen']\"\n",
    },
    "voc": {
        "ImageSets/Main/fox_train.txt": "a 1\nb -1\nc 0\n",
        "Annotations/a.xml": "<annotation><filename>a.jpg</filename><object><name>fox</name>"
        "<difficult>1</difficult></object></annotation>",
    },
    "yolo": {
        "data.yaml": "path: x\ntrain: y\nnames:\n  0: fox\n  1: hen\n",
        "labels/a.txt": "0 0.5 0.5 1 1\n1 .5 .5 1e-3 1\n",
        "labels/b.txt": "",
    },
    "lists": {"labels.txt": "fox 0\nred deer 1\n", "train.txt": "a.jpg 0 1\nb.jpg\n"},
    "folders": {"train/fox/a.jpg": None, "train/hen/b.jpg": None},
}
pieces = st.binary(max_size=6) | st.sampled_from(
    [
        b"\0",
        b"\xff\xfe",
        b"..",
        b"[",
        b"{",
        b"&a;",
        b"\n",
        b"," * 9,
        b"9" * 40,
        b"\xed\xa0\x80",
        b"!!",
        b"*a",
        b"'",
    ]
)


@pytest.mark.parametrize("name", TREES)
@settings(max_examples=40, deadline=None)
@given(damage=st.tuples(st.integers(0, 9), st.floats(0, 1), st.integers(0, 30), pieces))
def test_a_damaged_file_is_read_or_refused_with_a_sentence(name, tmp_path_factory, damage):
    which, place, cut, piece = damage
    folder = make_tree(tmp_path_factory.getbasetemp() / f"damaged-{name}", TREES[name])
    files = [path for path, content in TREES[name].items() if content is not None] or ["train/fox/a.jpg"]
    target = folder / files[which % len(files)]
    data = target.read_bytes()
    start = int(place * len(data))
    target.write_bytes(data[:start] + piece + data[start + cut :])
    try:
        file = FORMATS[name].read(folder, ReadOptions())
    except BadInputError:
        return
    for one in file.images:
        assert not one.yes & one.no
        assert max(one.yes | one.no | one.open, default=-1) < len(file.categories)


@pytest.mark.parametrize("name", TREES)
def test_each_folder_is_recognised_as_what_it_is(name, tmp_path):
    assert recognised(make_tree(tmp_path, TREES[name])).name == name


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(sorted(TREES), 2)))
def test_a_folder_of_two_formats_is_certainly_neither(one, other, tmp_path):
    make_tree(tmp_path, TREES[one])
    make_tree(tmp_path, TREES[other])
    found = recognised(tmp_path)
    # Class folders are seen only where there is nothing else.
    assert found is None or "folders" in (one, other)


def test_a_plain_folder_of_photographs_is_of_no_format(tmp_path):
    make_tree(tmp_path, {"2023/a.jpg": None, "2024/b.jpg": None})
    assert recognised(tmp_path) is None
