import errno
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cprfl_core.common import array_files
from cprfl_core.common.errors import FeatureStoreError
from cprfl_core.features.store import FeatureStore, bytes_needed
from cprfl_core.features.token_compression import plain_basis

DIM = 4


def rows(ids, value: float = 1.0, dim: int = DIM) -> np.ndarray:
    """Embeddings whose first number is the id, so that a mixed-up row shows."""
    matrix = np.full((len(ids), dim), value, dtype=np.float16)
    matrix[:, 0] = ids
    return matrix


def shard_files(folder: Path) -> list[Path]:
    return sorted((folder / "shards").glob("*.safetensors"))


def filled(folder: Path, *, shards: int = 3, size: int = 5) -> FeatureStore:
    store = FeatureStore(folder, key="tiny")
    for number in range(shards):
        ids = np.arange(number * size, (number + 1) * size)
        store.append(ids, ids + 100, rows(ids))
    return store


def test_an_absent_folder_is_an_empty_store_and_is_not_made(tmp_path):
    store = FeatureStore(tmp_path / "features")
    assert len(store) == 0
    assert store.ids().dtype == np.int64
    assert store.embeddings().shape == (0, 0)
    assert store.outdated([1, 2], [3, 4]).tolist() == [True, True]
    assert store.load_text()[0] == []
    assert not (tmp_path / "features").exists()


def test_rows_come_back_by_ascending_id_after_reopening(tmp_path):
    store = FeatureStore(tmp_path, key="tiny")
    store.append([7, 3], [70, 30], rows([7, 3]))
    store.append([5], [2**64 - 1], rows([5]))
    for opened in (store, FeatureStore(tmp_path)):
        assert opened.ids().tolist() == [3, 5, 7]
        assert opened.stamps().tolist() == [30, 2**64 - 1, 70]
        assert opened.embeddings()[:, 0].tolist() == [3, 5, 7]
        assert (opened.key, opened.embed_dim, opened.patch_shape) == ("tiny", DIM, None)


def test_rows_are_given_in_the_order_asked_for(tmp_path):
    store = filled(tmp_path)
    assert store.embeddings([14, 0, 7, 7])[:, 0].tolist() == [14, 0, 7, 7]
    assert store.embeddings([]).shape == (0, DIM)


def test_an_id_without_features_is_named(tmp_path):
    with pytest.raises(FeatureStoreError, match=r"2 images have no features yet .*id 99"):
        filled(tmp_path).embeddings([1, 99, 100])


def test_the_newest_row_of_an_image_counts(tmp_path):
    store = filled(tmp_path)
    store.append([3, 3], [1, 2], rows([3, 3], value=0.5))
    again = FeatureStore(tmp_path)
    assert len(again) == 15
    assert again.stamps()[3] == 2
    assert again.embeddings([3]).tolist() == [[3, 0.5, 0.5, 0.5]]


@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2**64 - 1)), min_size=1, max_size=8), max_size=8
    )
)
@settings(max_examples=15, deadline=None)
def test_any_history_of_appends_reads_as_the_last_row_of_each_id(batches, tmp_path_factory):
    folder, expected = tmp_path_factory.mktemp("store"), {}
    store = FeatureStore(folder)
    for number, batch in enumerate(batches):
        ids, stamps = [i for i, _ in batch], [s for _, s in batch]
        store.append(ids, stamps, rows(ids, value=number))
        expected |= {i: (s, number) for i, s in batch}
    table = FeatureStore(folder).table()
    assert table.ids.tolist() == sorted(expected)
    assert table.stamps.tolist() == [expected[i][0] for i in sorted(expected)]
    assert [row[1] for row in table.embeddings.tolist()] == [expected[i][1] for i in sorted(expected)]
    assert [row[0] for row in table.embeddings.tolist()] == sorted(expected)


def test_outdated_finds_missing_and_changed_images(tmp_path):
    store = filled(tmp_path)
    assert store.outdated([0, 1, 99], [100, 5, 1]).tolist() == [False, True, True]


def test_a_reader_sees_new_rows_after_refresh_and_not_before(tmp_path):
    writer, reader = filled(tmp_path), FeatureStore(tmp_path)
    writer.append([50], [1], rows([50]))
    assert 50 not in reader.ids()
    assert reader.refresh()
    assert reader.ids()[-1] == 50
    assert not reader.refresh()


def test_a_reader_opened_before_the_first_append_learns_the_dimensions(tmp_path):
    reader = FeatureStore(tmp_path / "new")
    filled(tmp_path / "new")
    assert reader.refresh()
    assert reader.embeddings().shape == (15, DIM)


def test_readers_in_other_threads_always_see_whole_rows(tmp_path):
    failures: list[object] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                table = FeatureStore(tmp_path).table()
                if table.embeddings.ravel()[::DIM].tolist() != table.ids.tolist():
                    failures.append(table)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    store = FeatureStore(tmp_path)
    for number in range(25):
        store.append([number, number + 1], [1, 1], rows([number, number + 1]))
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(store) == 26


