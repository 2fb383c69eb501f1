"""Make a synthetic project of any size, to try the program with many images.

    python tools/make_project.py FOLDER --images 100000 [--categories 300] [--no-files] [--labels 3]
        [--labelled 1.0] [--scores 0] [--width 1280]

FOLDER gets ``project`` (to open), ``library`` (the image folder) and ``photos`` (the few hundred files that
the images are hard links to). Prints what was made as JSON. The labels have a long tail; the same options
make the same project.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from synthetic_project import WIDTH, Wanted, make  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make a synthetic project of any size.")
    parser.add_argument("folder", type=Path, help="a new or empty folder")
    parser.add_argument("--images", type=int, required=True)
    parser.add_argument("--categories", type=int, default=300)
    parser.add_argument(
        "--files", action=argparse.BooleanOptionalAction, default=True, help="image files, as hard links"
    )
    parser.add_argument("--labels", dest="labels_each", type=int, default=3, help="of each labelled image")
    parser.add_argument("--labelled", type=float, default=1.0, help="share of the images with labels")
    parser.add_argument(
        "--scores", dest="scores_each", type=int, default=0, help="suggestions of another model on each image"
    )
    parser.add_argument("--width", type=int, default=WIDTH, help="of the embeddings; 0 for none")
    asked = vars(parser.parse_args(arguments))
    folder: Path = asked.pop("folder").resolve()
    try:
        wanted = Wanted(**asked)
    except ValueError as error:
        parser.error(str(error))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        parser.error(f"{folder} is not empty")
    print(json.dumps({"project": str(folder / "project"), **make(folder, wanted)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
