"""The inspector: labels apart from suggestions, narrow places, large fonts, the pointer instead of keys."""

from datetime import UTC, datetime, timedelta

import pytest
from fake_labelling import FakeSession, an_image
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.domain.categories import Band
from app.domain.changes import ChangeSet
from app.domain.images import ImageState
from app.domain.labels import LabelState
from app.domain.suggestions import Learner, Suggestion
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.inspector import Inspector
from app.gui.labelling.key_actions import LabellingActions
from app.gui.labelling.sheet import SheetRow, keep_order
from app.gui.labelling.words import when_words
from app.gui.theme import Mode, theme

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def make_inspector(qtbot):
    def make(session=None, size=(320, 760)):
        session = session or FakeSession()
        single = QWidget()
        qtbot.addWidget(single)
        controller = LabellingController(session)
        inspector = Inspector(session, controller, LabellingActions(controller, single, single))
        qtbot.addWidget(inspector)
        inspector.session, inspector.controller, inspector.place = session, controller, single
        inspector.resize(*size)
        session.start()
        controller.set_current(1)
        inspector.show()
        qtbot.waitExposed(inspector)
        return inspector

    return make


def chips(inspector):
    return [one.chip.accessibleName() for one in inspector.labels.chips()]


def no_words(inspector):
    return inspector.labels.no_line.plain() if inspector.labels.no_line.isVisible() else ""


def names(inspector):
    return [row.row().name for row in inspector.suggestions.rows()]


def test_categories_are_listed_and_labelled_by_their_keys_before_there_are_suggestions(make_inspector):
    session = FakeSession()
    session.chances = {}
    inspector = make_inspector(session)
    assert names(inspector) == list(session.names.values())
    assert inspector.heading.text() == "Categories"
    assert [row.accessibleName() for row in inspector.suggestions.rows()][:2] == ["1 impala", "2 mongoose"]
    inspector.controller.toggle("3")
    inspector.controller.set_highlight(4)
    inspector.controller.reject()
    assert session.states == {(1, 3): YES, (1, 4): NO}
    assert names(inspector) == list(session.names.values())  # every category keeps its key
    inspector.controller.set_current(2)
    assert names(inspector) == list(session.names.values())
    inspector.controller.set_selection([1, 2], 1)
    assert names(inspector) == list(session.names.values())


def test_listed_categories_become_suggestions_when_these_are_ready(make_inspector):
    session = FakeSession()
    chances, session.chances = session.chances, {}
    inspector = make_inspector(session)
    assert not inspector.controller.sheet.scored
    session.chances = dict(reversed(chances.items())) | {5: 0.99}
    session.scores_changed.emit()
    assert names(inspector)[0] == "grass"
    assert inspector.controller.sheet.scored
    assert inspector.heading.text() == "Suggestions"
    assert not inspector.no_suggestions.isVisible()


def test_labels_are_apart_from_suggestions_and_say_who_and_when(make_inspector):
    session = FakeSession()
    session.decide([1], 5, YES)
    session.decide([1], 2, NO)
    inspector = make_inspector(session)
    assert chips(inspector) == ["grass: yes, you, just now"]
    assert no_words(inspector) == "no: mongoose"
    assert names(inspector) == ["impala", "zebra", "serval"]
    assert inspector.title.text() == "IMG_0001.jpg"
    assert inspector.facts.text() == "4,000 × 3,000 · not reviewed"


def test_a_no_says_which_yes_below_contradicts_it(make_inspector):
    session = FakeSession()
    session.decide([1], 3, NO)
    session.below = {3: "foal <1 year>"}
    inspector = make_inspector(session)
    assert no_words(inspector) == "no: zebra (but foal <1 year> is yes)"
    assert "foal &lt;1 year&gt;" in inspector.labels.no_line.text()
    session.below = {3: "mare"}
    session.changed.emit(ChangeSet(1, categories=[3]))
    assert no_words(inspector) == "no: zebra (but mare is yes)"


def test_a_derived_yes_follows_the_category_that_it_comes_from(make_inspector):
    session = FakeSession()
    session.below = {3: "foal"}
    inspector = make_inspector(session)
    assert chips(inspector) == ["zebra: yes, from foal"]
    session.below = {3: "mare"}
    session.changed.emit(ChangeSet(1, categories=[3]))
    assert chips(inspector) == ["zebra: yes, from mare"]


