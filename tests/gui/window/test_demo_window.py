"""The demo as a newcomer meets it: from the start page, with the bundled model, by keys."""

import gc

import pytest
from PySide6.QtCore import Qt
from window_fixtures import press, settle, type_text

from app.bootstrap import make_window
from app.services.runner.subprocess_runner import SubprocessRunner
from app.services.simulation.demo import prepare_demo

PATIENCE = 90_000
IMAGES = 40
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def demo_window(qtbot, tmp_path):
    """``start()``: a window on the demo of that folder, with its real worker process."""
    windows = []

    def start():
        window = make_window(tmp_path / "demo", settings=tmp_path / "settings" / "settings.json")
        windows.append(window)
        window.resize(1200, 760)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield start
    for window in windows:
        window.close()
        window.deleteLater()
    windows.clear()
    gc.collect()


def open_demo(qtbot, window):
    with qtbot.waitSignal(window.session.scores_changed, timeout=PATIENCE):
        qtbot.mouseClick(window.start.demo_button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    return window.workspace.library


@pytest.mark.slow
def test_demo_is_opened_filtered_labelled_closed_and_found_as_it_was(qtbot, demo_window, tmp_path):
    with SubprocessRunner() as runner:
        prepare_demo(tmp_path / "demo", runner, images=IMAGES).close()
    window = demo_window()
    library = open_demo(qtbot, window)
    assert library.gallery.count() == IMAGES
    category = window.session.info.categories[0].name
    press(qtbot, window, Qt.Key.Key_F, CTRL)
    type_text(window, f'is:unreviewed sort:score:"{category}"')
    press(qtbot, window, Qt.Key.Key_Escape) if window.workspace.top.query.list.isVisible() else None
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    press(qtbot, window, Qt.Key.Key_Home)
    settle(qtbot, window)
    image = library.controller.sheet.image.path
    qtbot.waitUntil(lambda: len(library.controller.sheet.rows) >= 10, timeout=PATIENCE)
    for key in (Qt.Key.Key_Y, Qt.Key.Key_N):
        with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
            press(qtbot, window, key)
    press(qtbot, window, Qt.Key.Key_T)
    type_text(window, "a thing of my own")
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_Escape)
    settle(qtbot, window)
    kept = {(one.name, one.state) for one in library.controller.sheet.labels}
    assert len(kept) == 3
    press(qtbot, window, Qt.Key.Key_1)
    settle(qtbot, window)
    with qtbot.waitSignal(window.session.changed, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_Z, CTRL)
    with qtbot.waitSignal(window.session.saved, timeout=PATIENCE):
        press(qtbot, window, Qt.Key.Key_R)
    settle(qtbot, window)
    window.close()

    again = demo_window()
    library = open_demo(qtbot, again)
    assert again.session.info.reviewed == 1
    query = f'is:unreviewed sort:score:"{category}"'
    qtbot.waitUntil(lambda: again.session.query == query, timeout=PATIENCE)  # as it was left
    settle(qtbot, again)
    with qtbot.waitSignal(again.session.images_changed, timeout=PATIENCE):
        again.session.set_query("")
    ids = list(library.gallery.ids())
    with again.session.project.db.read() as s:
        from app.storage import images

        number = next(one.id for one in images.all_images(s) if one.path == image)
    library.gallery.select(ids.index(number))
    settle(qtbot, again)
    assert {(one.name, one.state) for one in library.controller.sheet.labels} == kept
