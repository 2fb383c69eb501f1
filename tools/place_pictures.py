"""Screenshots of filters, list and inspector, of the Categories and Insights places, and of menus."""

import platform
import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from window_driver import WindowDriver

from app.domain.insights import ColourBy, Insight
from app.gui.library.facet_rows import FacetRow, Group

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def take_filters(driver: WindowDriver) -> None:
    """Two filters clicked; then the same images as a list."""
    tree = driver.window.workspace.library.facets.tree
    categories = tree.facets.rows(Group.CATEGORIES)
    click_filter(driver, max(categories, key=lambda row: row.count or 0))
    click_filter(driver, tree.facets.rows(Group.IMAGES)[0])
    driver.settle()
    driver.take("filters")
    driver.press(Qt.Key.Key_F, CONTROL | SHIFT)
    driver.settle()


def click_filter(driver: WindowDriver, row: FacetRow) -> None:
    tree = driver.window.workspace.library.facets.tree
    item = next(one for group in Group for one in tree.facets.items(group) if one.text() == row.title)
    tree.scrollTo(item.index())
    shown = driver.told(driver.window.session.images_changed)
    driver.click(tree.viewport(), tree.visualRect(item.index()).center())
    driver.wait(shown, "the filtered images")


def take_list(driver: WindowDriver) -> None:
    """The images as a list, with all categories of one of them unfolded."""
    library = driver.window.workspace.library
    driver.press(Qt.Key.Key_G, SHIFT)
    driver.click(library.inspector.fold)
    driver.settle()
    driver.take("list")
    driver.click(library.inspector.fold)
    library.focus_images()
    driver.press(Qt.Key.Key_G, SHIFT)
    driver.settle()


def take_menus(driver: WindowDriver) -> None:
    """The menu of the project, and that of an image."""
    window = driver.window
    menu, name = window.workspace.top.menu, window.workspace.top.project
    menu.popup(name.mapToGlobal(name.rect().bottomLeft()))  # a click would wait until it is closed
    driver.wait(menu.isVisible, "the menu of the project")
    driver.take("project-menu")
    driver.press(Qt.Key.Key_Escape)
    gallery = window.workspace.library.gallery
    place = gallery.viewport().mapToGlobal(gallery.cell_rect(1).center())
    window.commands.menus.open_for_images(place)
    driver.wait(driver.popup, "the menu of an image")
    driver.take("image-menu")
    driver.press(Qt.Key.Key_Escape)


def take_information(driver: WindowDriver) -> None:
    """Without the names of this computer's system and folders."""
    window = driver.window
    checked = driver.told(window.information.diagnosis.ready)
    window.commands.frame.action("system_information").trigger()
    driver.wait(checked, "the checks")
    driver.settle()
    text = window.information.panel.text
    shown = text.toPlainText().replace(platform.platform(), platform.system())
    text.setPlainText(re.sub(r"/\S*/demo(?=/)", "~/demo", shown))
    driver.take("system-information")
    driver.press(Qt.Key.Key_Escape)


def take_categories(driver: WindowDriver) -> None:
    """The table, a merge, the properties of a category."""
    window = driver.window
    driver.click(window.workspace.rail.button("categories"))
    place = window.workspace.categories
    driver.wait(place.model.rowCount, "the categories")
    driver.settle()
    driver.take("categories")
    place.merge.trigger()
    panel = place.merge_panel
    panel.target.setCurrentIndex(panel.target.findText("pig"))
    driver.wait(panel.act.isEnabled, "the effects of merging")
    driver.settle()
    driver.take("categories-merge")
    driver.press(Qt.Key.Key_Escape)
    driver.press_on(place.table, Qt.Key.Key_Return)
    driver.wait(window.commands.panels.shown, "the properties")
    strip = window.commands.category_panel.strip
    driver.wait(strip.image_ids, "the images that fit the text")
    driver.wait(
        lambda: all(isinstance(strip._picture(at), QImage) for at in range(len(strip.image_ids()))),
        "their pictures",
    )
    driver.settle()
    driver.take("category")
    driver.press(Qt.Key.Key_Escape)
    driver.click(window.workspace.rail.button("library"))
    driver.settle()


def take_insights(driver: WindowDriver) -> None:
    """Some of the plots, and the map coloured by category."""
    window = driver.window
    driver.click(window.workspace.rail.button("insights"))
    place = window.workspace.insights
    for insight in (Insight.COUNTS, Insight.TOGETHER, Insight.QUALITY, Insight.MAP):
        place.show_insight(insight)
        if insight is Insight.MAP:
            place.map.by.setCurrentIndex(place.map.by.findData(ColourBy.CATEGORIES))
        driver.wait(lambda: place.current_page.plot_shown, "the plot", 120)
        driver.settle()
        driver.take(f"insights-{insight.value}")
    driver.click(window.workspace.rail.button("library"))
    driver.settle()
