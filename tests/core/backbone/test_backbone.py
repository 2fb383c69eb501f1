import json
import logging
import os
import pickle
import socket

import numpy as np
import open_clip
import pytest
import torch
import torch.nn.functional as F
from bad_images import picture
from safetensors.torch import load_file, save_file
from tiny_models import CONFIGS, EMBED_DIM, GRIDS, vit_config, write_model

from cprfl_core.backbone import architectures, towers
from cprfl_core.backbone import prompts as prompts_module
from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.common.device import DeviceChoice
from cprfl_core.common.errors import BackboneError, DeviceError, DeviceMemoryError, InputError
from cprfl_core.features.indexing import ImageItem, index_images
from cprfl_core.features.store import FeatureStore

CPU = DeviceChoice("cpu", "float32", "CPU: test")


@pytest.fixture(scope="session", autouse=True)
def two_threads():
    torch.set_num_threads(2)


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("models")
    made = {}

    def folder(name: str):
        if name not in made:
            made[name] = write_model(root / name, CONFIGS[name])
        return made[name]

    return folder


@pytest.fixture(scope="session")
def load(folders):
    loaded = {}

    def get(name: str):
        if name not in loaded:
            loaded[name] = load_backbone(f"local-dir:{folders(name)}", device=CPU)
        return loaded[name]

    return get


def images_for(model, count: int = 3) -> torch.Tensor:
    shape = (count, 3, model.preprocessing.height, model.preprocessing.width)
    return torch.randn(shape, generator=torch.Generator().manual_seed(1))


def reference(folder, images: torch.Tensor) -> torch.Tensor:
    """What open_clip itself gives for a model folder."""
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=True).eval()
    with torch.no_grad():
        return model.encode_image(images, normalize=True)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CONFIGS))
def test_every_tower_gives_a_patch_grid_and_open_clips_own_embedding(name, load, folders):
    model = load(name)
    images = images_for(model)
    embeddings, patches = model.encode_images(images)
    assert model.grid == GRIDS[name]
    assert patches.shape == (3, GRIDS[name][0] * GRIDS[name][1], model.patch_width)
    assert embeddings.shape == (3, EMBED_DIM) == (3, model.embed_dim)
    assert embeddings.dtype == patches.dtype == torch.float32
    assert embeddings.norm(dim=1) == pytest.approx(1.0, abs=1e-5)
    assert (embeddings - reference(folders(name), images)).abs().max() < 1e-5
    assert (embeddings[0] - embeddings[1]).abs().max() > 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("name", list(CONFIGS))
