"""Every place and panel of the window, one after the other, for what must hold on each of them."""

from window_fixtures import PATIENCE

from app.domain.labels import LabelState

MOST_MS, STEP_MS = 5000, 20
PANELS = {
    "help": "help",
    "commands": "palette",
    "preferences": "preferences",
    "import": "import_labels",
    "export": "export_labels",
    "project settings": "project_settings",
    "image model": "image_model",
    "category properties": "category_properties",
    "accepting": "accept_likely",
    "system information": "system_information",
}
"""Commands that open a panel."""


def settle(qtbot, window):
    """Wait for the answers of the project, but not for estimates that go on by themselves."""
    waited = 0
    while window.session.pending and waited < MOST_MS:
        qtbot.wait(STEP_MS)
        waited += STEP_MS


def places(qtbot, window):
    """The library in its forms, then every other place of the rail."""
    workspace, library = window.workspace, window.workspace.library
    workspace.show_library()
    library.show_grid()
    library.gallery.select(1)
    settle(qtbot, window)
    yield "the grid"
    library.gallery.select(3, extend=True)
    settle(qtbot, window)
    yield "a selection"
    library.gallery.select(2)
    library.show_single()
    qtbot.waitUntil(lambda: library.single.canvas.picture() is not None, timeout=PATIENCE)
    settle(qtbot, window)
    yield "the single view"
    library.show_grid()
    for name in workspace.rail.names():
        if name not in {"library", "help", "preferences"}:
            workspace._go(name)
            settle(qtbot, window)
            yield f"the place {name}"
    workspace.show_library()


def a_review(qtbot, window):
    """A round: its cards, one of them large, and its end."""
    workspace = window.workspace
    workspace.show_review()
    number = window.session.info.categories[0].id
    workspace.review.begin(number)
    qtbot.waitUntil(lambda: workspace.review.round_view.grid.count() > 0, timeout=PATIENCE)
    settle(qtbot, window)
    yield "the cards of a review"
    workspace.review.open_large()
    settle(qtbot, window)
    yield "a card shown large"
    workspace.review.leave_large()
    workspace.review.round_view.actions_of_cards.action("end_review").trigger()
    settle(qtbot, window)
    yield "the end of a review"
    workspace.show_library()


def panels(qtbot, window, *, open_only=()):
    """Each panel over the library."""
    workspace, library = window.workspace, window.workspace.library
    workspace.show_library()
    library.gallery.select(0)
    settle(qtbot, window)
    for name, command in PANELS.items():
        if open_only and name not in open_only:
            continue
        action = window.commands.frame.action(command)
        assert action.isEnabled(), command
        action.trigger()
        qtbot.waitUntil(lambda: window.commands.panels.shown() is not None, timeout=PATIENCE)
        settle(qtbot, window)
        qtbot.wait(30)
        yield f"the panel {name}"
        if name == "preferences":
            tabs = window.commands.panels.preferences.tabs
            for place in range(1, tabs.count()):
                tabs.setCurrentIndex(place)
                if window.commands.panels.models_shown():
                    qtbot.waitUntil(lambda: len(window.models.entries()) > 10, timeout=PATIENCE)
                yield f"the preferences {tabs.tabText(place)}"
        window.commands.panels.close_all()


def the_start(qtbot, window):
    """The page without a project, and the form; the project is closed."""
    window.close_project()
    qtbot.waitUntil(lambda: bool(window.start.recent.rows()), timeout=PATIENCE)
    yield "the start page"
    window.start.show_form()
    qtbot.waitUntil(lambda: len(window.models.entries()) > 10, timeout=PATIENCE)
    yield "the form of a new project"


def everything(qtbot, window):
    yield from places(qtbot, window)
    yield from a_review(qtbot, window)
    yield from panels(qtbot, window)
    yield from the_start(qtbot, window)


def label_something(qtbot, window):
    """Yes and no for the first category, so that there are chips, counts and bands."""
    library = window.workspace.library
    for place, state in ((0, LabelState.YES), (1, LabelState.NO), (2, LabelState.YES)):
        library.gallery.select(place)
        settle(qtbot, window)
        category = window.session.info.categories[0].id
        library.controller.decide(category, state)
        settle(qtbot, window)
