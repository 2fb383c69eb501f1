"""What the C library keeps."""

import ctypes
import subprocess
import sys

import pytest

from cprfl_core.common.memory import HEAPS

COUNT = """
import ctypes, pathlib, sys, tempfile, threading
from cprfl_core.common.memory import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
ready = threading.Barrier(7)
def use():
    kept = bytearray(50_000)
    ready.wait(10)
threads = [threading.Thread(target=use) for _ in range(6)]
for one in threads: one.start()
ready.wait(10)
for one in threads: one.join()
c = ctypes.CDLL(None)
c.fopen.restype = ctypes.c_void_p
name = tempfile.mktemp()
stream = ctypes.c_void_p(c.fopen(name.encode(), b"w"))
c.malloc_info(0, stream)
c.fclose(stream)
print(pathlib.Path(name).read_text().count("<heap nr="))
pathlib.Path(name).unlink()
"""


def glibc() -> bool:
    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_info")


@pytest.mark.skipif(not glibc(), reason="only glibc has a heap for each thread")
def test_threads_share_heaps():
    def heaps(how: str) -> int:
        done = subprocess.run([sys.executable, "-c", COUNT, how], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert heaps("each") > HEAPS
    assert heaps("shared") <= HEAPS
