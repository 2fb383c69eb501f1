"""A process ends with its status, also if a thread still computes."""

import subprocess
import sys

import pytest

PROGRAM = """
import atexit, sys, threading, time
from app.jobs.threads.process_end import end_if_computing
atexit.register(print, "ended by Python")
if sys.argv[1] == "computing":
    threading.Thread(target=time.sleep, args=(60,), name="model", daemon=True).start()
print("saved")
atexit.register(end_if_computing, 3)
sys.exit(4)
"""


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [("computing", 3, ["saved"]), ("nothing", 4, ["saved", "ended by Python"])],
)
def test_python_does_not_end_beside_a_thread_that_computes(what, status, said):
    """It would free what the thread still reads."""
    command = [sys.executable, "-c", PROGRAM, what]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=50)
    assert (ended.returncode, ended.stdout.split("\n")[:-1]) == (status, said)