def test_the_pointer_accepts_rejects_and_takes_back(make_inspector):
    inspector = make_inspector()
    first, second = inspector.suggestions.rows()[:2]
    QTest.mouseClick(first, LEFT, Qt.KeyboardModifier.NoModifier, first.accept_rect().center())
    QTest.mouseClick(second, LEFT, Qt.KeyboardModifier.NoModifier, second.reject_rect().center())
    assert (chips(inspector), no_words(inspector)) == (["impala: yes, you, just now"], "no: mongoose")
    QTest.mouseClick(inspector.labels.chips()[0].button, LEFT)
    assert (chips(inspector), no_words(inspector)) == ([], "no: mongoose")
    QTest.mouseClick(first, LEFT, Qt.KeyboardModifier.NoModifier, first.accept_rect().center())
    QTest.mouseClick(first, LEFT, Qt.KeyboardModifier.NoModifier, first.accept_rect().center())
    QTest.mouseClick(second, LEFT, Qt.KeyboardModifier.NoModifier, second.reject_rect().center())
    assert (chips(inspector), no_words(inspector)) == ([], "")
    assert inspector.session.states == {}


def test_a_click_on_a_suggestion_highlights_it_and_the_buttons_decide(make_inspector):
    inspector = make_inspector()
    QTest.mouseClick(inspector.suggestions.rows()[2], LEFT, Qt.KeyboardModifier.NoModifier, QPoint(60, 8))
    assert inspector.controller.highlight == 3
    assert [row.is_highlighted for row in inspector.suggestions.rows()] == [False, False, True, False, False]
    QTest.mouseClick(inspector.button("reject"), LEFT)
    assert inspector.session.states == {(1, 3): NO}
    assert inspector.button("reject").accessibleName() == "No, key N"


def test_a_button_decides_and_leaves_the_focus_where_it_was_even_in_the_text_field(make_inspector, qtbot):
    inspector = make_inspector()
    inspector.activateWindow()
    qtbot.waitUntil(inspector.isActiveWindow)
    inspector.tags.line.setFocus()
    QTest.mouseClick(inspector.button("accept"), LEFT)
    assert inspector.session.states == {(1, 1): YES}
    assert inspector.tags.line.hasFocus()


def test_many_labels_are_folded_and_open_on_demand(make_inspector):
    session = FakeSession(tuple(f"category {number}" for number in range(60)))
    for number in range(1, 15):
        session.decide([1], number, NO)
    for number in range(20, 35):
        session.decide([1], number, YES)
    session.set_reviewed([1])
    inspector = make_inspector(session)
    assert len(chips(inspector)) == 12
    assert no_words(inspector).count("category") == 12
    assert inspector.labels.more.text() == "5 more and 31 no by review"
    QTest.mouseClick(inspector.labels.more, LEFT)
    assert len(chips(inspector)) == 15
    assert no_words(inspector).count("category") == 14 + 31
    inspector.controller.next()
    inspector.controller.previous()
    assert len(chips(inspector)) == 12


def test_an_unreadable_image_says_why_and_can_be_labelled(make_inspector):
    session = FakeSession()
    session.images[1] = an_image(1, state=ImageState.UNREADABLE, problem="empty file (0 bytes)")
    inspector = make_inspector(session)
    assert inspector.problem.isVisible()
    assert "empty file (0 bytes)" in inspector.problem.text()
    QTest.mouseClick(inspector.button("accept"), LEFT)
    assert session.states == {(1, 1): YES}


def test_an_image_without_suggestions_says_why(make_inspector):
    session = FakeSession(())
    inspector = make_inspector(session)
    assert "no features" in inspector.no_suggestions.text()
    session.suggestions_missing.emit("Index the images first.")
    assert inspector.no_suggestions.text() == "Index the images first."
    assert inspector.no_suggestions.isVisible()


def test_a_near_miss_is_named_and_each_learner_is_explained(make_inspector):
    session = FakeSession(("cat", "dog"))
    session.chances = {1: 0.5, 2: 0.7}
    session.learner = {1: Learner.TEXT, 2: Learner.TUNED}
    inspector = make_inspector(session)
    rows = inspector.suggestions.rows()
    assert rows[0].accessibleName() == "1 dog: 0.70, at or above the threshold of 0.60, checked"
    assert rows[1].accessibleName() == "2 cat: 0.50, below the threshold of 0.60, near miss"
    assert rows[0].toolTip().endswith("tuned: from the trained model")


