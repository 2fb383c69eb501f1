# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Projects and surroundings that are hard on a window: usable on every place and panel, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from clipping import clipped
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from review_fixtures import folder, indexed, make, opened
from screens import everything, label_something
from window_fixtures import PATIENCE, open_in, press, settle, type_text

from app.domain.labels import LabelState
from app.gui.window.main_window import SMALLEST
from app.services.images.scan import scan
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.services.project.project import open_project

CTRL = Qt.KeyboardModifier.ControlModifier
ODD = [
    "w" * 200,
    "a very long name of a category with many words " * 4,
    "\N{LION FACE}\N{ZEBRA FACE}\N{ELEPHANT}\N{GIRAFFE FACE} savanna",
    "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{MICROSCOPE} at work",
    "שועל אדום על הגבעה",
    "ثعلب أحمر صغير",
    "red שועל (ثعلب) <b>fox</b> & co",
    "&File && {n} %s 100 %",
    "Z\u0351\u036b\u0343a\u0334l\u0321g\u0337o",
]
NAMES = {
    "500 categories": [f"species {number:04}" for number in range(500)],
    "3,000 categories": [f"species {number:04}" for number in range(3000)],
    "odd names": ODD,
}


def assert_calm(window, where):
    """Nothing has been reported as a bug, and nothing says that an operation failed."""
    assert window.crash_dialog is None, where
    assert [toast.notice.what for toast in window.toasts.toasts() if toast.notice.level == "error"] == [], (
        where
    )


def cut_off(window, size):
    """At the smallest size a line that is shortened in its middle, and has a tooltip, is no fault."""
    found = clipped(window)
    small = size == SMALLEST.toTuple()
    return [one for one in found if not (small and one.startswith("ElidedText") and "narrow" in one)]


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("kind", "size"),
    [(kind, (900, 600)) for kind in NAMES] + [("odd names", SMALLEST.toTuple())],
    ids=lambda value: str(value).replace(" ", "-"),
)
def test_all_places_and_panels_can_be_visited(qtbot, make, folder, kind, size):
    with open_project(folder) as project:
        add_categories(project, NAMES[kind])
    window = make()
    open_in(qtbot, window, folder)
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        window.jobs.start_indexing()
    window.resize(*size)
    label_something(qtbot, window)
    last = window.session.info.categories[-1].id
    window.workspace.library.controller.decide(last, LabelState.YES)
    settle(qtbot, window)
    problems = {}
    for screen in everything(qtbot, window):
        qtbot.wait(20)
        assert_calm(window, screen)
        assert (window.width(), window.height()) == size, screen
        if cut := cut_off(window, size):
            problems[screen] = cut
    assert problems == {}


@pytest.mark.slow
def test_images_that_vanish_while_they_are_shown_are_said_to_be_missing(qtbot, make, tmp_path, make_image):
    photos = [make_image(tmp_path / "photos" / f"{n}.png", colour=(20 * n, 90, 40)) for n in range(8)]
    with create_project(tmp_path / "p", [tmp_path / "photos"], ["fox", "owl"]) as project:
        scan(project)
    window = make()
    open_in(qtbot, window, project.folder)
    library = window.workspace.library
    library.gallery.select(0)
    library.show_single()
    qtbot.waitUntil(lambda: library.single.canvas.picture() is not None, timeout=PATIENCE)
    for photo in photos[1:]:  # of an empty folder the scan would think that its disk is not connected
        photo.unlink()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Y, Qt.Key.Key_H, Qt.Key.Key_G, Qt.Key.Key_Home):
        press(qtbot, window, key)
        settle(qtbot, window)
        qtbot.wait(20)
    assert_calm(window, "the library")
    window.jobs.start_scan()
    qtbot.waitUntil(lambda: window.session.info.readable == 1, timeout=PATIENCE)
    settle(qtbot, window)
    window.session.set_query("is:missing")
    qtbot.waitUntil(lambda: library.gallery.count() == 7, timeout=PATIENCE)
    library.gallery.select(3)
    library.show_single()
    qtbot.waitUntil(lambda: "cannot be shown" in library.single.accessibleDescription(), timeout=PATIENCE)
    settle(qtbot, window)
    assert_calm(window, "the single view")


@pytest.mark.slow
def test_a_picture_in_the_clipboard_changes_no_field(qtbot, opened):
    window = opened()
    window.resize(1200, 760)
    picture = QMimeData()
    picture.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    tried = set()
    for screen in everything(qtbot, window):
        QGuiApplication.clipboard().setMimeData(picture)
        picture = QMimeData()
        picture.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
        for field in [*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit)]:
            if field.isVisible() and field.isEnabled() and not field.objectName().startswith("qt_"):
                read = field.text if isinstance(field, QLineEdit) else field.toPlainText
                before = read()
                field.setFocus()
                qtbot.keyClick(field, Qt.Key.Key_V, CTRL)
                assert read() == before, (screen, field.accessibleName())
                tried.add(field.accessibleName())
        assert_calm(window, screen)
    assert len(tried) > 6
    QGuiApplication.clipboard().clear()


PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.bootstrap import make_window
application = QApplication([])
window = make_window(None, settings=Path(sys.argv[1]))
window.show()
window._stack.setCurrentWidget(window.workspace)
window.commands.panels.toggle_help()
window.commands.panels.toggle_preferences()
application.processEvents()
assert not window.grab().isNull()
assert window.crash_dialog is None
loaded = {name for name in sys.modules if name.startswith("PySide6.Qt")}
assert not loaded & {"PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtQuick"}, loaded
window.close()
print("usable")
"""


@pytest.mark.slow
def test_the_window_needs_no_fonts_beyond_what_there_is_and_no_acceleration(tmp_path):
    (tmp_path / "fonts.conf").write_text(
        f"<?xml version='1.0'?><fontconfig><dir>{tmp_path}/none</dir>"
        f"<cachedir>{tmp_path}/cache</cachedir></fontconfig>"
    )
    surroundings = {
        "QT_QPA_PLATFORM": "offscreen",
        "FONTCONFIG_FILE": str(tmp_path / "fonts.conf"),
        "QT_XCB_GL_INTEGRATION": "none",
        "LIBGL_ALWAYS_SOFTWARE": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "settings.json")],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env=os.environ | surroundings,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout.strip() == "usable", done.stderr
    assert "Traceback" not in done.stderr
