"""``python -m cprfl_core``: usage, exit status, the published set-ups, the lines of progress."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from cprfl_core.benchmark.command import make_parser, read_arguments
from cprfl_core.benchmark.options import published
from cprfl_core.benchmark.progress import Watcher, duration
from cprfl_core.benchmark.protocols import best_epoch, mean_by_epoch
from cprfl_core.common.errors import DatasetError, InputError
from cprfl_core.training.events import TrainingEpoch, TrainingProgress, TrainingStarted, TrainingWarning
from cprfl_core.training.options import EpochRecord

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ["voc-lt", "--images", "i", "--lists", "l"]


def python(*arguments):
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def options(*more, name="voc-lt"):
    return read_arguments(vars(make_parser().parse_args([name, *NEEDED[1:], *more])))[0]


@pytest.mark.parametrize("arguments", [[], ["train"], ["benchmark"], ["benchmark", "nus-wide"]])
def test_a_command_that_is_not_understood_is_usage(arguments):
    done = python("-m", "cprfl_core", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: python -m cprfl_core" in done.stderr


def test_help_is_printed_without_importing_torch():
    done = python("-X", "importtime", "-m", "cprfl_core", "benchmark", "--help")
    assert done.returncode == 0
    assert "--protocol" in done.stdout
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "cprfl_core.benchmark.command" in loaded
    assert loaded.isdisjoint({"torch", "torchvision", "open_clip", "numpy"})


def test_what_is_left_out_is_the_published_codes():
    voc, coco = options(), options(name="coco-lt")
    assert (voc.learning_rate, voc.epochs, voc.schedule_epochs) == (5e-5, 29, 80)
    assert (coco.learning_rate, coco.epochs, coco.schedule_epochs) == (1e-5, 79, 80)
    assert (voc.batch_size, voc.ema, voc.warmup, voc.clip_norm, voc.trunk_rate) == (16, 0.998, 0.1, None, 1.0)
    assert (voc.backbone, voc.normalisation, voc.augmentation) == ("resnet101", "none", "published")
    assert (voc.dim, voc.heads, voc.dim_head, voc.mlp_dim, voc.interaction) == (2048, 8, 512, 2048, "joint")
    assert (voc.protocol, voc.seeds) == ("paper", (0,))


def test_the_papers_text_asks_for_another_set_up():
    text = options("--setup", "paper", "--ema", "0.9")
    assert (text.epochs, text.schedule_epochs, text.batch_size, text.schedule) == (30, 30, 32, "constant")
    assert text.ema == 0.9
    with pytest.raises(InputError, match="no benchmark 'nus-wide'"):
        published("nus-wide", "paper")


def test_epochs_and_schedule_stretch_to_each_other():
    assert (options("--epochs", "100").epochs, options("--epochs", "100").schedule_epochs) == (100, 100)
    assert options("--epochs", "10").schedule_epochs == 80
    assert options("--schedule-epochs", "10").epochs == 10


def test_an_open_clip_tower_is_shown_what_it_was_trained_with():
    assert options("--backbone", "ViT-B-16@w.safetensors").normalisation == "backbone"
    assert options("--backbone", "ViT-B-16@w.safetensors", "--normalisation", "none").normalisation == "none"


def test_the_first_of_the_best_epochs_is_chosen_over_folds():
    def fold(*totals):
        return [EpochRecord(n, 0.1, 0.1, 1.0, total) for n, total in enumerate(totals, start=1)]

    means = mean_by_epoch([fold(0.2, 0.5, 0.5, None), fold(0.4, 0.7, 0.7, None)])
    assert means == [pytest.approx(0.3), pytest.approx(0.6), pytest.approx(0.6), None]
    assert best_epoch(means) == 2
    assert mean_by_epoch([fold(None, 0.5), fold(0.1, None)]) == [0.1, 0.5]
    with pytest.raises(DatasetError, match="use fewer folds"):
        best_epoch([None, None])


def test_progress_shows_rate_and_time_left_at_most_every_five_seconds():
    now = [0.0]
    stream = io.StringIO()
    watcher = Watcher(stream, clock=lambda: now[0])
    watcher.title = "seed 0"
    watcher.on_event(TrainingStarted(40, 0, 3, 80, 800, 20, 4, "cpu", "float32", 5_000_000), 40)
    for step in range(21, 40):
        now[0] += 1.0
        watcher.on_event(TrainingProgress(3, step, 800, 0.25, 1e-5, 12.3, 780.0 - step + 21), 40)
    watcher.on_event(TrainingEpoch(EpochRecord(4, 0.2, 1e-5, 19.0, 0.5, None, 0.75, 0.25)), 40)
    watcher.on_event(TrainingWarning("cpu is full."), 40)
    lines = stream.getvalue().splitlines()
    assert lines[0] == (
        "seed 0: 40 images, 3 categories, 5.0 M weights, 40 epochs of 10 steps in float32 on cpu, "
        "resuming from step 20"
    )
    told = [line for line in lines if "images/s" in line]
    assert len(told) == 4
    # 379 of the 779 steps of the whole schedule are trained: 780 s of it make 379 s.
    assert told[0] == "seed 0: epoch 3 of 40, step 21 of 400, loss 0.25, 12.3 images/s, 6 min left"
    assert "epoch 4 of 40 done in 19 s, loss 0.2, mAP total 50.00, medium 75.00, tail 25.00" in lines[-2]
    assert lines[-1] == "seed 0: cpu is full."
    assert [duration(s) for s in (3.2, 100, 7000)] == ["3 s", "2 min", "1.9 h"]
