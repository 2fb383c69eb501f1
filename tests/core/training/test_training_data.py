import threading

import numpy as np
import pytest
import torch
from training_parts import (
    IMAGES,
    PATCHES,
    WIDTH,
    data,
    one_thread,  # noqa: F401 (it acts by itself)
    same,
    train,
)

from cprfl_core.common.errors import InputError
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis
from cprfl_core.training.data import PatchData, Patches, _ahead, check_labels


class Provider:
    """Patches that remember what they were asked for."""

    def __init__(self, patches):
        self.patches, self.asked = patches, []

    @property
    def shape(self):
        return self.patches.shape

    def batch(self, rows):
        self.asked.append(len(rows))
        return self.patches[rows]


def gathered(patches, rows, width=WIDTH):
    values, scales = Patches(patches, width).gather(np.array(rows))
    return values.float() if scales is None else values.float() * scales


def quantised():
    values = np.random.default_rng(3).integers(-127, 128, (IMAGES, PATCHES, WIDTH)).astype(np.int8)
    by_patch = np.random.default_rng(4).uniform(0.01, 0.02, (IMAGES, PATCHES)).astype(np.float32)
    return values, by_patch


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy], ids=["array", "tensor"])
def test_floating_patches_are_gathered_by_row(dtype, kind):
    patches = data()[0].astype(dtype)
    expected = torch.from_numpy(patches[[7, 2]]).float()
    assert torch.equal(gathered(kind(patches), [7, 2]), expected)


@pytest.mark.parametrize("shape", ["number", "one", "image", "patch", "channel"])
def test_int8_patches_are_multiplied_by_their_scales(shape):
    values, by_patch = quantised()
    scales = {
        "number": 0.5,
        "one": np.array([0.5]),
        "image": by_patch[:, 0],
        "patch": by_patch,
        "channel": by_patch.reshape(-1)[:WIDTH].reshape(1, 1, WIDTH),
    }[shape]
    whole = {"image": by_patch[:, :1, None], "patch": by_patch[..., None]}.get(shape, scales)
    expected = values.astype(np.float32) * np.float32(whole)
    np.testing.assert_allclose(gathered((values, scales), [7, 2]).numpy(), expected[[7, 2]], rtol=1e-6)


def test_training_on_int8_equals_training_on_the_numbers_they_stand_for():
    values, scales = quantised()
    _, labels, text = data()
    floats = values.astype(np.float32) * scales[..., None]
    assert same(train(given=((values, scales), labels, text)), train(given=(floats, labels, text)))


def test_memory_mapped_patches_stay_on_the_disk(tmp_path):
    patches, labels, text = data()
    np.save(tmp_path / "patches.npy", patches)
    mapped = np.load(tmp_path / "patches.npy", mmap_mode="r")
    assert isinstance(Patches(mapped, WIDTH)._values, np.memmap)
    assert same(train(given=(mapped, labels, text)), train(given=(patches, labels, text)))


def test_a_provider_is_asked_for_one_batch_at_a_time_and_for_nothing_beforehand():
    patches, labels, text = data()
    provider = Provider(patches)
    result = train(given=(provider, labels, text))
    assert provider.asked == [8] * 15
    assert same(result, train(given=(patches, labels, text)))


def test_the_patch_tokens_of_a_feature_store_are_a_provider(tmp_path):
    values, scales = quantised()
    store = FeatureStore(tmp_path, key="tiny")
    store.set_basis(plain_basis((1, PATCHES), WIDTH))
    embeddings = np.ones((IMAGES, 3), np.float16)
    ids = np.arange(IMAGES)
    store.append(ids, ids, embeddings, values, scales.astype(np.float16))
    tokens = store.patch_tokens()
    _, labels, text = data()
    expected = train(given=(tokens.batch(np.arange(IMAGES)), labels, text))
    assert same(train(given=(tokens, labels, text)), expected)