@pytest.mark.parametrize("damage", ["truncate", "garbage", "empty", "flip"])
def test_a_damaged_shard_is_set_aside_with_its_reason_and_the_rest_is_usable(tmp_path, damage):
    filled(tmp_path)
    victim = shard_files(tmp_path)[1]
    data = bytearray(victim.read_bytes())
    if damage == "truncate":
        victim.write_bytes(data[:-10])
    elif damage == "garbage":
        victim.write_bytes(b"not a tensor file at all")
    elif damage == "empty":
        victim.write_bytes(b"")
    else:
        data[-3] ^= 0xFF
        victim.write_bytes(data)
    store = FeatureStore(tmp_path)
    table = store.table()
    assert table.ids.tolist() == [0, 1, 2, 3, 4, 10, 11, 12, 13, 14]
    assert table.embeddings[:, 0].tolist() == table.ids.tolist()
    (problem,) = store.damaged
    assert problem.file == victim.name
    assert problem.reason
    assert victim.with_name(victim.name + ".damaged").exists()
    assert store.outdated([5], [105]).tolist() == [True]
    store.append([5], [105], rows([5]))
    assert FeatureStore(tmp_path).embeddings([5])[0, 0] == 5


def test_rows_asked_for_from_a_shard_that_proves_damaged_are_an_error_once(tmp_path):
    store = filled(tmp_path)
    victim = shard_files(tmp_path)[0]
    data = bytearray(victim.read_bytes())
    data[-1] ^= 0xFF
    victim.write_bytes(data)
    with pytest.raises(FeatureStoreError, match=r"set aside .*checksum of embeddings.* restore its 5 images"):
        store.embeddings()
    assert store.embeddings().shape == (10, DIM)


def test_an_older_row_returns_when_the_newer_shard_is_lost(tmp_path):
    store = filled(tmp_path)
    store.append([2], [7], rows([2], value=9))
    shard_files(tmp_path)[-1].unlink()
    assert store.refresh()
    assert store.stamps()[2] == 102


def test_damage_on_a_read_only_place_is_still_left_out(tmp_path, monkeypatch):
    filled(tmp_path)
    shard_files(tmp_path)[0].write_bytes(b"x")

    def refuse(self, target):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    store = FeatureStore(tmp_path)
    assert len(store) == 10
    assert [problem.file for problem in store.damaged] == [shard_files(tmp_path)[0].name]


def test_other_dimensions_or_another_backbone_are_refused(tmp_path):
    filled(tmp_path)
    with pytest.raises(FeatureStoreError, match="of width 4, not 8"):
        FeatureStore(tmp_path, embed_dim=8)
    with pytest.raises(FeatureStoreError, match="of the backbone tiny, not other"):
        FeatureStore(tmp_path, key="other")
    with pytest.raises(FeatureStoreError, match="of width 4, not 6"):
        FeatureStore(tmp_path).append([1], [1], rows([1], dim=6))
    assert FeatureStore(tmp_path).embeddings().shape == (15, DIM)


def test_a_newer_or_damaged_meta_file_is_reported(tmp_path):
    filled(tmp_path)
    meta = tmp_path / "meta.json"
    newer = json.loads(meta.read_text()) | {"version": 99}
    meta.write_text(json.dumps(newer))
    with pytest.raises(FeatureStoreError, match="newer version"):
        FeatureStore(tmp_path)
    meta.write_text("{")
    with pytest.raises(FeatureStoreError, match=r"meta\.json is damaged; delete"):
        FeatureStore(tmp_path)


def test_wrong_shapes_and_numbers_that_are_not_finite_are_bugs_of_the_caller(tmp_path):
    store = FeatureStore(tmp_path)
    with pytest.raises(ValueError, match="stamps has shape"):
        store.append([1, 2], [1], rows([1, 2]))
    with pytest.raises(ValueError, match="finite"):
        store.append([1], [1], [[np.nan] * DIM])
    with pytest.raises(ValueError, match="finite"), np.errstate(over="ignore"):
        store.append([1], [1], np.full((1, DIM), 1e6))
    assert not shard_files(tmp_path)


@pytest.mark.parametrize("patch_shape", [None, (49, 64)])
def test_the_estimated_size_is_close_to_the_size_on_the_disk(tmp_path, patch_shape):
    n, dim = 700, 256
    store = FeatureStore(tmp_path, embed_dim=dim)
    if patch_shape:
        store.set_basis(plain_basis((9, 9), patch_shape[1]))
    told = store.bytes_needed(n)
    assert told == bytes_needed(n, dim, patch_shape)
    for start in range(0, n, 512):
        ids = np.arange(start, min(n, start + 512))
        extra = ()
        if patch_shape:
            extra = (np.zeros((len(ids), *patch_shape)), np.ones((len(ids), patch_shape[0])))
        store.append(ids, ids, np.zeros((len(ids), dim)), *extra)
    used = sum(path.stat().st_size for path in shard_files(tmp_path))
    assert 0.99 * told <= used <= told


def test_the_size_needs_the_width(tmp_path):
    with pytest.raises(FeatureStoreError, match="index first"):
        FeatureStore(tmp_path).bytes_needed(10)


