"""What the window needs of the Qt binding itself."""

import subprocess
import sys

CODE = """
import sys
from PySide6.QtCore import QObject, Signal
class Sender(QObject):
    sent = Signal(object)
sender = Sender()
before = sys.getrefcount(True)
for _ in range(200):
    sender.sent.emit(1)
sys.exit(before - sys.getrefcount(True) > 100)
"""


def test_emitting_a_signal_does_not_wear_out_true():
    """PySide6 6.12.0 drops a reference to True with each emit; on Python 3.11 that ends the process."""
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, f"install another PySide6 than this one: {done.stderr}"
