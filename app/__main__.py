"""The one entry point: command line, or a child process. Imports nothing heavy before it knows which."""

import os
import sys
from collections.abc import Sequence

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
if _ROOT not in sys.path:  # started by the path of this file, as the worker is
    sys.path.insert(0, _ROOT)

from app.standard_streams import open_missing_streams  # noqa: E402
from cprfl_core.common.safe_path import leave_out_current_folder  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Run with ``arguments`` (default: the process's own) and return the exit status."""
    leave_out_current_folder()
    open_missing_streams()
    import multiprocessing

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
