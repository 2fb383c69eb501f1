import threading
import time
from pathlib import Path

import pytest
from bad_images import encoded, picture, readable_files, refused_files, write_files
from index_doubles import MeanColour, red_images
from PIL import Image

from cprfl_core.common.errors import DeviceMemoryError, FeatureStoreError
from cprfl_core.features import writer as feature_writer
from cprfl_core.features.indexing import ImageItem, index_images
from cprfl_core.features.store import FeatureStore
from cprfl_core.images import decoding
from cprfl_core.images.preprocessing import Preprocessing


@pytest.fixture
def items(tmp_path) -> list[ImageItem]:
    return red_images(tmp_path / "images")


@pytest.fixture
def store(tmp_path) -> FeatureStore:
    return FeatureStore(tmp_path / "features")


def shards(store: FeatureStore) -> list[Path]:
    return list((store.folder / "shards").glob("*.safetensors"))


def test_every_image_gets_its_own_row_and_stamp(items, store):
    summary = index_images(MeanColour(), items, store, batch_size=7)
    assert (summary.embedded, summary.skipped, summary.failed, summary.stopped) == (40, 0, 0, False)
    table = FeatureStore(store.folder).table()
    assert table.ids.tolist() == list(range(40))
    assert table.stamps.tolist() == [1000 + number for number in range(40)]
    assert table.embeddings[:, 0].tolist() == list(range(40))


def test_only_absent_and_changed_images_are_embedded_again(items, store):
    index_images(MeanColour(), items[:30], store)
    changed = [ImageItem(0, items[5].path, 7), *items[1:]]
    encoder = MeanColour()
    summary = index_images(encoder, changed, store)
    assert (summary.embedded, summary.skipped) == (11, 29)
    assert sum(encoder.batches) == 11
    assert store.embeddings([0])[0, 0] == 5
    assert index_images(encoder, changed, store).embedded == 0


def test_unreadable_files_are_reported_with_their_reason_and_the_rest_continues(tmp_path, store):
    bad, good = refused_files(), readable_files()
    paths = write_files(tmp_path / "images", bad + good)
    items = [ImageItem(number, path, 1) for number, path in enumerate([*paths, tmp_path / "gone.jpg"])]
    failures: dict[int, str] = {}
    summary = index_images(MeanColour(), items, store, batch_size=4, on_failed=failures.__setitem__)
    assert failures == {number: file.reason for number, file in enumerate(bad)} | {len(paths): "not found"}
    assert summary.failed == len(bad) + 1
    assert store.ids().tolist() == list(range(len(bad), len(paths)))


def test_an_embedding_that_is_not_finite_fails_its_image_only(items, store):
    failures: dict[int, str] = {}
    summary = index_images(MeanColour(broken_above=37.5), items, store, on_failed=failures.__setitem__)
    assert failures == dict.fromkeys((38, 39), "the model returned NaN or infinite numbers")
    assert (summary.embedded, summary.failed) == (38, 2)
    assert store.ids().tolist() == list(range(38))


def test_progress_counts_all_images_and_ends_at_the_total(items, store):
    told = []
    items[3] = ImageItem(3, Path("nowhere.jpg"), 1)
    index_images(MeanColour(), items, store, batch_size=8, on_progress=lambda *values: told.append(values))
    done = [values[0] for values in told]
    assert told[0] == (0, 40, None, None)
    assert done == sorted(done)
    assert done[-1] == 40
    assert told[-1][2] > 0
    assert told[-1][3] == 0


def test_a_stop_keeps_what_was_embedded_and_the_next_run_finishes(items, store):
    encoder = MeanColour()
    summary = index_images(encoder, items, store, batch_size=5, should_stop=lambda: len(encoder.batches) == 3)
    assert summary.stopped
    assert summary.embedded == len(FeatureStore(store.folder)) == 15
    rest = index_images(encoder, items, store, batch_size=5)
    assert (rest.embedded, rest.skipped, rest.stopped) == (25, 15, False)
    assert store.embeddings()[:, 0].tolist() == list(range(40))


def test_an_error_in_the_middle_keeps_what_was_embedded(items, store):
    encoder = MeanColour()

    def fail(done: int, *_rest: object) -> None:
        if done == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_images(encoder, items, store, batch_size=10, on_progress=fail)
    assert len(FeatureStore(store.folder)) == 20


def test_rows_are_written_on_the_way_and_not_only_at_the_end(items, store, monkeypatch):
    monkeypatch.setattr(feature_writer, "FLUSH_ROWS", 16)
    seen = []
    index_images(
        MeanColour(),
        items,
        store,
        batch_size=8,
        on_progress=lambda *_: seen.append(len(FeatureStore(store.folder))),
    )
    # A shard is written beside the model; the next waits for it.
    assert seen[:3] == [0, 0, 0] and seen[3] in (0, 16) and seen[5] in (16, 32)
    assert len(shards(store)) == 3
    assert len(FeatureStore(store.folder)) == 40


