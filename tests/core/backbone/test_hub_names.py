"""Names of models and files of the model hub, loaded from its cache without a network."""

import shutil
import socket

import open_clip
import pytest
from huggingface_hub import constants
from tiny_models import CONFIGS, write_model

from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.backbone.names import absolute_name, hub_file, hub_repository, is_path
from cprfl_core.common.device import DeviceChoice
from cprfl_core.common.errors import BackboneError

CPU = DeviceChoice("cpu", "float32", "CPU: test")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
CONFIG = "open_clip_config.json"
WEIGHTS = "open_clip_model.safetensors"


@pytest.fixture
def cache(monkeypatch, tmp_path):
    """``cache(repository, {name: file})`` puts files into an empty cache of the hub; nothing is reached."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("reached for the network"))

    def put(repository, files):
        folder = tmp_path / "hub" / f"models--{repository.replace('/', '--')}"
        (folder / "refs").mkdir(parents=True, exist_ok=True)
        (folder / "refs" / "main").write_text(COMMIT)
        for name, source in files.items():
            target = folder / "snapshots" / COMMIT / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    return put


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("models") / "tiny", CONFIGS["vit"])


def test_a_model_of_the_hub_loads_from_its_cache(cache, tiny):
    cache("org/a.model", {CONFIG: tiny / CONFIG, WEIGHTS: tiny / WEIGHTS})
    found = load_backbone("hf-hub:org/a.model", device=CPU)
    assert found.name == "org-a.model"
    assert found.encode_text([["a cat"]]).shape == (1, 24)
    assert found.preprocessing.mean == (0.5, 0.5, 0.5)


def test_a_weights_file_of_the_hub_loads_for_an_architecture(cache, tiny, monkeypatch):
    monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, "ViT-tiny-test", CONFIGS["vit"])
    cache("org/files", {"ckpt/vit.safetensors": tiny / WEIGHTS})
    found = load_backbone("ViT-tiny-test@hf-hub:org/files/ckpt/vit.safetensors", device=CPU)
    here = load_backbone(f"ViT-tiny-test@{tiny / WEIGHTS}", device=CPU)
    assert found.key == here.key


@pytest.mark.parametrize("name", ["hf-hub:org/model", "ViT-B-32@hf-hub:org/model/weights.pt"])
def test_what_is_not_in_the_cache_is_not_downloaded_unless_asked(cache, name):
    with pytest.raises(BackboneError, match=r"hf-hub:org/model has not been downloaded; allow the download"):
        load_backbone(name, device=CPU)


@pytest.mark.parametrize(
    "name",
    [
        "hf-hub:",
        "hf-hub:model",
        "hf-hub:a/b/c",
        "hf-hub:../x",
        "hf-hub:a/../b",
        "hf-hub:a/b--c",
        "hf-hub:a/b.git",
        "hf-hub:a/" + "b" * 99,
    ],
)
def test_a_name_that_is_no_model_of_the_hub_is_refused(name):
    with pytest.raises(BackboneError, match="write it as hf-hub:ORGANISATION/MODEL"):
        hub_repository(name)


@pytest.mark.parametrize(
    "weights",
    [
        "hf-hub:a/b",
        "hf-hub:a/b/c",
        "hf-hub:a/b/../c.pt",
        "hf-hub:a/b//c.pt",
        "hf-hub:/b/c.pt",
        "hf-hub:a/b..c/d.pt",
        "hf-hub:",
    ],
)
def test_a_name_that_is_no_file_of_the_hub_is_refused(weights):
    with pytest.raises(BackboneError, match="write it as hf-hub:ORGANISATION/MODEL/FILE"):
        hub_file(weights)


def test_names_of_the_hub_do_not_depend_on_the_current_folder():
    for name in ("hf-hub:org/model", "ViT-B-32@hf-hub:org/model/ckpt/weights.pt"):
        assert absolute_name(name) == name
    assert not is_path("hf-hub:org/model/ckpt/weights.pt")
    assert hub_file("hf-hub:org/model/ckpt/weights.pt") == ("org/model", "ckpt/weights.pt")
    assert hub_repository("hf-hub:org/model") == "org/model"


def test_an_architecture_without_weights_names_some_of_its_tags_and_how_many_more_there_are():
    with pytest.raises(
        BackboneError, match=r"published tags \(openai, .* and \d+ more\), as in ViT-B-32@WEIGHTS"
    ):
        load_backbone("ViT-B-32", device=CPU)
