"""What takes seconds to make and is used by several modules. Heavy imports wait until it is asked for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class ExportedTower:
    backbone: Any
    path: Path
    weights: str


@pytest.fixture(scope="session")
def exported_vit(tmp_path_factory: pytest.TempPathFactory) -> ExportedTower:
    """A tiny vision transformer, its exported graph and the hash of its weights. Not to be changed."""
    from tiny_models import CONFIGS, write_model

    from cprfl_core.backbone.backbone import load_backbone
    from cprfl_core.onnx.export import export_tower

    root = tmp_path_factory.mktemp("exported")
    backbone = load_backbone(f"local-dir:{write_model(root / 'vit', CONFIGS['vit'])}", device="cpu")
    path = root / "onnx" / "tower.onnx"
    return ExportedTower(backbone, path, export_tower(backbone, path))


@pytest.fixture(scope="session")
def lite0() -> Any:
    """The smaller photo model on the CPU. Not to be changed."""
    from cprfl_core.backbone.backbone import load_backbone
    from cprfl_core.common.device import DeviceChoice

    return load_backbone("photo-lite0", device=DeviceChoice("cpu", "float32", "CPU: test"))
