"""Jobs with an arithmetic "backbone": an image's embedding is its size in bytes, a prompt's its length."""

from pathlib import Path

import numpy as np
from PIL import Image

from app.protocol import messages as m
from app.protocol.files import read_items, read_prompts
from app.worker.context import JobContext
from app.worker.execution import JobTable, Stopped
from app.worker.inprocess import InProcessRunner
from cprfl_core.common.errors import BackboneError
from cprfl_core.features.store import FeatureStore
from cprfl_core.features.token_compression import plain_basis, quantise

DIM = 4
BATCH = 2


class FakeBackbone:
    """``runner()`` runs these jobs in this process; ``commands`` are those that were run, in order."""

    def __init__(self, key: str = "fake-1") -> None:
        self.key = key
        self.commands: list[m.JobCommand] = []
        self.indexed: list[int] = []

    def runner(self) -> InProcessRunner:
        return InProcessRunner(self.jobs())

    def jobs(self) -> JobTable:
        return {
            m.DescribeBackbone: self.describe,
            m.IndexImages: self.index,
            m.EncodeText: self.encode,
        }

    @property
    def kinds(self) -> list[str]:
        return [command.type for command in self.commands]

    def describe(self, command: m.DescribeBackbone, context: JobContext) -> m.BackboneResult:
        self.commands.append(command)
        return m.BackboneResult(
            key=self.key, embed_dim=DIM, patch_width=8, grid=(2, 2), device="cpu", precision="float32"
        )

    def index(self, command: m.IndexImages, context: JobContext) -> m.IndexResult:
        self.commands.append(command)
        self._check(command.expected_key)
        context.started(self.key, "cpu", "float32")
        items, failed, done = list(read_items(Path(command.items))), 0, 0
        store = FeatureStore(Path(command.features), key=self.key)
        if command.patches:
            store.set_basis(plain_basis((1, 1), DIM))
        for start in range(0, len(items), BATCH):
            if context.should_stop():
                raise Stopped(m.IndexResult(embedded=done, failed=failed, seconds=0.1))
            batch = []
            for item in items[start : start + BATCH]:
                try:
                    with Image.open(item.path) as image:
                        image.load()
                    batch.append(item)
                except OSError as error:
                    failed += 1
                    context.item_failed(item.id, f"cannot be decoded ({type(error).__name__})")
            rows = np.array([embedding(Path(item.path)) for item in batch], np.float32).reshape(-1, DIM)
            store.append(
                [item.id for item in batch],
                [item.stamp for item in batch],
                rows,
                *(quantise(rows[:, None]) if command.patches else ()),
            )
            self.indexed += [item.id for item in batch]
            done += len(batch)
            context.progress("indexing", done + failed, len(items))
        return m.IndexResult(embedded=done, failed=failed, seconds=0.1)

    def encode(self, command: m.EncodeText, context: JobContext) -> m.TextResult:
        self.commands.append(command)
        self._check(command.expected_key)
        lines = list(read_prompts(Path(command.prompts)))
        rows = [text_row(line.prompts) for line in lines]
        FeatureStore(Path(command.features), key=self.key).save_text([line.key for line in lines], rows)
        return m.TextResult(encoded=len(lines), dim=DIM, seconds=0.1)

    def _check(self, expected: str) -> None:
        if expected != self.key:
            raise BackboneError(f"The weights are those of {self.key}, not of {expected}.")


def embedding(path: Path) -> list[float]:
    return [float(path.stat().st_size), 1.0, 2.0, 3.0]


def text_row(prompts: tuple[str, ...]) -> list[float]:
    return [float(sum(map(len, prompts))), float(len(prompts)), 0.0, 1.0]
