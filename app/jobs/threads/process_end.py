"""Ends a process whose threads still compute."""

import logging
import os
import sys
import threading

log = logging.getLogger(__name__)


def end_if_computing(status: int) -> None:
    """End the process with ``status`` now if a background thread did not end in time; otherwise return.

    When Python ends by itself, libraries such as OpenBLAS free the memory of a product that such a thread
    still computes, and the process crashes. To be registered with atexit: nothing else runs afterwards.
    """
    running = sorted(one.name for one in threading.enumerate() if _computes(one))
    if not running:
        return
    log.warning("ended beside running threads: %s", ", ".join(running))
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(status)


def _computes(thread: threading.Thread) -> bool:
    """Threads of Qt, which Python knows as dummies, end with the application."""
    dummy = thread.name.startswith("Dummy-")
    return thread.daemon and not dummy and thread is not threading.current_thread()
