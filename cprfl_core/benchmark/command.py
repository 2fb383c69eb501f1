"""The command ``python -m cprfl_core benchmark``. torch is imported only after the arguments are parsed."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final, get_args

from cprfl_core.benchmark.options import (
    EXPECTED,
    BenchmarkOptions,
    Places,
    Protocol,
    Selection,
    Setup,
    published,
)
from cprfl_core.common.errors import CoreError

_KNOWN_ERROR: Final = 1
_INTERRUPTED: Final = 130


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status: 0, 1 (a known error, one sentence on stderr), 2 (usage)."""
    parser = make_parser()
    given = vars(parser.parse_args(arguments))
    # Read when torch is imported: spinning threads would take CPU time from decoding.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        options, places = read_arguments(given)
        from cprfl_core.benchmark.progress import Watcher
        from cprfl_core.benchmark.report import as_json, in_words
        from cprfl_core.benchmark.run import REPORT_FILE, run_benchmark

        report = run_benchmark(options, places, Watcher(sys.stderr))
    except CoreError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return _KNOWN_ERROR
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted; finished parts are kept. Use --resume to continue.\n")
        return _INTERRUPTED
    sys.stdout.write(f"{as_json(report)}\n" if given["json"] else in_words(report))
    sys.stderr.write(f"The report is in {places.out / REPORT_FILE}.\n")
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The argument parser; defaults are those of the published set-up."""
    parser = argparse.ArgumentParser(
        prog="python -m cprfl_core benchmark",
        description="Train and test CPRFL on VOC-LT or COCO-LT. See docs/reproduce.md for expected results.",
        argument_default=argparse.SUPPRESS,
    )
    add = parser.add_argument
    add("dataset", choices=EXPECTED)
    add("--images", type=Path, required=True, help="image folder, in any common layout")
    add("--lists", type=Path, required=True, help="folder with *_labels.txt, *_lt_train.txt, *_lt_test.txt")
    add("--out", type=Path, help="folder for checkpoints and report; default benchmark-DATASET-PROTOCOL")
    add("--resume", action="store_true", help="continue the run in --out")
    add("--json", action="store_true", default=False, help="print the report as one JSON object")
    add(
        "--protocol",
        choices=get_args(Protocol),
        help="paper: best epoch on the test set; honest: test set used once",
    )
    add(
        "--selection", choices=get_args(Selection), help="epoch selection of honest; default cross-validation"
    )
    add("--folds", type=int, help="number of folds of the training list; default 5")
    add(
        "--setup",
        choices=get_args(Setup),
        default="code",
        help="defaults of the published code, or of the paper's text",
    )
    _add_model(parser)
    _add_training(parser)
    return parser


def _add_model(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("model and images").add_argument
    add("--backbone", help="resnet18 to resnet152, tiny, bundled, or an open_clip image tower")
    add("--weights", type=Path, help="state dict of the backbone, safetensors or .pth; default random")
    add("--text", help="safetensors file [categories, width], or open_clip model as NAME@FILE")
    add("--size", type=int, help="input size in pixels; default 448, or the tower's")
    add(
        "--normalisation", choices=("none", "imagenet", "clip", "backbone"), help="default none, as published"
    )
    add("--augmentation", choices=("published", "none"))
    add("--interaction", choices=("joint", "cross"))
    for name in ("dim", "heads", "dim-head", "mlp-dim"):
        add(f"--{name}", type=int, help="of the CPRFL head")
    add("--dropout", type=float)


def _add_training(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("training").add_argument
    add("--epochs", type=int, help="maximum number of epochs")
    add("--schedule-epochs", type=int, help="length of the learning rate cycle; default at least --epochs")
    add("--batch-size", type=int)
    add("--learning-rate", type=float)
    add("--weight-decay", type=float)
    add("--schedule", choices=("onecycle", "constant"))
    add("--warmup", type=float, help="fraction of the schedule with increasing rate")
    add("--ema", type=float, help="decay of the averaged weights; 0 for none")
    add("--clip-norm", type=float, help="maximum gradient norm; default no limit")
    add("--loss", choices=("asymmetric", "bce"))
    add("--focusing-gradient", action="store_true", help="differentiate the focusing weights of the loss")
    add("--trunk-rate", type=float, help="learning rate of the trunk relative to the head's; 0 freezes it")
    add("--prompt-delta", action="store_true", help="learn one vector per category, added to its prompt")
    add("--precision", choices=("auto", "float32", "bfloat16", "float16"))
    add("--seeds", type=int, nargs="+", help="one run per seed; default 0")
    add("--device", help="cpu, cuda, cuda:1 or mps; default the best one")
    add("--workers", type=int, help="worker processes that load images; default 0, in this process")


def read_arguments(given: dict[str, Any]) -> tuple[BenchmarkOptions, Places]:
    """Options and paths from parsed arguments. Raises InputError if they contradict each other."""
    options = published(given["dataset"], given["setup"])
    named = {field.name for field in fields(BenchmarkOptions)} - {"dataset", "setup"}
    asked = {name: value for name, value in given.items() if name in named}
    if "seeds" in asked:
        asked["seeds"] = tuple(asked["seeds"])
    if "schedule_epochs" not in asked and "epochs" in asked:
        asked["schedule_epochs"] = max(options.schedule_epochs, asked["epochs"])
    elif "schedule_epochs" in asked and "epochs" not in asked:
        asked["epochs"] = min(options.epochs, asked["schedule_epochs"])
    backbone = asked.get("backbone", options.backbone)
    if "normalisation" not in asked and not backbone.startswith(("resnet", "tiny")):
        asked["normalisation"] = "backbone"
    options = replace(options, **asked)
    out = given.get("out", Path(f"benchmark-{options.dataset}-{options.protocol}"))
    return options, Places(
        images=given["images"],
        lists=given["lists"],
        out=out,
        weights=given.get("weights"),
        text=given.get("text"),
        device=given.get("device"),
        workers=given.get("workers", 0),
        resume=given.get("resume", False),
    )