def test_a_change_in_one_corner_shows_most_in_the_patches_of_that_corner(name, load):
    model = load(name)
    images = images_for(model, 1)
    changed = images.clone()
    rows, columns = model.grid
    changed[..., -model.preprocessing.height // rows :, -model.preprocessing.width // columns :] += 3.0
    difference = (model.encode_images(changed)[1] - model.encode_images(images)[1]).norm(dim=-1)
    row, column = divmod(int(difference.argmax()), columns)
    assert row >= rows // 2
    assert column >= columns // 2


def test_vit_tokens_are_those_the_class_token_is_pooled_with(load):
    model = load("vit")
    visual = model._tower
    images = images_for(model)
    with torch.no_grad():
        tokens = visual.ln_post(visual.transformer(visual._embeds(images)))
    assert (model.encode_images(images)[1] - tokens[:, 1:]).abs().max() < 1e-5


def test_the_trunk_runs_once_for_both_outputs(load, monkeypatch):
    model = load("resnet")
    calls = []
    model._tower.layer4.register_forward_hook(lambda *_: calls.append(1))
    model.encode_images(images_for(model))
    assert calls == [1]


def test_a_tower_of_an_unknown_class_is_read_through_hooks():
    class Convolutional(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.body = torch.nn.Sequential(torch.nn.Conv2d(3, 5, 4, 4), torch.nn.ReLU())
            self.head = torch.nn.Linear(5, 7)

        def forward(self, x):
            return self.head(self.body(x).mean(dim=(2, 3)))

    class Sequence(torch.nn.Module):
        def __init__(self, prefix: int):
            super().__init__()
            self.prefix = prefix
            self.embed = torch.nn.Conv2d(3, 5, 4, 4)
            self.norm = torch.nn.LayerNorm(5)

        def forward(self, x):
            tokens = self.embed(x).flatten(2).transpose(1, 2)
            return self.norm(torch.cat([tokens[:, : self.prefix], tokens], dim=1)).mean(dim=1)

    images = torch.randn(2, 3, 24, 16)
    for tower in (Convolutional(), Sequence(0), Sequence(1)):
        extract = towers.find_extractor(tower, images)
        pooled, tokens, grid = extract(tower, images)
        assert extract is towers.from_hooks
        assert grid == (6, 4)
        assert tokens.shape == (2, 24, 5)
        assert torch.equal(pooled, tower(images))
        assert not any(module._forward_hooks for module in tower.modules())


def test_a_tower_without_patches_is_refused():
    tower = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(3 * 64, 4))
    with pytest.raises(ValueError, match="no patch grid found in a Sequential"):
        towers.find_extractor(tower, torch.randn(2, 3, 8, 8))


@pytest.mark.parametrize("name", ["vit", "vit-custom-text"])
def test_text_features_are_the_normalised_mean_of_normalised_prompts(name, load):
    model = load(name)
    prompts = [["a photo of a cat", "a cat"], ["a dog"]]
    tokens = open_clip.SimpleTokenizer(context_length=12)
    with torch.no_grad():
        raw = model._text._model.encode_text(tokens(["a photo of a cat", "a cat", "a dog"]))
    unit = F.normalize(raw, dim=-1)
    expected = F.normalize(torch.stack([unit[:2].mean(0), unit[2]]), dim=-1)
    assert (model.encode_text(prompts) - expected).abs().max() < 1e-6
    assert (model.raw_text(prompts) - torch.stack([raw[:2].mean(0), raw[2]])).abs().max() < 1e-6
    assert model.encode_text([]).shape == (0, EMBED_DIM)


def test_many_prompts_are_encoded_in_parts_with_the_same_result(load, monkeypatch):
    model = load("vit")
    prompts = [[f"photo {n}", f"picture {n}"] for n in range(5)]
    whole = model.encode_text(prompts)
    monkeypatch.setattr(prompts_module, "_BATCH", 3)
    assert (model.encode_text(prompts) - whole).abs().max() < 1e-6


@pytest.mark.parametrize("prompts", [[["a cat"], []], ["a cat"]])
def test_a_category_without_a_list_of_prompts_is_an_input_error(prompts, load):
    with pytest.raises(InputError, match=r"Category \d needs a list"):
        load("vit").encode_text(prompts)


def test_pixels_embed_as_the_normalised_floats_do(load):
    model = load("vit-not-square")
    pixels = np.random.default_rng(0).integers(0, 256, (2, 3, 24, 40), dtype=np.uint8)
    expected, _ = model.encode_images(torch.from_numpy(model.preprocessing.normalise(pixels)))
    found, _ = model.begin(list(pixels), None)()
    assert found.dtype == np.float32
    assert np.abs(found - expected.numpy()).max() < 1e-5


def test_features_may_enter_training(load):
    embeddings, patches = load("vit").encode_images(images_for(load("vit")))
    layer = torch.nn.Linear(patches.shape[-1], 1)
    (layer(patches).sum() + embeddings.sum()).backward()
    assert layer.weight.grad is not None


def test_preprocessing_comes_from_the_model_and_shows_the_whole_image(tmp_path):
    write_model(
        tmp_path / "m",
        vit_config(image_size=[24, 40]),
        preprocess={"mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6], "interpolation": "bilinear"},
    )
    found = load_backbone(f"local-dir:{tmp_path / 'm'}", device=CPU).preprocessing
    assert (found.height, found.width, found.mode, found.interpolation) == (24, 40, "squash", "bilinear")
    assert (found.mean, found.std) == ((0.1, 0.2, 0.3), (0.4, 0.5, 0.6))


@pytest.mark.slow
def test_the_key_is_a_folder_name_and_follows_weights_configuration_and_preprocessing(tmp_path):
    folder = write_model(tmp_path / "my model (ä)", vit_config())
    name = f"local-dir:{folder}"
    first = load_backbone(name, device=CPU)
    assert first.key == load_backbone(name, device=CPU).key
    assert first.key.startswith("my_model-")
    assert first.key.endswith(first.preprocessing.key())
    assert all(char.isalnum() or char in "-._" for char in first.key)
    keys = {first.key, load_backbone(name, device=CPU, mode="pad").key}
    config = json.loads((folder / "open_clip_config.json").read_text())
    config["model_cfg"]["quick_gelu"] = True
    (folder / "open_clip_config.json").write_text(json.dumps(config))
    keys.add(load_backbone(name, device=CPU).key)
    state = load_file(folder / "open_clip_model.safetensors")
    state["visual.proj"][0, 0] += 1
    save_file(state, folder / "open_clip_model.safetensors")
    keys.add(load_backbone(name, device=CPU).key)
    assert len(keys) == 4


def test_the_same_weights_load_from_each_kind_of_file(folders, tmp_path):
    folder = folders("vit")
    state = load_file(folder / "open_clip_model.safetensors")
    expected = load_backbone(f"local-dir:{folder}", device=CPU)
    images = images_for(expected)
    half = {name: value.half() if value.is_floating_point() else value for name, value in state.items()}
    torch.save(state, tmp_path / "plain.pt")
    torch.save(
        {"state_dict": {f"module.{name}": value for name, value in state.items()}}, tmp_path / "nested.bin"
    )
    save_file(half, tmp_path / "half.safetensors")
    for file, tolerance in (("plain.pt", 1e-6), ("nested.bin", 1e-6), ("half.safetensors", 2e-2)):
        found = load_backbone(f"local-dir:{folder}", weights=tmp_path / file, device=CPU)
        difference = (found.encode_images(images)[0] - expected.encode_images(images)[0]).abs().max()
        assert difference < tolerance
        assert found.key != expected.key


def test_an_architecture_of_open_clip_loads_by_name_with_a_weights_file(folders, monkeypatch):
    # ViT-B-32 itself is in the slow tests; here open_clip knows a tiny architecture under a name.
    monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, "ViT-tiny-test", CONFIGS["vit"])
    file = folders("vit") / "open_clip_model.safetensors"
    found = load_backbone("ViT-tiny-test", weights=file, device=CPU)
    assert found.name == "ViT-tiny-test"
    assert found.key.startswith("ViT-tiny-test-")
    assert load_backbone(f"ViT-tiny-test@{file}", device=CPU).key == found.key
    assert found.preprocessing.mean == pytest.approx((0.48145466, 0.4578275, 0.40821073))


def test_a_file_for_an_architecture_takes_the_colours_that_all_its_published_weights_share():
    shared = architectures._common_preprocess(
        "ViT-B-16-SigLIP", open_clip.list_pretrained_tags_by_model("ViT-B-16-SigLIP")
    )
    assert tuple(shared["mean"]) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ViT-B32", r"There is no image model 'ViT-B32'; did you mean ViT-B-32"),
        ("zzzz", r"There is no image model 'zzzz'; use photo-lite2, photo-lite0, bundled, .*ViT-B-32@FILE"),
        ("hf-hub:org/model", r"The model hf-hub:org/model has not been downloaded; allow the download"),
        ("ViT-B-32", r"ViT-B-32 needs weights: give a weights file, or one of its published tags \(openai"),
        (
            "ViT-B-32@nothing.safetensors",
            r"nothing\.safetensors does not exist \(relative to .*\); give a weights file, or one of its "
            r"published tags \(openai, [^,]*, [^,]*, [^,]* and \d+ more\), as in ViT-B-32@WEIGHTS\.$",
        ),
        ("ViT-B-32@", "ViT-B-32 needs weights"),
        ("photo-lite1", r"There is no image model 'photo-lite1'; did you mean photo-lite[02]"),
        ("bundeld", r"There is no image model 'bundeld'; did you mean bundled"),
        ("local-dir:/no/such/folder", r"The model folder /no/such/folder does not exist"),
        ("local-dir:~nosuchperson", r"The model folder ~nosuchperson does not exist"),
        (f"local-dir:{'x' * 5000}", "cannot be read: File name too long"),
    ],
)
def test_an_unknown_name_is_refused_with_suggestions(name, words):
    with pytest.raises(BackboneError, match=words):
        load_backbone(name, device=CPU)


