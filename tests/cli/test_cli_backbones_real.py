"""The commands for image models in processes of their own, with the hub's environment and a real model."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hub_server import Hub
from tiny_models import CONFIGS, write_model

NAME = "hf-hub:org/tiny"
FILES = ("open_clip_config.json", "open_clip_model.safetensors")
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return write_model(tmp_path_factory.mktemp("models") / "tiny", CONFIGS["vit"])


@pytest.fixture
def hub(tiny):
    running = Hub(files={"org/tiny": {name: (tiny / name).read_bytes() for name in FILES}})
    with running.serving():
        yield running


@pytest.fixture
def environment(hub, tmp_path):
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    return inherited | {
        "HF_ENDPOINT": hub.url,
        "HF_HOME": str(tmp_path / "hf"),
        "TAILSPOTTER_CONFIG_DIR": str(tmp_path / "settings"),
        "NO_PROXY": "127.0.0.1,localhost",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture
def call(environment, tmp_path):
    def run(*arguments, **changes):
        return subprocess.run(
            [sys.executable, "-m", "app", *map(str, arguments)],
            env=environment | changes,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return run


@pytest.mark.timeout(300)
def test_a_model_is_downloaded_once_and_then_works_without_a_network(
    call, hub, images_folder, make_image, tmp_path
):
    offline = {"HF_HUB_OFFLINE": "1"}
    refused = call("backbones", "download", NAME, **offline)
    assert (refused.returncode, hub.seen) == (1, [])
    assert "HF_HUB_OFFLINE is set, so nothing is downloaded" in refused.stderr
    done = call("backbones", "download", NAME, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["embed_dim"] == 24
    assert (tmp_path / "hf" / "hub" / "models--org--tiny" / "refs" / "main").is_file()
    hub.status = 500
    made = call("new", "p", "--images", images_folder, "--categories", "cat", "--backbone", NAME, **offline)
    assert made.returncode == 0, made.stderr
    indexed = call("index", "p", "--json", **offline)
    assert indexed.returncode == 0, indexed.stderr
    assert json.loads(indexed.stdout)["embedded"] == 5
    listed = [json.loads(line) for line in call("backbones", "list", "--json", **offline).stdout.splitlines()]
    assert next(one for one in listed if one["name"] == NAME)["state"] == "ready"
    assert call("backbones", "remove", NAME).returncode == 0
    assert json.loads(call("stats", "p", "--json", **offline).stdout)["images"]["ok"] == 5
    make_image(images_folder / "six.png", colour=(1, 2, 3))
    assert call("scan", "p").returncode == 0
    gone = call("index", "p", **offline)
    assert gone.returncode == 1
    assert f"{NAME} has not been downloaded; download it first (tailspotter backbones" in gone.stderr


@pytest.mark.timeout(300)
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_download_continues(call, hub, environment, tmp_path, how):
    hub.hold = threading.Event()
    command = [sys.executable, "-m", "app", "backbones", "download", NAME]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert hub.reached.wait(60)
    blobs = tmp_path / "hf" / "hub" / "models--org--tiny" / "blobs"
    while not any(path.stat().st_size > 1_000_000 for path in blobs.glob("*.incomplete")):
        assert process.poll() is None
    process.send_signal(how)
    if how == signal.SIGINT:
        hub.hold.set()
    _, errors = process.communicate(timeout=60)
    hub.hold.set()
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    if how == signal.SIGINT:
        assert "stopped; what was received is kept, download again to continue" in errors
    hub.hold, hub.seen = None, []
    done = call("backbones", "download", NAME)
    assert done.returncode == 0, done.stderr
    [(_, wanted, _)] = [seen for seen in hub.seen if seen[0].endswith(".safetensors")]
    assert int(wanted.removeprefix("bytes=").rstrip("-")) > 1_000_000
