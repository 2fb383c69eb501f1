"""Labelling by keys, as a person does it: real keys on the real widgets over a session in memory."""

import pytest
from fake_labelling import FakeSession, pixels
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.domain.categories import CATEGORY_KEYS
from app.domain.labels import LabelState
from app.domain.unsaved import Decide, UnsavedChange
from app.gui.commands.table import COMMANDS
from app.gui.labelling.controller import LabellingController
from app.gui.labelling.inspector import Inspector
from app.gui.labelling.key_actions import LabellingActions
from app.gui.labelling.single_view import SingleView
from app.gui.widgets.pictures import decode_picture
from app.jobs.pictures.image_loader import ImageLoader

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Place(QWidget):
    """Single view and inspector side by side, as the window has them."""

    def __init__(self, session):
        super().__init__()
        self.session = session
        self.controller = LabellingController(session, self)
        self.loader = ImageLoader(lambda image_id, side: pixels(40, 30, 400, 300), decode_picture)
        self.single = SingleView(session, self.controller, loader=self.loader)
        self.actions_of_keys = LabellingActions(self.controller, self, self.single)
        self.single.use_actions(self.actions_of_keys)
        self.inspector = Inspector(session, self.controller, self.actions_of_keys)
        self.inspector.left.connect(self.single.canvas.setFocus)
        layout = QHBoxLayout(self)
        layout.addWidget(self.single, 1)
        layout.addWidget(self.inspector)
        self.said = []
        self.controller.message.connect(self.said.append)

    def press(self, key, modifiers=Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(self.window().focusWidget() or self, key, modifiers)

    def type(self, text):
        QTest.keyClicks(self.inspector.tags.line, text)

    def states(self, image=1):
        return {self.session.names[c]: s for (i, c), s in self.session.states.items() if i == image}


def offered(place):
    tags = place.inspector.tags.list
    return [tags.item(row).text() for row in range(tags.count())]


@pytest.fixture
def make_place(qtbot):
    places = []

    def make(session=None, size=(1100, 760), current=1):
        place = Place(session or FakeSession())
        qtbot.addWidget(place)
        places.append(place)
        place.resize(*size)
        place.session.start()
        place.controller.set_current(current)
        place.show()
        place.activateWindow()
        qtbot.waitExposed(place)
        qtbot.waitUntil(place.isActiveWindow)
        place.single.canvas.setFocus()
        return place

    yield make
    for place in places:
        assert place.single.close_loader()


@pytest.fixture
def place(make_place):
    return make_place()


def test_accepting_says_yes_to_the_highlighted_suggestion_and_goes_on_to_the_next(place):
    place.press(Qt.Key.Key_Y)
    place.press(Qt.Key.Key_Y)
    assert place.states() == {"impala": YES, "mongoose": YES}
    assert place.controller.highlight == 3


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_alone_decides_nothing(place, key):
    place.press(key)
    assert place.session.calls == []


def test_nothing_improbable_is_checked_however_low_its_threshold(make_place):
    session = FakeSession()
    session.thresholds = {2: 0.2}
    session.chances[2] = 0.45
    rows = {row.row().name: row.row() for row in make_place(session).inspector.suggestions.rows()}
    assert not rows["mongoose"].checked
    assert rows["impala"].checked


def test_done_says_yes_to_what_is_checked_marks_the_image_and_goes_to_the_next_unreviewed(place):
    place.session.set_reviewed([2])
    checked = [row.row().name for row in place.inspector.suggestions.rows() if row.row().checked]
    assert checked == ["impala", "mongoose", "zebra"]
    place.press(Qt.Key.Key_N)  # impala
    place.press(Qt.Key.Key_U)  # mongoose, which is left open
    assert place.said[-1] == "Left open: mongoose"
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.session.calls[-1] == ("done", (1,), (3,), (2,))
    assert place.states() == {"impala": NO, "zebra": YES}
    assert place.said[-1] == "Reviewed · Yes: zebra"
    assert place.controller.current == 3
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.states() == {"impala": NO}


def test_done_leaves_open_only_what_a_person_unchecked(make_place):
    """After a first review thresholds are almost zero: what is too unlikely to be checked is a no."""
    session = FakeSession(("impala", "mongoose", "zebra"))
    session.chances, session.thresholds = {1: 0.9, 2: 0.04, 3: 0.02}, dict.fromkeys((1, 2, 3), 0.001)
    place = make_place(session)
    place.press(Qt.Key.Key_Return, SHIFT)
    assert session.calls[-1] == ("done", (1,), (1,), ())
    place.press(Qt.Key.Key_U)
    place.press(Qt.Key.Key_Return, SHIFT)
    assert session.calls[-1] == ("done", (2,), (), (1,))


def test_done_ends_where_everything_is_reviewed_and_goes_back_to_what_was_skipped(place):
    place.controller.set_current(5)
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.controller.current == 1
    for _ in range(4):
        place.press(Qt.Key.Key_Return, SHIFT)
    assert place.controller.current == 4
    assert place.said[-1] == "Every image of this list is reviewed."


def test_answers_before_the_next_image_is_known_go_to_no_image(place):
    place.session.held = []
    place.press(Qt.Key.Key_Return, SHIFT)
    answered = list(place.session.calls)
    for key in (Qt.Key.Key_Y, Qt.Key.Key_N, Qt.Key.Key_1, Qt.Key.Key_R, Qt.Key.Key_Period):
        place.press(key)
        assert place.said[-1] == "The next image is still loading; press the key again in a moment."
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.session.calls == answered
    place.session.held[0]()
    assert place.controller.current == 2
    place.press(Qt.Key.Key_Y)
    assert place.session.calls[-1][1] == (2,)


def test_who_moves_before_the_next_image_is_known_stays_there(place):
    place.session.held = []
    place.press(Qt.Key.Key_Return, SHIFT)
    place.press(Qt.Key.Key_D)
    place.press(Qt.Key.Key_D)
    place.session.held[0]()
    assert place.controller.current == 3


def test_keys_work_again_if_the_next_image_cannot_be_found(place):
    place.session.held = []
    place.press(Qt.Key.Key_Return, SHIFT)
    place.session.held[1]()
    assert place.said[-1] == "The disk is gone."
    place.press(Qt.Key.Key_N)
    assert place.session.calls[-1][1] == (1,)


def test_done_on_several_images_only_marks_them(place):
    place.controller.set_selection([1, 2], 1)
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.session.calls[-1] == ("done", (1, 2), (), ())
    assert place.said[-1] == "2 images reviewed"
    assert place.controller.current == 3


def test_done_is_off_while_a_tag_is_typed_and_where_nothing_may_be_written(make_place):
    place = make_place(FakeSession(read_only="the disk is read-only"))
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.session.calls == []
    assert "read-only" in place.said[-1]


def test_rejecting_says_no_and_unknown_takes_it_back(place):
    place.press(Qt.Key.Key_N)
    place.press(Qt.Key.Key_X)
    assert place.states() == {"impala": NO, "mongoose": NO}
    place.press(Qt.Key.Key_K)
    place.press(Qt.Key.Key_U)
    assert place.states() == {"impala": NO}
    assert place.controller.highlight == 2


def test_number_keys_toggle_the_suggestion_that_shows_the_number(place):
    place.press(Qt.Key.Key_3)
    assert place.states() == {"zebra": YES}
    place.press(Qt.Key.Key_3)
    assert place.states() == {}
    place.press(Qt.Key.Key_9)
    assert place.said[-1] == "No suggestion and no category has the key 9."


def test_number_keys_keep_their_suggestions_when_a_decision_changes_the_ranking(place):
    place.session.chances[5] = 0.99
    place.press(Qt.Key.Key_1)
    place.press(Qt.Key.Key_2)
    assert place.states() == {"impala": YES, "mongoose": YES}
    ranks = [(one.row().key, one.row().name) for one in place.inspector.suggestions.rows()]
    assert ranks == [("1", "impala"), ("2", "mongoose"), ("3", "zebra"), ("4", "serval"), ("5", "grass")]
    assert place.inspector.suggestions.rows()[4].row().probability == 0.99


def test_an_image_that_comes_back_into_view_is_ranked_again_without_what_was_decided(place):
    place.session.chances[5] = 0.99
    place.press(Qt.Key.Key_1)
    place.press(Qt.Key.Key_D)
    place.press(Qt.Key.Key_A)
    names = [one.row().name for one in place.inspector.suggestions.rows()]
    assert names == ["grass", "mongoose", "zebra", "serval"]


def test_arrows_letters_and_space_move_through_the_images_and_stop_at_the_ends(place):
    place.press(Qt.Key.Key_A)
    assert (place.controller.current, place.said[-1]) == (1, "This is the first image.")
    place.press(Qt.Key.Key_Right)
    place.press(Qt.Key.Key_D)
    place.press(Qt.Key.Key_Space)
    assert place.controller.current == 4
    place.press(Qt.Key.Key_Left)
    assert place.controller.current == 3
    place.controller.set_current(5)
    place.press(Qt.Key.Key_Space)
    assert (place.controller.current, place.said[-1]) == (5, "This is the last image.")


def test_repeating_says_the_last_decision_on_another_image(place):
    place.press(Qt.Key.Key_Period)
    assert place.said[-1] == "There is no decision to repeat yet."
    place.press(Qt.Key.Key_J)
    place.press(Qt.Key.Key_N)
    place.press(Qt.Key.Key_Right)
    place.press(Qt.Key.Key_Period)
    assert place.states(2) == {"mongoose": NO}


def test_undo_and_redo_take_the_last_decision_back_and_bring_it_again(place):
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.said[-1] == "There is nothing to undo."
    place.press(Qt.Key.Key_Y)
    assert place.inspector.button("undo").toolTip() == "Undo: yes for impala"
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.states() == {}
    assert place.controller.sheet.labels == ()
    place.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert place.states() == {"impala": YES}


def test_reviewed_is_marked_and_taken_back_and_what_it_implies_is_told(place):
    place.press(Qt.Key.Key_Y)
    place.press(Qt.Key.Key_R)
    assert place.session.calls[-1] == ("reviewed", (1,), True)
    assert "reviewed" in place.inspector.facts.text()
    assert place.inspector.labels.more.text() == "4 no by review"
    place.press(Qt.Key.Key_R)
    assert place.session.calls[-1] == ("reviewed", (1,), False)


def test_a_new_category_is_created_by_typing_its_name(place):
    place.press(Qt.Key.Key_T)
    place.type("aardwolf")
    assert offered(place) == ["Create “aardwolf”"]
    place.press(Qt.Key.Key_Return)
    assert place.session.calls == [("add", (1,), "aardwolf", YES)]
    assert place.states() == {"aardwolf": YES}
    place.press(Qt.Key.Key_Escape)
    place.press(Qt.Key.Key_Right)
    place.press(Qt.Key.Key_Period)
    assert place.states(2) == {"aardwolf": YES}


def test_a_tag_is_completed_and_the_keys_are_off_while_it_is_typed(place):
    place.press(Qt.Key.Key_Slash)
    place.type("xyn1.r")
    assert place.session.calls == []
    assert place.inspector.tags.line.text() == "xyn1.r"
    place.inspector.tags.line.clear()
    place.type("zeb")
    assert offered(place) == ["zebra", "Create “zeb”"]
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.session.calls == []
    place.inspector.tags.line.clear()
    place.type("zeb")
    place.press(Qt.Key.Key_Return)
    assert place.states() == {"zebra": YES}
    place.press(Qt.Key.Key_Return)
    assert place.single.canvas.hasFocus()
    place.press(Qt.Key.Key_Y)
    assert place.states() == {"zebra": YES, "impala": YES}


def test_slips_of_the_keys_and_aliases_find_the_category(make_place):
    place = make_place(FakeSession(aliases={"mongoose": ("meerkat",)}))
    place.press(Qt.Key.Key_T)
    place.type("seval")
    assert offered(place) == ["Create “seval”", "Did you mean serval?"]
    place.inspector.tags.line.clear()
    place.type("meer")
    assert offered(place) == ["mongoose  (meerkat)", "Create “meer”"]
    place.press(Qt.Key.Key_Down)
    place.press(Qt.Key.Key_Up)
    place.press(Qt.Key.Key_Enter)
    assert place.states() == {"mongoose": YES}


def test_enter_never_takes_a_category_that_only_resembles_what_was_typed(make_place):
    place = make_place(FakeSession(("cat", "dog")))
    place.press(Qt.Key.Key_T)
    place.type("coat")
    assert offered(place) == ["Create “coat”", "Did you mean cat?"]
    place.press(Qt.Key.Key_Return)
    assert place.session.calls == [("add", (1,), "coat", YES)]


def test_shift_enter_creates_what_is_typed_even_if_it_begins_another_name(place):
    place.press(Qt.Key.Key_T)
    place.type("zeb")
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.session.calls == [("add", (1,), "zeb", YES)]
    place.type("zebra")
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.states() == {"zeb": YES, "zebra": YES}


def test_shift_enter_in_the_empty_field_ends_the_image(place, qtbot):
    first = place.controller.current
    place.press(Qt.Key.Key_T)
    qtbot.waitUntil(place.inspector.tags.line.hasFocus)
    place.type("grass")
    place.press(Qt.Key.Key_Return)
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.session.calls[-1][:2] == ("done", (first,))
    assert place.controller.current != first
    assert not place.inspector.tags.line.hasFocus()


def test_the_empty_field_offers_the_tags_that_were_used_last(place):
    place.press(Qt.Key.Key_4)
    place.press(Qt.Key.Key_2)
    place.press(Qt.Key.Key_T)
    assert offered(place) == ["mongoose", "serval"]
    place.press(Qt.Key.Key_Escape)
    assert not place.inspector.tags.list.isVisible()


def test_a_selection_takes_every_decision_at_once(place):
    place.session.decide([2], 1, YES)
    place.session.calls.clear()
    place.controller.set_selection([1, 2, 3], 3)
    assert place.inspector.title.text() == "3 images selected"
    assert place.inspector.labels.chips()[0].chip.accessibleName() == "impala: yes, 1 of 3"
    said = [row.accessibleName() for row in place.inspector.suggestions.rows()]
    assert said == ["1 mongoose: likely in 3 of 3", "2 zebra: likely in 3 of 3", "3 impala: likely in 2 of 3"]
    place.press(Qt.Key.Key_3)
    assert place.session.calls == [("decide", (1, 2, 3), 1, YES)]
    assert [place.states(i) for i in (1, 2, 3)] == [{"impala": YES}] * 3
    assert place.inspector.labels.chips()[0].chip.accessibleName() == "impala: yes, 3 of 3"
    place.press(Qt.Key.Key_3)
    assert place.session.calls[-1] == ("decide", (1, 2, 3), 1, UNKNOWN)
    place.press(Qt.Key.Key_Z, CONTROL)
    assert [place.states(i) for i in (1, 2, 3)] == [{"impala": YES}] * 3


@pytest.fixture
def crowd(make_place):
    """Ninety-six images, all selected."""
    place = make_place(FakeSession(ids=range(1, 97)))
    place.controller.set_selection(range(1, 97), 1)
    place.session.calls.clear()
    place.many = []
    place.controller.many_changed.connect(place.many.append)
    return place


def test_many_images_are_changed_only_when_enter_confirms_it(crowd):
    line = crowd.inspector.confirm
    crowd.press(Qt.Key.Key_Y)
    assert crowd.session.calls == [] and line.isVisible()
    assert line.words.text() == "Yes: impala on 96 images?"
    assert line.button.hasFocus()
    line.resize(190, line.heightForWidth(190))
    line.layout().activate()
    for one in (line.button, line.leave):
        assert one.width() >= one.sizeHint().width() and line.rect().contains(one.geometry())
    crowd.press(Qt.Key.Key_Return)
    assert crowd.session.calls == [("decide", tuple(range(1, 97)), 1, YES)]
    assert not line.isVisible() and crowd.many == ["Yes: impala on 96 images"]
    crowd.press(Qt.Key.Key_Return)
    assert len(crowd.session.calls) == 1


def test_the_same_key_confirms_another_one_asks_anew_and_esc_leaves(crowd):
    line = crowd.inspector.confirm
    crowd.press(Qt.Key.Key_Y)
    crowd.press(Qt.Key.Key_N)
    assert crowd.session.calls == []
    assert line.words.text() == "No: impala on 96 images?"
    crowd.press(Qt.Key.Key_Escape)
    assert not line.isVisible()
    crowd.press(Qt.Key.Key_R)
    assert line.words.text() == "96 images reviewed?"
    crowd.press(Qt.Key.Key_R)
    assert crowd.session.calls == [("reviewed", tuple(range(1, 97)), True)]


def test_a_question_about_images_that_are_no_longer_selected_is_withdrawn(crowd):
    crowd.press(Qt.Key.Key_Y)
    crowd.controller.set_current(3)
    assert not crowd.inspector.confirm.isVisible()
    crowd.controller.confirm()
    assert crowd.session.calls == []


def test_twenty_images_need_no_question(crowd):
    crowd.controller.set_selection(range(1, 21), 1)
    crowd.press(Qt.Key.Key_Y)
    assert crowd.session.calls == [("decide", tuple(range(1, 21)), 1, YES)]


def test_undo_after_done_returns_to_the_image_whose_answers_were_undone(place):
    place.press(Qt.Key.Key_Return, SHIFT)
    assert place.controller.current == 2
    place.press(Qt.Key.Key_Right)
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.controller.current == 1
    assert place.states() == {}
    place.controller.set_current(4)
    place.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert place.controller.current == 1


def test_a_decision_shows_before_the_disk_has_it_and_goes_when_it_fails(place):
    place.session.silent = True
    place.press(Qt.Key.Key_Y)
    assert [one.name for one in place.controller.sheet.labels] == ["impala"]
    place.session.silent = False
    place.session.unsaved.failed.emit(UnsavedChange(Decide([1], 1, LabelState.YES), "Yes: impala"))
    assert place.controller.sheet.labels == ()


def test_a_read_only_project_takes_no_decision_and_says_so(make_place):
    place = make_place(FakeSession(read_only=True))
    place.press(Qt.Key.Key_Y)
    assert place.session.calls == []
    assert "read-only" in place.said[-1]
    assert not place.inspector.button("accept").isEnabled()


def test_without_an_image_a_decision_says_what_to_do(make_place):
    place = make_place(current=None)
    for key in (Qt.Key.Key_T, Qt.Key.Key_R):
        place.press(key)
        assert place.said[-1] == "Select an image first."
    assert place.inspector.title.text() == "Select an image"


def test_an_image_that_leaves_the_list_is_followed_by_its_successor(place):
    place.controller.set_current(2)
    place.session.images_changed.emit([1, 3, 4, 5], "is:unreviewed")
    assert place.controller.position() is None
    place.press(Qt.Key.Key_Space)
    assert place.controller.current == 3
    place.session.images_changed.emit([1, 4, 5], "is:unreviewed")
    place.press(Qt.Key.Key_A)
    assert place.controller.current == 1


def test_a_button_that_has_the_focus_is_pressed_by_enter_and_no_image_moves(place, qtbot):
    button = place.inspector.button("reviewed")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert place.session.calls == [("reviewed", (1,), True)]
    assert place.controller.current == 1
    place.press(Qt.Key.Key_Y)
    assert place.states() == {"impala": YES}


def test_keys_are_edited_and_the_buttons_show_them(place):
    assert place.inspector.button("accept").key() == "Y"
    place.actions_of_keys.set_shortcuts({"accept": "Ctrl+J; P", "reject": ""})
    assert place.inspector.button("accept").key() == "Ctrl+J"
    place.press(Qt.Key.Key_Y)
    place.press(Qt.Key.Key_N)
    assert place.session.calls == []
    place.press(Qt.Key.Key_P)
    assert place.states() == {"impala": YES}


def test_the_grids_own_keys_act_only_while_the_single_view_shows(place):
    grid = QPushButton("grid")
    grid.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    place.layout().insertWidget(0, grid)
    place.single.hide()
    place.inspector.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return, Qt.Key.Key_Plus):
        place.press(key)
    assert (place.controller.current, place.session.calls) == (1, [])
    place.press(Qt.Key.Key_D)
    place.press(Qt.Key.Key_Y)
    assert (place.controller.current, place.states(2)) == (2, {"impala": YES})


