"""``python -m app.worker``: the worker alone, without the command line around it."""

import sys

from app.standard_streams import open_missing_streams
from cprfl_core.common.safe_path import leave_out_current_folder

if __name__ == "__main__":
    leave_out_current_folder()
    open_missing_streams()
    from app.worker.main import main

    sys.exit(main(sys.argv[1:]))
