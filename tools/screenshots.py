"""Take screenshots of the real window with the demo, and with photographs if available.

The window runs normally, with its worker process, on the existing display or a virtual one. Screenshots of
the demo go to docs/images/; those of the photographs in ../shared/photos go to docs/images/local/, which is
not part of the repository, because the photographs may not be copied.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from exchange_pictures import take_exchange
from picture_projects import (
    Shown,
    make_demo,
    make_photographs,
    make_trainable,
    make_unindexed,
    shown_demo,
    shown_photographs,
)
from picture_variants import VARIANTS, Variant
from place_pictures import (
    take_categories,
    take_filters,
    take_information,
    take_insights,
    take_list,
    take_menus,
)
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from training_pictures import take_refused, take_train
from trust_pictures import take_accept, take_closing, take_heat
from virtual_screen import screen
from window_driver import WindowDriver

from app.bootstrap import make_window
from app.gui import language
from app.gui.theme import install
from app.services.settings import SettingsFile
from app.services.simulation.demo_test_set import PROJECT

ROOT: Final = Path(__file__).resolve().parent.parent
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
DECISIONS: Final = 3
CARDS_DECIDED: Final = 5
LARGEST_KEPT: Final = 480_000  # bytes of a screenshot in the repository
LARGEST_LOCAL: Final = 4_000_000
JOBS_SHARE: Final = 0.15
PHOTOGRAPHS: Final = "photographs"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    parser.add_argument("--photographs", type=Path, default=ROOT.parent / "shared" / "photos")
    parser.add_argument("--projects", type=Path, help="keep the projects here, and use those that are there")
    parser.add_argument("--only", choices=VARIANTS, help="take the pictures of one variant; needs --projects")
    args = parser.parse_args()
    if args.only:
        with screen(VARIANTS[args.only].screen):
            take_variant(VARIANTS[args.only], args.projects, args.out)
    elif args.projects:
        take_all(args.projects, args.out, args.photographs)
    else:
        with tempfile.TemporaryDirectory(prefix="tailspotter-") as scratch:
            take_all(Path(scratch), args.out, args.photographs)


def take_all(scratch: Path, out: Path, source: Path) -> None:
    """Make the projects; then each variant in a process of its own, since scale and language are of one."""
    if not (scratch / "demo").exists():
        print("Creating the projects for the screenshots; this takes a few minutes.")
        make_demo(scratch / "demo")
        make_trainable(scratch / "trainable")
        make_photographs(scratch / PHOTOGRAPHS, source)
    for name, variant in VARIANTS.items():
        command = [sys.executable, __file__, "--projects", scratch, "--out", out, "--only", name]
        environment = {**os.environ, "QT_SCALE_FACTOR": str(variant.scale)}
        if subprocess.run(command, check=False, env=environment).returncode:
            raise SystemExit(f"The pictures of {name} could not all be taken.")


def take_variant(variant: Variant, scratch: Path, out: Path) -> None:
    application = QApplication(["tailspotter"])
    application.setApplicationName("tailspotter")
    application.setApplicationDisplayName("Tailspotter")
    application.setCursorFlashTime(0)
    install(application)
    language.install(application, variant.language)
    demo, photographs, own = scratch / "demo", scratch / PHOTOGRAPHS, scratch / variant.suffix
    shutil.rmtree(own, ignore_errors=True)  # of an earlier run
    if not variant.whole:
        drive(scratch, variant, out, lambda driver: take_glance(driver, shown_demo(demo)), LARGEST_KEPT)
        return
    bare = make_unindexed(own / "savanna", demo)

    def tour(driver: WindowDriver) -> None:
        take_demo(driver, shown_demo(demo))
        take_train(driver, scratch / "trainable" / PROJECT)
        take_indexing(driver, bare)
        take_recent(driver, bare)

    drive(scratch, variant, out, tour, LARGEST_KEPT)
    if photographs.exists():
        shown = shown_photographs(photographs)
        drive(scratch, variant, out / "local", lambda driver: take_photographs(driver, shown), LARGEST_LOCAL)


def drive(
    scratch: Path, variant: Variant, out: Path, tour: Callable[[WindowDriver], None], largest: int
) -> None:
    """Open a window as on its first start, and close it after the tour."""
    settings = scratch / variant.suffix / f"settings-{out.name}" / "settings.json"
    SettingsFile(settings).update(theme=variant.mode.value, motion="none", train_hint_after=0)
    window = make_window(scratch / "demo", settings=settings)
    try:
        tour(WindowDriver(window, out, variant.suffix, largest=largest, size=variant.size))
    finally:
        window.closing.close_now()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def take_demo(driver: WindowDriver, shown: Shown) -> None:
    window = driver.window
    driver.take("first-start")
    driver.click(window.start.new_button)
    driver.wait(window.start.form.models.download.isVisible, "the image models")
    driver.take("new-project")
    take_image_models(driver)
    driver.click(window.start.form.back)
    scored = driver.told(window.session.scores_changed)
    driver.click(window.start.demo_button)
    driver.wait(scored, "the suggestions of the demo")
    driver.settle()
    take_grid_and_single(driver, shown)
    take_filters(driver)
    take_list(driver)
    take_selection(driver)
    take_queries(driver)
    take_menus(driver)
    take_panels(driver)
    take_information(driver)
    take_categories(driver)
    take_insights(driver)
    take_review(driver, shown)
    take_refused(driver)


def take_glance(driver: WindowDriver, shown: Shown) -> None:
    """The places once, for another language or scale."""
    window = driver.window
    driver.take("first-start")
    scored = driver.told(window.session.scores_changed)
    driver.click(window.start.demo_button)
    driver.wait(scored, "the suggestions of the demo")
    driver.click_cell(list(window.workspace.library.gallery.ids()).index(shown.best_known_image()))
    driver.settle()
    driver.take("grid")
    driver.press(Qt.Key.Key_E)
    driver.settle()
    driver.take("single")
    for place in ("review", "train", "insights", "categories"):
        driver.click(window.workspace.rail.button(place))
        driver.settle()
        if place == "review":
            driver.wait(lambda: window.workspace.review.review.keeper.estimated, "the estimates")
            driver.settle()
        if place == "insights":
            driver.wait(lambda: window.workspace.insights.current_page.plot_shown, "the plot")
        driver.take(place)
    driver.press(Qt.Key.Key_Comma, CONTROL)
    driver.settle()
    driver.take("preferences")
    driver.press(Qt.Key.Key_Escape)


def take_image_models(driver: WindowDriver) -> None:
    """The list of image models, opened from the form for a new project."""
    models, states = driver.window.models, driver.told(driver.window.models.changed)
    driver.click(driver.window.start.form.models.download)
    models.refresh()
    driver.wait(states, "the list of image models")
    driver.take("image-models")
    driver.press(Qt.Key.Key_Escape)


def take_grid_and_single(driver: WindowDriver, shown: Shown) -> None:
    """The grid with an image selected; then that image, with a few decisions by keyboard."""
    library = driver.window.workspace.library
    image_id = shown.best_known_image()
    driver.click_cell(list(library.gallery.ids()).index(image_id))
    driver.settle()
    driver.take("grid")
    driver.press(Qt.Key.Key_E)
    driver.settle()
    for _ in range(DECISIONS):
        right = library.controller.highlight in shown.truth[image_id]
        saved = driver.told(driver.window.session.saved)
        driver.press(Qt.Key.Key_Y if right else Qt.Key.Key_N)
        driver.wait(saved, "a decision to be saved")
        driver.settle()
    driver.take("single")
    take_heat(driver, shown)
    for _ in range(DECISIONS):
        changed = driver.told(driver.window.session.changed)
        driver.press(Qt.Key.Key_Z, CONTROL)
        driver.wait(changed, "a decision to be undone")
    driver.press(Qt.Key.Key_G)
    driver.settle()


def take_selection(driver: WindowDriver) -> None:
    columns = driver.window.workspace.library.gallery.geometry_of_cells().columns
    driver.click_cell(columns + 1)
    driver.click_cell(2 * columns + 2, SHIFT)
    driver.click_cell(3 * columns + 1, CONTROL)
    driver.settle()
    driver.take("selection")


def take_queries(driver: WindowDriver) -> None:
    """A query during typing, and a wrong one with its correction."""
    top, problem = driver.window.workspace.top, driver.window.workspace.problem
    driver.press(Qt.Key.Key_F, CONTROL)
    driver.type("is:unreviewed suggested:t")
    driver.wait(top.query.list.isVisible, "the completions")
    driver.settle()
    driver.take("query-completion")
    driver.press(Qt.Key.Key_Escape)
    driver.press(Qt.Key.Key_A, CONTROL)
    driver.type("is:unreviewed suggested:guitr")
    driver.press(Qt.Key.Key_Return)
    driver.wait(problem.isVisible, "the sentence about the wrong query")
    driver.settle()
    driver.take("query-error")
    shown = driver.told(driver.window.session.images_changed)
    driver.click(problem.button)
    driver.wait(shown, "the images of the corrected query")
    driver.press(Qt.Key.Key_Escape)
    driver.settle()


def take_panels(driver: WindowDriver) -> None:
    """Commands, help and preferences, opened by their keys."""
    driver.window.workspace.library.focus_images()
    for key, modifier, name in (
        (Qt.Key.Key_K, CONTROL, "commands"),
        (Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier, "help"),
        (Qt.Key.Key_Comma, CONTROL, "preferences"),
    ):
        driver.press(key, modifier)
        driver.wait(driver.window.commands.panels.shown, name)
        driver.settle()
        driver.take(name)
        driver.press(Qt.Key.Key_Escape)
    take_exchange(driver)


def take_review(driver: WindowDriver, shown: Shown) -> None:
    """The board; a page of the category with most to find, partly decided by keyboard; and its end."""
    window = driver.window
    driver.click(window.workspace.rail.button("review"))
    place = window.workspace.review
    driver.wait(place.board.model.rowCount, "the board")
    driver.wait(lambda: "estimating" not in place.board.when.text(), "the estimates")
    rows = place.review.board.rows
    known = [row for row in rows if row.estimate is not None and row.estimate.hidden is not None]
    row = max(known or rows, key=lambda row: row.estimate.gain if row.estimate else 0.0)
    place.board.table.show_category(row.category_id)
    driver.settle()
    driver.take("review-board")
    take_accept(driver)
    paged = driver.told(place.review.page_changed)
    driver.press(Qt.Key.Key_Return)
    driver.wait(paged, "the first cards")
    driver.settle()
    for at in range(CARDS_DECIDED):
        right = row.category_id in shown.truth.get(place.review.cards()[at].image_id, ())
        written = driver.told(window.session.answered)
        driver.press(Qt.Key.Key_Y if right else Qt.Key.Key_N)
        driver.wait(written, "an answer to be written")
    driver.press(Qt.Key.Key_S)
    driver.settle()
    driver.take("review-cards")
    ended = driver.told(place.review.ended)
    driver.press(Qt.Key.Key_Escape)
    driver.wait(ended, "the end of the review")
    driver.settle()
    driver.take("review-end")
    active = place.review.round
    for left in range(CARDS_DECIDED, -1, -1):  # the skip first, which is not in the ledger
        driver.press(Qt.Key.Key_Z, CONTROL)
        driver.wait(
            lambda left=left: active.found + active.rejected + active.skipped == left,
            "an answer to be undone",
        )
    driver.click(window.workspace.rail.button("library"))
    driver.settle()


def take_indexing(driver: WindowDriver, folder: Path) -> None:
    """A new project whose features are computed with the button that the window offers."""
    window = driver.window
    offered = driver.told(window.session.suggestions_missing)
    window.open_project(folder)
    driver.wait(offered, "the offer to compute features")
    driver.settle()
    driver.take("no-features")
    driver.click(window.workspace.library.inspector.offer)
    driver.wait(
        lambda: any(job.total and job.done / job.total > JOBS_SHARE for job in window.jobs.running()),
        "indexing to start",
    )
    driver.click(window.workspace.top.pill)
    driver.wait(window.workspace.top.pill.list.isVisible, "the list of jobs")
    driver.take("jobs")
    driver.press(Qt.Key.Key_Escape)
    if window.jobs.running():
        take_closing(driver)


def take_recent(driver: WindowDriver, folder: Path) -> None:
    """The start page after two projects, one of which was deleted."""
    window = driver.window
    driver.press(Qt.Key.Key_W, CONTROL)
    driver.wait(lambda: not window.jobs.running(), "the job to stop with its project")
    driver.wait(window.start.isVisible, "the start page")
    folder.rename(folder.with_name("away"))
    window.start_controller.refresh()
    rows = window.start.recent.rows
    driver.wait(lambda: rows() and not rows()[0].card.there, "the missing project")
    rows()[-1].setFocus()
    driver.take("start")


def take_photographs(driver: WindowDriver, shown: Shown) -> None:
    scored = driver.told(driver.window.session.scores_changed)
    driver.window.open_project(shown.folder)
    driver.wait(scored, "the suggestions for the photographs")
    driver.settle()
    take_grid_and_single(driver, shown)


if __name__ == "__main__":
    main()