def test_a_decided_row_shows_the_answer_and_no_probability_that_could_fall(qtbot, make_inspector):
    session = FakeSession(("cat", "dog"))
    session.chances = {1: 0.5, 2: 0.7}
    inspector = make_inspector(session)
    row = inspector.suggestions.rows()[0]
    qtbot.waitUntil(lambda: row.height() >= row.sizeHint().height())
    session.decide([1], 2, YES)
    assert row.accessibleName() == "1 dog: labelled yes"
    before = row.grab().toImage()
    session.chances[2] = 0.4
    session.scores_changed.emit()
    assert row.row().probability == 0.4 and row.grab().toImage() == before


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("width", [200, 320, 600])
def test_long_names_and_narrow_places_stay_inside(make_inspector, mode, width):
    theme().set_mode(mode)
    session = FakeSession(tuple(f"a very long name of a category of the museum {i}" for i in range(12)))
    session.decide([1], 4, YES)
    session.decide([1], 5, NO)
    inspector = make_inspector(session, size=(width, 500))
    assert inspector.width() == width
    viewport = inspector.scroll_area.viewport()
    for row in (*inspector.suggestions.rows(), *inspector.labels.chips(), inspector.labels.no_line):
        assert row.mapTo(viewport, QPoint(row.width(), 0)).x() <= viewport.width()
    for name in ("accept", "reject", "unknown", "reviewed"):
        assert inspector.rect().contains(
            inspector.button(name)
            .geometry()
            .translated(inspector.button(name).parentWidget().mapTo(inspector, QPoint(0, 0)))
        )


def test_with_a_font_of_twice_the_size_the_highlighted_suggestion_stays_in_view(make_inspector, large_font):
    inspector = make_inspector(size=(320, 600))
    for _ in range(4):
        inspector.controller.highlight_next()
    chosen = inspector.suggestions.rows()[4]
    place = chosen.mapTo(inspector.scroll_area.viewport(), QPoint(0, 0))
    assert place.y() >= 0
    assert place.y() + chosen.height() <= inspector.scroll_area.viewport().height() + 1
    assert not inspector.button("undo").isVisible()
    assert inspector.button("accept").isVisible()


def test_a_narrow_inspector_with_a_large_font_does_not_scroll_sideways(make_inspector, large_font):
    session = FakeSession(tuple(f"kind {i}" for i in range(60)))
    inspector = make_inspector(session, size=(260, 700))
    content = inspector.scroll_area.widget()
    for _ in range(3):
        inspector.controller.highlight_next()
    assert inspector.fold.isVisible()
    assert (content.x(), content.width()) == (0, inspector.scroll_area.viewport().width())


def test_names_get_a_line_of_their_own_where_most_would_be_cut(make_inspector):
    short = make_inspector()
    one_line = {row.sizeHint().height() for row in short.suggestions.rows()}
    long = make_inspector(FakeSession(tuple(f"a rather long name of category {i}" for i in range(5))))
    two_lines = {row.sizeHint().height() for row in long.suggestions.rows()}
    assert min(two_lines) > max(one_line)


def test_the_name_of_a_decided_row_has_the_room_of_the_bar(make_inspector):
    session = FakeSession(("cat", "a name of medium length"))
    inspector = make_inspector(session)
    row = next(one for one in inspector.suggestions.rows() if one.row().category_id == 2)
    assert not row.name_fits(300)
    session.decide([1], 2, YES)
    assert row.name_fits(300)


def test_listed_categories_without_suggestions_have_one_line(make_inspector):
    session = FakeSession(tuple(f"a category {i} of medium length" for i in range(5)))
    session.chances = {}
    inspector = make_inspector(session)
    one_line = {row.sizeHint().height() for row in make_inspector().suggestions.rows()}
    for width in (320, 180):
        inspector.resize(width, 760)
        QApplication.processEvents()
        assert {row.sizeHint().height() for row in inspector.suggestions.rows()} == one_line


