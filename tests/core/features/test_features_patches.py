import numpy as np
import pytest
from index_doubles import MeanColour, red_images

from cprfl_core.common.errors import DeviceMemoryError, FeatureStoreError
from cprfl_core.features import token_compression as token_basis
from cprfl_core.features import writer as feature_writer
from cprfl_core.features.indexing import ImageItem, index_images
from cprfl_core.features.store import FeatureStore

WIDE = 12


@pytest.fixture
def items(tmp_path) -> list[ImageItem]:
    return red_images(tmp_path / "images")


@pytest.fixture
def store(tmp_path) -> FeatureStore:
    return FeatureStore(tmp_path / "features")


@pytest.fixture
def small_sample(monkeypatch):
    """A basis is fitted on ten images, for towers wider than 8."""
    monkeypatch.setattr(feature_writer, "SAMPLE", 10)
    monkeypatch.setattr(token_basis, "SAMPLE", 10)
    monkeypatch.setattr(token_basis, "WIDTH", 8)


def assert_tokens(store: FeatureStore, encoder: MeanColour, ids=range(40)) -> None:
    """What is stored for each image is what the encoder gave for it, but for rounding."""
    found = FeatureStore(store.folder).patch_tokens(list(ids))
    expected = found.basis.reduce(encoder.tokens(list(ids)))
    steps = np.abs(expected).max(axis=-1, keepdims=True) / 127
    assert (np.abs(found.batch(np.arange(len(found))) - expected) <= steps * 0.51 + 1e-4).all()


@pytest.mark.parametrize("overlaps", [False, True])
def test_narrow_tokens_are_pooled_and_kept_as_they_are(items, store, overlaps):
    encoder = MeanColour(overlaps=overlaps)
    summary = index_images(encoder, items, store, patches="pooled", batch_size=7)
    assert (summary.embedded, store.patch_shape, store.basis.components) == (40, (49, 3), None)
    assert_tokens(store, encoder)
    assert store.embeddings()[:, 0].tolist() == list(range(40))
    again = index_images(encoder, items, store, patches="pooled")
    assert (again.embedded, again.skipped) == (0, 40)


@pytest.mark.parametrize("overlaps", [False, True])
def test_wide_tokens_get_a_basis_from_images_of_everywhere(items, store, small_sample, overlaps):
    encoder = MeanColour(width=WIDE, overlaps=overlaps)
    index_images(encoder, items[:30], store, patches="pooled", batch_size=4)
    basis = FeatureStore(store.folder).basis
    assert (basis.shape, basis.sampled) == ((49, 8), 10)
    assert 0.5 < basis.explained <= 1.0
    assert_tokens(store, encoder, range(30))
    assert max(encoder.reds[:10]) > 15 and sorted(encoder.reds) == list(range(30))
    # Later images are projected on the same basis.
    assert index_images(encoder, items, store, patches="pooled").embedded == 10
    assert FeatureStore(store.folder).basis.key == basis.key
    assert_tokens(store, encoder)


def test_a_basis_of_few_images_gives_way_when_there_are_twice_as_many(items, store, small_sample):
    encoder = MeanColour(width=WIDE)
    index_images(encoder, items[:4], store, patches="pooled")
    first = store.basis
    assert first.sampled == 4
    assert index_images(encoder, items[:7], store, patches="pooled").embedded == 3
    assert store.basis.key == first.key
    assert index_images(encoder, items[:8], store, patches="pooled").embedded == 8
    assert store.basis.key != first.key and store.basis.sampled == 8
    assert_tokens(store, encoder, range(8))
    assert index_images(encoder, items, store, patches="pooled").embedded == 40
    assert store.basis.sampled == 10
    assert_tokens(store, encoder)


def test_a_store_without_tokens_gets_those_that_are_missing(items, store):
    index_images(MeanColour(), items[:30], store)
    assert not store.has_patches().any()
    encoder = MeanColour()
    assert index_images(encoder, items[25:], store, patches="pooled").embedded == 15
    assert store.patch_tokens().ids.tolist() == list(range(25, 40))
    assert index_images(encoder, items, store, patches="pooled").embedded == 25
    assert_tokens(store, encoder)
    # Whoever does not ask for tokens is content with rows that have them.
    assert index_images(encoder, items, store).embedded == 0


