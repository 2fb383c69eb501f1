"""Indexing end to end: real files, a real (tiny, random) open_clip model, the real worker jobs."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from app.domain.images import ImageState
from app.protocol import messages as m
from app.services.features import index_thumbnails
from app.services.features.indexing import (
    NotIndexedError,
    embeddings,
    ensure_text_features,
    feature_key,
    feature_store,
    index,
)
from app.services.images import thumbnails
from app.services.images.scan import scan
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.services.runner.runner import NoRunner, Runner, WorkerFailedError
from app.services.runner.subprocess_runner import SubprocessRunner
from app.storage import images
from app.worker.inprocess import InProcessRunner
from cprfl_core.backbone.backbone import load_backbone
from cprfl_core.common.disk import size_words
from cprfl_core.images import decoding
from cprfl_core.images.reading import open_image
from cprfl_core.images.thumbnail import encode_thumbnail

CONFIG = {
    "embed_dim": 24,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "head_width": 16, "patch_size": 8},
    "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
}
WEIGHTS = "open_clip_model.safetensors"
GOOD = ["cmyk.jpg", "deep.png", "one.png", "two.png", "été/snow leopard.png"]


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(2)
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("model")
    document = {"model_cfg": CONFIG, "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.25] * 3}}
    (folder / "open_clip_config.json").write_text(json.dumps(document), encoding="utf-8")
    state = open_clip.create_model(f"local-dir:{folder}", load_weights=False).state_dict()
    save_file({name: tensor.contiguous() for name, tensor in state.items()}, folder / WEIGHTS)
    return folder


@pytest.fixture
def project(tmp_path: Path, tiny_model: Path) -> Iterator[Project]:
    """Five good images of several kinds and three that are none."""
    folder = tmp_path / "images"
    (folder / "été").mkdir(parents=True)
    noise = np.random.default_rng(0).integers(0, 256, (4, 40, 60, 3), dtype=np.uint8)
    Image.fromarray(noise[0]).save(folder / "one.png")
    Image.fromarray(noise[1]).save(folder / "two.png")
    Image.fromarray(noise[2]).save(folder / "été" / "snow leopard.png")
    Image.fromarray(noise[3]).convert("CMYK").save(folder / "cmyk.jpg")
    Image.fromarray(noise[0][..., 0].astype(np.uint16) * 200).save(folder / "deep.png")
    Image.fromarray(np.tile(noise[3], (8, 8, 1))).save(folder / "truncated.jpg", quality=95)
    whole = (folder / "truncated.jpg").read_bytes()
    (folder / "truncated.jpg").write_bytes(whole[: len(whole) // 3])
    (folder / "text.jpg").write_text("this is no image", encoding="utf-8")
    (folder / "empty.jpg").touch()
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model)
    with create_project(tmp_path / "project", [folder], backbone=f"local-dir:{model}") as project:
        scan(project)
        yield project


def check_features(project: Project) -> None:
    """What is cached is what the backbone gives for the same files and prompts."""
    backbone = load_backbone(project.backbone, device="cpu")
    with project.db.read() as s:
        paths = {image.id: images.absolute(s, image) for image in images.all_images(s)}
    ids, matrix = embeddings(project)
    pixels = [backbone.preprocessing.to_uint8(open_image(paths[image])) for image in ids]
    expected, _ = backbone.begin(pixels, None)()
    np.testing.assert_allclose(matrix.astype(np.float32), expected, atol=2e-3)
    tokens = feature_store(project, backbone.key).patch_tokens(ids)
    assert tokens.basis.matches("pooled") and tokens.shape == (len(ids), *tokens.basis.shape)
    _, whole = backbone.begin(pixels, tokens.basis)()
    steps = np.abs(whole).max(axis=-1, keepdims=True) / 127
    assert (np.abs(tokens.batch(np.arange(len(ids))) - whole) <= steps * 0.51 + 1e-4).all()
    assert np.abs(expected[0] - expected[1]).max() > 0.01  # the images are told apart


def states(project: Project) -> dict[str, ImageState]:
    with project.db.read() as s:
        return {image.path: image.state for image in images.all_images(s)}


def test_readable_images_are_embedded_and_the_others_carry_their_reason(project: Project):
    seen = []
    with InProcessRunner() as runner:
        report = index(project, runner, seen.append)
        assert report.embedded == 5 and report.device is not None
        assert report.failed == []  # the scan has found the truncated one
        assert (seen[-1].done, seen[-1].total) == (5, 5)
        assert seen[-1].stage == f"Reading images ({size_words(report.bytes_needed)} of features)"
        found = states(project)
        assert sorted(path for path, state in found.items() if state is ImageState.OK) == GOOD
        assert {found[name] for name in ("truncated.jpg", "text.jpg", "empty.jpg")} == {ImageState.UNREADABLE}
        check_features(project)

        add_categories(project, ["cat", "snow leopard"])
        text = ensure_text_features(project, runner)
        expected = load_backbone(project.backbone, device="cpu").encode_text(
            [["a photo of a cat."], ["a photo of a snow leopard."]]
        )
        np.testing.assert_allclose(text.matrix, expected.numpy(), atol=1e-5)
        np.testing.assert_allclose(np.linalg.norm(text.matrix, axis=1), 1.0, atol=1e-5)


def test_thumbnails_come_from_the_same_decoding_and_the_features_are_the_same_to_the_bit(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    with project.db.read() as s:
        root, known = images.roots(s)[1], {one.id: one for one in images.all_images(s)}
    wide = np.random.default_rng(5).integers(0, 256, (75, 100, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    Image.fromarray(wide).save(root / "wide.jpg")
    scan(project)
    opened: list[str] = []

    def counted(path: Path, **options: Any) -> Image.Image:
        opened.append(path.name)
        return open_image(path, **options)

    monkeypatch.setattr(decoding, "open_image", counted)
    with InProcessRunner() as runner:
        monkeypatch.setattr(index_thumbnails, "thumbnail_bytes", lambda: 0)  # no room, so none is made
        index(project, runner)
        key = feature_key(project)
        assert key is not None
        before = embeddings(project)[1], feature_store(project, key).patch_tokens([1]).batch(np.arange(1))
        shutil.rmtree(project.layout.features(key))
        opened.clear()
        monkeypatch.undo()
        monkeypatch.setattr(decoding, "open_image", counted)
        assert index(project, runner).embedded == 6
    assert sorted(opened) == sorted([*(Path(name).name for name in GOOD), "wide.jpg"])  # each once
    ids, after = embeddings(project)
    assert after.tobytes() == before[0].tobytes()
    tokens = feature_store(project, key).patch_tokens([1]).batch(np.arange(1))
    assert tokens.tobytes() == before[1].tobytes()

    monkeypatch.setattr(thumbnails, "open_picture", refuse)
    kept = thumbnails.ProjectThumbnails(project)
    for number in ids.tolist():
        if number in known:
            with project.db.read() as s:
                path = images.absolute(s, known[number])
            expected = encode_thumbnail(open_image(path), 320)
            assert kept.service.thumbnail(number, 160) == expected
        else:  # decoded at an eighth, 100 pixels wide, which is too small for the grid
            with pytest.raises(AssertionError, match="opened again"):
                kept.service.thumbnail(number, 160)
    kept.close()


def refuse(*_: object) -> None:
    raise AssertionError("opened again")


def test_a_second_scan_and_index_do_only_what_is_new(project: Project):
    with InProcessRunner() as runner:
        index(project, runner)
        with project.db.read() as s:
            root = images.roots(s)[1]
        shutil.copy(root / "one.png", root / "copy.png")
        Image.new("RGB", (9, 9), (9, 9, 9)).save(root / "two.png")
        scan(project)
        report = index(project, runner)
        assert (report.embedded, report.skipped, list(report.failed)) == (2, 4, [])
        check_features(project)


def test_other_weights_under_the_same_name_are_noticed_by_the_next_worker(project: Project):
    index(project, InProcessRunner())
    weights = Path(project.backbone.removeprefix("local-dir:")) / WEIGHTS
    save_file({name: tensor * 1.5 for name, tensor in load_file(weights).items()}, weights)
    add_categories(project, ["cat"])
    with pytest.raises(NotIndexedError, match="weights have changed"):
        ensure_text_features(project, InProcessRunner())
    assert index(project, InProcessRunner()).embedded == 5


def test_a_job_that_expects_other_weights_writes_nothing(project: Project, tmp_path: Path):
    command = m.EncodeText(
        job="j",
        backbone=project.backbone,
        expected_key="other",
        prompts=str(tmp_path / "absent"),
        features=str(tmp_path / "features"),
    )
    failed = InProcessRunner().run(command, lambda _: None)
    assert isinstance(failed, m.Failed) and failed.known and "no longer those" in failed.message
    assert not (tmp_path / "features").exists()


def test_a_missing_backbone_is_reported_in_one_sentence(tmp_path: Path, make_image):
    make_image(tmp_path / "images" / "one.png")
    with create_project(
        tmp_path / "p", [tmp_path / "images"], backbone=f"local-dir:{tmp_path / 'absent'}"
    ) as project:
        scan(project)
        with pytest.raises(WorkerFailedError, match=r"model folder .*absent does not exist"):
            index(project, InProcessRunner())


@pytest.mark.slow
def test_the_same_in_a_separate_process(project: Project):
    with SubprocessRunner(cancel_grace=30) as runner:
        report = index(project, runner)
        assert report.embedded == 5 and report.failed == []  # the scan has found the truncated one
        add_categories(project, ["cat"])
        assert ensure_text_features(project, runner).matrix.shape == (1, 24)
    check_features(project)


def test_a_runner_in_this_process_has_the_shape_of_a_runner():
    runner: Runner = InProcessRunner()
    assert callable(runner.run)


@pytest.mark.slow
def test_a_photo_model_stores_its_classifier_and_has_no_text_encoder(tmp_path: Path, images_folder: Path):
    with (
        create_project(tmp_path / "photo", [images_folder], ["cat"], backbone="photo-lite0") as project,
        InProcessRunner() as runner,
    ):
        scan(project)
        report = index(project, runner)
        assert report.embedded == 5
        store = feature_store(project, report.feature_key)
        assert store.classifier().weight.shape == (1000, 1280)
        (store.folder / "classifier.safetensors").unlink()
        assert index(project, runner).embedded == 0
        assert store.has_classifier()
        assert index(project, runner).device is None  # nothing was left to do, so no worker was asked
        # Its text scores come from nouns, which no worker has to encode.
        assert len(ensure_text_features(project, NoRunner()).category_ids) == 0
