"""The learner's benchmark on a miniature file in the same layout."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import learner as bench  # noqa: E402
import learner_parts as parts  # noqa: E402

sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture(scope="module")
def features(tmp_path_factory):
    """90 images, 4 patches of width 10, 6 categories, 3 folds; a patch shows one category."""
    rng = np.random.default_rng(0)
    labels = (rng.random((90, 6)) < [0.5, 0.4, 0.3, 0.2, 0.15, 0.1]).astype(np.uint8)
    things = rng.normal(size=(6, 10))
    patches = rng.normal(size=(90, 4, 10)) * 0.5
    for image, category in zip(*np.nonzero(labels), strict=True):
        patches[image, rng.integers(4)] += things[category]
    path = tmp_path_factory.mktemp("bench") / "features.safetensors"
    scale = np.abs(patches).max() / 127
    save_file(
        {
            "patches_int8": np.rint(patches / scale).astype(np.int8),
            "patch_scale": np.array([scale], dtype=np.float32),
            "labels": labels,
            "text_features": rng.normal(size=(6, 12)).astype(np.float32),
            "fold": (np.arange(90) % 3).astype(np.int64),
        },
        path,
    )
    return path


@pytest.mark.slow
def test_it_prints_one_json_object_and_draws_the_reliability(features, tmp_path):
    plot = tmp_path / "reliability.svg"
    flags = ["--features", features, "--without-cprfl", "--json", "--plot", plot]
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "learner.py", *map(str, flags)],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert (found["images"], found["categories"]) == (90, 6)
    assert set(found["table"]) == set(bench.CLOSED_FORM)
    assert set(found["fewer_labels"]) == {
        "10% of the images",
        "25% of the images",
        "50% of the images",
        "half of the entries unknown",
    }
    for row in found["table"].values():
        assert 0.2 < row["total"] <= 1
        assert row["ece"] < 0.3
    drawn = ET.parse(plot).getroot()
    assert len(drawn.findall(".//{*}polyline")) == 2  # no category of so few images is a head


def test_held_out_images_are_never_learned_from(features):
    seen = []

    def spy(split, seed):
        seen.append((len(split.patches), len(split.held_out)))
        assert not (split.patches[:, None] == split.held_out[None, :]).all(axis=(2, 3)).any()
        return np.full((len(split.held_out), 6), 0.5)

    bench.Bench(features).pooled(spy, 0)
    assert seen == [(60, 30)] * 3


def test_fewer_labels_and_unknown_entries_are_what_they_say(features):
    known = []

    def spy(split, seed):
        known.append((split.labels >= 0).sum())
        return np.full((len(split.held_out), 6), 0.5)

    one = bench.Bench(features)
    one.pooled(spy, 0, share=0.1)
    assert known == [36] * 3
    known.clear()
    one.pooled(spy, 0, unknown=0.5)
    assert 120 < min(known) <= max(known) < 240


@pytest.mark.parametrize("learner", [parts.published_cprfl, parts.residual_cprfl])
def test_the_learners_with_cprfl_tell_probabilities_and_are_the_same_by_seed(features, learner):
    one = bench.Bench(features)
    split = parts.Split(one.patches[:30], one.labels[:30], one.patches[30:50], one.texts)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        found = [learner(split, 0) for _ in range(2)]
    finally:
        torch.set_num_threads(before)
    assert found[0].shape == (20, 6)
    assert ((found[0] > 0) & (found[0] < 1)).all()
    assert np.array_equal(*found)
