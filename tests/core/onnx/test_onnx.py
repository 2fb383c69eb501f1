import json
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_models import CONFIGS, write_model

from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.common.errors import DeviceMemoryError, OnnxError
from cprfl_core.features.token_compression import TokenCompression, fit_basis, plain_basis
from cprfl_core.onnx import export as onnx_export
from cprfl_core.onnx import files as onnx_files
from cprfl_core.onnx.engine_choice import TOKEN_TOLERANCE, TOLERANCE, difference
from cprfl_core.onnx.export import export_tower, weights_hash
from cprfl_core.onnx.runtime import OnnxEncoder, OnnxGraph, ProviderChoice, choose_provider

CPU = choose_provider(preferred="cpu")


@pytest.fixture
def vit(exported_vit):
    return exported_vit.backbone, exported_vit.path, exported_vit.weights


def noise(backbone, count: int) -> list[np.ndarray]:
    size = (count, 3, backbone.preprocessing.height, backbone.preprocessing.width)
    return list(np.random.default_rng(count).integers(0, 256, size, dtype=np.uint8))


def encoder_of(backbone, path, weights) -> OnnxEncoder:
    graph = OnnxGraph(path, key=backbone.key, weights=weights, provider=CPU, threads=1)
    return OnnxEncoder(graph, backbone.preprocessing, backbone.grid, backbone.patch_width)


def assert_same_features(backbone, encoder) -> None:
    """For batches of other sizes than the one that was traced, too."""
    for count in (1, 2, 5):
        embeddings, tokens = difference(backbone, encoder, noise(backbone, count))
        # Far below what is allowed in use: these are rounding errors.
        assert embeddings < TOLERANCE / 100 and tokens < TOKEN_TOLERANCE / 10


@pytest.mark.slow
def test_an_exported_transformer_gives_the_features_of_torch(vit):
    assert_same_features(vit[0], encoder_of(*vit))


@pytest.mark.slow
def test_both_engines_reduce_tokens_as_the_basis_does(vit):
    backbone, pixels, width = vit[0], noise(vit[0], 3), vit[0].patch_width
    whole = backbone.begin(pixels, plain_basis(backbone.grid, width, "full"))()[1]
    pooled = TokenCompression(backbone.grid, (3, 2), width)
    for basis in (pooled, fit_basis(pooled, [pooled.pool(tokens) for tokens in whole], width=5)):
        for encoder in (backbone, encoder_of(*vit)):
            embeddings, tokens = encoder.begin(pixels, basis)()
            np.testing.assert_allclose(tokens, basis.reduce(whole), atol=1e-4)
            np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1.0, atol=1e-5)
    assert encoder_of(*vit).begin(pixels, None)()[1] is backbone.begin(pixels, None)()[1] is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet", "timm-own-tower", "timm-swin", "bundled"])
def test_an_exported_tower_gives_the_features_of_torch_and_prints_nothing(name, tmp_path, capfd):
    source = "bundled" if name == "bundled" else f"local-dir:{write_model(tmp_path / 'm', CONFIGS[name])}"
    backbone = load_backbone(source, device="cpu")
    path = tmp_path / "tower.onnx"
    assert_same_features(backbone, encoder_of(backbone, path, export_tower(backbone, path)))
    assert capfd.readouterr().out == ""


@pytest.mark.slow
def test_a_graph_is_exported_once_and_again_for_other_weights(vit, monkeypatch, tmp_path):
    backbone, path, weights = vit
    written = []
    monkeypatch.setattr(onnx_export, "_write", lambda *args: written.append(args[2].write_bytes(b"graph")))
    assert export_tower(backbone, path) == weights and not written
    copy = tmp_path / "tower.onnx"
    assert export_tower(backbone, copy) == weights and len(written) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["tower.json", "tower.onnx"]
    card = json.loads(copy.with_suffix(".json").read_text())
    copy.with_suffix(".json").write_text(json.dumps(card | {"weights": "0" * 32}))
    export_tower(backbone, copy)
    assert len(written) == 2


