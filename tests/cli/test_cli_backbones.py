"""The commands backbones list, download, remove and check, with a model that only counts its checks."""

import pytest
from hub_server import Hub, own_folders, use_hub

from app.cli.context import CommandLine
from app.protocol import messages as m
from app.worker.inprocess import InProcessRunner
from cprfl_core.common.errors import BackboneError

FILE = "ViT-B-32@hf-hub:org/files/vit.safetensors"


def check(command, context):
    if "broken" in command.backbone:
        raise BackboneError("The weights in broken.pt do not fit ViT-B-32: proj is missing.")
    return m.CheckResult(
        key="k-1",
        embed_dim=512,
        image_size=(224, 224),
        images_per_second=41.5,
        device="cpu",
        precision="float32",
    )


@pytest.fixture
def command_line():
    return CommandLine(
        make_runner=lambda separate: InProcessRunner({m.CheckBackbone: check}),
        start_log=lambda folder, verbose: None,
    )


@pytest.fixture(autouse=True)
def hub(monkeypatch, tmp_path):
    running = Hub(files={"org/files": {"vit.safetensors": bytes(range(250)) * 1000}})
    with running.serving():
        own_folders(monkeypatch, tmp_path)
        use_hub(monkeypatch, running.url)
        yield running


def test_the_list_shows_what_is_included_and_what_can_be_downloaded(cli):
    found = {one["name"]: one for one in cli("backbones", "list", "--json").lines}
    assert list(found)[:3] == ["photo-lite2", "photo-lite0", "bundled"]
    assert (found["bundled"]["state"], found["bundled"]["included"]) == ("ready", True)
    clip = found["ViT-B-32@laion2b_s34b_b79k"]
    assert (clip["state"], clip["licence"]) == ("to be downloaded", "MIT")
    assert clip["download_bytes"] == 605_000_000
    assert {one["use"] for one in found.values()} >= {"wildlife", "medical", "remote sensing", "fast"}
    shown = cli("backbones", "list")
    assert shown.code == 0
    assert "ViT-B-32@laion2b_s34b_b79k" in shown.out
    assert "605 MB" in shown.out


def test_download_check_list_and_remove(cli):
    done = cli("backbones", "download", FILE)
    assert (done.code, done.out.splitlines()[0]) == (0, f"{FILE} is ready")
    assert f"{FILE}: 1 file, 250 KB, to " in done.err
    assert "Downloading" in done.err
    assert "250 KB of 250 KB" in done.err
    checked = cli("backbones", "check", FILE, "--json")
    assert checked.json["images_per_second"] == 41.5
    assert checked.json["image_size"] == [224, 224]
    listed = {one["name"]: one for one in cli("backbones", "list", "--json").lines}[FILE]
    assert (listed["state"], listed["disk_bytes"], listed["device"]) == ("ready", 250_000, "cpu")
    removed = cli("backbones", "remove", FILE, "--json")
    assert removed.json == {"name": FILE, "freed_bytes": 250_000}
    again = cli("backbones", "remove", FILE)
    assert again.code == 1
    assert again.err == f"tailspotter: {FILE} is not on this disk; there is nothing to remove.\n"


def test_a_failed_download_has_status_1_and_one_sentence(cli, hub):
    hub.status = 500
    failed = cli("backbones", "download", FILE)
    assert failed.code == 1
    assert failed.err.count("\n") == 1
    assert "answered 500 for org/files; try again later." in failed.err


def test_a_local_file_that_does_not_fit_is_refused_with_status_1(cli, tmp_path):
    failed = cli("backbones", "check", f"ViT-B-32@{tmp_path}/broken.pt")
    assert failed.code == 1
    assert failed.err.endswith("do not fit ViT-B-32: proj is missing.\n")


@pytest.mark.parametrize("argument", ["download", "remove", "check", "nothing"])
def test_wrong_usage_has_status_2(cli, argument):
    assert cli("backbones", argument).code == 2


def test_included_models_are_neither_downloaded_nor_removed(cli):
    for command in ("download", "remove"):
        failed = cli("backbones", command, "photo-lite2")
        assert failed.code == 1
        assert "photo-lite2 is part of the installation" in failed.err


def test_a_new_project_with_a_model_that_is_not_there_says_how_to_get_it(cli, images_folder, tmp_path):
    name = "ViT-B-32@laion2b_s34b_b79k"
    failed = cli("new", tmp_path / "p", "--images", images_folder, "--backbone", name)
    assert failed.code == 1
    assert f"{name} has not been downloaded; download it first (tailspotter backbones" in failed.err
    assert not (tmp_path / "p").exists()
