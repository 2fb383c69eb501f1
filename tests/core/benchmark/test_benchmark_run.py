"""The whole benchmark on a miniature data set: both protocols, interrupted and taken up again."""

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
from miniature import CATEGORIES, TEST, TRAIN, arguments, write_miniature, write_text_features
from safetensors.numpy import load_file
from sklearn.metrics import average_precision_score
from tiny_models import CONFIGS, EMBED_DIM, write_model

from cprfl_core.benchmark import bench, progress
from cprfl_core.benchmark.command import main
from cprfl_core.common.tensor_files import read_pair
from cprfl_core.datasets.torch_dataset import LabelledImages

ROOT = Path(__file__).resolve().parents[3]
HONEST = ["--protocol", "honest", "--folds", "2"]


@pytest.fixture(autouse=True)
def one_thread():
    """Networks this small only wait for each other on many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("miniature")
    write_miniature(folder)
    write_text_features(folder / "text.safetensors")
    return folder


def run(source, out, *more):
    """Run the command in this process and return the report it wrote."""
    assert main(arguments(source, out, *more)) == 0
    return json.loads((out / "report.json").read_text())


def numbers(report):
    """What must not depend on whether a run was interrupted: all but the seconds."""
    return json.loads(
        json.dumps(report), object_hook=lambda d: {k: v for k, v in d.items() if k != "seconds"}
    )


@pytest.mark.slow
def test_the_papers_protocol_takes_the_epoch_that_is_best_on_the_test_set_and_says_so(
    source, tmp_path, capsys
):
    report = run(source, tmp_path, "--seeds", "0", "3", "--json")
    captured = capsys.readouterr()
    assert json.loads(captured.out) == report
    assert "paper protocol: The epoch is selected on the test set" in captured.err
    assert "must not be compared" in report["warning"]
    assert report["chosen_on"] == "test set"
    assert report["seeds"] == [0, 3]
    truth = np.array([[int(c in labels) for c in range(3)] for labels in TEST])
    for found in report["runs"]:
        totals = [epoch["total"] for epoch in found["history"]]
        assert len(totals) == found["epochs_trained"] == 3
        assert found["epoch"] == 1 + int(np.argmax(totals))
        scores = load_file(tmp_path / f"seed-{found['seed']}" / "result.safetensors")["scores"]
        ap = [average_precision_score(truth[:, c], scores[:, c]) for c in range(3)]
        assert found["mAP"]["total"] == pytest.approx(np.mean(ap))
        assert found["mAP"]["total"] == pytest.approx(max(totals))
        assert found["mAP"]["medium"] == pytest.approx(ap[0])
        assert found["mAP"]["tail"] == pytest.approx(np.mean(ap[1:]))
        assert found["mAP"]["head"] is None
    means = [found["mAP"]["total"] for found in report["runs"]]
    assert report["mAP"]["total"] == pytest.approx(np.mean(means))
    assert means[0] != means[1]
    assert report["lists"]["without_label"] == {"train": 1, "test": 2}
    assert not report["lists"]["as_published"]
    assert [row["train_positives"] for row in report["categories"]] == [22, 9, 4]
    assert set(report["top_3"]) == {"OP", "OR", "OF1", "CP", "CR", "CF1"}
    assert report["versions"]["torch"] == torch.__version__.partition("+")[0]


@pytest.mark.slow
def test_the_honest_protocol_chooses_inside_training_and_shows_each_test_image_once(
    source, tmp_path, monkeypatch
):
    shown = []
    plain = LabelledImages.__getitem__
    monkeypatch.setattr(
        LabelledImages, "__getitem__", lambda self, at: shown.append(self.files[at].name) or plain(self, at)
    )
    report = run(source, tmp_path, *HONEST)
    (found,) = report["runs"]
    totals = np.array([[epoch["total"] for epoch in fold] for fold in found["folds"]])
    assert totals.shape == (2, 3)
    assert found["mean_held_out_total"] == pytest.approx(totals.mean(axis=0))
    assert found["epoch"] == 1 + int(np.argmax(totals.mean(axis=0))) == found["epochs_trained"]
    assert all(epoch["total"] is None for epoch in found["history"])
    assert sorted(name for name in shown if name.startswith("test")) == [
        f"test_{number:06d}.jpg" for number in range(len(TEST))
    ]
    # Two folds show each image once to learn and once to judge, an epoch; the last training all of them.
    assert len([name for name in shown if name.startswith("train")]) == len(TRAIN) * (2 * 3 + found["epoch"])
    assert "is used once" in report["warning"]


def test_a_holdout_trains_one_fold_alone(source, tmp_path):
    report = run(source, tmp_path, *HONEST, "--selection", "holdout", "--epochs", "1")
    assert [len(fold) for fold in report["runs"][0]["folds"]] == [1]
    assert not (tmp_path / "seed-0" / "fold-1").exists()


@pytest.mark.slow
def test_a_network_learns_what_the_images_show(source, tmp_path):
    learning = [
        "--epochs",
        "12",
        "--schedule-epochs",
        "12",
        "--loss",
        "bce",
        "--augmentation",
        "none",
        "--batch-size",
        "6",
    ]
    report = run(source, tmp_path, *learning)
    history = report["runs"][0]["history"]
    assert history[-1]["loss"] < 0.75 * history[0]["loss"]
    chance = np.mean([[c in labels for c in range(3)] for labels in TEST])
    assert report["mAP"]["total"] > 0.72 > chance + 0.2


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [[], HONEST], ids=["paper", "honest"])
def test_an_interrupted_run_resumes_and_ends_as_if_uninterrupted(
    source, tmp_path, protocol, monkeypatch, capsys
):
    whole = run(source, tmp_path / "whole", *protocol)
    plain = progress.Watcher.on_event
    epochs = []

    def interrupt(self, event, last):
        plain(self, event, last)
        if isinstance(event, progress.TrainingEpoch):
            epochs.append(event.record.epoch)
            # The third epoch: the paper's last one, and the second fold's first.
            if len(epochs) == (2 if not protocol else 5):
                raise KeyboardInterrupt

    monkeypatch.setattr(progress.Watcher, "on_event", interrupt)
    out = tmp_path / "halves"
    assert main(arguments(source, out, *protocol)) == 130
    assert "Use --resume to continue" in capsys.readouterr().err
    assert not (out / "report.json").exists()
    halves = run(source, out, *protocol, "--resume")
    assert numbers(halves) == numbers(whole)
    # What was finished is not trained again: the epoch that was under way is all that is lost.
    final = 0 if not protocol else whole["runs"][0]["epoch"]
    assert len(epochs) == 1 + (3 if not protocol else 6 + final)


def test_a_finished_run_is_reported_again_without_training(source, tmp_path, monkeypatch):
    first = run(source, tmp_path, "--epochs", "1")
    monkeypatch.setattr(bench, "train_end_to_end", lambda *_, **__: pytest.fail("it trained"))
    (tmp_path / "report.json").unlink()
    assert run(source, tmp_path, "--epochs", "1", "--resume") == first


def test_the_trained_network_is_kept_and_its_checkpoint_is_not(source, tmp_path):
    report = run(source, tmp_path, "--epochs", "1", "--prompt-delta")
    tensors, card = read_pair(tmp_path / "seed-0", "network")
    assert card["categories"] == list(CATEGORIES)
    assert card["epoch"] == 1
    assert tuple(tensors["prompt_delta"].shape) == (3, 16)
    assert any(name.startswith("trunk.parts.0") for name in tensors)
    assert "Prompt deltas were learned" in " ".join(report["notes"])
    assert not list(tmp_path.rglob("checkpoint*"))


def test_a_damaged_result_is_made_again(source, tmp_path):
    first = run(source, tmp_path, "--epochs", "1")
    file = tmp_path / "seed-0" / "result.safetensors"
    file.write_bytes(file.read_bytes()[:-3])
    assert numbers(run(source, tmp_path, "--epochs", "1", "--resume")) == numbers(first)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_loading_in_another_process_changes_no_number(source, tmp_path):
    here = run(source, tmp_path / "here", "--epochs", "2")
    beside = run(source, tmp_path / "beside", "--epochs", "2", "--workers", "1")
    assert numbers(beside) == numbers(here)


def test_an_open_clip_model_brings_tower_and_text_from_one_file(source, tmp_path):
    model = write_model(tmp_path / "vit", CONFIGS["vit"])
    given = arguments(source, tmp_path / "out", "--epochs", "1", "--backbone", f"local-dir:{model}")
    at = given.index("--text")
    assert main(given[:at] + given[at + 2 :]) == 0
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert report["trunk"]["tokens"] == [16, 32]
    assert report["text"]["source"] == 'vit, "a photo of a NAME."'
    assert report["text"]["width"] == EMBED_DIM
    assert report["options"]["normalisation"] == "backbone"
    assert not any("random" in note for note in report["notes"])


@pytest.mark.slow
def test_a_killed_program_resumes_where_it_was(source, tmp_path):
    command = [sys.executable, "-m", "cprfl_core", "benchmark"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    long = ["--epochs", "12", "--schedule-epochs", "12"]
    out, error = tmp_path / "killed", tmp_path / "stderr.txt"
    with error.open("w") as stream:
        running = subprocess.Popen(
            [*command, *arguments(source, out, *long)],
            cwd=ROOT,
            stderr=stream,
            stdout=subprocess.DEVNULL,
            env=environment,
        )
        while "epoch 3 of 12 done" not in error.read_text():
            assert running.poll() is None, error.read_text()
            time.sleep(0.02)
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert not (out / "report.json").exists()
    done = subprocess.run(
        [*command, *arguments(source, out, *long, "--resume")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert "resuming from step" in done.stderr
    whole = run(source, tmp_path / "whole", *long)
    assert numbers(json.loads((out / "report.json").read_text())) == numbers(whole)
