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


def test_the_window_is_made_without_services_database_and_numbers(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "settings.json")],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[]", done.stderr
