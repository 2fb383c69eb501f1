"""Downloading, checking, listing and removing image models: tiny ones, on a hub on the loopback address."""

import json
import threading
from pathlib import Path
from types import SimpleNamespace

import open_clip
import pytest
from huggingface_hub import _CACHED_NO_EXIST, constants, try_to_load_from_cache
from tiny_models import CONFIGS, write_model

from app.domain.errors import BusyError, CancelledError, KnownError, NotFoundError
from app.domain.progress import Progress
from app.protocol import messages as m
from app.services.features.image_model import checked_model
from app.services.image_models import checks, download, known, transfer
from app.services.image_models import hub as model_files
from app.services.image_models.checks import check_model, passed_checks
from app.services.image_models.download import download_lock, download_model, fetch_model, plan_download
from app.services.image_models.known import HubFiles, ImageModel, Use
from app.services.image_models.listing import ModelState, listed_models
from app.services.image_models.removal import remove_model
from app.services.image_models.transfer import DownloadError, cache_folder
from app.services.runner.runner import WorkerFailedError
from app.worker.inprocess import InProcessRunner
from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.common.errors import BackboneError

CONFIG, WEIGHTS = "open_clip_config.json", "open_clip_model.safetensors"
NAME = "hf-hub:org/tiny"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny", CONFIGS["vit"])


@pytest.fixture
def hub_with_model(hub, tiny):
    """The hub has ``org/tiny``, a complete model of open_clip."""
    hub.files["org/tiny"] = {name: (tiny / name).read_bytes() for name in (CONFIG, WEIGHTS)}
    return hub


class NoRunnerAllowed:
    def run(self, *_):
        pytest.fail("the worker was asked")


class Passing:
    """A runner that finds every model good."""

    def run(self, command, _on_event, _should_stop=None):
        result = m.CheckResult(
            key="k",
            embed_dim=24,
            image_size=(32, 32),
            images_per_second=120.0,
            device="cpu",
            precision="float32",
        )
        return m.Completed(job=command.job, result=result)


def state(name=NAME) -> ModelState:
    return next(one.state for one in listed_models() if one.model.name == name)


@pytest.mark.slow
def test_a_downloaded_model_is_ready_works_offline_and_can_be_removed(hub_with_model, monkeypatch):
    plans, told = [], []
    with InProcessRunner() as runner:
        passed = download_model(NAME, runner, plans.append, told.append)
        assert (passed.embed_dim, passed.image_size, passed.device) == (24, (32, 32), "cpu")
        assert passed.images_per_second > 0
        [plan] = plans
        assert plan.total == sum(map(len, hub_with_model.files["org/tiny"].values()))
        assert told[0].stage == f"Downloading {NAME}"
        assert told[0].in_bytes
        assert max(one.done for one in told if one.in_bytes) == plan.total
        assert state() is ModelState.READY
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        hub_with_model.seen.clear()
        assert checked_model(NAME, runner) == NAME
        assert check_model(NAME, runner).key == passed.key
        assert hub_with_model.seen == []
        assert remove_model(NAME) >= plan.total
    assert not cache_folder("org/tiny").exists()
    assert passed_checks() == {}
    with pytest.raises(NotFoundError, match="is not on this disk"):
        remove_model(NAME)


@pytest.mark.slow
def test_a_model_of_another_architecture_is_not_ready_after_the_download(hub_with_model, tmp_path):
    other = write_model(tmp_path / "other", CONFIGS["resnet"])
    hub_with_model.files["org/tiny"][WEIGHTS] = (other / WEIGHTS).read_bytes()
    with (
        InProcessRunner() as runner,
        pytest.raises(WorkerFailedError, match=r"not fit org-tiny: .*missing"),
    ):
        download_model(NAME, runner)
    assert passed_checks() == {}


def test_a_model_counts_as_ready_only_once_it_was_checked(hub_with_model):
    fetch_model(NAME)
    assert model_files.cached_files(HubFiles("org/tiny", configured=True)) is not None
    assert [one for one in listed_models() if one.model.name == NAME] == []
    check_model(NAME, Passing())
    assert state() is ModelState.READY
    [found] = [one for one in listed_models() if one.model.name == NAME]
    assert found.usable
    assert found.to_json()["images_per_second"] == 120.0
    assert found.disk_bytes == sum(map(len, hub_with_model.files["org/tiny"].values()))


def test_other_files_than_those_that_were_checked_are_not_ready(hub_with_model):
    download_model(NAME, Passing())
    hub_with_model.commit = "f" * 40
    hub_with_model.files["org/tiny"][WEIGHTS] += b"."
    fetch_model(NAME)
    assert state() is ModelState.UNCHECKED


