"""Screenshots of importing and exporting labels, and of the project's settings."""

import json
import tempfile
from pathlib import Path

from PySide6.QtCore import Qt
from window_driver import WindowDriver

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def take_exchange(driver: WindowDriver) -> None:
    """The three panels; nothing is imported, exported or restored."""
    with tempfile.TemporaryDirectory(prefix="tailspotter-import-") as scratch:
        _take_import(driver, Path(scratch))
    _take_export(driver)
    _take_settings(driver)


def _take_import(driver: WindowDriver, scratch: Path) -> None:
    """A file that another program could have written about the images shown: some names do not fit."""
    window = driver.window
    driver.press(Qt.Key.Key_I, CONTROL)
    panel = window.exchange.import_panel
    panel.begin(_labels(driver, scratch / "annotations.json"))
    driver.wait(panel.save.isEnabled, "the dry run")
    driver.settle()
    driver.take("import")
    driver.press(Qt.Key.Key_Escape)


def _labels(driver: WindowDriver, path: Path) -> Path:
    info, names = driver.window.session.info, driver.window.session._image_names
    shown = [names[number] for number in driver.window.workspace.library.gallery.ids() if number in names]
    categories = [*[one.name for one in info.categories][:6], "empty"]
    named = min(20, len(shown)) + 1
    content = {
        "images": [
            {"id": at, "file_name": f"camera 3/{name}" if at % 5 == 4 else name}
            for at, name in enumerate([*shown[: named - 1], "IMG_4711.jpg"])
        ],
        "categories": [{"id": at, "name": name} for at, name in enumerate(categories)],
        "annotations": [
            {"id": at, "image_id": at, "category_id": at % len(categories)} for at in range(named)
        ],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def _take_export(driver: WindowDriver) -> None:
    driver.press(Qt.Key.Key_E, CONTROL)
    driver.wait(driver.window.exchange.export_panel.start.isEnabled, "the numbers of the export")
    driver.settle()
    driver.take("export")
    driver.press(Qt.Key.Key_Escape)


def _take_settings(driver: WindowDriver) -> None:
    driver.press(Qt.Key.Key_P, CONTROL | SHIFT)
    panel = driver.window.project_settings.panel
    driver.wait(lambda: panel.folders and panel.back_up.isEnabled(), "the project's settings")
    driver.click(panel.back_up)
    driver.wait(lambda: any(row.backup.reason == "manual" for row in panel.backups), "the backup")
    driver.settle()
    driver.take("project-settings")
    driver.press(Qt.Key.Key_Escape)