def test_the_hash_of_weights_sees_every_number():
    layer = torch.nn.Linear(3, 2)
    before = weights_hash(layer)
    assert weights_hash(layer) == before
    with torch.no_grad():
        layer.bias[1] += 1e-6
    assert weights_hash(layer) != before


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ("bytes", "is damaged or was replaced"),
        ("short", "is damaged or was replaced"),
        ("card", "cannot be read"),
        ("no card", "There is no exported graph"),
        ("key", "belongs to other, not to"),
        ("opset", "has another format version"),
    ],
)
def test_a_graph_that_is_not_what_was_exported_is_refused(vit, tmp_path, damage, reason):
    backbone, source, weights = vit
    path = tmp_path / "tower.onnx"
    content = bytearray(source.read_bytes())
    card = json.loads(source.with_suffix(".json").read_text())
    if damage == "bytes":
        content[len(content) // 2] ^= 1
    elif damage == "short":
        del content[-100:]
    path.write_bytes(content)
    changed = {"key": {"key": "other"}, "opset": {"opset": 11}}.get(damage, {})
    if damage != "no card":
        path.with_suffix(".json").write_text("{" if damage == "card" else json.dumps(card | changed))
    with pytest.raises(OnnxError, match=reason):
        OnnxGraph(path, key=backbone.key, weights=weights, provider=CPU)


def test_what_the_exporter_cannot_take_is_an_error_with_its_reason(vit, tmp_path, monkeypatch, capsys):
    def fail(*_args, **_options):
        sys.stdout.write("a diagnosis that must not reach the protocol")
        raise RuntimeError("no decomposition of aten::odd\nand a long tail")

    monkeypatch.setattr(torch.onnx, "export", fail)
    with pytest.raises(OnnxError, match=r"cannot be exported .*no decomposition of aten::odd\)"):
        export_tower(vit[0], tmp_path / "tower.onnx")
    monkeypatch.setattr(onnx_export, "_LARGEST", 100)
    with pytest.raises(OnnxError, match="do not fit into one graph"):
        export_tower(vit[0], tmp_path / "tower.onnx")
    assert list(tmp_path.iterdir()) == [] and capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("available", "device", "words"),
    [
        (["CPUExecutionProvider"], "cpu", "no provider for a graphics card"),
        (["AzureExecutionProvider", "CPUExecutionProvider"], "cpu", "no provider for a graphics card"),
        (["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"], "cuda", "NVIDIA"),
        (["CoreMLExecutionProvider", "CPUExecutionProvider"], "coreml", "Core ML"),
        (["CPUExecutionProvider", "DmlExecutionProvider"], "directml", "DirectML"),
    ],
)
def test_the_provider_follows_what_the_machine_offers(available, device, words):
    choice = choose_provider(available)
    assert (choice.device, words in choice.reason) == (device, True)
    assert choose_provider(available, "cpu").device == "cpu"


def test_a_missing_provider_is_refused():
    with pytest.raises(OnnxError, match=r"no provider 'cuda'; it has cpu"):
        choose_provider(["CPUExecutionProvider"], "cuda")
    with pytest.raises(OnnxError, match="no supported provider"):
        choose_provider(["OddExecutionProvider"])


def test_without_onnxruntime_there_is_a_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(OnnxError, match="onnxruntime cannot be used"):
        choose_provider()


def test_a_provider_that_fails_is_replaced_by_the_cpu(vit):
    backbone, path, weights = vit
    odd = ProviderChoice("OddExecutionProvider", "odd", "onnxruntime on an odd device")
    graph = OnnxGraph(path, key=backbone.key, weights=weights, provider=odd, threads=1)
    assert graph.provider.device == "cpu"
    assert "odd device failed" in graph.provider.reason and "using the CPU" in graph.provider.reason
    assert len(graph.run(pixels=np.stack(noise(backbone, 1)))) == 2


def test_a_file_that_is_not_a_graph_is_refused(tmp_path):
    path = tmp_path / "a.onnx"
    path.write_bytes(b"nonsense")
    onnx_files.write_card(path, "k", "w")
    with pytest.raises(OnnxError, match="onnxruntime cannot load"):
        OnnxGraph(path, key="k", weights="w", provider=CPU)


def test_running_out_of_memory_is_the_same_error_as_with_torch(vit):
    graph = OnnxGraph(vit[1], key=vit[0].key, weights=vit[2], provider=CPU, threads=1)

    class Full:
        def run(self, _outputs, _inputs):
            raise RuntimeError("BFCArena: Failed to allocate memory for requested buffer of size 8")

    graph._session = Full()
    with pytest.raises(DeviceMemoryError, match="A batch of 4 images does not fit"):
        graph.run(pixels=np.zeros((4, 3, 2, 2), np.uint8))
    with pytest.raises(OnnxError, match="onnxruntime failed"):
        encoder_of(*vit).graph.run(pixels=np.zeros((4, 3, 2, 2), np.uint8))


def test_only_a_tower_in_float32_on_the_processor_is_exported(vit, monkeypatch):
    monkeypatch.setattr(type(vit[0]), "precision", "bfloat16")
    with pytest.raises(OnnxError, match="load it on the CPU"):
        export_tower(vit[0], Path("nowhere.onnx"))