def test_nothing_of_a_closed_project_stays(place):
    place.press(Qt.Key.Key_Y)
    place.session.closed.emit()
    assert (place.controller.current, place.controller.count(), place.controller.sheet.rows) == (None, 0, ())
    place.press(Qt.Key.Key_Period)
    assert place.said[-1] == "There is no decision to repeat yet."
    assert not place.inspector.button("undo").isEnabled()


def test_an_undo_of_many_labels_is_told_first_and_done_when_asked_again(place):
    place.press(Qt.Key.Key_Y)
    place.session.sizes = [1841]
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.states() == {"impala": YES}
    assert place.said[-1] == ("Undo would revert 1,841 changes: yes for impala. Press again to do it.")
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.states() == {}
    assert place.said[-1] == "Undone: yes for impala"
    place.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert place.states() == {"impala": YES}
    assert place.said[-1] == "Redone: yes for impala"


def test_an_undo_from_a_notice_is_done_also_just_after_the_key_has_asked(place):
    place.press(Qt.Key.Key_Y)
    place.session.sizes = [1841, 0, 1841]  # asked, agreed, asked again
    place.press(Qt.Key.Key_Z, CONTROL)
    place.controller.undo_agreed()
    assert place.states() == {}
    assert place.said[-1] == "Undone: yes for impala"
    place.controller.undo_agreed()
    assert place.said[-1] == "There is nothing to undo."


