"""A list that was chosen image by image has a chip, which leads back to all images."""

# ruff: noqa: F401, F811 (pytest finds its fixtures by their imported names)

from PySide6.QtCore import Qt
from window_fixtures import PATIENCE, folder, make, open_in, opened, settle

LEFT = Qt.MouseButton.LeftButton


def test_the_chip_says_how_many_and_leads_back_to_all(qtbot, opened):
    window = opened()
    library = window.workspace.library
    library.show_chosen(list(library.gallery.ids())[:3])
    assert library.gallery.count() == 3
    (chip,) = library.chips.chips
    assert chip.text() == "3 chosen images" and library.chips.isVisible()
    with qtbot.waitSignal(window.session.images_changed, timeout=PATIENCE):
        qtbot.mouseClick(chip, LEFT)
    assert library.gallery.count() == 12 and not library.chips.isVisible()
    settle(qtbot, window)