def test_batches_hold_every_image_with_a_known_label_once_and_are_nearly_equal():
    patches, labels, _ = data()
    labels[[4, 9]] = -1
    found = PatchData(Patches(patches, WIDTH), labels, batch_size=9, seed=1, pin=False)
    sizes = [len(batch) for batch in found.epoch(0, 0)]
    rows = np.concatenate([batch.rows for batch in found.epoch(0, 0)])
    assert sorted(rows) == sorted(set(range(IMAGES)) - {4, 9})
    assert len(sizes) == found.steps_per_epoch == 5 and max(sizes) - min(sizes) <= 1
    assert not np.array_equal(rows, np.concatenate([batch.rows for batch in found.epoch(1, 0)]))
    later = np.concatenate([batch.rows for batch in found.epoch(0, 3)])
    assert np.array_equal(rows[-len(later) :], later)


def test_reading_ahead_gives_the_same_batches_and_leaves_no_thread():
    patches, labels, _ = data()
    plain = PatchData(Patches(patches, WIDTH), labels, batch_size=9, seed=1, pin=False)
    pairs = zip(plain.epoch(0, 0), _ahead(plain.epoch(0, 0)), strict=True)
    assert all(torch.equal(one.inputs, other.inputs) for one, other in pairs)
    batches = _ahead(plain.epoch(0, 0))
    next(batches)
    batches.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batches")]


def test_pinned_batches_are_the_same_numbers(monkeypatch):
    """Pinning needs CUDA; here its place is taken by a copy."""
    pinned = []
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: pinned.append(1) or tensor.clone())
    _, labels, _ = data()
    plain, copied = (
        PatchData(Patches(quantised(), WIDTH), labels, batch_size=9, seed=1, pin=pin) for pin in (False, True)
    )
    for one, other in zip(plain.epoch(2, 1), copied.epoch(2, 1), strict=True):
        for mine, theirs in zip(one.on(torch.device("cpu")), other.on(torch.device("cpu")), strict=True):
            assert torch.equal(mine, theirs)
    assert len(pinned) == 3 * 4


@pytest.mark.parametrize(
    ("patches", "words"),
    [
        (np.zeros((3, 5)), r"shape \[3, 5\]"),
        (np.zeros((3, 5, 11), np.float32), r"\[3, 5, 11\].*\[images, patches, 12\]"),
        (np.zeros((0, 5, 12), np.float32), r"\[0, 5, 12\]"),
        (np.zeros((3, 0, 12), np.float32), r"\[3, 0, 12\]"),
        (np.zeros((3, 5, 12), np.int8), "int8.*scales"),
        (np.zeros((3, 5, 12), np.int64), "int64"),
        ((np.zeros((3, 5, 12), np.float32), 1.0), "float32"),
        ((np.zeros((3, 5, 12), np.int8), np.ones(4)), r"scales have shape \[4\]"),
        ((np.zeros((3, 5, 12), np.int8), np.ones((3, 4))), r"\[3, 4\]"),
        ((np.zeros((3, 5, 12), np.int8), np.nan), "NaN"),
    ],
    ids=str,
)
def test_patches_that_do_not_fit_are_refused_with_their_shape(patches, words):
    with pytest.raises(InputError, match=words):
        Patches(patches, WIDTH)


def test_a_provider_that_gives_another_shape_is_reported():
    class Liar(Provider):
        def batch(self, rows):
            return self.patches[rows, 1:]

    with pytest.raises(InputError, match=r"\[8, 4, 12\].*\[8, 5, 12\]"):
        _, labels, text = data()
        train(given=(Liar(data()[0]), labels, text))


@pytest.mark.parametrize(
    "kind", [np.asarray, torch.from_numpy, np.ndarray.tolist], ids=["array", "tensor", "list"]
)
@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32])
def test_labels_of_any_type_are_taken(kind, dtype):
    labels = np.array([[1, 0], [-1, 1]], dtype=dtype)
    assert np.array_equal(check_labels(kind(labels), images=2, categories=2), labels)


def test_labels_that_do_not_fit_are_refused_with_their_place():
    with pytest.raises(InputError, match=r"shape \[2, 3\]; give \[2, 2\]"):
        check_labels(np.zeros((2, 3)), images=2, categories=2)
    with pytest.raises(InputError, match="image 1 and category 0 is 2"):
        check_labels([[0, 1], [2, 0]], images=2, categories=2)
    with pytest.raises(InputError, match="nan"):
        check_labels([[0.0, float("nan")]], images=1, categories=2)
