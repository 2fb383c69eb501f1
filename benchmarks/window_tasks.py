"""What a person does with many images at once, for the window benchmark: finding, deciding on thousands,
choosing a threshold. Each time runs from the person's action to the painted or durable result.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from window_probe import Paints, Probe

BULK_IMAGES: Final = 10_000
ROUNDS: Final = 5
RARE: Final = 20
"""The categories asked for: the most frequent one, a rare one, and those between at equal steps."""
FACETS: Final = 40
"""Categories that are chosen in the tree, at equal steps."""
LONG: Final = 60.0


def measure_finding(probe: Probe, paints: Paints) -> None:
    """Filters and orders typed into the query bar, and similar images; to the paint of the new list."""
    names = [one.name for one in probe.window.session.info.categories]
    asked = [names[place * (len(names) - 1) // (RARE - 1)] for place in range(min(RARE, len(names)))]
    live = probe.suggestions == "live"
    queries = {
        "filter": [*(f'"{name}"' for name in asked), *(f'no:"{name}" is:unreviewed' for name in asked)]
    }
    queries["sort"] = ["sort:name", "sort:time"]
    if live:
        queries["filter"] += [f'score:"{name}">=0.5' for name in asked]
        queries["filter"] += [f'suggested:"{name}"' for name in asked]
        queries["sort"] += [f'sort:score:"{name}"' for name in asked]
        queries["sort"] += [f'unknown:"{name}" sort:unsure' for name in asked]
    probe.found["finding"] = {
        kind: {text: ask(probe, paints, text) for text in texts} for kind, texts in queries.items()
    }
    ask(probe, paints, "")
    probe.found["facets"] = facets(probe, paints)
    if live:
        probe.found["similar"] = [similar(probe, paints, place) for place in range(0, 10 * ROUNDS, 5)]
        ask(probe, paints, "")


def ask(probe: Probe, paints: Paints, text: str) -> float:
    """Seconds from Enter in the query bar to the paint of the list."""
    bar = probe.window.workspace.top.query
    probe.settle()
    bar.edit.setFocus()
    bar.edit.setText(text)
    seconds = until_listed(probe, paints, lambda: QTest.keyClick(bar.edit, Qt.Key.Key_Return))
    probe.library.gallery.setFocus()
    return seconds


def facets(probe: Probe, paints: Paints) -> list[float]:
    """Seconds from the choice of a category in the tree to the paint of the list."""
    from app.gui.library.facet_rows import Choice, Group  # the program has loaded it by now

    tree = probe.library.facets.tree
    rows = tree.facets.rows(Group.CATEGORIES)
    seconds = []
    for row in rows[:: max(1, len(rows) // FACETS)]:
        ask(probe, paints, "")
        probe.settle()
        seconds.append(until_listed(probe, paints, lambda row=row: tree.chosen.emit(row, Choice.WITH)))
    ask(probe, paints, "")
    return seconds


def similar(probe: Probe, paints: Paints, place: int) -> float:
    """Seconds from the key of *similar* to the paint of the list."""
    gallery = probe.library.gallery
    ask(probe, paints, "")
    gallery.select(place)
    probe.settle()
    gallery.setFocus()
    return until_listed(probe, paints, lambda: QTest.keyClick(gallery, Qt.Key.Key_S))


def until_listed(probe: Probe, paints: Paints, act: Callable[[], object]) -> float:
    listed: list[int] = []

    def note(*_: object) -> None:
        listed.append(paints.count)

    probe.window.session.images_changed.connect(note)
    began = time.perf_counter()
    act()
    probe.until(lambda: bool(listed), LONG)
    probe.until(lambda: paints.count > listed[-1])
    seconds = time.perf_counter() - began
    probe.window.session.images_changed.disconnect(note)
    return seconds


def measure_bulk(probe: Probe, paints: Paints) -> None:
    """One answer on thousands of selected images, and its undo; to the commit."""
    from app.domain.labels import LabelState  # the program has loaded it by now

    session, controller, gallery = probe.window.session, probe.library.controller, probe.library.gallery
    probe.library.show_grid()
    found: dict[str, list[float]] = {"said": [], "undone": [], "settled": []}
    categories = session.info.categories

    def answer(category: int) -> None:
        controller.decide(category, LabelState.YES)
        controller.confirm()  # an answer on many images asks first

    ask(probe, paints, f"limit:{BULK_IMAGES}")
    for turn in range(2):
        gallery.setFocus()
        QTest.keyClick(gallery, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        probe.until(lambda: probe.library.controller.sheet.loaded, LONG)
        probe.settle(LONG)
        category = categories[-1 - turn].id
        found["said"].append(until_saved(probe, lambda number=category: answer(number)))
        found["settled"].append(settled(probe))
        # A large undo asks first; only the second press is measured.
        QTest.keyClick(gallery, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        found["undone"].append(
            until_saved(
                probe, lambda: QTest.keyClick(gallery, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
            )
        )
        found["settled"].append(settled(probe))
    ask(probe, paints, "")
    probe.found["bulk"] = found


def until_saved(probe: Probe, act: Callable[[], object]) -> float:
    del probe.saved[:]
    began = time.perf_counter()
    act()
    probe.until(lambda: bool(probe.saved), LONG)
    return time.perf_counter() - began


def settled(probe: Probe) -> float:
    began = time.perf_counter()
    probe.settle(LONG)
    return time.perf_counter() - began


def measure_threshold(probe: Probe) -> None:
    """Ticks of the minimum precision in the panel that accepts likely images; to the new sentence."""
    if probe.suggestions != "live":
        return
    commands = probe.window.commands
    gallery, controller = probe.library.gallery, probe.library.controller
    gallery.setFocus()
    probe.settle()
    if controller.highlight is None:  # every likely category of this image has its answer
        controller.set_highlight(probe.window.session.info.categories[0].id)
    QTest.keyClick(
        gallery,
        Qt.Key.Key_A,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    panel = commands.accept_panel
    assert panel is not None, "the panel needs a highlighted suggestion"
    probe.until(lambda: panel.plan() is not None, LONG)
    ticks = []
    for key in [Qt.Key.Key_Down] * 20 + [Qt.Key.Key_Up] * 20:
        probe.settle()
        before = panel.plan()
        began = time.perf_counter()
        QTest.keyClick(panel.precision, key)
        probe.until(lambda before=before: panel.plan() is not before)
        panel.repaint()
        ticks.append(time.perf_counter() - began)
    probe.found["threshold"] = ticks
    panel.left.emit()
