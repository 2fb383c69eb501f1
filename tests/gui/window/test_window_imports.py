"""The window's building blocks load nothing heavy and know nobody they should not know."""

import subprocess
import sys

import pytest

HEAVY = ("torch", "open_clip", "sklearn", "timm", "sqlalchemy")


def loaded(code, *names):
    program = f"import sys\n{code}\nprint(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout.split()


GUI = "import app.gui.gallery.view, app.gui.widgets.rail, app.gui.widgets.jobs, app.gui.widgets.toasts"


def test_the_widgets_load_neither_the_model_nor_the_database():
    assert loaded(GUI, *HEAVY, "app.services", "app.storage", "cprfl_core") == []


def test_the_jobs_room_needs_no_screen():
    code = "import app.jobs.threads.storage_executor, app.jobs.pictures.thumbnail_loader"
    assert loaded(code, "PySide6.QtGui", "PySide6.QtWidgets", *HEAVY) == []


@pytest.mark.slow
@pytest.mark.parametrize("module", ["app.services.images.thumbnails", "app.services.settings"])
def test_the_services_load_no_model_and_no_window(module):
    assert loaded(f"import {module}", "torch", "open_clip", "sklearn", "timm", "PySide6") == []
