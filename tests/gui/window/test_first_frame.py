"""The window is on the screen before what it works with is loaded: that costs a second."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.bootstrap import make_window
application = QApplication([])
window = make_window(None, settings=Path(sys.argv[1]))
window.show()
print([name for name in ("numpy", "scipy", "sqlalchemy", "rapidfuzz", "lark", "PIL") if name in sys.modules])
window.shut()
"""

PROBED = """
import sys
from app.bootstrap import run_window
from app.domain.errors import NoDisplayError
from app.jobs import display


class Probe:
    def __enter__(self):
        return self

    def __exit__(self, *_error):
        return None

    def require(self):
        print("app.gui.window.main_window" in sys.modules)
        raise NoDisplayError("No window here.")


display.DisplayProbe = Probe
try:
    run_window()
except NoDisplayError:
    pass
"""


def test_the_modules_of_the_window_are_loaded_while_the_display_is_probed():
    done = subprocess.run(
        [sys.executable, "-c", PROBED],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "True", done.stderr


def test_the_window_is_made_without_services_database_and_numbers(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "settings.json")],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "[]", done.stderr
