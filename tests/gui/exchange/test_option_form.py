"""The form of a format's options, which has a field for every option that a format could get."""

from PySide6.QtCore import Qt

from app.gui.exchange.option_form import OptionForm
from app.jobs.values.exchange import FormatOption, OptionKind
from app.jobs.work.exchange_work import formats

KINDS = (
    FormatOption("encoding", OptionKind.TEXT),
    FormatOption("delimiter", OptionKind.TEXT),
    FormatOption("confidence", OptionKind.NUMBER),
    FormatOption("byte_order_mark", OptionKind.SWITCH),
    FormatOption("images", OptionKind.CHOICE, ("none", "copy", "link")),
    FormatOption("thing_that_is_new", OptionKind.TEXT),
)


def test_an_option_that_nobody_sets_has_no_value(qtbot):
    form = OptionForm()
    qtbot.addWidget(form)
    form.set_options(KINDS)
    assert set(form.fields) == {one.name for one in KINDS}
    assert form.values() == {}


def test_each_kind_of_option_gives_the_value_that_the_person_sets(qtbot):
    form = OptionForm()
    qtbot.addWidget(form)
    form.set_options(KINDS)
    form.show()
    with qtbot.waitSignal(form.changed):
        form.fields["encoding"].lineEdit().clear()
        qtbot.keyClicks(form.fields["encoding"].lineEdit(), "koi8-r")
    form.fields["delimiter"].setCurrentIndex(form.fields["delimiter"].findText("Tabs"))
    form.fields["confidence"].setValue(40)
    qtbot.mouseClick(form.fields["byte_order_mark"], Qt.MouseButton.LeftButton)
    form.fields["images"].setCurrentIndex(form.fields["images"].findText("Copied"))
    qtbot.keyClicks(form.fields["thing_that_is_new"], "yes")
    assert form.values() == {
        "encoding": "koi8-r",
        "delimiter": "\t",
        "confidence": 0.4,
        "byte_order_mark": True,
        "images": "copy",
        "thing_that_is_new": "yes",
    }


def test_values_stay_while_the_options_are_the_same_and_go_with_them(qtbot):
    form = OptionForm()
    qtbot.addWidget(form)
    form.set_options(KINDS)
    form.fields["confidence"].setValue(40)
    form.set_options(list(KINDS))
    assert form.values() == {"confidence": 0.4}
    form.set_options(KINDS[:2])
    assert form.values() == {} and set(form.fields) == {"encoding", "delimiter"}


def test_every_format_of_the_registry_is_offered_with_fields_for_all_its_options():
    from app.services.interchange.registry import FORMATS

    offered = {one.name: one for one in formats()}
    assert set(offered) == set(FORMATS)
    for name, one in offered.items():
        options = {option.name for option in (*one.read_options, *one.write_options)}
        assert options == FORMATS[name].options
