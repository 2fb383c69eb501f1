"""Which commands open the window, and what they say where there is no screen."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.bootstrap import has_display
from app.cli.main import run
from app.storage.layout import ProjectLayout


@pytest.fixture
def opened():
    return []


@pytest.fixture
def with_screen(command_line, opened):
    def open_window(project, demo):
        opened.append((project, demo))
        return 0

    return replace(command_line, open_window=open_window)


def test_no_arguments_open_the_start_page(with_screen, opened):
    assert run([], with_screen) == 0
    assert opened == [(None, None)]


def test_open_opens_the_project(with_screen, opened, tmp_path):
    assert run(["open", str(tmp_path)], with_screen) == 0
    assert opened == [(tmp_path, None)]


def test_demo_opens_in_its_folder(with_screen, opened, tmp_path):
    assert run(["demo", str(tmp_path / "d")], with_screen) == 0
    assert opened == [(None, tmp_path / "d")]


def test_exit_status_of_the_window_is_that_of_the_command(command_line, tmp_path):
    assert run(["open", str(tmp_path)], replace(command_line, open_window=lambda *_: 3)) == 3


def test_without_a_screen_open_says_so_and_no_arguments_print_help(cli, folder):
    result = cli("open", folder)
    assert result.code == 1
    assert "no display" in result.err
    assert "Usage" in cli().out


@pytest.mark.skipif(sys.platform != "linux", reason="the display is named in the environment on Linux")
def test_display_is_known_from_the_environment(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not has_display()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert has_display()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="signals and the display as on Linux")
def test_window_of_a_real_process_holds_the_lock_and_ends_on_a_signal(folder, tmp_path):
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "DISPLAY": ":0",
        "TAILSPOTTER_CONFIG_DIR": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
    }
    command = [sys.executable, "-m", "app", "open", str(folder)]
    process = subprocess.Popen(
        command, env=environment, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE
    )
    lock = ProjectLayout(folder).window_lock
    end = time.monotonic() + 30
    while not lock.exists() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    assert lock.exists()
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[1] == b""
    assert process.returncode == 0
    assert not lock.exists()
