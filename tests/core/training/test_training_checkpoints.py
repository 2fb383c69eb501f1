"""Runs that end early and are taken up: what is kept, what is refused, and that no number changes."""

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from training_parts import (
    data,
    head,
    one_thread,  # noqa: F401 (it acts by itself)
    same,
    stop_after,
    train,
    uninterrupted,
)

from cprfl_core.common.errors import InputError, ModelFileError
from cprfl_core.training import loop as training_loop
from cprfl_core.training.training import TrainingEpoch, TrainingFinished, TrainingProgress, TrainingStarted


def begun(folder, batches=7, **more):
    return train(folder=folder, should_stop=stop_after(batches), **more)


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [{"precision": "bfloat16"}, {"precision": "float16"}, {"keep": "best"}, {"keep": "best", "ema": 0.0}],
    ids=str,
)
@pytest.mark.parametrize("batches", [7, 10])
def test_precision_and_the_best_epoch_survive_an_interruption(tmp_path, options, batches):
    more = {"options": options, "validation": data(seed=1, images=20)[:2]}
    begun(tmp_path, batches, **more)
    whole, resumed = train(**more), train(**more, folder=tmp_path)
    assert same(whole, resumed) and whole.best_epoch == resumed.best_epoch


def test_the_best_epoch_is_the_one_with_the_highest_total():
    more = {"validation": data(seed=1, images=20)[:2], "options": {"keep": "best", "learning_rate": 0.3}}
    result = train(**more)
    totals = [record.total for record in result.history]
    assert result.best_epoch == 1 + int(np.argmax(totals))
    assert result.best_epoch < len(totals), "at this rate the last epoch is not the best one"
    last = train(validation=more["validation"], options={"learning_rate": 0.3})
    assert not same(result, last) and totals == [record.total for record in last.history]
    stopped = train(**more, should_stop=stop_after(8 * result.best_epoch))
    assert torch.equal(stopped.model.visual.weight, result.model.visual.weight)


def test_interruptions_at_every_batch_change_nothing(tmp_path):
    options = {"batch_size": 20}
    for _ in range(6):
        begun(tmp_path, 1, options=options)
    assert same(train(options=options), train(options=options, folder=tmp_path))


@pytest.mark.slow
def test_a_run_that_is_killed_is_resumed_from_its_last_checkpoint(tmp_path):
    code = """
import sys, torch
torch.set_num_threads(1)
from pathlib import Path
from training_parts import train
from cprfl_core.training.training import TrainingProgress
def tell(event):
    if isinstance(event, TrainingProgress) and event.step == 10:
        print("now", flush=True)
        sys.stdin.read()
train(folder=Path(sys.argv[1]), on_event=tell)
"""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as child:
        assert child.stdout.readline().strip() == b"now"
        child.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
    events = []
    resumed = train(folder=tmp_path, on_event=events.append)
    assert events[0].resumed_at == 5
    assert same(uninterrupted(), resumed)


def test_long_epochs_write_checkpoints_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setattr(training_loop, "_CHECKPOINT_SECONDS", 0.0)
    seen = []

    def look(event):
        if isinstance(event, TrainingProgress):
            path = tmp_path / "checkpoint.json"
            seen.append(json.loads(path.read_text())["position"]["step"] if path.exists() else 0)

    monkeypatch.setattr(training_loop, "_PROGRESS_SECONDS", 0.0)
    train(folder=tmp_path, on_event=look)
    assert seen == list(range(15))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"options": {"learning_rate": 0.5}}, r"option learning_rate \(0\.01, not 0\.5\)"),
        ({"options": {"epochs": 4}}, r"option epochs \(3, not 4\)"),
        ({"model": head(seed=1)}, "start"),
        ({"model": head(residual=True)}, "architecture"),
        ({"given": (data()[0][::-1].copy(), *data()[1:])}, "patch values"),
        ({"given": (data()[0], 1 - data()[1], data()[2])}, "labels"),
        ({"given": (*data()[:2], data(seed=1)[2])}, "text features"),
    ],
    ids=["rate", "epochs", "weights", "architecture", "patches", "labels", "text"],
)
def test_a_checkpoint_of_another_run_is_refused_and_stays(tmp_path, change, words):
    begun(tmp_path)
    held = (tmp_path / "checkpoint.json").read_bytes()
    with pytest.raises(InputError, match=f"run with a different .*{words}"):
        train(folder=tmp_path, **change)
    assert (tmp_path / "checkpoint.json").read_bytes() == held


@pytest.mark.parametrize("damage", ["truncate", "flip", "remove", "json"])
def test_a_damaged_checkpoint_is_refused(tmp_path, damage):
    begun(tmp_path)
    (path,) = tmp_path.glob("*.safetensors")
    content = bytearray(path.read_bytes())
    if damage == "truncate":
        path.write_bytes(content[:-10])
    elif damage == "flip":
        content[-1] ^= 1
        path.write_bytes(content)
    elif damage == "remove":
        path.unlink()
    else:
        told = (tmp_path / "checkpoint.json").read_text()
        (tmp_path / "checkpoint.json").write_text(told.replace('"step": 7', '"step": 6'))
    with pytest.raises(ModelFileError, match="checkpoint"):
        train(folder=tmp_path)


def test_a_folder_holds_one_checkpoint_and_nothing_half_written(tmp_path):
    train(folder=tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".safetensors"]


def test_a_place_that_cannot_be_written_ends_the_run_with_a_known_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelFileError, match="cannot be written"):
        train(folder=tmp_path / "file" / "run")


def test_events_tell_the_run_from_start_to_finish(monkeypatch):
    monkeypatch.setattr(training_loop, "_PROGRESS_SECONDS", 0.0)
    events = []
    result = train(on_event=events.append, validation=data(seed=1, images=10)[:2])
    started, finished = events[0], events[-1]
    assert isinstance(started, TrainingStarted)
    assert (started.images, started.categories, started.epochs, started.steps) == (40, 7, 3, 15)
    assert (started.batch_size, started.device, started.precision, started.resumed_at) == (
        8,
        "cpu",
        "float32",
        0,
    )
    assert started.trained == sum(weight.numel() for weight in result.model.parameters())
    progress = [event for event in events if isinstance(event, TrainingProgress)]
    assert [event.step for event in progress] == list(range(1, 16))
    assert [event.epoch for event in progress] == [1] * 5 + [2] * 5 + [3] * 5
    assert all(event.rate > 0 and event.remaining >= 0 for event in progress[1:])
    assert progress[-1].remaining == 0
    assert [event.record for event in events if isinstance(event, TrainingEpoch)] == list(result.history)
    assert isinstance(finished, TrainingFinished)
    assert (finished.epochs_done, finished.steps_done, finished.stopped) == (3, 15, False)


def test_progress_is_reported_at_most_ten_times_a_second_and_at_the_end_of_an_epoch():
    times = []

    def tell(event):
        if isinstance(event, TrainingProgress):
            times.append((time.monotonic(), event.step))

    train(on_event=tell, options={"batch_size": 1, "epochs": 1})
    between = [later - earlier for (earlier, _), (later, step) in itertools.pairwise(times) if step < 40]
    assert times[-1][1] == 40 and all(gap >= 0.09 for gap in between)


def test_a_stop_before_the_first_batch_returns_the_start(tmp_path):
    events = []
    result = train(should_stop=lambda: True, folder=tmp_path, on_event=events.append)
    assert result.stopped and result.epochs_done == 0 and result.history == ()
    start = head().state_dict()
    assert all(torch.equal(value, start[name]) for name, value in result.model.state_dict().items())
    assert events[-1].stopped and events[-1].steps_done == 0
