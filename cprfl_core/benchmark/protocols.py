"""Selection of the number of epochs: on the test set, as published, or within the training list.

There is no validation set. The paper's protocol reports the epoch that is best on the test set, which is
optimistically biased. The honest protocol selects the epoch that is best on average over held-out folds of
the training list, trains from scratch on all of it for that many epochs, and uses the test set once.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cprfl_core.benchmark.bench import Bench, drop_checkpoint, keep_network, score, train
from cprfl_core.common.array_files import DamagedFileError, read_arrays, write_arrays
from cprfl_core.common.errors import DatasetError, TrainingError
from cprfl_core.datasets.splits import stratified_folds
from cprfl_core.training.options import EpochRecord

_RESULT: Final = "result.safetensors"


@dataclass(frozen=True, slots=True)
class SeedResult:
    """The result of the protocol for one seed.

    ``scores`` float32 [N,C]: logits on the test set; ``epoch``: the one selected of ``trained``; ``history``
    of the tested training; ``folds``: their histories, empty for the paper's protocol; ``choice``: the mean
    over folds for each epoch; ``seconds``: computing time without interruptions.
    """

    seed: int
    scores: NDArray[np.float32]
    epoch: int
    trained: int
    history: list[dict[str, Any]]
    folds: list[list[dict[str, Any]]]
    choice: list[float | None]
    seconds: float


def run_seed(bench: Bench, seed: int, folder: Path) -> SeedResult:
    """Run the protocol for one seed, or read the result of an earlier run."""
    done = _read_result(folder)
    if done is not None:
        return done
    result = (
        _paper(bench, seed, folder) if bench.options.protocol == "paper" else _honest(bench, seed, folder)
    )
    _write_result(folder, result)
    for part in folder.iterdir():
        if part.is_dir():
            drop_checkpoint(part)
    return result


def _paper(bench: Bench, seed: int, folder: Path) -> SeedResult:
    bench.watcher.title = f"seed {seed}"
    epochs = bench.options.epochs
    result = train(bench, seed, folder / "paper", bench.train, bench.test, epochs=epochs, keep_best=True)
    if result.best_epoch is None:
        raise TrainingError(
            "No category has a yes in the test list; no epoch can be selected. Check the list."
        )
    keep_network(bench, result, folder, result.best_epoch)
    began = time.monotonic()
    scores = score(bench, result, bench.test)
    seconds = _seconds(result.history) + time.monotonic() - began
    return SeedResult(
        seed, scores, result.best_epoch, result.epochs_done, _as_dicts(result.history), [], [], seconds
    )


def _honest(bench: Bench, seed: int, folder: Path) -> SeedResult:
    histories = _fold_histories(bench, seed, folder)
    choice = mean_by_epoch(histories)
    epoch = best_epoch(choice)
    bench.watcher.title = f"seed {seed}, all training images"
    bench.watcher.write(f"epoch {epoch} of {bench.options.epochs} was best on held-out training images")
    result = train(bench, seed, folder / "final", bench.train, None, epochs=epoch)
    keep_network(bench, result, folder, epoch)
    began = time.monotonic()
    scores = score(bench, result, bench.test)
    seconds = sum(map(_seconds, [*histories, result.history])) + time.monotonic() - began
    return SeedResult(
        seed,
        scores,
        epoch,
        result.epochs_done,
        _as_dicts(result.history),
        [_as_dicts(history) for history in histories],
        choice,
        seconds,
    )


def _fold_histories(bench: Bench, seed: int, folder: Path) -> list[Sequence[EpochRecord]]:
    options = bench.options
    fold = stratified_folds(bench.train.labels, options.folds, seed)
    trained = range(1 if options.selection == "holdout" else options.folds)
    histories: list[Sequence[EpochRecord]] = []
    for number in trained:
        bench.watcher.title = f"seed {seed}, fold {number + 1} of {len(trained)}"
        place = folder / f"fold-{number}"
        history = _read_history(place)
        if history is None:
            held = fold == number
            result = train(
                bench, seed, place, bench.train.some(~held), bench.train.some(held), epochs=options.epochs
            )
            history = list(result.history)
            _write_history(place, history)
            drop_checkpoint(place)
        histories.append(history)
    return histories


def mean_by_epoch(histories: Sequence[Sequence[EpochRecord]]) -> list[float | None]:
    """Mean total mAP over the folds for each epoch; None if no fold has one."""
    means: list[float | None] = []
    for records in zip(*histories, strict=True):
        known = [record.total for record in records if record.total is not None]
        means.append(float(np.mean(known)) if known else None)
    return means


def best_epoch(means: Sequence[float | None]) -> int:
    """The first epoch, counted from 1, with the highest mean. Raises DatasetError if all are None."""
    known = [(mean, -number) for number, mean in enumerate(means, start=1) if mean is not None]
    if not known:
        raise DatasetError(
            "No category has a yes among the held-out images, so no epoch can be selected; use fewer folds."
        )
    return -max(known)[1]


def _as_dicts(history: Sequence[EpochRecord]) -> list[dict[str, Any]]:
    return [asdict(record) for record in history]


def _seconds(history: Sequence[EpochRecord]) -> float:
    return float(sum(record.seconds for record in history))


def _write_history(folder: Path, history: Sequence[EpochRecord]) -> None:
    write_arrays(
        folder / "history.safetensors",
        {"epochs": np.arange(len(history))},
        {"history": json.dumps(_as_dicts(history))},
    )


def _read_history(folder: Path) -> list[EpochRecord] | None:
    try:
        _, metadata = read_arrays(folder / "history.safetensors", ("epochs",))
    except (FileNotFoundError, DamagedFileError):
        return None
    return [EpochRecord(**record) for record in json.loads(metadata["history"])]


def _write_result(folder: Path, result: SeedResult) -> None:
    fields = {name: getattr(result, name) for name in SeedResult.__slots__ if name != "scores"}
    write_arrays(folder / _RESULT, {"scores": result.scores}, {"result": json.dumps(fields)})


def _read_result(folder: Path) -> SeedResult | None:
    """The result of an earlier run, None if it is missing or damaged."""
    try:
        arrays, metadata = read_arrays(folder / _RESULT, ("scores",))
    except (FileNotFoundError, DamagedFileError):
        return None
    return SeedResult(scores=arrays["scores"], **json.loads(metadata["result"]))
