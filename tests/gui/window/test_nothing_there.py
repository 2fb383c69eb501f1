# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Every place of the window on projects in which something is not there: no place meets a bug."""

import shutil
import sys

import pytest
from bare_projects import SITUATIONS, make_bare
from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, WORKER, make, press, settle, type_text

from app.domain.review import Queue
from app.services.runner.subprocess_runner import SubprocessRunner

LEFT = Qt.MouseButton.LeftButton
FAST = ("nothing", "all archived")
QUERIES = (
    *("sort:unsure", "sort:score:red", "suggested:red", "unsure:red", "score:red>0.5", "-red"),
    *("similar:red0.png", "band:tail", "is:duplicate", "is:unreadable OR is:missing", ""),
)
SINGLE = "EHYNU1.R"
"""Keys in the single view: the image large, its heat map, answers, and so on."""
EVERYWHERE = (
    *("similar", "review_category", "accept_likely", "refresh", "larger_pictures", "single", "grid"),
    *("thumbnails", "scan", "index"),
)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """``bare(situation, indexed)``: the folder that holds such a project and its images, made once."""
    made = {}

    def build(situation, indexed):
        if (situation, indexed) not in made:
            base = tmp_path_factory.mktemp("bare")
            runner = SubprocessRunner([sys.executable, str(WORKER)]) if indexed else None
            make_bare(base, situation, runner)
            if runner is not None:
                runner.close()
            made[situation, indexed] = base
        return made[situation, indexed]

    return build


@pytest.fixture
def opened(qtbot, make, bare, tmp_path):
    """``opened(situation, indexed)``: the window with such a project, and the tracebacks of its bugs."""

    def start(situation, indexed=True):
        shutil.copytree(bare(situation, indexed) / "project", tmp_path / "project")
        window, bugs = make(), []
        window.notifications.crashed.connect(bugs.append)
        with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
            window.open_project(tmp_path / "project")
        rest(qtbot, window)
        return window, bugs

    return start


def rest(qtbot, window):
    """Wait until nothing is asked, loaded or worked on."""
    settle(qtbot, window)
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=3 * PATIENCE)
    settle(qtbot, window)


def visit_all(qtbot, window):
    """Each place, with what a person can do there."""
    frame, workspace = window.commands.frame, window.workspace
    for key in SINGLE:
        press(qtbot, window, getattr(Qt.Key, f"Key_{key}") if key.isalnum() else Qt.Key.Key_Period)
        rest(qtbot, window)
    for query in QUERIES:
        window.session.set_query(query)
        rest(qtbot, window)
    for name in EVERYWHERE:
        frame.action(name).trigger()
        rest(qtbot, window)
        window.commands.panels.close_all()
    frame.action("train_start").trigger()
    settle(qtbot, window)
    window.training.discard()  # where a few labels were enough to begin
    rest(qtbot, window)
    frame.action("review").trigger()
    rest(qtbot, window)
    place = workspace.review
    for row in place.review.board.rows if place.review.board else ():
        for queue in Queue:
            place.begin(row.category_id, queue)
            rest(qtbot, window)
        press(qtbot, window, Qt.Key.Key_Return)
        rest(qtbot, window)
        place.show_board()
        frame.action("accept_likely").trigger()
        rest(qtbot, window)
        window.commands.panels.close_all()
    window.close_project()
    rest(qtbot, window)


@pytest.mark.parametrize("situation", FAST)
def test_no_place_meets_a_bug(qtbot, opened, situation):
    window, bugs = opened(situation)
    visit_all(qtbot, window)
    assert bugs == []


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("indexed", [False, True], ids=["before indexing", "indexed"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_place_meets_a_bug_in_any_situation(qtbot, opened, situation, indexed):
    window, bugs = opened(situation, indexed)
    visit_all(qtbot, window)
    assert bugs == []


def test_images_that_cannot_be_read_are_not_called_absent_and_are_shown_by_the_button(qtbot, opened):
    window, bugs = opened("unreadable images")
    library = window.workspace.library
    empty = library.gallery.empty_state()
    assert empty.isVisible()
    assert empty.accessibleName() == "None of the images in this project can be read"
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        qtbot.mouseClick(empty.button(), LEFT)
    rest(qtbot, window)
    assert library.gallery.count() == 3
    assert not empty.isVisible()
    qtbot.keyClick(library.gallery, Qt.Key.Key_Right)
    rest(qtbot, window)
    assert "None of the images in this project can be read" in library.inspector.no_suggestions.text()
    assert not library.inspector.offer.isVisible()
    window.commands.frame.action("review").trigger()
    rest(qtbot, window)
    assert not window.workspace.review.board.missing.isVisible()
    assert bugs == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("situation", "words", "button"),
    [
        ("nothing", "no images in this project yet", "Go to the library"),
        ("unreadable images", "None of the images can be read", "Go to the library"),
        ("no categories", "There are no categories yet", "Label images"),
        ("no labels", "Nothing is labelled yet", "Label images"),
    ],
)
def test_the_train_place_says_what_comes_first(qtbot, opened, situation, words, button):
    window, bugs = opened(situation)
    window.commands.frame.action("train").trigger()
    rest(qtbot, window)
    setup = window.workspace.train.setup
    qtbot.waitUntil(lambda: words in setup.trouble.text(), timeout=PATIENCE)
    assert setup.remedy.text() == button
    qtbot.mouseClick(setup.remedy, LEFT)
    assert window.workspace.place == "library"
    rest(qtbot, window)
    assert bugs == []


def test_the_first_category_of_an_indexed_project_is_suggested_at_once(qtbot, opened):
    window, bugs = opened("no categories")
    library = window.workspace.library
    library.gallery.select(0)
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "red")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    library.gallery.select(1)
    qtbot.waitUntil(lambda: len(library.inspector.suggestions.rows()) == 1, timeout=PATIENCE)
    rest(qtbot, window)
    assert bugs == []