def test_times_are_shown_relative_to_now():
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    ago = {5: "just now", 120: "2 min ago", 7300: "2 h ago", 3 * 86400: "2026-05-01", -30: "just now"}
    assert {s: when_words(now - timedelta(seconds=s), now) for s in ago} == ago
    assert when_words(datetime(2026, 5, 4, 11, 50), now) == "10 min ago"
    assert when_words(None, now) == ""


def test_a_category_that_is_not_learned_yet_keeps_its_place_but_shows_no_number(qtbot, make_inspector):
    session = FakeSession(["hyena", "cat", "dog"])
    session.chances = {1: 0.9, 2: 0.49, 3: 0.3}
    session.not_learned = {2}
    inspector = make_inspector(session)
    assert names(inspector) == ["hyena", "cat", "dog"]
    row = inspector.suggestions.rows()[1]
    why = "It has no yes or no no yet: label at least one image yes and one no."
    assert row.accessibleName() == "2 cat: not learned yet"
    assert row.accessibleDescription() == why
    assert row.toolTip() == f"cat: not learned yet\n{why}"
    qtbot.waitUntil(lambda: row.height() >= row.sizeHint().height())
    before = row.grab().toImage()
    session.chances[2] = 0.31
    session.scores_changed.emit()
    assert row.row().probability == 0.31 and row.grab().toImage() == before
    session.not_learned = set()
    session.scores_changed.emit()
    assert row.accessibleName() == "2 cat: 0.31, below the threshold of 0.60"
    assert row.grab().toImage() != before
    session.not_learned = {2}
    session.decide([1], 2, YES)
    assert row.accessibleName() == "2 cat: labelled yes"


def test_a_menu_is_asked_for_on_a_suggestion_a_label_and_a_no(qtbot, make_inspector):
    session = FakeSession(["hyena", "cat", "dog", "owl"])
    session.decide([1], 3, YES)
    session.decide([1], 4, NO)
    inspector = make_inspector(session)
    asked = []
    inspector.menu_wanted.connect(lambda number, _place: asked.append(number))
    for widget in (inspector.suggestions.rows()[1], inspector.labels.chips()[0].chip):
        place = widget.rect().center()
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(widget, QContextMenuEvent(reason, place, widget.mapToGlobal(place)))
    line = inspector.labels.no_line
    inspector.activateWindow()
    qtbot.waitUntil(inspector.isActiveWindow)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Tab)  # the first link
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert asked == [2, 3, 4] and inspector.controller.highlight == 2


def test_suggested_categories_come_first_with_a_box_that_a_click_unchecks(make_inspector):
    session = FakeSession(["hyena", "cat", "dog"])
    session.chances, session.thresholds = {1: 0.8, 2: 0.7, 3: 0.6}, {1: 0.9, 2: 0.65, 3: 0.55}
    inspector = make_inspector(session)
    assert names(inspector) == ["cat", "dog", "hyena"]
    cat, _, hyena = inspector.suggestions.rows()
    QTest.mouseClick(cat, LEFT, Qt.KeyboardModifier.NoModifier, cat.check_rect().center())
    QTest.mouseClick(hyena, LEFT, Qt.KeyboardModifier.NoModifier, hyena.check_rect().center())
    assert [row.row().checked for row in inspector.suggestions.rows()] == [False, True, False]
    assert cat.accessibleName().endswith("not checked")
    assert session.states == {}
    QTest.mouseClick(cat, LEFT, Qt.KeyboardModifier.NoModifier, cat.check_rect().center())
    assert cat.row().checked


def test_unlikely_categories_are_folded_under_all_categories(make_inspector):
    session = FakeSession(["hyena", "cat", "dog", "owl"])
    session.chances, session.not_learned = {1: 0.5, 2: 0.04, 3: 0.01, 4: 0.02}, {4}
    inspector = make_inspector(session)
    assert names(inspector) == ["hyena", "owl"]  # what is not learned yet may be likely
    assert inspector.fold.text() == "All categories (2 more)"
    assert not inspector.categories.isVisible()
    QTest.mouseClick(inspector.fold, LEFT)
    shown = inspector.categories.rows
    assert [shown.index(i).data() for i in range(shown.rowCount())] == ["cat", "dog"]
    inspector.controller.next()
    assert inspector.categories.isVisible()  # until it is folded again
    QTest.mouseClick(inspector.fold, LEFT)
    assert not inspector.categories.isVisible()