def test_nothing_is_downloaded_unless_asked(monkeypatch, tmp_path):
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("reached for the network"))
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(
        BackboneError, match=r"'openai' of ViT-B-32 have not been downloaded; allow the download"
    ):
        load_backbone("ViT-B-32", weights="openai", device=CPU)
    file = tmp_path / "x.safetensors"
    save_file({"a": torch.zeros(1)}, file)
    for name in ("ViT-B-16-SigLIP", "roberta-ViT-B-32"):
        with pytest.raises(BackboneError, match=r"transformers|network|cannot be built"):
            load_backbone(name, weights=file, device=CPU)


def test_a_failed_download_is_a_sentence(monkeypatch):
    from cprfl_core.backbone import pretrained

    def fail(_config):
        raise OSError("no route to host")

    monkeypatch.setattr(pretrained, "download_pretrained", fail)
    monkeypatch.setattr(pretrained, "_cached", lambda _config: None)
    with pytest.raises(BackboneError, match=r"could not be downloaded \(no route to host\)"):
        load_backbone("ViT-B-32", weights="openai", device=CPU, allow_download=True)


def test_a_tower_from_the_network_is_refused(tmp_path):
    config = json.loads(json.dumps(CONFIGS["timm-vit"]))
    config["vision_cfg"]["timm_model_name"] = "hf-hub:someone/something"
    folder = tmp_path / "m"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": config}))
    save_file({"a": torch.zeros(1)}, folder / "model.safetensors")
    with pytest.raises(BackboneError, match="downloads its image tower; allow the download"):
        load_backbone(f"local-dir:{folder}", device=CPU)