def test_an_update_that_is_stopped_leaves_the_old_version_ready(hub_with_model):
    download_model(NAME, Passing())
    hub_with_model.commit = "f" * 40
    for name in (CONFIG, WEIGHTS):
        hub_with_model.files["org/tiny"][name] += b" "
    with pytest.raises(CancelledError):
        fetch_model(NAME, should_stop=lambda: True)
    assert state() is ModelState.READY


def test_the_plan_says_what_is_left_of_an_interrupted_download(hub_with_model, monkeypatch):
    size = len(hub_with_model.files["org/tiny"][WEIGHTS])
    hub_with_model.break_at = [size // 2] * 2
    monkeypatch.setattr(transfer, "TRIES", 1)
    monkeypatch.setattr(transfer, "WAIT_SECONDS", 0.01)
    with pytest.raises(DownloadError, match="was lost"):
        fetch_model(NAME)
    plan = plan_download(NAME)
    assert 0 < plan.left < size < plan.total
    told: list[Progress] = []
    fetch_model(NAME, on_progress=told.append)
    assert told[0].done >= plan.total - plan.left
    assert all(one.rate is None or one.rate < 1e9 for one in told)


def test_a_disk_that_is_too_small_is_noticed_before_anything_is_received(hub_with_model, monkeypatch):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda _: SimpleNamespace(total=9e9, free=3e9))
    real = download._planned

    def of_5_gigabytes(*arguments):
        plan = real(*arguments)
        return download.DownloadPlan(plan.name, plan.files, 5_000_000_000, 5_000_000_000, plan.folder)

    monkeypatch.setattr(download, "_planned", of_5_gigabytes)
    with pytest.raises(KnownError, match=r"needs 5 GB and the disk of .* has 3 GB left; free 2\.2 GB, or"):
        fetch_model(NAME)
    assert [name for name, *_ in hub_with_model.seen] == [CONFIG]


def test_a_second_download_waits_for_the_first(hub_with_model):
    hub_with_model.hold = threading.Event()
    first = threading.Thread(target=fetch_model, args=(NAME,))
    first.start()
    assert hub_with_model.reached.wait(10)
    waiting = threading.Event()

    def told(progress):
        if progress.stage == "Waiting for another download":
            waiting.set()

    second = threading.Thread(target=fetch_model, args=(NAME,), kwargs={"on_progress": told})
    second.start()
    assert waiting.wait(10)
    assert second.is_alive()
    with pytest.raises(BusyError, match="A download is running"):
        remove_model(NAME)
    with pytest.raises(CancelledError, match="while it waited for another one"):
        fetch_model(NAME, should_stop=lambda: True)
    hub_with_model.hold.set()
    first.join(10)
    second.join(10)
    assert not first.is_alive()
    assert not second.is_alive()
    assert [name for name, *_ in hub_with_model.seen] == [CONFIG, WEIGHTS]


def test_the_lock_ends_with_the_block(own_folders):
    for _ in range(2):
        with download_lock(lambda: pytest.fail("the lock is held")):
            pass


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bundled", "bundled is part of the installation; there is nothing to download"),
        ("photo-lite2", "photo-lite2 is part of the installation"),
        ("local-dir:/models/mine", "is on this disk already; check it with"),
        ("ViT-B-32@mine.pt", "is on this disk already; check it with"),
        ("ViT-B-32", r"did you mean ViT-B-32@laion2b_s34b_b79k\?"),
        ("nothing", "is not in the list of image models .*; hf-hub:ORGANISATION/MODEL names others"),
        ("hf-hub:nothing", "write it as hf-hub:ORGANISATION/MODEL"),
    ],
)
def test_what_cannot_be_downloaded_says_why(name, words, own_folders):
    with pytest.raises(Exception, match=words) as caught:
        download_model(name, NoRunnerAllowed())
    assert caught.value.known


def test_a_repository_that_is_no_model_of_open_clip_says_so(hub):
    with pytest.raises(NotFoundError, match=r"org/files on .* has no open_clip_config\.json: it is not"):
        fetch_model("hf-hub:org/files")


def test_published_weights_are_found_by_their_tag_after_the_download(hub_with_model, monkeypatch):
    name = "ViT-tiny-test@mine"
    model = ImageModel(name, "Tiny", Use.GENERAL, "", "MIT", 32, HubFiles("org/tiny"))
    monkeypatch.setitem(known.KNOWN, name, model)
    monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, "ViT-tiny-test", CONFIGS["vit"])
    tag = open_clip.pretrained._PRETRAINED["ViT-B-32"]["laion2b_s34b_b79k"] | {"hf_hub": "org/tiny/"}
    monkeypatch.setitem(open_clip.pretrained._PRETRAINED, "ViT-tiny-test", {"mine": tag})
    with pytest.raises(BackboneError, match="have not been downloaded"):
        load_backbone(name, device="cpu")
    fetch_model(name)
    assert state(name) is ModelState.UNCHECKED
    hub_with_model.status = 500
    assert load_backbone(name, device="cpu").embed_dim == 24


