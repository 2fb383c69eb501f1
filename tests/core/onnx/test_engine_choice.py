import shutil
from types import SimpleNamespace

import numpy as np
import pytest
from index_doubles import red_images

from cprfl_core.common.errors import OnnxError
from cprfl_core.features.indexing import index_images
from cprfl_core.features.store import FeatureStore
from cprfl_core.onnx import engine_choice as tower_engine
from cprfl_core.onnx.engine_choice import TOLERANCE, faster_encoder
from cprfl_core.onnx.runtime import OnnxEncoder

pytestmark = pytest.mark.slow

MANY = 10**9


@pytest.fixture
def backbone(exported_vit):
    return exported_vit.backbone


@pytest.fixture
def folder(exported_vit, tmp_path):
    """A feature folder whose tower is exported already, for exporting takes seconds."""
    return shutil.copytree(exported_vit.path.parent, tmp_path / "onnx")


def time_engines(monkeypatch, *, torch: float, onnx: float) -> list[str]:
    """Let the engines take so many seconds an image; returns what was timed."""
    timed = []

    def seconds(encoder, pixels, rounds=3):
        timed.append(type(encoder).__name__)
        return onnx if isinstance(encoder, OnnxEncoder) else torch

    monkeypatch.setattr(tower_engine, "_seconds_an_image", seconds)
    return timed


def test_a_short_run_does_not_try_another_engine(backbone, folder, monkeypatch):
    timed = time_engines(monkeypatch, torch=1.0, onnx=0.1)
    assert faster_encoder(backbone, folder, 299) == (backbone, "torch: too few images to try another engine")
    assert timed == ["Backbone"]
    time_engines(monkeypatch, torch=1000.0, onnx=0.1)
    assert faster_encoder(backbone, folder, 63)[0] is backbone
    assert not (folder / "engine.json").exists()


@pytest.mark.parametrize(("onnx", "taken"), [(0.5, OnnxEncoder), (0.97, "torch"), (2.0, "torch")])
def test_the_faster_engine_is_taken_and_remembered(backbone, folder, monkeypatch, onnx, taken):
    timed, trials = time_engines(monkeypatch, torch=1.0, onnx=onnx), []
    encoder, reason = faster_encoder(backbone, folder, 300, on_trial=lambda: trials.append(1))
    assert trials == [1] and timed.count("OnnxEncoder") == 3
    assert encoder is backbone if taken == "torch" else isinstance(encoder, OnnxEncoder)
    assert reason.endswith(f": 1000.0 ms per image with torch, {1000 * onnx:.1f} with onnxruntime")
    timed.clear()
    again, same = faster_encoder(backbone, folder, 1)
    assert (type(again), same, timed) == (type(encoder), reason, [])


def test_another_version_or_number_of_threads_is_measured_again(backbone, folder, monkeypatch):
    timed = time_engines(monkeypatch, torch=1.0, onnx=0.1)
    faster_encoder(backbone, folder, MANY)
    monkeypatch.setattr(tower_engine, "version", lambda name: "99")
    timed.clear()
    faster_encoder(backbone, folder, MANY)
    assert timed.count("OnnxEncoder") == 3


def test_a_failed_export_leaves_the_work_to_torch_and_is_not_tried_again(backbone, tmp_path, monkeypatch):
    time_engines(monkeypatch, torch=1.0, onnx=0.1)
    tried = []

    def fail(*_args):
        tried.append(1)
        raise OnnxError("The graph cannot be exported (odd).")

    monkeypatch.setattr(tower_engine, "export_tower", fail)
    for _ in range(2):
        assert faster_encoder(backbone, tmp_path, MANY) == (
            backbone,
            "torch: The graph cannot be exported (odd).",
        )
    assert tried == [1]


@pytest.mark.parametrize("apart", [(2e-4, 0.0), (0.0, 2e-3), (float("nan"), 0.0)])
def test_a_tower_that_gives_other_features_is_not_used(backbone, folder, monkeypatch, apart):
    time_engines(monkeypatch, torch=1.0, onnx=0.1)
    assert isinstance(faster_encoder(backbone, folder, MANY)[0], OnnxEncoder)
    monkeypatch.setattr(tower_engine, "difference", lambda *_: apart)
    encoder, reason = faster_encoder(backbone, folder, MANY)
    assert encoder is backbone and "differs from torch" in reason


def test_a_damaged_verdict_costs_a_trial(backbone, folder, monkeypatch):
    timed = time_engines(monkeypatch, torch=1.0, onnx=0.1)
    (folder / "engine.json").write_text('{"engine": 3')
    assert isinstance(faster_encoder(backbone, folder, MANY)[0], OnnxEncoder)
    assert "OnnxEncoder" in timed


def test_an_accelerator_computes_with_torch(tmp_path):
    gpu = SimpleNamespace(choice=SimpleNamespace(kind="cuda"), precision="bfloat16", device="cuda:0")
    assert faster_encoder(gpu, tmp_path, MANY) == (gpu, "torch on cuda:0")


def test_features_of_both_engines_may_be_in_one_store(backbone, folder, tmp_path, monkeypatch):
    time_engines(monkeypatch, torch=1.0, onnx=0.1)
    encoder, _ = faster_encoder(backbone, folder, MANY)
    items = red_images(tmp_path / "images", 12)
    stores = [FeatureStore(tmp_path / name, key=backbone.key) for name in ("torch", "onnx")]
    for one, store in zip((backbone, encoder), stores, strict=True):
        index_images(one, items, store, patches="pooled", batch_size=5)
    first, second = (store.embeddings().astype(np.float64) for store in stores)
    cosine = (first * second).sum(1) / np.linalg.norm(first, axis=1) / np.linalg.norm(second, axis=1)
    assert (1.0 - cosine).max() < TOLERANCE
    assert stores[0].basis.key == stores[1].basis.key
    tokens = [store.patch_tokens().batch(np.arange(12)) for store in stores]
    steps = np.abs(tokens[0]).max(axis=-1, keepdims=True) / 127
    # Rounding errors move a value by at most one step of int8.
    assert (np.abs(tokens[0] - tokens[1]) <= 1.02 * steps).all()
    assert index_images(encoder, items, stores[0], patches="pooled").embedded == 0