def test_an_image_on_which_nothing_is_likely_says_so(make_inspector):
    session = FakeSession(["hyena", "cat"])
    session.chances = {1: 0.01, 2: 0.02}
    inspector = make_inspector(session)
    assert names(inspector) == []
    assert inspector.no_suggestions.text() == "No other category is likely for this image."
    assert inspector.no_suggestions.isVisible() and not inspector.offer.isVisible()


def test_thousands_of_categories_are_filtered_and_decided_without_a_widget_for_each(qtbot, make_inspector):
    odd = ["\u05d7\u05ea\u05d5\u05dc", "\U0001f98a fox", "x" * 200]
    session = FakeSession([f"kind {number}" for number in range(3000)] + odd)
    session.chances = {number: 0.9 / number for number in session.names}
    inspector = make_inspector(session)
    before = len(inspector.findChildren(QWidget))
    QTest.mouseClick(inspector.fold, LEFT)
    assert len(inspector.findChildren(QWidget)) - before < 20
    inspector.activateWindow()
    qtbot.waitUntil(inspector.isActiveWindow)
    for text, number in (("KIND 2999", 3000), ("fox", 3002), ("\u05d7\u05ea", 3001), ("xxx", 3003)):
        inspector.categories.line.setFocus()
        inspector.categories.line.setText(text)
        qtbot.keyClick(inspector.categories.line, Qt.Key.Key_Down)
        assert inspector.controller.highlight == number
        inspector.controller.accept()
        assert session.states[1, number] == YES
    inspector.grab()


def test_keys_lead_from_the_suggestions_into_all_categories(make_inspector):
    session = FakeSession(["hyena", "cat", "dog", "owl"])
    session.chances = {1: 0.5, 2: 0.04, 3: 0.01, 4: 0.001}
    inspector = make_inspector(session)
    inspector.controller.unfold(True)
    inspector.controller.highlight_next()
    assert inspector.controller.highlight == 2
    assert inspector.categories.view.currentIndex().data() == "cat"
    inspector.controller.reject()
    assert (session.states, inspector.controller.highlight) == ({(1, 2): NO}, 3)


def test_bands_show_once_they_differ(make_inspector):
    session = FakeSession()
    inspector = make_inspector(session)
    assert {row.row().band for row in inspector.suggestions.rows()} == set(Band)
    session.band = Band.TAIL
    session.info_changed.emit(session.info())
    assert {row.row().band for row in inspector.suggestions.rows()} == {None}


def suggestion(category, chance=0.5):
    return Suggestion(1, category, f"c{category}", chance, Learner.LIVE, UNKNOWN)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.permutations(range(8)).flatmap(lambda p: st.integers(0, 8).map(lambda n: p[:n])), min_size=2)
)
def test_a_suggestion_never_changes_its_key_while_its_image_is_in_view(answers):
    shown = keep_order([], [suggestion(one) for one in answers[0]])
    for number, answer in enumerate(answers[1:]):
        after = keep_order(shown, [suggestion(one, number / 100) for one in answer])
        if shown:
            assert [one.category_id for one in after][: len(shown)] == [one.category_id for one in shown]
        assert len({one.category_id for one in after}) == len(after)
        shown = after


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_near_miss_lies_just_below_the_threshold(probability, threshold):
    row = SheetRow(1, "c", probability, threshold, Learner.LIVE, Band.TAIL, UNKNOWN)
    assert row.near_miss == (threshold - 0.15 <= probability < threshold)
    assert not SheetRow(1, "c", probability, None, Learner.LIVE, None, UNKNOWN).near_miss


def test_a_category_with_too_few_examples_for_a_threshold_shows_no_number(make_inspector):
    session = FakeSession(["hyena", "cat"])
    session.chances, session.thresholds = {1: 0.98, 2: 0.7}, {1: None, 2: 0.6}
    inspector = make_inspector(session)
    rows = {row.row().name: row for row in inspector.suggestions.rows()}
    assert rows["hyena"].row().few_examples and not rows["cat"].row().few_examples
    assert rows["hyena"]._instead_of_number(rows["hyena"].row()) == "few examples"