def test_a_weights_file_of_the_hub_is_downloaded_by_its_name(hub):
    name = "ViT-B-32@hf-hub:org/files/vit.safetensors"
    download_model(name, Passing())
    assert state(name) is ModelState.READY
    assert remove_model(name) >= 300_000


def test_a_model_whose_texts_need_a_package_is_refused_before_the_weights_come(hub_with_model, monkeypatch):
    document = json.loads(hub_with_model.files["org/tiny"][CONFIG])
    document["model_cfg"]["text_cfg"]["hf_tokenizer_name"] = "org/tiny"
    hub_with_model.files["org/tiny"][CONFIG] = json.dumps(document).encode()
    monkeypatch.setattr(model_files, "is_installed", lambda _: False)
    with pytest.raises(NotFoundError, match=r"needs the package transformers; install it \(pip"):
        fetch_model(NAME)
    assert [name for name, *_ in hub_with_model.seen] == [CONFIG]
    monkeypatch.setattr(model_files, "is_installed", lambda _: True)
    hub_with_model.files["org/tiny"] |= {"tokenizer.json": b"{}", "tokenizer_config.json": b"{}"}
    plan = plan_download(NAME)
    assert [file.name for file in plan.files] == [CONFIG, WEIGHTS, "tokenizer.json", "tokenizer_config.json"]
    fetch_model(NAME)
    missing = [
        try_to_load_from_cache("org/tiny", name) for name in ("config.json", "special_tokens_map.json")
    ]
    assert missing == [_CACHED_NO_EXIST] * 2  # otherwise the tokenizer's library would ask the hub offline


def test_removing_leaves_what_another_known_model_or_program_needs(hub, monkeypatch):
    hub.files["org/files"]["other.safetensors"] = b"other"
    models = [
        ImageModel(name, name, Use.GENERAL, "", "MIT", 32, HubFiles("org/files", (file,)))
        for name, file in (("A@one", "vit.safetensors"), ("B@two", "other.safetensors"))
    ]
    for model in models:
        monkeypatch.setitem(known.KNOWN, model.name, model)
        download_model(model.name, Passing())
    assert remove_model("A@one") == 300_000
    assert (state("A@one"), state("B@two")) == (ModelState.MISSING, ModelState.READY)
    assert remove_model("B@two") == 5
    assert not cache_folder("org/files").exists()


def test_what_cannot_be_removed_says_why(own_folders):
    with pytest.raises(KnownError, match="photo-lite0 is part of the installation and cannot be removed"):
        remove_model("photo-lite0")
    with pytest.raises(KnownError, match="is not a downloaded image model"):
        remove_model("local-dir:/models/mine")


def test_a_project_is_not_created_with_a_model_that_is_not_there(own_folders):
    with pytest.raises(NotFoundError, match=r"not been downloaded; download it first \(tailspotter"):
        checked_model("ViT-B-32@laion2b_s34b_b79k", NoRunnerAllowed())


def test_a_damaged_record_of_checks_counts_as_empty(own_folders):
    checks.checks_path().parent.mkdir()
    for text in ("{", "[]", '{"checks": {"a": {}}}', '{"checks": 3}'):
        checks.checks_path().write_text(text)
        assert passed_checks() == {}


def test_a_failed_download_can_be_repeated(hub_with_model):
    hub_with_model.status = 500
    with pytest.raises(DownloadError, match="try again later"):
        fetch_model(NAME)
    hub_with_model.status = 0
    fetch_model(NAME)


def test_the_list_names_the_repositories_that_open_clip_knows():
    published = [model for model in known.PUBLISHED if "hf-hub:" not in model.name]
    assert len(published) >= 9
    for model in published:
        architecture, tag = model.name.split("@")
        config = open_clip.get_model_config(architecture)
        assert config is not None, model.name
        assert open_clip.get_pretrained_cfg(architecture, tag)["hf_hub"] == f"{model.hub.repository}/"
        assert config["vision_cfg"]["image_size"] == model.image_size
        assert bool(config["text_cfg"].get("hf_tokenizer_name")) is model.hub.tokenizer
        assert model.hub.tokenizer is (model.package == known.TRANSFORMERS)
        if model.hub.tokenizer:
            assert config["text_cfg"]["hf_tokenizer_name"] == model.hub.repository


def test_every_name_in_the_list_is_complete():
    for model in known.PUBLISHED:
        assert model_files.hub_files(model.name) == model.hub
        assert model.title
        assert model.licence
        assert model.description.endswith(".")
