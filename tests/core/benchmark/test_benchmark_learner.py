"""The learner's benchmark on a miniature file in the same layout."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

ROOT = Path(__file__).parents[3]
sys.path.insert(0, str(ROOT / "benchmarks"))
import learner as bench  # noqa: E402
import learner_aligned as aligned  # noqa: E402
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


@pytest.mark.slow
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


@pytest.fixture(scope="module")
def aligned_features(features):
    """The same images with embeddings, and text scores that are right more often than not."""
    rng = np.random.default_rng(1)
    data = load_file(features)
    labels = data["labels"]
    means = (data["patches_int8"].astype(np.float32) * data["patch_scale"]).mean(axis=1)
    data["embeddings"] = means
    data["zero_shot"] = (labels + rng.normal(size=labels.shape)).astype(np.float32)
    data["noun_features"] = rng.normal(size=(6, 10)).astype(np.float32)
    path = features.with_name("aligned.safetensors")
    save_file(data, path, metadata={"classes": json.dumps([f"thing {c}" for c in range(6)])})
    return path


@pytest.mark.slow
def test_an_aligned_file_gives_a_table_by_share_of_the_labels(aligned_features, monkeypatch):
    monkeypatch.setattr(aligned, "SHARES", (0.3, 1.0))
    said = []
    found = aligned.run_aligned(
        aligned_features, seeds=1, cprfl=False, say=lambda name, _row: said.append(name)
    )
    assert set(found["table"]) == {"30%", "100%"}
    rows = found["table"]["100%"]
    assert set(rows) == {*aligned.PARTS, *aligned.BLENDS}
    assert len(said) == 2 * len(rows)
    # Text and labels are independent here, so together they are better than either.
    assert rows["blend without CPRFL"]["within"] > rows["zero-shot"]["within"] > 0.4
    above = rows["blend without CPRFL"]["total"] - max(rows[part]["total"] for part in aligned.PARTS)
    assert found["blend_minus_best_part"]["100%"]["total"] == pytest.approx(above, abs=1e-3)


def test_the_labels_of_the_judged_fold_are_hidden(aligned_features):
    made = aligned.AlignedBench(aligned_features)
    for fold in range(3):
        seen = made.labelled(fold, 0.5, seed=0)
        assert (seen[made.fold == fold] == -1).all()
        assert (seen >= 0).all(axis=1).sum() == 30
        known = seen >= 0
        assert (seen[known] == made.labels[known]).all()
