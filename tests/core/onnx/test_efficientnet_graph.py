"""The graph of a photo model, which is written without torch's exporter."""

from types import SimpleNamespace

import numpy as np
import pytest
import timm
from timm.layers.conv2d_same import Conv2dSame
from torch import nn, zeros

from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.common.errors import DeviceMemoryError, OnnxError
from cprfl_core.features.token_compression import fit_basis, plain_basis
from cprfl_core.onnx import engine_choice
from cprfl_core.onnx import export as onnx_export
from cprfl_core.onnx.efficientnet import _pads, lite_graph
from cprfl_core.onnx.engine_choice import difference, faster_encoder
from cprfl_core.onnx.runtime import OnnxEncoder

HALF = np.full(3, 0.5, np.float32)


@pytest.fixture(scope="module")
def encoder(lite0, tmp_path_factory):
    return engine_choice._exported(lite0, tmp_path_factory.mktemp("graph"))


def noise(backbone, count: int) -> list[np.ndarray]:
    size = (count, 3, backbone.preprocessing.height, backbone.preprocessing.width)
    return list(np.random.default_rng(count).integers(0, 256, size, dtype=np.uint8))


@pytest.mark.parametrize("count", [1, 3])
def test_it_gives_the_features_of_torch(lite0, encoder, count):
    embeddings, tokens = difference(lite0, encoder, noise(lite0, count))
    assert embeddings < 1e-6 and tokens < 1e-4


@pytest.mark.slow
def test_it_gives_the_features_of_torch_for_maps_of_odd_size(tmp_path):
    backbone = load_backbone("photo-lite2", device="cpu")
    embeddings, tokens = difference(backbone, engine_choice._exported(backbone, tmp_path), noise(backbone, 2))
    assert embeddings < 1e-6 and tokens < 1e-4


def test_torchs_exporter_is_not_called(lite0, tmp_path, monkeypatch):
    monkeypatch.setattr(onnx_export, "_write", lambda *_: pytest.fail("torch's exporter was called"))
    onnx_export.export_tower(lite0, tmp_path / "tower.onnx")
    assert (tmp_path / "tower.onnx").stat().st_size > 10_000_000


def test_tokens_are_reduced_as_the_basis_does(lite0, encoder):
    pixels, plain = noise(lite0, 2), plain_basis(lite0.grid, lite0.patch_width)
    whole = lite0.begin(pixels, plain)()[1]
    basis = fit_basis(plain, list(whole), width=5)
    np.testing.assert_allclose(encoder.begin(pixels, basis)()[1], basis.reduce(whole), atol=1e-3)
    assert encoder.begin(pixels, None)()[1] is None


@pytest.mark.parametrize("kernel", [3, 5])
def test_padding_is_that_of_the_layer(kernel):
    for length in range(5, 18):
        for stride in (1, 2):
            for layer in (
                Conv2dSame(1, 1, kernel, stride=stride),
                nn.Conv2d(1, 1, kernel, stride=stride, padding=kernel // 2),
            ):
                pads, size = _pads(layer, (length, length + 1))
                assert size == tuple(layer(zeros(1, 1, length, length + 1)).shape[-2:])
                assert pads[0] <= pads[2] and pads[1] <= pads[3]


def test_a_network_with_other_layers_is_refused():
    for name, words in (("tf_efficientnet_b0", "SiLU|layer se"), ("efficientnet_lite0", None)):
        tower = timm.create_model(name, pretrained=False, num_classes=0).eval()
        if words is None:
            lite_graph(tower, HALF, HALF, (64, 64))
        else:
            with pytest.raises(OnnxError, match=words):
                lite_graph(tower, HALF, HALF, (64, 64))


def test_a_run_of_seconds_is_enough_for_a_trial(lite0, tmp_path, monkeypatch):
    monkeypatch.setattr(
        engine_choice,
        "_seconds_an_image",
        lambda one, _pixels, rounds=3: 0.01 if isinstance(one, OnnxEncoder) else 0.05,
    )
    assert faster_encoder(lite0, tmp_path, 59) == (lite0, "torch: too few images to try another engine")
    assert isinstance(faster_encoder(lite0, tmp_path, 64)[0], OnnxEncoder)


# --- lanes --------------------------------------------------------------------------------------------


def lanes(run, count: int = 2) -> OnnxEncoder:
    return OnnxEncoder(SimpleNamespace(run=run), None, (1, 1), 1, lanes=count)


def test_images_in_lanes_keep_their_order():
    encoder = lanes(lambda pixels: [pixels.mean(axis=(1, 2, 3))[:, None], pixels[:, :1, :1, 0]])
    pixels = [np.full((3, 2, 2), number, np.uint8) for number in range(20)]
    embeddings, tokens = encoder.begin(pixels, plain_basis((1, 1), 1))()
    assert embeddings[:, 0].tolist() == tokens[:, 0, 0].tolist() == list(range(20))
    assert encoder.overlaps and not OnnxEncoder(None, None, (1, 1), 1).overlaps


def test_lack_of_memory_in_a_lane_reaches_the_caller():
    def run(pixels):
        raise DeviceMemoryError("A batch of 1 images does not fit in the memory of cpu.")

    wait = lanes(run).begin([np.zeros((3, 2, 2), np.uint8)], None)
    with pytest.raises(DeviceMemoryError):
        wait()
