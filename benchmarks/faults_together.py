"""Two processes label through the command line while a third scans: nothing lost, nobody told "locked".

Each process runs its command lines one after another inside itself, so that they meet more often than
processes that spend most of their time starting. Some more are started as a person would.
"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from faults_files import Child, answer_faults
from faults_projects import CATEGORIES, Done, Labels, Part, database_faults, make_pictures, make_project

IMAGES = 60
NEW_EVERY = 5
"""Scans between two that find new images."""


def together(place: Path, part: Part, say: Callable[[str], None], *, small: bool) -> None:
    steps = 60 if small else 400
    project = make_project(place, IMAGES)
    given: list[dict[tuple[str, str], int]] = [{}, {}]
    ended = threading.Event()

    def label(who: int) -> None:
        with Child("commands") as child:
            for image, category, state in answers(who, steps):
                option = {1: "--yes", 0: "--no"}[state]
                told = child.ask(["label", str(project), image, option, category])
                part.failed(answer_faults(told) + refusals(told), process=f"labelling {who}", image=image)
                given[who][image, category] = state
        for image in ("0000.png", "0001.png"):
            category = CATEGORIES[who + 2]
            done = Done.of("label", project, image, "--yes", category)
            part.failed(done.manners() + refusals({"code": done.code, "err": done.err}), process=who)
            given[who][image, category] = 1

    def scan() -> None:
        with Child("commands") as child:
            while not ended.is_set():
                part.count("scans")
                if part.counts["scans"] % NEW_EVERY == 1:
                    folder = make_pictures(place / "new", 5, seed=part.counts["scans"])
                    folder.rename(place / "images" / f"new{part.counts['scans']}")
                told = child.ask(["scan", str(project)])
                part.failed(answer_faults(told) + refusals(told), process="scanning")

    labellers = [threading.Thread(target=label, args=(who,)) for who in range(2)]
    scanner = threading.Thread(target=scan)
    for thread in (*labellers, scanner):
        thread.start()
    for thread in labellers:
        thread.join()
    ended.set()
    scanner.join()
    part.counts["label commands"] = 2 * (steps + 2)
    held = Labels.of(project).states
    for who, wanted in enumerate(given):
        lost = [key for key, state in wanted.items() if held.get(key) != state]
        part.failed([f"lost: {lost[:3]}"] if lost else [], process=f"labelling {who}")
    part.failed(database_faults(project), what_next="the database afterwards")
    say(f"{2 * steps} labels and {part.counts['scans']} scans, {len(part.failures)} failures")


def answers(who: int, count: int) -> Iterator[tuple[str, str, int]]:
    """Answers of one person, none about what the other answers."""
    for number in range(count):
        yield f"{number % IMAGES:04}.png", CATEGORIES[who], (number // IMAGES) % 2


def refusals(told: dict[str, object]) -> list[str]:
    """A command that was refused: none of these may be."""
    return [f"refused: {str(told['err']).strip()[-200:]}"] if told.get("code") else []
