"""The one entry point: command line, or a child process. Imports nothing heavy before it knows which."""

import multiprocessing
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with ``arguments`` (default: the process's own) and return the exit status."""
    multiprocessing.freeze_support()
    # Before torch is loaded: its threads sleep between batches instead of spinning on the cores that decode.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["worker"]:
        from app.worker.main import main as run_worker

        return run_worker(given[1:])
    if given[:1] == ["display-probe"]:
        from app.gui.display_probe import main as probe_display

        probe_display()
    from app.bootstrap import run_command_line

    return run_command_line(given)


if __name__ == "__main__":
    sys.exit(main())