def test_full_tokens_take_the_place_of_pooled_ones_and_the_other_way_round(items, store, small_sample):
    encoder = MeanColour(width=WIDE)
    for choice, shape in (("pooled", (49, 8)), ("full", (64, WIDE)), ("pooled", (49, 8))):
        assert index_images(encoder, items[:6], store, patches=choice).embedded == 6
        assert store.patch_shape == shape
        assert_tokens(store, encoder, range(6))


def test_a_stop_before_the_basis_is_found_keeps_the_embeddings(items, store, small_sample):
    encoder = MeanColour(width=WIDE)
    stopped = index_images(
        encoder, items, store, patches="pooled", batch_size=3, should_stop=lambda: len(encoder.batches) == 2
    )
    assert stopped.stopped and stopped.embedded == len(store) == 6
    assert store.basis is None
    assert index_images(encoder, items, store, patches="pooled").embedded == 40
    assert_tokens(store, encoder)


def test_embeddings_of_a_slow_sample_are_on_the_disk_before_its_tokens(
    items, store, small_sample, monkeypatch
):
    monkeypatch.setattr(feature_writer, "FLUSH_SECONDS", 0.0)
    seen = []
    encoder = MeanColour(width=WIDE)
    index_images(
        encoder, items, store, patches="pooled", batch_size=2,
        on_progress=lambda done, *_: seen.append((done, len(FeatureStore(store.folder)))),
    )  # fmt: skip
    assert dict(seen)[8] >= 6
    assert_tokens(store, encoder)


@pytest.mark.usefixtures("small_sample")
def test_a_device_that_works_by_itself_has_the_next_batch_before_the_last_is_read(items, store):
    encoder = MeanColour(overlaps=True)
    index_images(encoder, items, store, batch_size=10)
    assert encoder.log == ["begin 1", "begin 2", "end", "begin 3", "end", "begin 4", "end", "end"]
    waiting = MeanColour()
    index_images(waiting, items, FeatureStore(store.folder / "other"), batch_size=20)
    assert waiting.log == ["begin 1", "end", "begin 2", "end"]


def test_out_of_memory_with_a_batch_under_way_loses_nothing(items, store):
    encoder = MeanColour(room=8, overlaps=True)
    index_images(encoder, items, store, patches="pooled", batch_size=16)
    assert encoder.batches == [8] * 5
    assert_tokens(store, encoder)


def test_out_of_memory_raised_with_the_result_is_tried_again_in_smaller_batches(items, store):
    class Late(MeanColour):
        def begin(self, pixels, basis):
            if len(pixels) <= 8:
                return super().begin(pixels, basis)

            def fail():
                raise DeviceMemoryError(f"A batch of {len(pixels)} images does not fit.")

            return fail

    encoder, warnings = Late(overlaps=True), []
    index_images(encoder, items, store, patches="pooled", batch_size=16, on_warning=warnings.append)
    assert len(warnings) == 1 and sorted(encoder.batches) == [8] * 5
    assert_tokens(store, encoder)


def test_tokens_that_are_not_finite_fail_their_image_only(items, store):
    class Broken(MeanColour):
        def begin(self, pixels, basis):
            embeddings, tokens = super().begin(pixels, basis)()
            tokens[embeddings[:, 0] == 5, 3] = np.inf
            return lambda: (embeddings, tokens)

    failures = {}
    index_images(Broken(), items, store, patches="pooled", on_failed=failures.__setitem__)
    assert failures == {5: "the model returned NaN or infinite numbers"}
    assert len(store.patch_tokens()) == 39


def test_a_failed_write_ends_the_run_with_its_reason(items, store, monkeypatch):
    monkeypatch.setattr(feature_writer, "FLUSH_ROWS", 4)

    def full(*_args):
        raise FeatureStoreError("The disk is full.")

    monkeypatch.setattr(FeatureStore, "append", full)
    encoder = MeanColour()
    with pytest.raises(FeatureStoreError, match="disk is full"):
        index_images(encoder, items, store, batch_size=4)
    assert len(encoder.batches) < 10


def test_nothing_is_written_for_an_empty_list(store):
    index_images(MeanColour(), [], store, patches="pooled")
    index_images(MeanColour(), [ImageItem(1, store.folder / "gone.png", 1)], store)
    assert not (store.folder / "shards").exists()
