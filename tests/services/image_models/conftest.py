import os

import pytest
from hub_server import Hub, use_hub
from hub_server import own_folders as use_own_folders


@pytest.fixture
def own_folders(monkeypatch, tmp_path):
    use_own_folders(monkeypatch, tmp_path)
    return tmp_path


@pytest.fixture
def endpoint(own_folders, monkeypatch):
    """``endpoint(url)`` makes the library of the hub ask this server."""
    return lambda url: use_hub(monkeypatch, url)


@pytest.fixture
def hub(endpoint):
    """A running hub with the files of ``org/files``: one weights file of 300,000 random bytes."""
    running = Hub(files={"org/files": {"vit.safetensors": os.urandom(300_000)}})
    with running.serving():
        endpoint(running.url)
        yield running
