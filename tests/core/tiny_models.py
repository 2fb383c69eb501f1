"""Tiny open_clip models with random weights, written as model folders that load_backbone reads."""

import json
from pathlib import Path
from typing import Any

import open_clip
import torch
from safetensors.torch import save_file
from timm.models import is_model, register_model
from timm.models.swin_transformer import SwinTransformer

from cprfl_core.backbone import bundled as bundled_tower

TEXT = {"context_length": 12, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1}
VIT = {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8}
EMBED_DIM = 24


def timm_config(name: str, image_size: int, pool: str, **extra: Any) -> dict[str, Any]:
    vision = {"timm_model_name": name, "timm_pool": pool, "timm_proj": "linear", "image_size": image_size}
    return {"embed_dim": EMBED_DIM, "vision_cfg": vision | extra, "text_cfg": TEXT}


def vit_config(custom_text: bool = False, **vision: Any) -> dict[str, Any]:
    config = {"embed_dim": EMBED_DIM, "vision_cfg": VIT | vision, "text_cfg": TEXT}
    return config | ({"custom_text": True} if custom_text else {})


CONFIGS: dict[str, dict[str, Any]] = {
    "vit": vit_config(),
    "vit-custom-text": vit_config(custom_text=True),
    "vit-not-square": vit_config(image_size=[24, 40]),
    "vit-average": vit_config(pool_type="avg", final_ln_after_pool=True, no_ln_pre=True),
    "vit-attention-pool": vit_config(attentional_pool=True, attn_pooler_queries=4, attn_pooler_heads=2),
    "resnet": {
        "embed_dim": EMBED_DIM,
        "vision_cfg": {"image_size": 64, "layers": [1, 1, 1, 1], "width": 8, "patch_size": None},
        "text_cfg": TEXT,
    },
    "timm-vit": timm_config("test_vit", 160, "token"),
    "timm-convnext": timm_config("test_convnext", 96, "avg"),
    "timm-own-tower": timm_config("tailspotter_resnet_s16", 64, "rot_attn", timm_proj=""),
    "timm-swin": timm_config("tailspotter_test_swin", 64, ""),
}
GRIDS = {
    "vit": (4, 4),
    "vit-custom-text": (4, 4),
    "vit-not-square": (3, 5),
    "vit-average": (4, 4),
    "vit-attention-pool": (4, 4),
    "resnet": (2, 2),
    "timm-vit": (10, 10),
    "timm-convnext": (3, 3),
    "timm-own-tower": (4, 4),
    "timm-swin": (8, 8),
}


def _tiny_swin(pretrained: bool = False, **_kwargs: object) -> SwinTransformer:
    model = SwinTransformer(
        img_size=64, patch_size=4, embed_dim=8, depths=(1, 1), num_heads=(1, 2), window_size=4, num_classes=0
    )
    model.default_cfg = model.pretrained_cfg = {"pool_size": (8, 8), "input_size": (3, 64, 64)}
    return model


def register_tiny_swin() -> None:
    _tiny_swin.__name__ = "tailspotter_test_swin"
    if not is_model("tailspotter_test_swin"):
        register_model(_tiny_swin)


def write_model(folder: Path, config: dict[str, Any], *, preprocess: dict[str, Any] | None = None) -> Path:
    """A model folder with random weights that give embeddings which differ from image to image."""
    folder.mkdir(parents=True, exist_ok=True)
    preprocess = preprocess or {"mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}
    document = {"model_cfg": config, "preprocess_cfg": preprocess}
    (folder / "open_clip_config.json").write_text(json.dumps(document))
    register_tiny_swin()
    bundled_tower.register()
    torch.manual_seed(0)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    state = model.state_dict()
    for name, tensor in state.items():
        # open_clip starts the last norm of each residual block at zero, which would silence the block.
        if name.endswith("bn3.weight"):
            tensor.fill_(0.5)
    save_file(
        {name: tensor.contiguous() for name, tensor in state.items()}, folder / "open_clip_model.safetensors"
    )
    return folder
