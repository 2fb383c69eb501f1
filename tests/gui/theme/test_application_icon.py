"""The icon of the application, in the window and for the desktop."""

import configparser
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from app.gui.theme.application_icon import FILE, SIZES, application_icon

DESKTOP = FILE.parents[1] / "desktop" / "tailspotter.desktop"


@pytest.mark.parametrize("side", SIZES)
def test_the_icon_has_each_size_with_transparent_corners_and_all_its_parts(qtbot, side):
    pixmap = application_icon().pixmap(QSize(side, side), 1.0)
    assert (pixmap.width(), pixmap.height()) == (side, side)
    image = pixmap.toImage().convertToFormat(QImage.Format.Format_ARGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4)  # blue, green, red, alpha
    assert pixels[0, 0, 3] == pixels[-1, -1, 3] == 0
    tile, bar = pixels[side // 2, side // 2], pixels[side // 2, round(side * 13 / 64)]
    assert tile[3] == 255
    assert tile[2] < 90
    assert bar.min() > 180
    yellow = (pixels[..., 2] > 200) & (pixels[..., 1] > 150) & (pixels[..., 0] < 150)
    assert yellow.sum() > side * side / 100


def test_the_desktop_entry_names_the_icon_and_the_command_and_both_are_installed(qtbot):
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(DESKTOP, encoding="utf-8")
    values = dict(entry["Desktop Entry"])
    assert values["Exec"] == "tailspotter"
    assert values["Icon"] == FILE.stem
    assert values["StartupWMClass"] == DESKTOP.stem
    settings = (Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8")
    for path in (DESKTOP, FILE):
        assert f'"resources/{path.parent.name}/{path.name}"' in settings