def test_faults_of_a_model_folder_are_explained(folders, tmp_path):
    with pytest.raises(BackboneError, match="has no open_clip_config"):
        load_backbone(f"local-dir:{tmp_path}", device=CPU)
    config = tmp_path / "open_clip_config.json"
    config.write_text("{")
    with pytest.raises(BackboneError, match="cannot be read"):
        load_backbone(f"local-dir:{tmp_path}", device=CPU)
    config.write_text(json.dumps({"model_cfg": {"embed_dim": 4, "vision_cfg": {}}}))
    with pytest.raises(BackboneError, match=r"model_cfg\.text_cfg .* is missing or not an object"):
        load_backbone(f"local-dir:{tmp_path}", device=CPU)
    config.write_text(json.dumps({"model_cfg": CONFIGS["vit"]}))
    with pytest.raises(
        BackboneError, match="should hold one safetensors file with the weights, but holds none"
    ):
        load_backbone(f"local-dir:{tmp_path}", device=CPU)
    save_file({"a": torch.zeros(1)}, tmp_path / "model.safetensors")
    for odd in ({"vision_cfg": []}, {"text_cfg": "short"}, {"embed_dim": "4"}):
        config.write_text(json.dumps({"model_cfg": CONFIGS["vit"] | odd}))
        with pytest.raises(BackboneError, match=r"model_cfg.* is missing or not an object"):
            load_backbone(f"local-dir:{tmp_path}", device=CPU)
    (tmp_path / "config.json").write_text("{}")
    config.rename(tmp_path / "away")
    with pytest.raises(BackboneError, match=r"config\.json is for the transformers library"):
        load_backbone(f"local-dir:{tmp_path}", device=CPU)
    config.write_text(json.dumps({"model_cfg": vit_config(pool_type="somehow")}))
    with pytest.raises(BackboneError, match="cannot be built"):
        load_backbone(f"local-dir:{tmp_path}", device=CPU)


