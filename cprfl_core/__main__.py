"""``python -m cprfl_core COMMAND``: the library's commands, without the application."""

import sys

from cprfl_core.common.safe_path import leave_out_current_folder, safe_children

_USAGE = 2
_HELP = """usage: python -m cprfl_core benchmark (voc-lt | coco-lt) --images DIR --lists DIR [...]

  benchmark   train and test CPRFL on a published long-tail dataset (see benchmark --help)
"""


def main() -> int:
    """Run a command and return its exit status."""
    leave_out_current_folder()
    arguments = sys.argv[1:]
    if arguments[:1] == ["benchmark"]:
        from cprfl_core.benchmark.command import main as benchmark

        with safe_children():
            return benchmark(arguments[1:])
    if arguments and arguments[0] in ("-h", "--help"):
        sys.stdout.write(_HELP)
        return 0
    sys.stderr.write(_HELP)
    return _USAGE


if __name__ == "__main__":
    sys.exit(main())
