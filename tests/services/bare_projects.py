"""Projects in which something is not there: no images, no categories, no labels, or one of each.

``SITUATIONS`` maps a name to a function that makes such a project; :func:`make_bare` makes one of them.
"""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from app.domain.labels import Decision, LabelState
from app.services.features.indexing import ensure_text_features, index
from app.services.images.scan import scan
from app.services.labelling.decisions import decide, review
from app.services.project.categories import add_categories, archive
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.services.runner.runner import Runner
from app.storage import categories, images

Prepare = Callable[[Project], None]
COLOURS = {
    "red0": (200, 10, 10),
    "red1": (240, 20, 10),
    "green0": (10, 200, 10),
    "blue0": (10, 10, 200),
    "blue1": (10, 20, 240),
}
NAMES = ("red", "green", "blue")


def make_bare(folder: Path, situation: str, runner: Runner | None) -> Path:
    """The folder of a project in this situation; with ``runner`` its features are computed on the way."""
    pictures = folder / "images"
    pictures.mkdir(parents=True)
    readable, broken, names, before, after = SITUATIONS[situation]
    whole = io.BytesIO()
    Image.new("RGB", (80, 60), (9, 9, 9)).save(whole, "BMP")
    for name in list(COLOURS)[:readable]:
        Image.new("RGB", (8, 6), COLOURS[name]).save(pictures / f"{name}.png")
    for number in range(broken):
        # One that a scan finds out, and one whose header is sound.
        damaged = whole.getvalue()[:999] if number % 2 else b"not an image"
        (pictures / f"broken{number}.png").write_bytes(damaged)
    with create_project(folder / "project", [pictures], names) as project:
        scan(project)
        for step in before:
            step(project)
        if runner is not None:
            index(project, runner)
            ensure_text_features(project, runner)
        for step in after:
            step(project)
        return project.folder


def _say(*answers: tuple[str, str, LabelState]) -> Prepare:
    def step(project: Project) -> None:
        with project.db.read() as s:
            number = {one.path: one.id for one in images.all_images(s)}
            column = {one.name: one.id for one in categories.all_categories(s)}
        decide(project, [Decision(number[path], column[name], state) for path, name, state in answers])

    return step


def _review_all(project: Project) -> None:
    with project.db.read() as s:
        numbers = [one.id for one in images.all_images(s)]
    review(project, numbers)


def _archive_all(project: Project) -> None:
    with project.db.read() as s:
        present = categories.all_categories(s)
    for one in present:
        archive(project, one.id)


def _add(*names: str) -> Prepare:
    def step(project: Project) -> None:
        add_categories(project, names)

    return step


def _lose_files(project: Project) -> None:
    with project.db.read() as s:
        roots = images.roots(s)
        files = [roots[one.root_id] / one.path for one in images.all_images(s)]
    for path in files:
        path.unlink()
    scan(project)


def _break_files(project: Project) -> None:
    with project.db.read() as s:
        roots = images.roots(s)
        files = [roots[one.root_id] / one.path for one in images.all_images(s)]
    for path in files:
        path.write_bytes(b"no longer an image")
    scan(project)


YES, NO = LabelState.YES, LabelState.NO
ONE_YES = _say(("red0.png", "red", YES))
SOME = _say(("red0.png", "red", YES), ("blue0.png", "red", NO), ("blue0.png", "blue", YES))
ALL_RED = _say(*((f"{name}.png", "red", YES) for name in COLOURS))
ALL_NO = _say(*((f"{name}.png", category, NO) for name in COLOURS for category in NAMES))

SITUATIONS: dict[str, tuple[int, int, tuple[str, ...], tuple[Prepare, ...], tuple[Prepare, ...]]] = {
    # readable files, files that cannot be read, categories, steps before indexing, steps after it
    "nothing": (0, 0, (), (), ()),
    "no images": (0, 0, NAMES, (), ()),
    "no images and one category": (0, 0, ("red",), (), ()),
    "one unreadable image": (0, 1, NAMES, (), ()),
    "unreadable images": (0, 3, NAMES, (), ()),
    "unreadable images, no categories": (0, 3, (), (), ()),
    "no categories": (5, 0, (), (), ()),
    "no categories, all reviewed": (5, 0, (), (_review_all,), ()),
    "one image, no categories": (1, 0, (), (), ()),
    "no labels": (5, 1, NAMES, (), ()),
    "one image": (1, 0, NAMES, (), ()),
    "one image, one category": (1, 0, ("red",), (), ()),
    "one image, one category, one yes": (1, 0, ("red",), (), (ONE_YES,)),
    "one image, one category, one no": (1, 0, ("red",), (), (_say(("red0.png", "red", NO)),)),
    "two images, one yes": (2, 0, NAMES, (), (ONE_YES,)),
    "one category": (5, 0, ("red",), (), ()),
    "one category, all yes": (5, 0, ("red",), (), (ALL_RED, _review_all)),
    "one label": (5, 0, NAMES, (), (ONE_YES,)),
    "one no": (5, 0, NAMES, (), (_say(("red0.png", "red", NO)),)),
    "some labels": (5, 0, NAMES, (), (SOME,)),
    "everything no": (5, 0, NAMES, (), (ALL_NO, _review_all)),
    "everything decided": (5, 0, NAMES, (), (SOME, _review_all)),
    "all archived": (5, 0, NAMES, (), (SOME, _archive_all)),
    "all archived before indexing": (5, 0, NAMES, (_archive_all,), ()),
    "all missing": (5, 0, NAMES, (), (SOME, _lose_files)),
    "all missing before indexing": (5, 0, NAMES, (_lose_files,), ()),
    "all missing, no categories": (5, 0, (), (), (_lose_files,)),
    "all broken later": (5, 0, NAMES, (), (SOME, _break_files)),
    "first category after indexing": (5, 0, (), (), (_add("red"),)),
    "first category after indexing, one yes": (5, 0, (), (), (_add("red"), ONE_YES)),
    "all archived, then a new one": (5, 0, NAMES, (), (SOME, _archive_all, _add("grey"))),
}
