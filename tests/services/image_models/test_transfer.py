"""Receiving files from a hub on the loopback address, with everything that goes wrong on the way."""

import hashlib
import socket
import threading
from pathlib import Path

import pytest
from huggingface_hub import constants, try_to_load_from_cache

from app.domain.errors import CancelledError, DiskError, NotFoundError
from app.services.image_models import transfer as module
from app.services.image_models.transfer import DownloadError, look_up, publish, transfer

NAMES = ("vit.safetensors",)


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)


@pytest.fixture
def file(hub):
    found = look_up("org/files", NAMES)
    assert found is not None
    return found


def receive(file, should_stop=lambda: False):
    told: list[int] = []
    path = transfer(file, told.append, should_stop)
    return path, told


def content(hub):
    return hub.files["org/files"]["vit.safetensors"]


def test_the_hub_tells_commit_hash_and_size_before_anything_is_received(hub, file):
    assert (file.commit, file.size) == (hub.commit, 300_000)
    assert file.digest == hashlib.sha256(content(hub)).hexdigest()
    assert file.bytes_left == 300_000
    assert hub.seen == []


def test_the_first_of_several_names_that_the_hub_has_is_taken(hub):
    found = look_up("org/files", ("other.safetensors", *NAMES))
    assert found is not None
    assert found.name == "vit.safetensors"
    assert look_up("org/files", ("other.safetensors",)) is None


def test_a_received_file_is_where_the_librarys_own_cache_has_it(hub, file):
    path, told = receive(file)
    assert path.read_bytes() == content(hub)
    assert told[-1] == 300_000
    assert told == sorted(told)
    assert try_to_load_from_cache("org/files", "vit.safetensors") is None
    publish([file])
    assert try_to_load_from_cache("org/files", "vit.safetensors") == str(path)
    assert file.bytes_left == 0
    assert not list(file.folder.glob("blobs/*.incomplete"))


def test_a_file_that_is_there_is_not_received_again(hub, file):
    receive(file)
    hub.seen.clear()
    receive(file)
    assert hub.seen == []


def test_a_small_file_is_verified_by_the_hash_of_git(hub):
    hub.files["org/files"]["open_clip_config.json"] = b'{"model_cfg": {}}'
    found = look_up("org/files", ("open_clip_config.json",))
    assert found is not None
    assert len(found.digest) == 40
    assert receive(found)[0].read_bytes() == b'{"model_cfg": {}}'


def test_an_empty_file_is_received_too(hub):
    hub.files["org/files"]["vocab.txt"] = b""
    found = look_up("org/files", ("vocab.txt",))
    assert found is not None
    assert receive(found)[0].read_bytes() == b""


def test_a_broken_transfer_continues_where_it_broke(hub, file):
    hub.break_at = [100_000, 200_000]
    path, told = receive(file)
    assert path.read_bytes() == content(hub)
    starts = [int(wanted.removeprefix("bytes=").rstrip("-")) for _, wanted, _ in hub.seen[1:]]
    assert len(starts) == 2
    assert 0 < starts[0] <= 100_000 < starts[1] <= 200_000
    assert told == sorted(told)


def test_a_transfer_that_was_given_up_continues_in_the_next_one(hub, file, monkeypatch):
    monkeypatch.setattr(module, "TRIES", 1)
    hub.break_at = [100_000, 100_000]
    with pytest.raises(
        DownloadError, match=r"connection to .* was lost .*100 KB of 300 KB are kept, download"
    ):
        receive(file)
    assert file.bytes_left == 200_000
    hub.break_at, hub.seen = [], []
    assert receive(file)[0].read_bytes() == content(hub)
    assert [wanted for _, wanted, _ in hub.seen] == ["bytes=100000-"]


def test_a_server_without_ranges_sends_the_whole_file_again(hub, file):
    hub.ranges = False
    hub.break_at = [100_000]
    assert receive(file)[0].read_bytes() == content(hub)


def test_a_partial_file_that_is_too_long_is_not_continued(hub, file):
    file.partial.parent.mkdir(parents=True)
    file.partial.write_bytes(bytes(400_000))
    assert receive(file)[0].read_bytes() == content(hub)


