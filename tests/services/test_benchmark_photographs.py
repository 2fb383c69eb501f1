"""The benchmark on photographs, with coloured images, a fake model and the arithmetic of its rows."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import photographs  # noqa: E402

sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture
def annotations(tmp_path):
    path = tmp_path / "coco.json"
    content = {
        "images": [{"id": i, "file_name": f"deep/{i}.jpg"} for i in range(3)],
        "categories": [{"id": 1, "name": "cat"}, {"id": 2, "name": "dog"}, {"id": 3, "name": "fox"}],
        "annotations": [
            {"id": 1, "image_id": 0, "category_id": 1},
            {"id": 2, "image_id": 0, "category_id": 1},
            {"id": 3, "image_id": 2, "category_id": 2},
        ],
    }
    path.write_text(json.dumps(content))
    return path


def test_the_truth_is_by_file_name_and_leaves_out_categories_without_images(annotations):
    truth = photographs.Truth(annotations)
    assert truth.names == ["cat", "dog"]
    assert truth.matrix(["2.jpg", "0.jpg", "1.jpg"], ["dog", "cat"]).tolist() == [[1, 0], [0, 1], [0, 0]]


def test_the_judged_images_are_those_without_labels():
    rng = np.random.default_rng(0)
    labels = (rng.random((60, 4)) < 0.3).astype(np.int8)
    vectors = rng.normal(size=(60, 8)) / 3
    vectors[:, :4] += labels
    text = labels + rng.normal(size=labels.shape) / 2
    none = photographs.judged(vectors, text, None, labels, count=0, seed=0)
    half = photographs.judged(vectors, text, None, labels, count=30, seed=0)
    blind = photographs.judged(vectors, None, None, labels, count=30, seed=0)
    assert 0.5 < none["total"] < half["total"]
    assert blind["total"] < half["total"]
    # 18 of 60 images are 450 of 1,500: heads only.
    assert half["total"] == half["head"]
    assert half["tail"] is None