def test_a_small_undo_after_a_large_one_that_was_not_confirmed_is_not_a_large_one(place):
    undone = []
    place.controller.many_undone.connect(undone.append)
    place.press(Qt.Key.Key_Y)
    place.session.sizes = [1841]
    place.press(Qt.Key.Key_Z, CONTROL)
    place.press(Qt.Key.Key_N)
    place.press(Qt.Key.Key_Z, CONTROL)
    assert place.said[-1] == "Undone: no for mongoose"
    assert undone == []


def test_a_category_whose_creation_was_undone_has_no_row_and_the_others_keep_their_keys(place):
    del place.session.names[2], place.session.chances[2]  # mongoose
    place.session.info_changed.emit(place.session.info())
    rows = [(row.row().key, row.row().name) for row in place.inspector.suggestions.rows()]
    assert rows[:3] == [("1", "impala"), ("3", "zebra"), ("4", "serval")]
    place.press(Qt.Key.Key_2)
    assert place.session.calls == []
    assert place.said[-1] == "No suggestion and no category has the key 2."
    place.press(Qt.Key.Key_3)
    assert place.states() == {"zebra": YES}


def test_a_key_that_a_category_owns_never_moves_and_its_digit_belongs_to_nothing_else(make_place):
    session = FakeSession()
    session.shortcuts = {"grass": "1", "zebra": "B", "serval": "7"}
    place = make_place(session)
    rows = [(row.row().key, row.row().name) for row in place.inspector.suggestions.rows()]
    assert rows == [("2", "impala"), ("3", "mongoose"), ("B", "zebra"), ("7", "serval"), ("1", "grass")]
    place.press(Qt.Key.Key_1)
    place.press(Qt.Key.Key_B)
    place.press(Qt.Key.Key_3)
    assert place.states() == {"grass": YES, "zebra": YES, "mongoose": YES}
    place.press(Qt.Key.Key_D)
    place.session.chances = {1: 0.9}  # the others are not suggested for this image
    place.controller.refresh()
    place.press(Qt.Key.Key_7)
    place.press(Qt.Key.Key_B)
    assert place.states(2) == {"serval": YES, "zebra": YES}
    place.press(Qt.Key.Key_7)
    assert place.states(2) == {"zebra": YES}


