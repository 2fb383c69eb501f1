import numpy as np
import pytest

from cprfl_core.common.errors import FeatureStoreError
from cprfl_core.features import patch_tokens
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import dequantise, plain_basis, quantise

BASIS = plain_basis((2, 3), 5)


def tokens_of(ids) -> np.ndarray:
    """Tokens [n,6,5] that tell which image they belong to."""
    ramp = np.arange(30, dtype=np.float32).reshape(6, 5)
    return ramp + 100 * np.asarray(ids, dtype=np.float32)[:, None, None]


def add(store: FeatureStore, ids, *, patches: bool = True) -> None:
    embeddings = np.ones((len(ids), 4))
    store.append(ids, np.asarray(ids) + 100, embeddings, *(quantise(tokens_of(ids)) if patches else ()))


@pytest.fixture
def store(tmp_path) -> FeatureStore:
    """Images 0 to 19 in four shards, with patch tokens."""
    store = FeatureStore(tmp_path / "features", key="tiny")
    store.set_basis(BASIS)
    for start in range(0, 20, 5):
        add(store, np.arange(start, start + 5))
    return store


def shard_files(store: FeatureStore):
    return sorted((store.folder / "shards").glob("*.safetensors"))


def test_a_batch_holds_the_tokens_of_its_rows_in_their_order(store):
    for opened in (store, FeatureStore(store.folder)):
        found = opened.patch_tokens()
        assert (len(found), found.shape, found.grid) == (20, (20, 6, 5), (2, 3))
        rows = [13, 0, 13, 19, 4]
        batch = found.batch(rows)
        assert batch.dtype == np.float32
        np.testing.assert_allclose(batch, tokens_of(rows), atol=10)
        assert (batch == dequantise(*quantise(tokens_of(rows)))).all()
        assert found.batch([]).shape == (0, 6, 5)


def test_rows_follow_the_ids_asked_for(store):
    found = store.patch_tokens([17, 3])
    assert found.ids.tolist() == [17, 3]
    assert (found.batch([1, 0]) == dequantise(*quantise(tokens_of([3, 17])))).all()
    assert (found[0] == found.batch([0])[0]).all()
    assert (found[:] == found.batch([0, 1])).all()
    assert (found[np.array([False, True])] == found.batch([1])).all()
    with pytest.raises(IndexError):
        found.batch([2])


def test_everything_at_once_is_what_was_stored(store):
    values, scales = store.patches([2, 11])
    expected, expected_scales = quantise(tokens_of([2, 11]))
    assert (values == expected).all() and (scales == expected_scales).all()


def test_only_a_batch_is_in_memory_and_few_files_are_open(store, monkeypatch):
    monkeypatch.setattr(patch_tokens, "_MOST_MAPS", 2)
    found = store.patch_tokens()
    for row in (0, 19, 7, 12, 1, 19):
        assert (found.batch([row]) == dequantise(*quantise(tokens_of([row])))).all()
        assert len(found._maps) <= 2
    found.close()
    assert not found._maps
    assert found.batch([3]).shape == (1, 6, 5)


def test_an_open_reader_keeps_working_while_the_store_is_extended(store):
    reader = store.patch_tokens()
    add(store, [2, 30])
    store.set_basis(plain_basis((2, 3), 9))
    assert len(reader) == 20
    assert (reader.batch([2]) == dequantise(*quantise(tokens_of([2])))).all()


def test_a_store_without_tokens_keeps_working_and_accepts_them_later(tmp_path):
    store = FeatureStore(tmp_path / "features", key="tiny")
    add(store, [1, 2, 3], patches=False)
    with pytest.raises(FeatureStoreError, match="holds no patch tokens"):
        store.patch_tokens()
    with pytest.raises(FeatureStoreError, match="no basis"):
        add(store, [4])
    assert store.outdated([1, 2], [101, 102]).tolist() == [False, False]
    assert store.outdated([1, 2], [101, 102], patches="pooled").tolist() == [True, True]
    store.set_basis(BASIS)
    add(store, [2, 4])
    for opened in (store, FeatureStore(store.folder)):
        assert opened.ids().tolist() == [1, 2, 3, 4]
        assert opened.has_patches().tolist() == [False, True, False, True]
        assert opened.outdated([1, 2, 4], [101, 102, 9], patches="pooled").tolist() == [True, False, True]
        assert opened.embeddings().shape == (4, 4)
        assert opened.patch_tokens().ids.tolist() == [2, 4]
        with pytest.raises(FeatureStoreError, match=r"2 images have no patch tokens yet .*id 1"):
            opened.patch_tokens([1, 2, 3])


def test_the_newest_row_decides_whether_an_image_has_tokens(store):
    add(store, [7], patches=False)
    assert 7 not in store.patch_tokens().ids
    assert len(store.patch_tokens()) == 19


def test_tokens_in_an_earlier_basis_count_as_absent(store):
    reader = FeatureStore(store.folder)
    store.set_basis(plain_basis((2, 3), 7))
    assert reader.refresh()
    for opened in (store, reader):
        assert not opened.has_patches().any()
        assert opened.outdated([0, 1], [100, 101], patches="pooled").all()
        assert len(opened.patch_tokens()) == 0
    assert not reader.refresh()


def test_tokens_of_another_shape_are_refused(store):
    with pytest.raises(FeatureStoreError, match=r"shape \(6, 5\), not \(6, 4\)"):
        store.append([50], [1], np.ones((1, 4)), np.zeros((1, 6, 4)), np.ones((1, 6)))


@pytest.mark.parametrize("damage", ["bit", "end", "header"])
def test_a_damaged_shard_is_named_and_its_images_are_indexed_again(store, damage):
    path = shard_files(store)[1]
    content = bytearray(path.read_bytes())
    if damage == "bit":
        content[-40] ^= 255
    elif damage == "end":
        del content[-300:]
    else:
        content[20] ^= 255
    reader = store.patch_tokens()
    path.write_bytes(content)
    assert reader.batch([0, 19]).shape == (2, 6, 5)
    with pytest.raises(FeatureStoreError, match=r"was set aside .*restore its 5 images"):
        reader.batch([3, 7])
    assert path.with_name(path.name + ".damaged").exists()
    assert store.refresh()
    assert store.outdated(np.arange(20), np.arange(20) + 100, patches="pooled").nonzero()[0].tolist() == [
        5, 6, 7, 8, 9,
    ]  # fmt: skip
    assert len(store.patch_tokens()) == 15


def test_a_shard_that_is_gone_is_reported(store):
    reader = store.patch_tokens()
    shard_files(store)[0].unlink()
    with pytest.raises(FeatureStoreError, match="it has been removed"):
        reader.batch([0])
