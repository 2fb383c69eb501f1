import numpy as np
import pytest
import torch
from tiny_models import CONFIGS, write_model

from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.backbone.checking import measured_rate, require_usable
from cprfl_core.common.device import DeviceChoice
from cprfl_core.common.errors import BackboneError
from cprfl_core.images.preprocessing import Preprocessing

CPU = DeviceChoice("cpu", "float32", "CPU: test")


class Broken:
    """A backbone whose features are these."""

    name, embed_dim, preprocessing = "broken", 4, Preprocessing(8)

    def __init__(self, features):
        self.features = features

    def begin(self, pixels, basis):
        return lambda: (self.features(len(pixels)), None)


def test_a_model_that_works_has_a_speed(tmp_path):
    model = load_backbone(f"local-dir:{write_model(tmp_path / 'm', CONFIGS['vit'])}", device=CPU)
    require_usable(model)
    calls = []
    begin = model.begin
    model.begin = lambda *arguments: calls.append(1) or begin(*arguments)
    assert measured_rate(model, seconds=0.05) > 0
    assert len(calls) >= 2


@pytest.mark.parametrize(
    ("features", "words"),
    [
        (lambda n: np.full((n, 4), np.nan), "are not finite"),
        (lambda n: np.ones((n, 5)), r"have the shape \[8, 5\] and not \[8, 4\]"),
        (lambda n: np.ones((n, 4)), "are the same for every image"),
    ],
)
def test_useless_features_are_a_sentence(features, words):
    with pytest.raises(BackboneError, match=f"Image features of broken {words}; its weights are damaged"):
        require_usable(Broken(features))


def test_weights_that_are_not_finite_are_found(tmp_path):
    folder = write_model(tmp_path / "m", CONFIGS["vit"])
    model = load_backbone(f"local-dir:{folder}", device=CPU)
    with torch.no_grad():
        model._tower.proj.fill_(float("nan"))
    with pytest.raises(BackboneError, match="are not finite"):
        require_usable(model)
