# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)
"""Every setting of the schema has an effect, and the panel is made from the schema."""

import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QSlider, QSpinBox
from window_fixtures import PATIENCE, WORKER, folder, make, open_in, opened, press, settle

from app.bootstrap import make_window, speak
from app.gui import language
from app.gui.preferences.panel import NAMES, NOT_EDITED, SECTIONS
from app.gui.theme import Mode, theme
from app.gui.theme.tokens import MOTION_MS
from app.protocol.messages import Cancelled, DescribeBackbone
from app.services.project.categories import add_categories
from app.services.project.project import open_project
from app.services.settings import VERSION, Settings, SettingsFile, setting_fields

CTRL = Qt.KeyboardModifier.ControlModifier


class Effects:
    """One check for each setting, by its name: change it, and see what is different."""

    def __init__(self, qtbot, window, folder):
        self.qtbot, self.window, self.folder = qtbot, window, folder
        self.library = window.workspace.library

    def open(self):
        open_in(self.qtbot, self.window, self.folder)

    def set(self, name, value):
        assert self.window.preferences.set(**{name: value})

    def again(self, **values):
        """The window that the next start would make."""
        file = SettingsFile(self.window.preferences.folder / "settings.json")
        file.update(**values)
        window = make_window(worker_command=[sys.executable, str(WORKER)], settings=file.path)
        self.qtbot.addWidget(window, before_close_func=lambda one: one.shut())
        return window

    def language(self):
        self.set("language", "de")
        try:
            speak(QApplication.instance(), self.window.preferences.folder / "settings.json")
            assert self.again().commands.frame.action("help").text() == "Tasten und Hilfe"
        finally:
            language.uninstall(QApplication.instance())

    def theme(self):
        self.set("theme", "dark")
        assert theme().tokens.dark
        assert theme().mode is Mode.DARK

    def text_size(self):
        before, row = theme().pixels(100), self.window.workspace.rail.sizeHint().width()
        self.set("text_size", 200)
        assert theme().pixels(100) == pytest.approx(2 * before, abs=8)
        assert self.window.workspace.rail.sizeHint().width() > 1.5 * row
        self.set("text_size", 100)
        assert theme().pixels(100) == before

    def motion(self):
        theme().set_reduce_motion(False)
        assert theme().motion == MOTION_MS
        self.set("motion", "none")
        assert theme().motion == 0

    def thumbnail_size(self):
        self.set("thumbnail_size", 256)
        assert self.library.gallery.picture_width() == 256

    def show_file_names(self):
        before = self.library.gallery.geometry_of_cells().caption
        self.set("show_file_names", True)
        assert self.library.gallery.geometry_of_cells().caption > before

    def image_list(self):
        self.set("image_list", True)
        assert self.library.gallery.geometry_of_cells().columns == 1

    def suggestions_shown(self):
        self.open()
        with open_project(self.folder) as project:
            add_categories(project, ["oryx", "kudu", "eland"])
        self.qtbot.waitUntil(lambda: len(self.window.session.info.categories) == 5, timeout=PATIENCE)
        with self.qtbot.waitSignal(self.window.session.scores_changed, timeout=PATIENCE):
            self.window.jobs.start_indexing()
        self.library.controller.set_current(2)
        rows = self.library.inspector.suggestions.rows
        self.qtbot.waitUntil(lambda: len(rows()) == 5, timeout=PATIENCE)
        self.set("suggestions_shown", 3)
        assert len(rows()) == 3
        assert self.library.inspector.fold.text() == "All categories (2 more)"

    def train_hint_after(self):
        hint = self.window.training.hint
        self.set("train_hint_after", 7)
        assert hint.threshold == 7
        self.set("train_hint_after", 0)
        assert hint.threshold == 0

    def device(self):
        asked = []

        def run(command, on_event, should_stop=None):
            asked.append(command.device)
            return Cancelled(job=command.job)

        models = self.window.jobs._models
        models._runner.run = run
        for device in ("cpu", "auto"):
            self.set("device", device)
            models.run(DescribeBackbone(job="1", backbone="bundled"), lambda event: None)
        assert asked == ["cpu", None]

    def shortcuts(self):
        self.open()
        self.set("shortcuts", {"single": "L"})
        self.library.gallery.setFocus()
        press(self.qtbot, self.window, Qt.Key.Key_E)
        assert not self.library.single_shown
        press(self.qtbot, self.window, Qt.Key.Key_L)
        assert self.library.single_shown

    def recent_projects(self):
        self.open()
        assert self.window.preferences.recent() == [self.folder]
        assert [row.card.folder for row in self.again().start.recent.rows()] == [self.folder]

    def reopen_last_project(self):
        self.open()
        self.window.close()
        plain = self.again(reopen_last_project=False)
        plain.begin()
        assert (plain.session.project, plain.session.pending) == (None, 0)
        window = self.again(reopen_last_project=True)
        window.begin()
        self.qtbot.waitUntil(lambda: window.session.info is not None, timeout=PATIENCE)
        assert window.session.info.folder == self.folder
        settle(self.qtbot, window)

    def watch_folders(self):
        self.open()
        assert not self.window.watching.watching
        self.set("watch_folders", True)
        self.qtbot.waitUntil(lambda: self.window.watching.watching, timeout=PATIENCE)
        self.window.close()
        assert not self.window.watching.watching

    def window_geometry(self):
        self.window.resize(733, 521)
        self.window.close()
        kept = self.window.preferences.value("window_geometry")
        again = self.again(window_geometry=kept)
        assert (again.width(), again.height()) == (733, 521)

    def inspector_width(self):
        again = self.again(inspector_width=444)
        again.resize(1400, 700)
        self.window.close()
        again.show()
        open_in(self.qtbot, again, self.folder)
        assert abs(again.workspace.library.inspector.width() - 444) <= 4

    def filters_width(self):
        again = self.again(filters_width=321)
        again.resize(1400, 700)
        self.window.close()
        again.show()
        open_in(self.qtbot, again, self.folder)
        assert abs(again.workspace.library.facets.width() - 321) <= 4

    def show_filters(self):
        again = self.again(show_filters=False)
        again.resize(1400, 700)
        self.window.close()
        again.show()
        open_in(self.qtbot, again, self.folder)
        assert not again.workspace.library.facets.isVisible()

    def memory_cache_mb(self):
        loader = self.again(memory_cache_mb=64).workspace.library.loader
        assert loader._cache_bytes <= 64 << 20

    def disk_cache_mb(self):
        assert self.again(disk_cache_mb=100).session._disk_cache_bytes == 100 << 20

    def version(self):
        self.set("theme", "light")
        file = SettingsFile(self.window.preferences.folder / "settings.json")
        assert f'"version": {VERSION}' in file.path.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_every_setting_has_an_effect(qtbot, make, folder, name):
    check = getattr(Effects(qtbot, make(), folder), name, None)
    assert check is not None, f"nothing shows what the setting {name} does: wire it, or take it out"
    check()


