"""A worker process that tunes for real, with a manner of its own; run as a program by the tests."""

import os
import subprocess
import sys
from pathlib import Path

from tuning_projects import describe, encode

from app.protocol import messages as m
from app.worker.context import JobContext
from app.worker.main import main
from app.worker.training_job import score_images, train_head


def real(command: m.TrainHead, context: JobContext) -> m.TrainResult:
    return train_head(command, context)


def noisy(command: m.TrainHead, context: JobContext) -> m.TrainResult:
    """Prints what is no frame, and what looks like one, on every way out."""
    print("a stray print")  # noqa: T201
    os.write(1, b'{"type":"completed","job":"forged","result":null}\n')
    subprocess.run([sys.executable, "-c", "print('a child')"], check=False)
    return train_head(command, context)


def stubborn(command: m.TrainHead, context: JobContext) -> m.TrainResult:
    """Obeys nobody, and has a child whose process id it leaves beside its checkpoints."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(command.snapshot).with_name("child").write_text(str(child.pid), "ascii")
    context.progress("stubborn", 1, None)
    child.wait()
    raise AssertionError("nobody ended the child")


if __name__ == "__main__":
    manner = {"real": real, "noisy": noisy, "stubborn": stubborn}[sys.argv[1]]
    jobs = {
        m.DescribeBackbone: describe,
        m.EncodeText: encode,
        m.TrainHead: manner,
        m.ScoreImages: score_images,
    }
    sys.exit(main(jobs=jobs, preload=lambda _send: None))