def test_rows_are_written_after_a_while_even_when_they_are_few(items, store, monkeypatch):
    monkeypatch.setattr(feature_writer, "FLUSH_SECONDS", 0.0)
    index_images(MeanColour(), items, store, batch_size=10)
    assert len(shards(store)) == 4


@pytest.mark.parametrize(("room", "sizes"), [(8, [8] * 5), (4, [4] * 10), (2, [2] * 20)])
def test_out_of_memory_halves_the_batch_and_says_so(items, store, room, sizes):
    encoder, warnings = MeanColour(room=room), []
    index_images(encoder, items, store, batch_size=16, on_warning=warnings.append)
    assert encoder.batches == sizes
    assert len(warnings) == {8: 1, 4: 2, 2: 3}[room]
    assert warnings[-1].endswith(f"Continuing with batches of {room}.")
    assert store.embeddings()[:, 0].tolist() == list(range(40))


def test_the_fourth_time_out_of_memory_is_an_error(items, store):
    with pytest.raises(DeviceMemoryError, match="A batch of 2 images"):
        index_images(MeanColour(room=1), items, store, batch_size=16)
    with pytest.raises(DeviceMemoryError, match="A batch of 1 images"):
        index_images(MeanColour(room=0), items, store, batch_size=2)


def test_a_store_that_cannot_be_written_is_an_error(items, tmp_path):
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "shards").write_text("in the way")
    with pytest.raises(FeatureStoreError, match="cannot be written"):
        index_images(MeanColour(), items, FeatureStore(tmp_path / "features"))


def decode_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(("decode", "write"))]


@pytest.mark.parametrize("ending", ["normal", "stop", "error"])
def test_no_thread_is_left(items, store, ending):
    running = []

    def progress(done: int, *_rest: object) -> None:
        running.append(len(decode_threads()))
        if ending == "error" and done:
            raise RuntimeError("bug")

    def run() -> None:
        index_images(
            MeanColour(), items, store, batch_size=4, threads=3, on_progress=progress,
            should_stop=lambda: ending == "stop" and len(running) > 2,
        )  # fmt: skip

    if ending == "error":
        with pytest.raises(RuntimeError, match="bug"):
            run()
    else:
        run()
    assert max(running) > 0
    assert decode_threads() == []


def test_decoding_runs_ahead_of_the_model_but_not_far(tmp_path, store, monkeypatch):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(picture(), "PNG"))
    items = [ImageItem(number, path, 1) for number in range(200)]
    opened, lead = [], []
    real = decoding.open_image

    def counting(*args, **kwargs):
        opened.append(1)
        return real(*args, **kwargs)

    class Slow(MeanColour):
        def begin(self, pixels, basis):
            time.sleep(0.02)
            lead.append(len(opened) - sum(self.batches))
            return super().begin(pixels, basis)

    monkeypatch.setattr(decoding, "open_image", counting)
    index_images(Slow(), items, store, batch_size=10, threads=2)
    assert max(lead) > 10
    assert max(lead) <= 10 + 2 * 10


def test_an_empty_list_is_done_at_once(store):
    told = []
    summary = index_images(MeanColour(), [], store, on_progress=lambda *values: told.append(values))
    assert summary.embedded == summary.skipped == summary.failed == 0
    assert told[-1][:2] == (0, 0)


def test_the_decoded_picture_is_given_away_at_the_size_decoded_for_the_model(tmp_path, store, monkeypatch):
    for name, size in (("a.jpg", (1280, 960)), ("b.png", (1280, 960)), ("c.jpg", (20, 10))):
        Image.new("RGB", size, "teal").save(tmp_path / name)
    items = [ImageItem(number, tmp_path / name, 1) for number, name in enumerate(("a.jpg", "b.png", "c.jpg"))]
    encoder = MeanColour()
    monkeypatch.setattr(encoder, "preprocessing", Preprocessing(224), raising=False)
    given = {}
    index_images(
        encoder, items, store, on_picture=lambda number, picture: given.update({number: picture.size})
    )
    assert given == {0: (320, 240), 1: (1280, 960), 2: (20, 10)}


def test_a_fault_in_what_uses_the_picture_ends_the_run(items, store):
    def fail(*_):
        raise RuntimeError("no space")

    with pytest.raises(RuntimeError, match="no space"):
        index_images(MeanColour(), items, store, on_picture=fail)
