"""The widgets of the Train place by themselves."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt

from app.domain.models import ModelVersion, VersionCard
from app.domain.progress import Phase
from app.domain.training import CategoryComparison, CurvePoint, Need, NeedKind, TrainingOverview
from app.gui.theme import Mode, theme
from app.gui.training.category_table import CategoryModel, Column
from app.gui.training.curve_chart import LOSS, PRECISION, CurveChart
from app.gui.training.legend import Legend
from app.gui.training.run_words import phase_words
from app.gui.training.setup_panel import SetupPanel
from app.gui.training.versions_panel import VersionsPanel
from app.jobs.training.run import TrainingRun
from app.jobs.values.session import JobInfo, JobPhase
from cprfl_core.tuning.facts import RunFacts


def point(part=1, epoch=1, fold=0, **numbers):
    return CurvePoint(part, 2, fold, epoch, 2, 0.4 / epoch, **numbers)


def colours_of(widget):
    image = widget.grab().toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_each_band_that_is_known_has_its_glyph_in_its_colour_and_no_other(qtbot, mode):
    theme().set_mode(mode)
    chart = CurveChart(PRECISION, "Precision", 160)
    qtbot.addWidget(chart)
    chart.resize(400, 180)
    chart.set_points([point(total=0.5, head=0.9, tail=0.1), point(epoch=2, total=0.6, head=0.9, tail=0.2)])
    found = colours_of(chart)
    assert theme().colour("head").name() in found
    assert theme().colour("tail").name() in found
    assert theme().colour("medium").name() not in found
    assert chart.accessibleDescription() == "Part 1 of 2, epoch 2 of 2: All 0.600, Head 0.900, Tail 0.200"


def test_a_chart_without_numbers_says_so_and_one_with_odd_numbers_still_paints(qtbot):
    chart = CurveChart(LOSS, "Loss", 100)
    qtbot.addWidget(chart)
    chart.resize(300, 120)
    assert chart.accessibleDescription() == "No numbers yet"
    chart.grab()
    for loss in (0.0, 1e-9, 4000.0):
        chart.set_points([CurvePoint(1, 1, None, 1, 1, loss)])
        chart.grab()


def test_the_legend_keeps_the_newest_value_of_each_band(qtbot):
    legend = Legend()
    qtbot.addWidget(legend)
    legend.set_points([point(total=0.5, tail=0.25), point(part=2, fold=None)])
    assert legend.words() == ["All 0.500", "Head", "Medium", "Tail 0.250"]


def test_what_is_not_known_of_a_category_comes_last_in_either_order():
    model = CategoryModel()
    rows = [
        CategoryComparison("cow", 9, 0.5, 0.75),
        CategoryComparison("ant", 1, None, None),
        CategoryComparison("bee", 7, 0.5, 0.25),
    ]
    model.show_versions(rows, "v1", "v2")
    assert model.names() == ["cow", "bee", "ant"]
    model.sort_by(Column.CHANGE)
    assert model.names() == ["bee", "cow", "ant"]
    model.sort_by(Column.NAME)
    assert model.names() == ["ant", "bee", "cow"]
    assert model.index(1, Column.CHANGE).data() == "-0.250"
    assert model.index(0, Column.A).data() == "–"
    assert model.headerData(Column.B, Qt.Orientation.Horizontal) == "v2"


def test_each_phase_of_a_run_is_a_sentence():
    def words(state, **more):
        return phase_words(TrainingRun(JobInfo("1", "train", "Training", state, **more)))

    assert words(JobPhase.WAITING).startswith("Waiting")
    learning = {"phase": Phase.LEARNING, "parts": 6}
    assert words(JobPhase.RUNNING, **learning, part=2) == "Step 2 of 6: testing on images kept aside"
    assert words(JobPhase.RUNNING, **learning, part=6).endswith("learning from all labelled images")
    assert words(JobPhase.RUNNING, phase=Phase.JUDGING).startswith("Comparing the new version")
    assert words(JobPhase.CANCELLING, **learning, part=2).startswith("Stopping")
    assert words(JobPhase.RUNNING, stage="Reading the labels") == "Preparing"


def test_a_version_of_another_image_model_is_named_so_and_offers_neither_use_nor_comparison(qtbot):
    facts = RunFacts(
        **dict.fromkeys(RunFacts.__dataclass_fields__, 0) | {"device": "cpu", "start": "", "tuned": ""}
    )

    def version(number, other_model):
        card = VersionCard(None, facts, 0, 0)
        made = datetime(2026, 1, number, tzinfo=UTC)
        return ModelVersion(number, f"v{number}", "key", "Better.", made, None, False, card, other_model)

    panel = VersionsPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.set_versions([version(2, "bundled"), version(1, None)], writable=True)
    other, own = panel.card("v2"), panel.card("v1")
    assert other.other.text() == "of another image model" and "bundled" in other.other.toolTip()
    for card, shown in ((other, False), (own, True)):
        assert (card.use.isVisible(), card.compare.isVisible(), card.other.isVisible()) == (
            shown,
            shown,
            not shown,
        )
        assert "Delete… (0 bytes)" in card.menu().words()


def test_yes_labels_without_a_no_get_the_advice_to_review(qtbot):
    panel = SetupPanel()
    qtbot.addWidget(panel)
    needs = (Need(NeedKind.IMAGES, 126, 40), Need(NeedKind.YES, 0, 30), Need(NeedKind.CATEGORIES, 0, 3))
    panel.set_overview(TrainingOverview(126, 126, needs=needs, one_sided=362))
    assert panel.hint.text().startswith("362 yes labels are in categories without a no. Review some images")
    panel.set_overview(TrainingOverview(10, 10, needs=needs))
    assert panel.hint.text().startswith("With so few labels")
