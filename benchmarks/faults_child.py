"""The child processes of the benchmark of faults; each prints what it has finished, line by line.

label PROJECT SEED      decide, review and undo without end; a line after each step that is on the disk
backup PROJECT          back the database up once
commands                run the command lines (JSON lists) on standard input, one result a line
images                  read the image files named on standard input, one result a line
"""

import contextlib
import io
import itertools
import json
import os
import random
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MEMORY_BYTES = 3 << 30
"""The address space that reading one mutated file may take, with the libraries themselves."""


def main() -> None:
    what, *given = sys.argv[1:]
    if what == "label":
        label(Path(given[0]), int(given[1]))
    elif what == "backup":
        from app.storage.backup import back_up

        back_up(Path(given[0]) / "project.db", Path(given[0]) / "backups")
    elif what == "commands":
        commands()
    elif what == "images":
        images()
    else:
        raise SystemExit(f"there is no child {what!r}")


def say(value: object) -> None:
    """One line, in one write: what has been said is with the parent even if this process dies now."""
    os.write(1, json.dumps(value).encode() + b"\n")


def label(project: Path, seed: int) -> None:
    from app.domain.labels import Decision, LabelState
    from app.services.labelling.decisions import decide, review, undo
    from app.services.project.project import open_project
    from app.storage import categories, images

    states = {1: LabelState.YES, 0: LabelState.NO, -1: LabelState.UNKNOWN}
    with open_project(project) as opened:
        with opened.db.read() as s:
            pictures = {one.path: one.id for one in images.all_images(s)}
            names = {one.name: one.id for one in categories.all_categories(s)}
        for step in steps(seed, sorted(pictures), sorted(names)):
            match step:
                case ["decide", image, answers]:
                    chosen = [
                        Decision(pictures[image], names[name], states[v]) for name, v in answers.items()
                    ]
                    decide(opened, chosen)
                case ["review", image]:
                    review(opened, [pictures[image]])
                case ["undo"]:
                    undo(opened)
            say(step)


def steps(seed: int, images: list[str], names: list[str]) -> Iterator[list[Any]]:
    """An endless list of steps, the same for a seed. Only a decision that changes something is undone."""
    rng = random.Random(seed)
    held: dict[tuple[str, str], int] = {}
    before: dict[tuple[str, str], int] = {}
    changes = False
    for turn in itertools.count():
        kind = rng.choices(["decide", "review", "undo"], [8, 1, 1])[0]
        if kind == "undo" and changes:
            held.update(before)
            yield ["undo"]
            changes = False
        elif kind == "review" and turn < len(images):  # each image is reviewed at most once
            held.update({(images[turn], name): 0 for name in names if held.get((images[turn], name), -1) < 0})
            yield ["review", images[turn]]
            changes = False
        else:
            image, chosen = rng.choice(images), rng.sample(names, rng.randint(1, len(names)))
            answers = {name: rng.choice([1, 0, -1]) for name in chosen}
            before = {(image, name): held.get((image, name), -1) for name in chosen}
            held.update({(image, name): state for name, state in answers.items()})
            changes = any(before[image, name] != state for name, state in answers.items())
            yield ["decide", image, answers]


def commands() -> None:
    from app.cli.context import CommandLine
    from app.cli.main import run

    known = CommandLine(make_runner=_no_runner, start_log=lambda _folder, _verbose: None)
    _limit_memory()
    for line in sys.stdin:
        arguments = json.loads(line)
        begin = time.perf_counter()
        out, err = io.StringIO(), io.StringIO()
        code: int | None = None
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = run(arguments, known)
            except BaseException:  # told to the parent, which counts it as a crash
                err.write(traceback.format_exc())
        say({"code": code, "err": err.getvalue()[-4000:], **_cost(begin)})


def images() -> None:
    """Read each file as the scan, the thumbnails and the model do."""
    from cprfl_core.common.errors import ImageError
    from cprfl_core.images.reading import open_image, read_header

    _limit_memory()
    for line in sys.stdin:
        path = Path(json.loads(line))
        begin = time.perf_counter()
        result: dict[str, Any] = {}
        try:
            header = read_header(path)
            picture = open_image(path)
            small = open_image(path, draft=(64, 64))
            if picture.mode != "RGB" or small.mode != "RGB" or min(header.width, header.height) < 1:
                result = {"crash": f"read as {picture.mode}, {header}"}
            else:
                result = {"read": [picture.width, picture.height]}
        except ImageError as error:
            result = {"refused": str(error)}
        except BaseException:
            result = {"crash": traceback.format_exc()[-2000:]}
        say({**result, **_cost(begin)})


def _cost(begin: float) -> dict[str, float]:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux
    return {"seconds": time.perf_counter() - begin, "peak_mb": peak / 1024}


def _limit_memory() -> None:
    """More address space than this raises MemoryError, which has to end in a sentence."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _no_runner(_separate: bool) -> Any:
    raise RuntimeError("no command of this child needs a model")


if __name__ == "__main__":
    main()
