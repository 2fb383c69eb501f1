import numpy as np
import pytest

from cprfl_core.common.array_files import DamagedFileError, write_arrays
from cprfl_core.common.errors import FeatureStoreError
from cprfl_core.features.store import FeatureStore
from cprfl_core.nouns.classifier import Classifier, read_classifier, save_classifier


def a_classifier(seed: int = 0) -> Classifier:
    rng = np.random.default_rng(seed)
    return Classifier(
        rng.normal(size=(7, 4)).astype(np.float32), rng.normal(size=7).astype(np.float32), norm=12.8
    )


def test_a_saved_classifier_is_read_back_exactly(tmp_path):
    made = a_classifier()
    save_classifier(tmp_path / "deep" / "classifier.safetensors", made)
    found = read_classifier(tmp_path / "deep" / "classifier.safetensors")
    assert np.array_equal(found.weight, made.weight) and np.array_equal(found.bias, made.bias)
    assert found.norm == 12.8 and found.weight.dtype == np.float32


def test_logits_of_unit_embeddings_are_those_of_features_of_the_typical_length():
    made, features = a_classifier(), np.random.default_rng(1).normal(size=(5, 4)).astype(np.float32)
    features *= 12.8 / np.linalg.norm(features, axis=1, keepdims=True)
    expected = features @ made.weight.T + made.bias
    assert np.abs(made.logits(features / np.float32(12.8)) - expected).max() < 1e-5


@pytest.mark.parametrize(
    "change",
    [
        {"bias": np.zeros(6, np.float32)},
        {"weight": np.zeros(7, np.float32)},
        {"weight": np.full((7, 4), np.nan, np.float32)},
        {"norm": 0.0},
        {"norm": float("inf")},
    ],
)
def test_parts_that_do_not_agree_or_are_not_finite_are_refused(change):
    parts = {"weight": np.zeros((7, 4), np.float32), "bias": np.zeros(7, np.float32), "norm": 1.0}
    with pytest.raises(ValueError, match=r"agree|finite"):
        Classifier(**{**parts, **change})


def test_a_file_without_the_parts_is_damaged(tmp_path):
    write_arrays(tmp_path / "other.safetensors", {"weight": np.zeros((7, 4), np.float32)}, {"norm": "1.0"})
    with pytest.raises(DamagedFileError, match="is not a classifier"):
        read_classifier(tmp_path / "other.safetensors")


def test_a_feature_folder_without_a_photo_model_has_no_classifier(tmp_path):
    store = FeatureStore(tmp_path / "features", key="k")
    assert store.classifier() is None and not store.has_classifier()


def test_a_damaged_classifier_is_set_aside_and_written_again(tmp_path):
    store, path = FeatureStore(tmp_path, key="k"), tmp_path / "classifier.safetensors"
    store.save_classifier(a_classifier())
    assert store.has_classifier() and store.classifier().norm == 12.8
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    with pytest.raises(FeatureStoreError, match=r"classifier\.safetensors .*checksum.*; index again"):
        store.classifier()
    assert not store.has_classifier() and (tmp_path / "classifier.safetensors.damaged").exists()
    store.save_classifier(a_classifier(1))
    assert np.array_equal(FeatureStore(tmp_path).classifier().weight, a_classifier(1).weight)