def test_faults_of_a_weights_file_are_explained(folders, tmp_path):
    folder = folders("vit")
    whole = (folder / "open_clip_model.safetensors").read_bytes()

    def message(name: str, data: bytes) -> str:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BackboneError) as raised:
            load_backbone(f"local-dir:{folder}", weights=tmp_path / name, device=CPU)
        assert name in str(raised.value)
        return str(raised.value)

    assert "truncated or damaged" in message("half.safetensors", whole[: len(whole) // 2])
    assert "truncated or damaged" in message("noise.safetensors", b"a" + os.urandom(2000))
    assert "is empty" in message("empty.safetensors", b"")
    assert "is empty" in message("empty.pt", b"")
    assert "is a web page" in message("page.safetensors", b"\n<!DOCTYPE html><html>log in</html>")
    assert "is a web page" in message("page.bin", b"<html>404</html>")
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    assert "'git lfs pull'" in message("pointer.safetensors", pointer)
    assert "is a safetensors file" in message("renamed.pt", whole)
    assert "is not a PyTorch file" in message("text.pt", b"hello, these are no weights")
    torch.save({"a": torch.zeros(2)}, tmp_path / "renamed.safetensors")
    renamed = (tmp_path / "renamed.safetensors").read_bytes()
    assert "is a PyTorch file" in message("renamed.safetensors", renamed)
    save_file({"text_model.embeddings.position_ids": torch.zeros(1)}, tmp_path / "hf.safetensors")
    hugging = message("hf.safetensors", (tmp_path / "hf.safetensors").read_bytes())
    assert "are for the transformers library" in hugging and "open_clip_model.safetensors" in hugging
    (tmp_path / "inner.safetensors").mkdir()
    with pytest.raises(BackboneError, match="is a folder; give a weights file in it"):
        load_backbone(f"local-dir:{folder}", weights=tmp_path / "inner.safetensors", device=CPU)
    assert "truncated or damaged" in message("noise.pt", b"PK\x03\x04" + os.urandom(500))
    assert "is not a weights file" in message("weights.npz", whole)
    torch.save([torch.zeros(2)], tmp_path / "list.pt")
    assert "is not a dictionary of tensors" in message("list.pt", (tmp_path / "list.pt").read_bytes())


@pytest.mark.parametrize(
    ("part", "words"),
    [("visual.proj", "its output is not finite"), ("text_projection", "not finite or differ")],
)
def test_weights_that_give_no_numbers_are_refused(folders, tmp_path, part, words):
    folder = folders("vit")
    state = load_file(folder / "open_clip_model.safetensors")
    state[part] = torch.full_like(state[part], float("nan"))
    save_file(state, tmp_path / "nan.safetensors")
    with pytest.raises(BackboneError, match=words):
        load_backbone(f"local-dir:{folder}", weights=tmp_path / "nan.safetensors", device=CPU)


@pytest.mark.parametrize("odd", [[1], {"mean": "grey"}, {"mean": [0.5]}, {"std": [1, "a", 2]}])
def test_invalid_preprocessing_is_refused(folders, tmp_path, odd):
    folder = tmp_path / "odd"
    write_model(folder, CONFIGS["vit"])
    path = folder / "open_clip_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"preprocess_cfg": odd}))
    with pytest.raises(BackboneError, match="preprocess_cfg"):
        load_backbone(f"local-dir:{folder}", device=CPU)


def test_a_pickle_that_wants_to_run_code_is_refused_and_not_run(folders, tmp_path):
    marker = tmp_path / "ran"

    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(marker),)

    (tmp_path / "evil.pt").write_bytes(pickle.dumps({"state_dict": Evil()}))
    torch.save({"state_dict": Evil()}, tmp_path / "evil.bin")
    for name in ("evil.pt", "evil.bin"):
        with pytest.raises(BackboneError, match="without running code in it, which is refused"):
            load_backbone(f"local-dir:{folders('vit')}", weights=tmp_path / name, device=CPU)
    assert not marker.exists()


def test_weights_of_another_architecture_are_refused_with_names_and_shapes(folders):
    other = folders("vit-not-square") / "open_clip_model.safetensors"
    wide = vit_config(width=48, head_width=16)
    for config, words in (
        (wide, r"visual\.\S+ is \[.*32.*\] in the file and \[.*48.*\] in the model.* and \d+ more"),
        (CONFIGS["resnet"], r"do not fit m: .*is missing"),
    ):
        folder = write_model(other.parent.parent / "wrong" / "m", config)
        with pytest.raises(BackboneError, match=words):
            load_backbone(f"local-dir:{folder}", weights=other, device=CPU)


def test_weights_that_are_not_numbers_are_refused(folders, tmp_path):
    state = load_file(folders("vit") / "open_clip_model.safetensors")
    state["visual.proj"].fill_(float("nan"))
    save_file(state, tmp_path / "nan.safetensors")
    with pytest.raises(BackboneError, match="its output is not finite, so its weights are damaged"):
        load_backbone(f"local-dir:{folders('vit')}", weights=tmp_path / "nan.safetensors", device=CPU)


def test_the_bundled_backbone_is_a_folder_like_any_other(folders, monkeypatch):
    monkeypatch.setattr(architectures, "BUNDLED_FOLDER", folders("vit"))
    found = load_backbone("bundled", device=CPU)
    assert found.name == "bundled"
    assert found.key.startswith("bundled-")


def test_an_installation_without_the_bundled_backbone_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(architectures, "BUNDLED_FOLDER", tmp_path / "absent")
    with pytest.raises(BackboneError, match="no bundled backbone"):
        load_backbone("bundled", device=CPU)


def test_an_unusable_device_is_reported_before_anything_is_read():
    with pytest.raises(DeviceError, match="There is no device 'abacus'"):
        load_backbone("ViT-B-32", device="abacus")


def test_low_precision_is_used_where_asked_and_stays_close(load, folders):
    low = load_backbone(f"local-dir:{folders('vit')}", device=DeviceChoice("cpu", "bfloat16", "test"))
    images = images_for(low)
    embeddings, patches = low.encode_images(images)
    assert low.precision == "bfloat16"
    assert embeddings.dtype == patches.dtype == torch.float32
    difference = (embeddings - load("vit").encode_images(images)[0]).abs().max()
    assert 0 < difference < 0.05


def test_a_model_that_overflows_in_half_precision_falls_back_to_float32(folders, tmp_path):
    state = load_file(folders("vit") / "open_clip_model.safetensors")
    state["visual.transformer.resblocks.0.mlp.c_fc.weight"] *= 1e4
    state["visual.transformer.resblocks.0.mlp.c_proj.weight"] *= 1e4
    save_file(state, tmp_path / "loud.safetensors")
    choice = DeviceChoice("cpu", "float16", "CPU: test")
    found = load_backbone(f"local-dir:{folders('vit')}", weights=tmp_path / "loud.safetensors", device=choice)
    assert found.precision == "float32"
    assert found.choice.reason == "CPU: test, but float32 because vit overflows in float16"
    assert found.encode_images(images_for(found))[0].isfinite().all()


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory."),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_a_batch_too_large_for_the_device_is_a_known_error(load, monkeypatch, error):
    model = load("vit")

    def overflow(_images):
        raise error

    monkeypatch.setattr(model, "_forward", overflow)
    with pytest.raises(DeviceMemoryError, match="A batch of 3 images does not fit in the memory of cpu"):
        model.encode_images(torch.zeros(3, 3, 32, 32))
    error = RuntimeError("some bug")
    with pytest.raises(RuntimeError, match="some bug"):
        model.encode_images(torch.zeros(3, 3, 32, 32))


def test_loading_leaves_the_programs_logging_as_it_was(folders, monkeypatch, capfd):
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    load_backbone(f"local-dir:{folders('vit')}", device=CPU)
    assert root.handlers == root.filters == []
    assert capfd.readouterr() == ("", "")


def test_a_real_model_indexes_images_as_it_embeds_them(load, tmp_path):
    model = load("vit")
    shown = [picture(64, 48), picture(48, 64).rotate(90)]
    items = []
    for number, image in enumerate(shown):
        image.save(tmp_path / f"{number}.png")
        items.append(ImageItem(number, tmp_path / f"{number}.png", 1))
    store = FeatureStore(tmp_path / "features", key=model.key)
    assert index_images(model, items, store).embedded == 2
    pixels = [model.preprocessing.to_uint8(image) for image in shown]
    assert np.abs(store.embeddings() - model.begin(pixels, None)()[0]).max() < 1e-3


@pytest.mark.skipif(not architectures.BUNDLED_FOLDER.is_dir(), reason="the bundled weights are not here")
def test_the_bundled_backbone_gives_a_grid_for_localisation_and_knows_text():
    found = load_backbone("bundled", device=CPU)
    assert min(found.grid) >= 7
    embeddings, patches = found.encode_images(images_for(found))
    assert patches.shape[1] == found.grid[0] * found.grid[1]
    assert found.encode_text([["a photo of a cat"]]).shape == (1, embeddings.shape[1])
    assert found.preprocessing.mode == "squash"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "grid", "width", "embed_dim"),
    [("ViT-B-32", (7, 7), 768, 512), ("RN50", (7, 7), 2048, 1024), ("MobileCLIP2-S0", (8, 8), 1024, 512)],
)
def test_a_real_architecture_loads_by_name_from_a_checkpoint(name, grid, width, embed_dim, tmp_path):
    torch.manual_seed(0)
    made = open_clip.create_model(name, pretrained_text=False).eval()
    state = {k: v.half() if v.is_floating_point() else v for k, v in made.state_dict().items()}
    save_file({k: v.contiguous() for k, v in state.items()}, tmp_path / "weights.safetensors")
    found = load_backbone(name, weights=tmp_path / "weights.safetensors", device=CPU)
    assert (found.grid, found.patch_width, found.embed_dim) == (grid, width, embed_dim)
    made.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in state.items()})
    images = images_for(found)
    with torch.no_grad():
        expected = made.encode_image(images, normalize=True)
    assert (found.encode_images(images)[0] - expected).abs().max() < 1e-5
    assert found.encode_text([["a photo of a cat"]]).shape == (1, embed_dim)