def test_a_full_disk_is_reported_and_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    store = filled(tmp_path)

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(array_files.os, "fsync", full)
    with pytest.raises(FeatureStoreError, match=r"is full .* free some space"):
        store.append([77], [1], rows([77]))
    monkeypatch.undo()
    assert 77 not in store.ids()
    assert 77 not in FeatureStore(tmp_path).ids()
    assert not list((tmp_path / "shards").glob(".*"))


def test_a_place_that_cannot_be_written_is_reported(tmp_path):
    (tmp_path / "shards").write_text("in the way")
    with pytest.raises(FeatureStoreError, match=r"cannot be written \("):
        FeatureStore(tmp_path).append([1], [1], rows([1]))


def test_parts_of_a_killed_writer_are_ignored_and_old_ones_removed(tmp_path):
    filled(tmp_path)
    old, young = tmp_path / "shards" / ".old.tmp", tmp_path / "shards" / ".young.tmp"
    for part in (old, young):
        part.write_bytes(b"half a shard")
    os.utime(old, (time.time() - 7200,) * 2)
    store = FeatureStore(tmp_path)
    assert len(store) == 15
    assert store.damaged == []
    store.append([60], [1], rows([60]))
    assert (old.exists(), young.exists()) == (False, True)


WRITER = """
import sys, numpy as np
from pathlib import Path
from cprfl_core.features.store import FeatureStore
store = FeatureStore(Path(sys.argv[1]), key="tiny")
for number in range(10_000):
    ids = np.arange(number * 50, number * 50 + 50)
    store.append(ids, ids, np.repeat(ids[:, None] % 1000, 64, axis=1))
    print(number, flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_whole_shards(tmp_path):
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE) as writer:
        for _ in range(10):
            writer.stdout.readline()
        writer.kill()
    store = FeatureStore(tmp_path)
    table = store.table()
    assert store.damaged == []
    assert len(table.ids) >= 500
    assert len(table.ids) % 50 == 0
    assert (table.embeddings == (table.ids % 1000)[:, None]).all()


def test_text_features_are_merged_by_key(tmp_path):
    store = FeatureStore(tmp_path)
    store.save_text(["a cat\na photo of a cat", "dog"], [[1.0, 0.0], [0.0, 1.0]])
    store.save_text(["dog", "Grünspecht"], [[0.5, 0.5], [0.25, 0.75]])
    store.save_text(["dog"], [[9.0, 9.0, 9.0]], kind="raw")
    keys, matrix = FeatureStore(tmp_path).load_text()
    assert keys == ["a cat\na photo of a cat", "dog", "Grünspecht"]
    assert matrix.dtype == np.float32
    assert matrix.tolist() == [[1.0, 0.0], [0.5, 0.5], [0.25, 0.75]]
    assert store.load_text("raw")[1].tolist() == [[9.0, 9.0, 9.0]]


def test_text_features_of_another_width_are_refused(tmp_path):
    store = FeatureStore(tmp_path)
    store.save_text(["dog"], [[1.0, 0.0]])
    with pytest.raises(FeatureStoreError, match="text features of width 2, not 3"):
        store.save_text(["cat"], [[1.0, 0.0, 0.0]])
    with pytest.raises(ValueError, match="finite"):
        store.save_text(["cat"], [[np.nan, 0.0]])


def test_a_damaged_text_file_counts_as_empty_and_is_made_again(tmp_path):
    store = FeatureStore(tmp_path)
    store.save_text(["dog"], [[1.0, 0.0]])
    (tmp_path / "text.safetensors").write_bytes(b"\0" * 40)
    assert store.load_text()[0] == []
    assert (tmp_path / "text.safetensors.damaged").exists()
    store.save_text(["cat"], [[0.0, 1.0]])
    assert store.load_text()[0] == ["cat"]


@pytest.mark.slow
def test_a_hundred_thousand_rows_are_gathered_in_a_third_of_a_second(tmp_path, monkeypatch):
    monkeypatch.setattr(array_files.os, "fsync", lambda descriptor: None)
    n, dim, size = 100_000, 512, 512
    store = FeatureStore(tmp_path, embed_dim=dim)
    for start in range(0, n, size):
        ids = np.arange(start, min(n, start + size))
        store.append(ids, ids, np.full((len(ids), dim), start // size, dtype=np.float16))
    seconds = []
    for _ in range(4):  # the machine may be busy with other work: its best is what the code can do
        opened = FeatureStore(tmp_path)
        began = time.process_time()
        matrix = opened.embeddings()
        seconds.append(time.process_time() - began)
    assert min(seconds) < 0.3
    assert (matrix[:, -1] == np.arange(n) // size).all()


def test_a_write_removes_what_a_killed_writer_of_the_same_file_left(tmp_path):
    old, young, other = (tmp_path / f".{name}.tmp" for name in ("a.json.11", "a.json.12", "b.json.11"))
    for path in (old, young, other):
        path.touch()
    for path in (old, other):
        os.utime(path, (time.time() - 2 * array_files.STALE_SECONDS,) * 2)
    array_files.write_atomically(tmp_path / "a.json", b"{}")
    assert sorted(path.name for path in tmp_path.iterdir()) == [young.name, other.name, "a.json"]
