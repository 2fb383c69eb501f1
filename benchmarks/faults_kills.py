"""Kill a command at random moments with SIGKILL; see that nothing is lost and that it can be run again.

The act begins when the command first changes a file of the project folder, looked up every 2 ms, and ends
with the process. An uninterrupted run gives its length and the number of its changes. Half of the moments are
uniform over the length, the others come right after one of the changes, chosen at random, so that writes are
hit. Every second run has a worker process, if the command uses one; of these every second kill takes the
command alone, and the worker has to end by itself.
"""

import contextlib
import json
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from faults_child import steps
from faults_projects import (
    APP,
    CATEGORIES,
    CHILD,
    ENVIRONMENT,
    ROOT,
    Done,
    Labels,
    Part,
    commands,
    copy_of,
    database_faults,
    file_patterns,
    leftovers,
    make_project,
    write_coco,
)

from app.domain.labels import Decision, LabelState, Source
from app.services.labelling.decisions import decide
from app.services.project.project import open_project
from app.storage import images, migrate
from cprfl_core.features.store import FeatureStore

LOOK_SECONDS = 0.002
MOST_DRAWS = 5
"""Moments drawn until one of them comes before the command has ended."""
WORKER_ENDS_SECONDS = 30
LABELLING_SECONDS = 0.6
"""How long the endless labelling child works before the latest kill."""

Judge = Callable[[Path], list[str]]


@dataclass(slots=True)
class Act:
    """One kind of work to interrupt.

    ``base`` is copied for each run, ``command`` runs on the copy. ``result`` is what a finished project must
    give, whatever happened before. ``worker``: the command has a child process in every second run.
    """

    name: str
    base: Path
    command: Callable[[Path], Sequence[str]]
    result: Callable[[Path], object]
    worker: bool = False
    again: bool = True
    """Whether the command can be run again to finish; else the project must be usable."""
    seconds: float = 0.0
    changes: int = 0
    expected: object = None
    final: Labels | None = None
    """The labels after an uninterrupted run: those of an interrupted one are as before or like this."""
    patterns: set[str] = field(default_factory=set)


