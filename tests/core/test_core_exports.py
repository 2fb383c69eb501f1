import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import cprfl_core

HEAVY = ("torch", "open_clip", "timm", "torchvision", "sklearn", "PySide6", "sqlalchemy")
TORCH_FREE = ("images", "features", "evaluation", "closed_form", "calibration", "live")


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(' '.join(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_the_package_and_its_torch_free_part_import_nothing_heavy():
    names = [
        f"cprfl_core.{package}.{module.name}"
        for package in TORCH_FREE
        for module in pkgutil.iter_modules([str(Path(cprfl_core.__path__[0]) / package)])
    ]
    loaded = modules_after(f"import {', '.join(names)}; from cprfl_core import FeatureStore, open_image")
    assert not loaded.intersection(HEAVY)
    assert "pillow_heif" not in loaded


@pytest.mark.parametrize("name", cprfl_core.__all__)
def test_every_public_name_comes_from_its_module(name):
    module = importlib.import_module(f"cprfl_core.{cprfl_core._MODULES[name]}")
    assert getattr(cprfl_core, name) is getattr(module, name)
    assert name in dir(cprfl_core)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        cprfl_core.Nothing  # noqa: B018
