"""Image towers and text features of the benchmark: from files alone, exactly, or refused in a sentence."""

import json

import numpy as np
import pytest
import torch
import torchvision
from safetensors.torch import save_file
from tiny_models import CONFIGS, write_model

from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.benchmark.texts import text_features
from cprfl_core.benchmark.trunks import build_trunk
from cprfl_core.common.errors import BackboneError, DatasetError

NAMES = ("cat", "hair drier")


@pytest.fixture(autouse=True)
def one_thread():
    """Networks this small only wait for each other on many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def resnet():
    torch.manual_seed(5)
    return torchvision.models.resnet18(weights=None).eval()


@pytest.fixture(scope="module")
def vit(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("vit") / "vit", CONFIGS["vit"])


def without_counters(state):
    return {name: tensor for name, tensor in state.items() if "num_batches_tracked" not in name}


def expected_tokens(resnet, images):
    """The feature map that torchvision's own forward pass pools."""
    seen = []
    handle = resnet.layer4.register_forward_hook(lambda _m, _i, output: seen.append(output))
    with torch.no_grad():
        resnet(images)
    handle.remove()
    return seen[0].flatten(2).transpose(1, 2)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["safetensors", "old .pth", "wrapped", "no classifier"])
def test_weights_as_published_give_torchvisions_own_feature_map(resnet, tmp_path, kind):
    state = resnet.state_dict()
    file = tmp_path / ("weights.safetensors" if kind == "safetensors" else "weights.pth")
    if kind == "safetensors":
        save_file(state, file)
    elif kind == "old .pth":
        torch.save(without_counters(state), file, _use_new_zipfile_serialization=False)
    elif kind == "wrapped":
        torch.save({"epoch": 3, "state_dict": {f"module.{k}": v for k, v in state.items()}}, file)
    else:
        torch.save({k: v for k, v in state.items() if not k.startswith("fc.")}, file)
    trunk = build_trunk("resnet18", file, size=64)
    assert (trunk.patches, trunk.width, trunk.size) == (4, 512, 64)
    images = torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        found = trunk.build(0).eval()(images)
    assert torch.equal(found, expected_tokens(resnet, images))
    assert len(trunk.fingerprint) == 12


@pytest.mark.slow
def test_without_weights_a_trunk_depends_on_its_seed_alone():
    trunk = build_trunk("resnet18", size=32)
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first, again, other = (trunk.build(seed).state_dict()["parts.0.weight"] for seed in (0, 0, 1))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)
    assert trunk.fingerprint == "random"


@pytest.mark.slow
def test_the_paper_size_gives_196_tokens_of_width_2048():
    trunk = build_trunk("resnet101")
    assert (trunk.patches, trunk.width, trunk.size) == (196, 2048, 448)
    assert (trunk.mean, trunk.std) == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def damage(file, how, resnet):
    state = dict(resnet.state_dict())
    if how == "not a number":
        state["layer1.0.conv1.weight"] = torch.full_like(state["layer1.0.conv1.weight"], float("nan"))
    if how == "pickle":
        torch.save(resnet, file)
        return
    torch.save(state, file)
    if how == "truncated":
        file.write_bytes(file.read_bytes()[:100_000])
    if how == "text":
        file.write_text("version https://git-lfs.github.com/spec/v1\n")
    if how == "list":
        torch.save([1, 2], file)


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("truncated", "is truncated or damaged"),
        ("pickle", "without running code in it"),
        ("text", "is damaged"),
        ("list", "is not a dictionary of tensors"),
        ("not a number", r"contain NaN or infinite numbers: layer1.0.conv1.weight"),
    ],
)
def test_weights_that_cannot_be_used_are_refused_with_the_reason(resnet, tmp_path, how, told):
    file = tmp_path / "weights.pth"
    damage(file, how, resnet)
    with pytest.raises(BackboneError, match=rf"weights\.pth.*{told}"):
        build_trunk("resnet18", file, size=32)


