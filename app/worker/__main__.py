"""``python -m app.worker``: the worker alone, without the command line around it."""

import sys

from app.worker.main import main

if __name__ == "__main__":
    sys.exit(main())