def test_a_letter_acts_as_long_as_a_category_owns_it_and_no_command_has_it(make_place):
    session = FakeSession()
    session.shortcuts = {"zebra": "B"}
    place = make_place(session)
    place.actions_of_keys.set_shortcuts({"heat": "B"})
    place.press(Qt.Key.Key_B)
    assert place.states() == {}
    place.actions_of_keys.set_shortcuts({})
    place.press(Qt.Key.Key_T)
    place.type("b")
    assert place.states() == {}
    place.press(Qt.Key.Key_Escape)
    place.press(Qt.Key.Key_B)
    assert place.states() == {"zebra": YES}
    session.shortcuts = {}
    session.info_changed.emit(session.info())
    place.press(Qt.Key.Key_B)
    assert place.states() == {"zebra": YES}


def test_no_command_has_a_letter_that_a_category_may_own():
    taken = {key for command in COMMANDS for key in command.keys}
    assert not taken & {key for key in CATEGORY_KEYS if key.isalpha()}


def test_a_category_that_was_added_meanwhile_is_offered_for_what_is_typed(place):
    place.press(Qt.Key.Key_T)
    place.type("okap")
    assert offered(place) == ["Create “okap”"]
    place.session.names[6] = "okapi"
    place.session.info_changed.emit(place.session.info())
    assert offered(place) == ["okapi", "Create “okap”"]


def test_after_a_tag_the_field_says_how_to_get_out_because_it_keeps_the_focus(place, qtbot):
    field = place.inspector.tags
    field.set_key("T")
    field.begin()
    assert "T" in field.line.placeholderText()
    qtbot.keyClicks(field.line, "zebra")
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert field.line.hasFocus()
    assert field.line.placeholderText() == "Next tag; Enter when done"
    qtbot.keyClick(field.line, Qt.Key.Key_Return)
    assert "T" in field.line.placeholderText()
