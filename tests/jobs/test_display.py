"""A display that Qt cannot open is one sentence, not an abort of the process."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.domain.errors import KnownError, NoDisplayError
from app.jobs import display
from app.services import system_libraries

ROOT = Path(__file__).parents[2]
NAMES = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_RUNTIME_DIR", *display._CHOICES)
DEAD_X = ":4711"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays and packages of Linux")
with_x11 = pytest.mark.skipif(
    not all(map(system_libraries._loads, system_libraries.X11_LIBRARIES)),
    reason="needs the libraries of Qt's X11 plugin",
)
with_server = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")


@pytest.fixture
def only(monkeypatch):
    """``only(DISPLAY=":0")``: of the variables that choose a display, these and no others."""

    def choose(**chosen):
        for name in NAMES:
            monkeypatch.delenv(name, raising=False)
        for name, value in chosen.items():
            monkeypatch.setenv(name, value)

    return choose


@contextmanager
def x_server(*options):
    """An X server without a screen; gives its process and the name of its display."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-nolisten", "tcp", "-noreset", *options]
    with subprocess.Popen(command, pass_fds=[write], stderr=subprocess.DEVNULL) as server:
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        assert number
        try:
            yield server, f":{number}"
        finally:
            server.kill()


def answer():
    """None where a window can be opened, else the sentence."""
    try:
        with display.DisplayProbe() as probe:
            probe.require()
    except NoDisplayError as error:
        return str(error)
    return None


@linux
def test_missing_x11_libraries_are_named_by_their_packages(only, monkeypatch):
    only(DISPLAY=":0")
    monkeypatch.setattr(system_libraries, "_loads", lambda library: "cursor" not in library)
    with pytest.raises(KnownError, match=r"apt install libxcb-cursor0\.$"):
        display.require_display_libraries()


@linux
def test_without_a_display_no_x11_library_is_required(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(system_libraries, "_loads", lambda library: "xcb" not in library)
    display.require_display_libraries()


def test_a_library_that_does_not_exist_does_not_load():
    assert not system_libraries._loads("libnothing-of-the-kind.so.9")


@linux
@with_x11
@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"DISPLAY": DEAD_X}, "nothing answers at the display “:4711” (DISPLAY)"),
        ({"DISPLAY": "nonsense"}, "nothing answers at the display “nonsense” (DISPLAY)"),
        ({"DISPLAY": "localhost:7"}, "“localhost:7” (DISPLAY)"),
        ({"WAYLAND_DISPLAY": "gone"}, "nothing answers at the display “gone” (WAYLAND_DISPLAY)"),
        ({"WAYLAND_DISPLAY": "gone", "XDG_RUNTIME_DIR": "/nowhere"}, "“gone” (WAYLAND_DISPLAY)"),
        ({"WAYLAND_DISPLAY": "gone", "DISPLAY": DEAD_X}, "“gone” (WAYLAND_DISPLAY) or “:4711” (DISPLAY)"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "QT_QPA_PLATFORM names “nonsense”, which Qt does not have; unset"),
        ({"QT_QPA_PLATFORM": "wayland", "DISPLAY": DEAD_X}, "of Wayland (QT_QPA_PLATFORM)"),
        ({"QT_QPA_PLATFORM": "xcb"}, "DISPLAY names no display"),
    ],
)
def test_a_display_that_cannot_be_opened_is_named_with_its_variable(only, chosen, words):
    only(**chosen)
    sentence = answer()
    assert sentence.startswith("No window can be opened: ")
    assert words in sentence
    assert sentence.endswith("or use the commands that need no window.")
    assert "\n" not in sentence


@linux
@pytest.mark.parametrize("platform", ["offscreen", "minimal"])
def test_a_platform_without_a_display_server_opens(only, platform):
    only(QT_QPA_PLATFORM=platform, DISPLAY=DEAD_X)
    assert answer() is None


@pytest.mark.slow
@linux
@with_x11
@with_server
def test_a_server_that_answers_is_enough_beside_a_dead_wayland_and_a_wrong_plugin_folder(only):
    with x_server() as (_, name):
        only(DISPLAY=name)
        assert answer() is None
        only(DISPLAY=name, WAYLAND_DISPLAY="gone", QT_PLUGIN_PATH="/nowhere")
        assert answer() is None


@pytest.mark.slow
@linux
@with_x11
@with_server
def test_a_server_that_refuses_is_silent_or_has_died_is_distinguished(only, tmp_path, monkeypatch):
    keys = tmp_path / "keys"
    cookie = b"MIT-MAGIC-COOKIE-1"
    # Family "any", no address, no number: the key of every display.
    entry = b"\xff\xff\0\0\0\0" + len(cookie).to_bytes(2, "big") + cookie + b"\0\x10"
    keys.write_bytes(entry + bytes(16))
    wrong = tmp_path / "wrong"
    wrong.write_bytes(entry + bytes(range(16)))
    with x_server("-auth", str(keys)) as (server, name):
        only(DISPLAY=name, XAUTHORITY=str(keys))
        assert answer() is None
        only(DISPLAY=name, XAUTHORITY=str(wrong))
        assert f"the display “{name}” refused this program; set XAUTHORITY" in answer()
        server.send_signal(signal.SIGSTOP)
        monkeypatch.setattr(display, "PROBE_SECONDS", 0.5)
        only(DISPLAY=name, XAUTHORITY=str(keys))
        assert "did not answer within 0.5 seconds" in answer()
    monkeypatch.undo()
    only(DISPLAY=name)
    assert f"nothing answers at the display “{name}”" in answer()


@pytest.mark.parametrize(
    ("status", "said", "words"),
    [
        (-11, "some driver\n", "Qt was killed by signal SIGSEGV"),
        (-6, "", "Qt was killed by signal SIGABRT"),
        (1, "first\nCould not initialize egl display.\n\n", "(Could not initialize egl display)"),
        (1, "", "(exit status 1)"),
    ],
)
def test_any_other_failure_is_reported_in_qts_words(status, said, words):
    assert words in display.why_no_window(status, said, {})[0]


def test_the_first_advice_is_to_unset_a_chosen_platform():
    said = 'Could not load the Qt platform plugin "wayland" in "" even though it was found.'
    todo = [display.why_no_window(1, said, chosen)[1] for chosen in ({"QT_QPA_PLATFORM": "wayland"}, {})]
    assert todo == [
        "unset QT_QPA_PLATFORM (wayland) or start it from a desktop session",
        "start it from a desktop session",
    ]


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_nothing_is_started_on_systems_that_always_have_a_display(monkeypatch, only, system):
    only()
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(display, "probe_command", lambda: pytest.fail("started a process"))
    assert answer() is None


@linux
@with_x11
@pytest.mark.parametrize("arguments", [[], ["open", "somewhere"]])
def test_the_program_with_a_dead_display_ends_with_one_sentence(tmp_path, arguments):
    environment = {name: value for name, value in os.environ.items() if name not in NAMES}
    environment |= {
        "DISPLAY": DEAD_X,
        "TAILSPOTTER_CONFIG_DIR": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment,
        cwd=ROOT,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("tailspotter: No window can be opened: ")
    assert len(done.stderr.splitlines()) == 1