def test_a_partial_file_of_other_content_is_found_by_its_hash(hub, file):
    file.partial.parent.mkdir(parents=True)
    file.partial.write_bytes(bytes(100_000))
    with pytest.raises(DownloadError, match="arrived with another hash"):
        receive(file)
    assert receive(file)[0].read_bytes() == content(hub)


def test_a_file_with_a_wrong_hash_is_deleted(hub, file):
    hub.altered.add("vit.safetensors")
    with pytest.raises(
        DownloadError, match=r"arrived with another hash than .* and was deleted; download it again"
    ):
        receive(file)
    assert not file.partial.exists()
    assert not file.blob.exists()
    hub.altered.clear()
    assert receive(file)[0].read_bytes() == content(hub)


def test_a_damaged_file_in_the_cache_is_received_again(hub, file):
    file.blob.parent.mkdir(parents=True)
    file.blob.write_bytes(b"half")
    assert file.bytes_left == 300_000
    assert receive(file)[0].read_bytes() == content(hub)


def test_cancelling_keeps_what_was_received(hub, file):
    hub.hold = threading.Event()
    told: list[int] = []

    def stop():
        if told:
            assert hub.hold is not None
            hub.hold.set()
        return bool(told)

    with pytest.raises(CancelledError, match=r"stopped; .* of 300 KB are kept, download again to continue"):
        transfer(file, told.append, stop)
    assert 0 < file.partial.stat().st_size < 300_000
    hub.hold = None
    assert receive(file)[0].read_bytes() == content(hub)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence_and_leaves_nothing_behind(hub, file):
    file.partial.parent.mkdir(parents=True)
    file.partial.symlink_to("/dev/full")
    with pytest.raises(
        DiskError, match=r"vit\.safetensors cannot be written to .*: the disk is full; free some space"
    ):
        receive(file)
    assert not file.partial.is_symlink()


def test_nobody_there_is_a_sentence(endpoint):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint(f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(
            DownloadError, match=r"127\.0\.0\.1:\d+ cannot be reached \(.*refused.*check the network"
        ):
            look_up("org/files", NAMES)


def test_offline_by_the_environment_is_a_sentence(hub, file, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(DownloadError, match="HF_HUB_OFFLINE is set, so nothing is downloaded; unset it"):
        look_up("org/files", NAMES)
    with pytest.raises(DownloadError, match="HF_HUB_OFFLINE is set"):
        receive(file)


def test_other_answers_of_the_hub_are_sentences(hub, monkeypatch):
    with pytest.raises(NotFoundError, match="has no model org/nothing, or it is private; check the name"):
        look_up("org/nothing", NAMES)
    hub.gated.add("org/files")
    with pytest.raises(DownloadError, match=r"accepted its terms; accept them at http.*/org/files, log in"):
        look_up("org/files", NAMES)
    hub.gated.clear()
    hub.hashes = False
    with pytest.raises(DownloadError, match=r"gives no hash of vit\.safetensors"):
        look_up("org/files", NAMES)
    hub.hashes = True
    hub.status = 503
    with pytest.raises(DownloadError, match="answered 503 for org/files; try again later"):
        look_up("org/files", NAMES)


def test_a_server_that_is_no_hub_is_a_sentence(hub):
    hub.commit = "../../../etc"
    with pytest.raises(DownloadError, match="does not answer like a model hub; check HF_ENDPOINT"):
        look_up("org/files", NAMES)


def test_a_hub_that_is_busy_during_the_transfer_is_asked_again_and_then_given_up(hub, file, monkeypatch):
    hub.status = 503
    monkeypatch.setattr(module, "TRIES", 2)
    with pytest.raises(DownloadError, match=r"was lost .*0 bytes of 300 KB are kept"):
        receive(file)
    hub.status = 404
    with pytest.raises(DownloadError, match="answered 404"):
        receive(file)


def test_a_token_is_sent_to_the_hub_only(hub, file, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    hub.files["org/files"]["notes.txt"] = b"text"
    notes = look_up("org/files", ("notes.txt",))
    assert notes is not None
    receive(notes)
    receive(file)
    assert [sent for _, _, sent in hub.seen] == ["Bearer hf_secret", ""]
