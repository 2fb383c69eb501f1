"""The records of the versions: names are never reused, one is active, and how images were picked."""

import pytest

from app.domain.errors import NotFoundError
from app.domain.labels import Decision, LabelState, Origin
from app.domain.models import CategoryMeasure, Measure, VersionCard
from app.services.labelling.decisions import decide, review
from app.storage import model_versions
from cprfl_core.tuning.facts import RunFacts

CARD = VersionCard(
    parent=None,
    facts=RunFacts(40, 3, 5, 6, "the text", "all", "cpu", "float32", seconds=1.5),
    yes=60,
    ledger_entry=7,
    metrics={"total": Measure(0.5, 0.4, 0.6, 3)},
    by_category=(CategoryMeasure(1, "cat", 20, 0.5, None),),
    curves={"0": [{"epoch": 1, "loss": 0.1}]},
    files={"model.json": "ab"},
)


def test_a_card_comes_back_as_it_was(project):
    with project.db.write() as s:
        made = model_versions.add(s, "key", CARD, "better")
    with project.db.read() as s:
        found = model_versions.named(s, " V1 ")
    assert found == made
    assert found.card == CARD
    assert (found.name, found.backbone, found.reason, found.active) == ("v1", "key", "better", False)


def test_one_version_is_in_use_or_none(project):
    with project.db.write() as s:
        first, second = (model_versions.add(s, "key", CARD, "") for _ in range(2))
        assert model_versions.active(s) is None
        model_versions.set_active(s, first.id)
        model_versions.set_active(s, second.id)
    with project.db.read() as s:
        assert [(one.name, one.active) for one in model_versions.all_versions(s)] == [
            ("v2", True),
            ("v1", False),
        ]
        assert model_versions.active(s).activated_at is not None
    with project.db.write() as s:
        model_versions.set_active(s, None)
        assert model_versions.active(s) is None


def test_the_name_of_a_version_that_was_removed_is_not_used_again(project):
    with project.db.write() as s:
        model_versions.remove(s, model_versions.add(s, "key", CARD, "").id)
    with project.db.write() as s:
        assert model_versions.add(s, "key", CARD, "").name == "v2"
    with project.db.read() as s, pytest.raises(NotFoundError, match="there is v2"):
        model_versions.named(s, "v1")


def test_how_an_image_was_picked_is_known_from_the_likeliest_occasion(project):
    decide(project, [Decision(1, 1, LabelState.YES)], origin=Origin("random", 0.1))
    decide(project, [Decision(1, 2, LabelState.YES)], origin=Origin("likely", 1.0))
    decide(project, [Decision(2, 1, LabelState.NO)], origin=Origin("random", 0.25))
    decide(project, [Decision(3, 1, LabelState.NO)])
    review(project, [4], origin=Origin("random", 0.5))
    with project.db.read() as s:
        found = model_versions.inclusions(s)
    assert {1: 1.0, 2: 0.25}.items() <= found.items()
    assert 3 not in found
