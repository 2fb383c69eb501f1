"""A missing system library is one sentence, not an abort of the process."""

import sys

import pytest

from app.domain.errors import KnownError
from app.jobs import display

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="speaks of Linux packages")


@linux
def test_missing_x11_libraries_are_named_by_their_packages(monkeypatch):
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(display, "_loads", lambda library: "cursor" not in library)
    with pytest.raises(KnownError, match=r"apt install libxcb-cursor0\.$"):
        display.require_display_libraries()


@linux
def test_without_a_screen_nothing_of_x11_is_asked_for(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(display, "_loads", lambda library: "xcb" not in library)
    display.require_display_libraries()


def test_a_library_that_does_not_exist_does_not_load():
    assert not display._loads("libnothing-of-the-kind.so.9")
