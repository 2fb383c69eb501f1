"""How many keys labelling takes: a scripted person, who knows the truth, labels photographs in the window.

    python benchmarks/labelling_pace.py [--photos DIR] [--model photo-lite2] [--images 126] [--seeds 3]
        [--json]

DIR has ``images`` and ``annotations.json``, a COCO file that names every category of every image. For each
seed the photographs are put into a random order and labelled one after another by key events. The person
takes the cheapest of the ways that the window offers: the key of a category or of a row, the highlight with
Down, Y and N, or the tag field with the shortest text that finds the category; *done and next* ends each
image. A key with Shift counts once. After each 25 images the person gives the letters that no command uses
to the categories met most often (not counted). The time is that of the program: from each key until all is
answered.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from photographs import Truth

PHOTOS: Final = Path(__file__).parents[1] / "shared" / "photos"
PART: Final = 25
"""Images after which the person gives keys to categories."""
FIRST: Final = 100
"""Images of the beginning; the goal is for those after."""
GOAL: Final = 2.5
PATIENCE: Final = 60.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--photos", type=Path, default=PHOTOS, help="folder with images and annotations.json")
    parser.add_argument("--model", default="photo-lite2", help="the image model")
    parser.add_argument("--images", type=int, default=126, help="photographs to label")
    parser.add_argument("--seeds", type=int, default=3, help="number of random orders")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    if not (asked.photos / "annotations.json").is_file():
        print(f"There are no photographs in {asked.photos}; give a folder with images and annotations.json.")
        return 0
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    runs = [labelled(asked, seed) for seed in range(asked.seeds)]
    report = summary(asked.model, runs)
    print(json.dumps(report) if asked.json else as_text(report))
    return 0


@dataclass
class Done:
    """One image: keys by purpose, the tags it has, and the seconds of the program."""

    tags: int
    keys: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    checked_right: int = 0


def labelled(asked: argparse.Namespace, seed: int) -> list[Done]:
    """Label the photographs in the order of the seed, in a project and a window of their own."""
    from PySide6.QtWidgets import QApplication

    from app.bootstrap import make_window
    from app.gui.theme import install
    from app.services.features.indexing import index
    from app.services.images.scan import scan
    from app.services.project.creation import create_project
    from app.services.runner.subprocess_runner import SubprocessRunner

    truth = Truth(asked.photos / "annotations.json")
    with tempfile.TemporaryDirectory(prefix="tailspotter-pace-") as name:
        folder = Path(name)
        order = np.random.default_rng(seed).permutation(sorted(truth.of))[: asked.images]
        (folder / "photos").mkdir()
        known = {}
        for place, file in enumerate(order.tolist()):
            known[f"{place:04}.jpg"] = truth.of[file]
            shutil.copyfile(asked.photos / "images" / file, folder / "photos" / f"{place:04}.jpg")
        with create_project(folder / "project", [folder / "photos"], truth.names, asked.model) as project:
            scan(project)
            with SubprocessRunner() as runner:
                index(project, runner)
        application = QApplication.instance() or QApplication(sys.argv[:1])
        assert isinstance(application, QApplication)
        install(application)
        window = make_window(settings=folder / "settings.json")
        try:
            return Person(application, window, known).label(folder / "project")
        finally:
            window.closing.close_now()
            window.deleteLater()


class Person:
    """Labels every image of a project. ``known``: the categories of each file."""

    def __init__(self, application: Any, window: Any, known: dict[str, set[str]]) -> None:
        self.application, self.window, self.known = application, window, known
        self.done = Done(0)
        self.met: Counter[str] = Counter()

    def label(self, folder: Path) -> list[Done]:
        window = self.window
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        scored: list[bool] = []
        window.session.scores_changed.connect(lambda: scored.append(True))
        window.open_project(folder)
        self.library = window.workspace.library
        self.controller = self.library.controller
        self.until(lambda: scored and self.library.gallery.count() == len(self.known))
        self.library.gallery.select(0)
        self.library.show_single()
        found = []
        for number in range(1, len(self.known) + 1):
            self.until(self.ready)
            found.append(self.label_image())
            if number % PART == 0:
                self.give_keys()
        return found

    # --- one image

    def label_image(self) -> Done:
        sheet = self.controller.sheet
        wanted = self.known[sheet.image.name]
        self.done = Done(len(wanted), checked_right=sum(r.checked and r.name in wanted for r in sheet.rows))
        while self.correct(wanted):
            pass  # an answer may have changed what is checked
        self.met.update(wanted)
        before = sheet.image.id
        self.press("Return", "done", shift=True)
        last = len(self.known) - 1
        self.until(lambda: self.controller.current != before or self.controller.position() == last)
        return self.done

    def correct(self, wanted: set[str]) -> bool:
        """Refuse what is checked wrongly and give the missing tags; whether there was anything to do."""
        wrong = [row for row in self.controller.sheet.rows if row.checked and row.name not in wanted]
        missing = [one for one in sorted(wanted) if not self.says_yes(one)]
        for row in wrong:
            self.refuse(row.category_id)
        left = [one for one in missing if not self.says_yes(one) and not self.by_key(one)]
        self.type_tags([one for one in left if not self.by_highlight(one)])
        return bool(wrong or missing)

    def says_yes(self, name: str) -> bool:
        """Whether the image has the tag, or *done* gives it."""
        sheet = self.controller.sheet
        return any(row.checked and row.name == name for row in sheet.rows) or any(
            one.name == name and one.state.value == "yes" for one in sheet.labels
        )

    def refuse(self, category_id: int) -> None:
        """No to a checked suggestion."""
        self.leave_field()
        for _ in range(self.steps_to(category_id)):
            self.press("Down", "refuse")
        self.press("N", "refuse")

    def steps_to(self, category_id: int) -> int:
        """Presses of Down from the highlight to this row, negative for Up."""
        ids = [row.category_id for row in self.controller.sheet.rows]
        return ids.index(category_id) - ids.index(self.controller.highlight)

    def by_key(self, name: str) -> bool:
        """Yes by the key of a category or row, if it has one."""
        owned = {one.name: one.shortcut for one in self.window.session.info.categories if one.shortcut}
        shown = {row.name: row.key for row in self.controller.sheet.rows if row.key}
        key = owned.get(name) or shown.get(name)
        if key:
            self.leave_field()
            self.press(key, "key")
        return bool(key)

    def by_highlight(self, name: str) -> bool:
        """Yes by moving the highlight, where that is cheaper than typing."""
        row = next((one for one in self.controller.sheet.rows if one.name == name), None)
        steps = None if row is None else self.steps_to(row.category_id)
        if row is None or steps is None or not 0 <= steps < len(self.prefix(name)) + 1:
            return False
        self.leave_field()
        for _ in range(steps):
            self.press("Down", "highlight")
        self.press("Y", "highlight")
        return True

    def type_tags(self, names: list[str]) -> None:
        """In the tag field, which keeps the focus for the next tag and for *done*."""
        if not names:
            return
        if not self.library.inspector.tags.line.hasFocus():
            self.press("T", "type")
        for name in names:
            for letter in self.prefix(name):
                self.press(letter, "type")
            self.press("Return", "type")

    def leave_field(self) -> None:
        if self.library.inspector.tags.line.hasFocus():
            self.press("Escape", "type")

    def prefix(self, name: str) -> str:
        """The shortest text whose best candidate is this category."""
        for length in range(1, len(name) + 1):
            found = self.controller.complete_tag(name[:length])
            if found and found[0].name == name:
                return name[:length]
        return name

    # --- the window

    def ready(self) -> bool:
        sheet = self.controller.sheet
        settled = self.window.session.pending == 0 and sheet.loaded and bool(sheet.rows)
        return settled and sheet.image is not None and sheet.image.id == self.controller.current

    def press(self, key: str, purpose: str, *, shift: bool = False) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        began = time.perf_counter()
        target = self.window.focusWidget()
        if len(key) == 1:
            QTest.keyClick(target, key.lower(), modifier)
        else:
            QTest.keyClick(target, getattr(Qt.Key, f"Key_{key}"), modifier)
        self.until(self.ready)
        self.done.seconds += time.perf_counter() - began
        self.done.keys[purpose] += 1

    def give_keys(self) -> None:
        """Give the letters that no command uses to the categories met most often."""
        from app.domain.categories import CATEGORY_KEYS
        from app.domain.category_properties import CategoryEdit

        session = self.window.session
        letters = [key for key in CATEGORY_KEYS if key.isalpha()]
        owned = {one.shortcut: one.name for one in session.info.categories if one.shortcut}
        wanted = [name for name, _ in self.met.most_common(len(letters))]
        spare = [key for key in letters if owned.get(key) not in wanted]
        missing = [name for name in wanted if name not in owned.values()]
        ids = {one.name: one.id for one in session.info.categories}
        for key, name in zip(spare, missing, strict=False):  # there may be more letters than categories
            for number, new in [*([(ids[owned[key]], "")] if key in owned else []), (ids[name], key)]:
                edit = CategoryEdit(shortcut=new)
                session.change(
                    lambda store, number=number, edit=edit: store.categories.edit(number, edit), "keys"
                )
        self.until(self.ready)
        self.until(lambda: {one.name for one in session.info.categories if one.shortcut} == set(wanted))

    def until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"nothing came within {PATIENCE:.0f} s")
            self.application.processEvents()
            time.sleep(0.0005)


def summary(model: str, runs: list[list[Done]]) -> dict[str, Any]:
    count = len(runs[0])
    bounds = [round(count * part / 4) for part in range(5)]
    parts = {
        f"{first + 1} to {last}": rates([one for run in runs for one in run[first:last]])
        for first, last in pairwise(bounds)
    }
    after = [one for run in runs for one in run[FIRST:]]
    goal = {"value": rates(after)["keys_per_image"], "goal": GOAL} if after else None
    return {
        "model": model,
        "orders": len(runs),
        "images": count,
        "quarters": parts,
        "first_100": rates([one for run in runs for one in run[:FIRST]]),
        "after_100": rates(after) if after else None,
        "keys_per_image_after_100": goal and {**goal, "met": goal["value"] <= GOAL},
    }


def rates(done: list[Done]) -> dict[str, Any]:
    keys: Counter[str] = sum((one.keys for one in done), Counter())
    tags = sum(one.tags for one in done)
    return {
        "keys_per_image": round(keys.total() / len(done), 2),
        "keys_per_tag": round(keys.total() / max(tags, 1), 2),
        "tags_per_image": round(tags / len(done), 2),
        "tags_checked": round(sum(one.checked_right for one in done) / max(tags, 1), 3),
        "images_per_minute_of_program": round(60 / statistics.mean(one.seconds for one in done)),
        "keys_by_purpose": {name: round(n / len(done), 2) for name, n in sorted(keys.items())},
    }


def as_text(report: dict[str, Any]) -> str:
    lines = [f"{report['images']} photographs, {report['orders']} orders, image model {report['model']}"]
    rows = {**report["quarters"], "first 100": report["first_100"], "after 100": report["after_100"]}
    for name, one in rows.items():
        if one:
            purposes = ", ".join(f"{what} {n}" for what, n in one["keys_by_purpose"].items())
            lines.append(
                f"{name:12}{one['keys_per_image']:6.2f} keys an image {one['keys_per_tag']:6.2f} a tag  "
                f"{one['tags_checked']:5.0%} of the tags checked  "
                f"{one['images_per_minute_of_program']:5} images/min of program  ({purposes})"
            )
    goal = report["keys_per_image_after_100"]
    if goal:
        lines.append(f"goal {goal['goal']} keys an image after {FIRST}: {'met' if goal['met'] else 'missed'}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