def test_the_panel_shows_every_setting_that_a_person_can_change(qtbot, make):
    window = make()
    press(qtbot, window, Qt.Key.Key_Comma, CTRL)
    panel = window.commands.panels.preferences
    edited = [name for _, names in SECTIONS for name in names]
    assert set(edited) | NOT_EDITED == set(Settings.model_fields)
    assert set(NAMES) == set(edited)
    kinds = {str: QComboBox, bool: QCheckBox, int: (QSpinBox, QSlider)}
    for field in (one for one in setting_fields() if one.name in edited):
        widget = panel.editor(field.name)
        assert isinstance(widget.focusProxy() or widget, kinds[field.kind])
        assert widget.accessibleName() == NAMES[field.name]
        assert widget.accessibleDescription().endswith(".")


@pytest.mark.slow
def test_what_is_chosen_in_the_panel_is_kept_at_once_and_what_cannot_be_kept_goes_back(
    qtbot, make, monkeypatch
):
    window = make()
    press(qtbot, window, Qt.Key.Key_Comma, CTRL)
    panel = window.commands.panels.preferences
    reopen, shown = panel.editor("reopen_last_project"), panel.editor("suggestions_shown")
    reopen.setFocus()
    press(qtbot, window, Qt.Key.Key_Space)
    assert SettingsFile(window.preferences.folder / "settings.json").load().settings.reopen_last_project
    monkeypatch.setattr("tempfile.mkstemp", _full_disk)
    shown.setFocus()
    press(qtbot, window, Qt.Key.Key_Up)
    assert shown.value() == window.preferences.value("suggestions_shown") == 10
    assert "could not be saved" in window.toasts.toasts()[-1].notice.words()
    monkeypatch.undo()


def _full_disk(*_args, **_named):
    raise OSError(28, "No space left on device")


@pytest.mark.slow
def test_sizes_changed_by_key_are_shown_in_the_panel(qtbot, opened):
    window = opened()
    press(qtbot, window, Qt.Key.Key_Plus, CTRL)
    width = window.workspace.library.gallery.picture_width()
    assert width > 160
    press(qtbot, window, Qt.Key.Key_Comma, CTRL)
    assert window.commands.panels.preferences.editor("thumbnail_size").focusProxy().value() == width