@pytest.mark.slow
def test_weights_of_another_architecture_are_refused_with_the_first_differences(resnet, tmp_path, make_image):
    file = tmp_path / "weights.safetensors"
    save_file(resnet.state_dict(), file)
    with pytest.raises(
        BackboneError, match=r"not those of a resnet34: layer1.2.conv1.weight is missing, .* more"
    ):
        build_trunk("resnet34", file, size=32)
    state = dict(resnet.state_dict())
    state["conv1.weight"] = state["conv1.weight"][:, :1].contiguous()
    save_file(state, file)
    with pytest.raises(
        BackboneError, match=r"conv1.weight is \[64, 1, 7, 7\] in the file and \[64, 3, 7, 7\]"
    ):
        build_trunk("resnet18", file, size=32)
    with pytest.raises(BackboneError, match=r"not a weights file: use \.safetensors"):
        build_trunk("resnet18", make_image(tmp_path / "x.png"), size=32)


def test_an_open_clip_tower_gives_the_tokens_of_the_backbone_and_learns(vit):
    name = f"local-dir:{vit}"
    backbone = load_backbone(name, device="cpu")
    trunk = build_trunk(name, normalisation="backbone")
    assert (trunk.patches, trunk.width, trunk.size) == (16, 32, 32)
    assert trunk.mean == pytest.approx(backbone.preprocessing.mean)
    assert trunk.std == pytest.approx(backbone.preprocessing.std)
    images = torch.randn(3, 3, 32, 32)
    module = trunk.build(0)
    found = module(images)
    torch.testing.assert_close(found, backbone.encode_images(images)[1])
    found.square().sum().backward()
    assert all(weight.grad is not None for name, weight in module.named_parameters() if "conv1" in name)


def test_an_open_clip_model_encodes_the_papers_sentence_without_normalising(vit):
    name = f"local-dir:{vit}"
    found = text_features(name, NAMES)
    expected = load_backbone(name, device="cpu").raw_text(
        [["a photo of a cat."], ["a photo of a hair drier."]]
    )
    assert torch.equal(found.values, expected)
    assert not np.allclose(found.values.norm(dim=1), 1.0, atol=0.01)


def test_a_size_that_a_tower_cannot_read_is_refused(vit):
    with pytest.raises(BackboneError, match="cannot read images of 48 pixels"):
        build_trunk(f"local-dir:{vit}", size=48)
    with pytest.raises(BackboneError, match="no normalisation 'sepia'"):
        build_trunk("tiny", normalisation="sepia")
    with pytest.raises(BackboneError, match="no image model 'resnet1001'"):
        build_trunk("resnet1001")


def test_text_features_come_from_a_file_row_by_row(tmp_path):
    file = tmp_path / "text.safetensors"
    values = torch.randn(2, 5, dtype=torch.float16)
    save_file(
        {"text_features": values, "other": torch.zeros(1)}, file, metadata={"classes": json.dumps(NAMES)}
    )
    found = text_features(str(file), NAMES)
    assert torch.equal(found.values, values.float())
    save_file({"features": values}, file)
    assert torch.equal(text_features(str(file), NAMES).values, values.float())
    assert text_features(str(file), NAMES).digest == found.digest


@pytest.mark.parametrize(
    ("tensors", "classes", "told"),
    [
        ({"text_features": torch.zeros(3, 4)}, None, r"float32 \[3, 4\]; give .* each of the 2 categories"),
        ({"text_features": torch.zeros(2, 4, dtype=torch.int64)}, None, "torch.int64"),
        ({"a": torch.zeros(2, 4), "b": torch.zeros(2, 4)}, None, "contains a, b; name the text features"),
        ({"text_features": torch.full((2, 4), float("inf"))}, None, "NaN or infinite"),
        (
            {"text_features": torch.zeros(2, 4)},
            '["cat", "dog"]',
            "'dog' in row 1, but the lists have 'hair drier'",
        ),
        ({"text_features": torch.zeros(2, 4)}, '["cat"]', "lists 1 classes, but there are 2"),
        ({"text_features": torch.zeros(2, 4)}, "cat", "'classes' of .* is not a list"),
    ],
)
def test_text_features_that_do_not_match_are_refused(tmp_path, tensors, classes, told):
    file = tmp_path / "text.safetensors"
    save_file(tensors, file, metadata=None if classes is None else {"classes": classes})
    with pytest.raises(DatasetError, match=told):
        text_features(str(file), NAMES)
