"""Groups of copies, against a comparison of every pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.domain.duplicates import LIKE_FEATURES, DuplicateKind
from app.domain.errors import CancelledError
from app.services.images.duplicates import alike, alike_features, find_duplicates
from app.services.images.scan import scan
from app.services.project.creation import create_project
from cprfl_core.images.look import SAME_LOOK, distances


def scene(seed, size=(160, 120)):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for seed in range(4):
        scene(seed).save(folder / f"{seed}.jpg", quality=92)
    (folder / "copy 10.jpg").write_bytes((folder / "0.jpg").read_bytes())
    (folder / "copy 9.jpg").write_bytes((folder / "0.jpg").read_bytes())
    data = (folder / "1.jpg").read_bytes()
    (folder / "tagged.jpg").write_bytes(data[:2] + b"\xff\xfe\x00\x05fox" + data[2:])
    scene(2, (80, 60)).save(folder / "small.png")
    for name in ("black", "white"):
        Image.new("RGB", (30, 20), name).save(folder / f"{name}.png")
    with create_project(tmp_path / "p", [folder]) as project:
        scan(project)
        yield project


def groups(found):
    return [(one.kind, list(one.names)) for one in found]


def test_copies_and_tagged_copies_are_found_without_reading_a_file(library, monkeypatch):
    monkeypatch.setattr(
        "app.services.images.relinking.open_image", lambda *_, **__: pytest.fail("a file was read")
    )
    assert groups(find_duplicates(library)) == [
        (DuplicateKind.SAME_FILE, ["0.jpg", "copy 9.jpg", "copy 10.jpg"]),
        (DuplicateKind.SAME_PICTURE, ["1.jpg", "tagged.jpg"]),
    ]


def test_near_duplicates_are_found_on_request_and_files_are_read_once(library, monkeypatch):
    found = groups(find_duplicates(library, near=True))
    assert found[-1] == (DuplicateKind.LOOKS_ALIKE, ["2.jpg", "small.png"])
    assert len(found) == 3
    monkeypatch.setattr(
        "app.services.images.relinking.open_image", lambda *_, **__: pytest.fail("a file was read")
    )
    assert groups(find_duplicates(library, near=True)) == found


def test_a_stop_keeps_what_was_compared(library):
    with pytest.raises(CancelledError):
        find_duplicates(library, should_stop=lambda: True, near=True)


def linked(count, links):
    parent = list(range(count))

    def root(one):
        while parent[one] != one:
            one = parent[one]
        return one

    for one, other in links:
        parent[root(one)] = root(other)
    return [root(one) for one in range(count)]


def same_partition(one, other):
    return len(set(zip(one, other, strict=True))) == len(set(one)) == len(set(other))


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(2, 120))
def test_looks_are_grouped_as_by_comparing_every_pair(seed, count):
    rng = np.random.default_rng(seed)
    looks = rng.integers(-(2**63), 2**63 - 1, max(2, count // 4))[rng.integers(0, max(2, count // 4), count)]
    for _ in range(10):
        flipped = np.int64(1) << rng.integers(0, 63, count)
        looks = np.where(rng.random(count) < 0.5, looks ^ flipped, looks)
    near = np.argwhere(distances(looks[:, None], looks[None]) <= SAME_LOOK)
    first, second = alike(looks)
    wanted = linked(count, near.tolist())
    assert same_partition(linked(count, zip(first.tolist(), second.tolist(), strict=True)), wanted)


def test_features_are_grouped_as_by_comparing_every_pair():
    rng = np.random.default_rng(5)
    vectors = rng.standard_normal((400, 48))
    vectors[200:300] = vectors[:100] + 0.1 * rng.standard_normal((100, 48))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    exact = vectors.astype(np.float32) @ vectors.astype(np.float32).T >= LIKE_FEATURES
    wanted = {tuple(sorted(pair)) for pair in np.argwhere(exact).tolist() if pair[0] != pair[1]}
    found = {
        tuple(sorted(pair))
        for one, other in alike_features(vectors)
        for pair in zip(one.tolist(), other.tolist(), strict=True)
    }
    assert len(wanted) > 50
    assert found <= wanted
    assert len(found) >= 0.9 * len(wanted)