def kills(
    place: Path,
    count: int,
    seed: int,
    *,
    acts: Sequence[str],
    part: Part,
    say: Callable[[str], None],
) -> None:
    """Interrupt each act ``count`` divided by their number times."""
    makers = [ACTS[name] for name in acts]
    shares = [count // len(makers) + (number < count % len(makers)) for number in range(len(makers))]
    for maker, share in zip(makers, shares, strict=True):
        if not share:
            continue
        rng = random.Random(f"{seed} {maker.__name__}")
        folder = place / maker.__name__
        folder.mkdir()
        act = maker(folder)
        measure(act, folder)
        for turn in range(share):
            drawn = rng.randrange(1 << 32)
            try:
                found = interrupted(act, folder / "copy", drawn, turn, part)
            except (subprocess.TimeoutExpired, RuntimeError) as error:
                found = [str(error)]
            part.failed(found, act=act.name, seed=drawn, turn=turn)
            say(f"{act.name}: {turn + 1} of {share}, {len(part.failures)} failures so far")
        part.counts[f"{act.name}, seconds of the act"] = round(act.seconds, 2)
        shutil.rmtree(folder)


def measure(act: Act, folder: Path) -> None:
    """Fill in what an uninterrupted run takes and gives."""
    project = copy_of(act.base, folder / "reference")
    if not act.again:
        act.seconds, act.changes = LABELLING_SECONDS, 1
        return
    with started(act.command(project)) as process:
        watch = Watch(project)
        begin = watch.first_change(process)
        while process.poll() is None:
            watch.look()
            time.sleep(LOOK_SECONDS)
        act.seconds, act.changes = time.monotonic() - begin, max(1, watch.changes)
        out, err = process.communicate()
    Done(process.returncode, out, err).demand_success()
    act.expected, act.final = act.result(project), Labels.of(project)
    # What the command leaves, and what every opened project has.
    act.patterns = file_patterns(project) | {"logs/tailspotter.log"}


def interrupted(act: Act, project: Path, seed: int, turn: int, part: Part) -> list[str]:
    """Run the act on a fresh copy, kill it, and return what is wrong afterwards."""
    before = Labels.of(act.base)
    rng = random.Random(seed)
    inside, told = False, []
    for _ in range(MOST_DRAWS):
        copy_of(act.base, project)
        told, inside = killed(act, project, rng, alone=turn % 4 == 1, separate=turn % 2 == 1)
        if inside:
            break
    part.count("kills")
    part.count(f"{act.name}: killed" if inside else f"{act.name}: always ended before the kill")
    faults = database_faults(project)
    if act.name == "labelling":
        faults += acknowledged_faults(project, told)
    else:
        after = Labels.of(project)
        faults += before.lost_in(after)
        if act.final is not None and after not in (before, act.final):
            faults.append("the labels are neither those before the command nor those after it")
        if told and act.name == "label command" and after != act.final:
            faults.append("an acknowledged decision is missing")
    let_time_pass(project)
    finish = act.command(project) if act.again else [*APP, "label", str(project), "0000.png", "--yes", "red"]
    done = subprocess.run(
        finish, capture_output=True, text=True, env=ENVIRONMENT, cwd=ROOT, timeout=300, check=False
    )
    if done.returncode:
        return [*faults, f"run again, it fails ({done.returncode}): {done.stderr.strip()[-400:]}"]
    faults += database_faults(project)
    if act.again:
        result = act.result(project)
        faults += [] if same(result, act.expected) else [f"the result is another one: {shortly(result)}"]
        faults += leftovers(project, act.patterns)
    return faults


def killed(
    act: Act, project: Path, rng: random.Random, *, alone: bool, separate: bool
) -> tuple[list[str], bool]:
    """The lines that the command printed before it was killed, and whether it was still working then."""
    uniform, moment = rng.random() < 0.5, rng.random()
    command = list(act.command(project))
    if act.worker and separate:
        command.insert(len(APP), "--separate-process")
    with started(command) as process:
        watch = Watch(project)
        begin = watch.first_change(process)
        if act.name == "labelling":
            assert process.stdout is not None
            first = process.stdout.readline()
            begin, uniform = time.monotonic(), True
        else:
            first = ""
        wanted = moment * act.seconds if uniform else int(moment * act.changes)
        while process.poll() is None:
            if uniform and time.monotonic() - begin >= wanted:
                break
            watch.look()
            if not uniform and watch.changes > wanted:
                break
            time.sleep(LOOK_SECONDS / 4)
        inside = process.poll() is None
        kill(process, alone=alone)
        out, _ = process.communicate()
    return (first + out).splitlines(), inside


@contextlib.contextmanager
def started(command: Sequence[str]):  # noqa: ANN201
    """A process in a session of its own, which is gone with all its children when the block ends."""
    with subprocess.Popen(
        list(command),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
        cwd=ROOT,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                kill(process, alone=False)


def kill(process: subprocess.Popen[str], *, alone: bool) -> None:
    """SIGKILL for the process and its children; ``alone``: the children have to notice and end."""
    with contextlib.suppress(psutil.NoSuchProcess):
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        if not alone:
            for child in children:
                with contextlib.suppress(psutil.NoSuchProcess):
                    child.kill()
        _, alive = psutil.wait_procs(children, timeout=WORKER_ENDS_SECONDS)
        for child in alive:
            child.kill()
        if alive:
            raise RuntimeError(f"a worker has not ended {WORKER_ENDS_SECONDS} s after its parent")


class Watch:
    """Counts the changes of a folder's files: new, removed, grown, or written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = self._state()
        self.changes = 0

    def look(self) -> None:
        state = self._state()
        if state != self._seen:
            self.changes += 1
            self._seen = state

    def first_change(self, process: "subprocess.Popen[str]") -> float:
        """Wait for the first change or the end of the process; return the moment."""
        while not self.changes and process.poll() is None:
            self.look()
            time.sleep(LOOK_SECONDS / 4)
        return time.monotonic()

    def _state(self) -> list[tuple[str, int, int]]:
        found = []
        folders = [str(self._folder)]
        for folder in folders:
            with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
                for entry in entries:
                    with contextlib.suppress(FileNotFoundError):
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                        else:
                            status = entry.stat()
                            found.append((entry.path, status.st_size, status.st_mtime_ns))
        return found


def acknowledged_faults(
    project: Path, told: Sequence[str], categories: Sequence[str] = CATEGORIES
) -> list[str]:
    """Every step that was told must be there, and at most the next one besides."""
    done = [json.loads(line) for line in told]
    if not done:
        return []
    found = shown(project)
    names = sorted({path for path, _ in found})
    seed = SEED_OF_LABELLING
    expected = list(zip(range(len(done) + 1), steps(seed, names, sorted(categories)), strict=False))
    if [step for _, step in expected[:-1]] != done:
        return ["the steps that were told are not those that were asked for"]
    if found in (effect(names, done, categories), effect(names, [step for _, step in expected], categories)):
        return []
    return [f"after {len(done)} acknowledged steps the answers are not those that were given"]


SEED_OF_LABELLING = 5


def effect(
    names: Sequence[str], done: Sequence[list], categories: Sequence[str]
) -> dict[tuple[str, str], int]:
    """What these steps lead to, computed without the program: the state of every category on every image."""
    held = {(image, name): -1 for image in names for name in categories}
    before: dict[tuple[str, str], int] = {}
    for step in done:
        if step[0] == "undo":
            held.update(before)
        elif step[0] == "review":
            held.update({(step[1], name): 0 for name in categories if held[step[1], name] == -1})
        else:
            before = {(step[1], name): held[step[1], name] for name in step[2]}
            held.update({(step[1], name): state for name, state in step[2].items()})
    return held


def shown(project: Path) -> dict[tuple[str, str], int]:
    """The state of every category on every image, as the program shows it."""
    from app.services.labelling.decisions import label_states
    from app.storage import categories

    with open_project(project) as opened:
        table = label_states(opened)
        with opened.db.read() as s:
            paths = {one.id: one.path for one in images.all_images(s)}
            names = {one.id: one.name for one in categories.all_categories(s)}
        matrix = table.matrix()
    return {
        (paths[image], names[category]): int(matrix[row, column])
        for row, image in enumerate(table.image_ids)
        for column, category in enumerate(table.category_ids)
    }


def let_time_pass(project: Path) -> None:
    """As if the next run came two hours later: younger temporary files might be those of a living process."""
    for path in project.rglob("*"):
        if path.suffix == ".tmp" or ".part" in path.name:
            os.utime(path, (time.time() - 7200,) * 2)


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.shape == other.shape and bool(np.allclose(one, other, atol=2e-3))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 2e-3
    return one == other


def shortly(value: object) -> str:
    return repr(value)[:300]


def labelling(folder: Path) -> Act:
    """A process that labels without end, as a window does, and tells each step that is on the disk."""
    base = make_project(folder, 30)
    command = [*CHILD, "label"]
    return Act(
        "labelling",
        base,
        lambda project: [*command, str(project), str(SEED_OF_LABELLING)],
        lambda _project: None,
        again=False,
    )


def label_command(folder: Path) -> Act:
    """One ``label`` on the command line."""
    base = make_project(folder, 8)
    given = ("0001.png", "--yes", "red", "--no", "blue", "--json")
    return Act("label command", base, lambda project: [*APP, "label", str(project), *given], Labels.of)


def importing(folder: Path) -> Act:
    """An import of 20,000 answers with new categories."""
    base = make_project(folder, 4)
    names = fill(base, 2500)
    file = write_coco(folder / "labels.json", names, seed=1, extra=3)
    return Act(
        "importing", base, lambda project: [*APP, "import", str(project), "coco", str(file)], Labels.of
    )


def indexing(folder: Path) -> Act:
    base = make_project(folder, 120)

    def features(project: Path) -> object:
        (store,) = [FeatureStore(path) for path in (project / "features").iterdir()]
        ids = np.sort(store.ids())
        return {"ids": ids.tolist(), "embeddings": store.embeddings(ids).astype(np.float32)}

    return Act("indexing", base, lambda project: [*APP, "index", str(project)], features, worker=True)


def training(folder: Path) -> Act:
    base = make_project(folder, 24)
    names = [f"{number:04}.png" for number in range(24)]
    file = write_coco(folder / "labels.json", names, seed=2)
    Done.of("import", base, "coco", file).demand_success()
    Done.of("index", base).demand_success()

    def versions(project: Path) -> object:
        # A run that was killed after its version was in place is finished; the next one is a further version.
        lines = Done.of("models", "list", project, "--json").demand_success().out.splitlines()
        card = min(map(json.loads, lines), key=lambda one: one["model"])
        return {name: card[name] for name in ("model", "images", "metrics") if name in card}

    return Act(
        "training",
        base,
        lambda project: [*APP, "train", str(project), "--epochs", "1"],
        versions,
        worker=True,
    )


def migration(folder: Path) -> Act:
    """A project of the first schema, opened by this version."""
    base = make_project(folder, 4)
    names = fill(base, 2500)
    file = write_coco(folder / "labels.json", names, seed=3)
    Done.of("import", base, "coco", file).demand_success()
    migrate.downgrade(base / "project.db", "0001")

    def state(project: Path) -> object:
        if not migrate.is_current(project / "project.db"):
            raise RuntimeError("the project has not been migrated")
        for backup_file in (project / "backups").glob("*.db"):
            assert_whole(backup_file)
        return Labels.of(project)

    return Act("migration", base, lambda project: [*APP, "roots", str(project), "--json"], state)


def exporting(folder: Path) -> Act:
    """An export of 12,500 answers, beside the project."""
    base = make_project(folder, 4)
    names = fill(base, 2500)
    file = write_coco(folder / "labels.json", names, seed=6)
    Done.of("import", base, "coco", file).demand_success()

    def content(project: Path) -> object:
        return (project / "out" / "labels.json").read_bytes()

    def command(project: Path) -> Sequence[str]:
        (project / "out").mkdir(exist_ok=True)
        return [*APP, "export", str(project), "coco", str(project / "out" / "labels.json")]

    return Act("exporting", base, command, content)


def backup(folder: Path) -> Act:
    """A backup of a project with 12,500 answers."""
    base = make_project(folder, 4)
    names = fill(base, 2500)
    file = write_coco(folder / "labels.json", names, seed=4)
    Done.of("import", base, "coco", file).demand_success()
    command = [*APP, "backup"] if "backup" in commands() else [*CHILD, "backup"]

    def state(project: Path) -> object:
        for one in (project / "backups").glob("*.db"):
            assert_whole(one)
        return Labels.of(project)

    return Act("backup", base, lambda project: [*command, str(project)], state)


def assert_whole(database: Path) -> None:
    """A file that is called a backup must be a complete one."""
    import sqlite3

    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        (checked,) = opened.execute("PRAGMA integrity_check").fetchone()
        (count,) = opened.execute("SELECT count(*) FROM label").fetchone()
    if checked != "ok" or not count:
        raise RuntimeError(f"{database} is called a backup but is not complete")


def fill(project: Path, count: int) -> list[str]:
    """Add ``count`` images without files, each with a yes, for work on the database alone."""
    names = [f"cam{number % 9}/{number:06}.jpg" for number in range(count)]
    with open_project(project) as opened:
        row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
        with opened.db.write() as s:
            images.add_many(s, [{**row, "path": name} for name in names])
            by_path = {one.path: one.id for one in images.all_images(s)}
        ids = [by_path[name] for name in names[:200]]
        decide(opened, [Decision(one, 1, LabelState.YES) for one in ids], source=Source.HUMAN)
    return names[200:]


ACTS: dict[str, Callable[[Path], Act]] = {
    maker.__name__: maker
    for maker in (
        labelling,
        label_command,
        importing,
        indexing,
        training,
        migration,
        backup,
        exporting,
    )
}
