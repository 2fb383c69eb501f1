"""Accepting all likely images of a category: what is told first, what is written, what undo takes back."""

import numpy as np
import pytest
from PIL import Image

from app.domain.auto_accept import plan_sentences
from app.domain.categories import Category
from app.domain.errors import BadInputError
from app.domain.labels import Decision, LabelState, Origin, Source
from app.jobs.store.accept import AcceptStore
from app.jobs.store.project_state import ProjectState
from app.services.images.scan import scan
from app.services.labelling import decisions as labelling
from app.services.project.creation import create_project
from app.services.review import auto_accept
from app.services.review.auto_accept import needed, plan
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import images as image_store
from app.storage import labels, ledger
from cprfl_core.calibration.thresholds import wilson_lower_bound

IMAGES, CATS, CAT = 160, 90, 1
YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN


@pytest.fixture
def project(tmp_path):
    (tmp_path / "images").mkdir()
    for i in range(IMAGES):
        Image.new("RGB", (4, 4), (i, 10, 10)).save(tmp_path / "images" / f"{i:03}.png")
    with create_project(tmp_path / "project", [tmp_path / "images"], ["cat", "dog"]) as made:
        scan(made)
        yield made


@pytest.fixture
def live(project):
    """Images 1 to 90 hold a cat, some of them not plainly; nothing is decided yet."""
    rng = np.random.default_rng(0)
    with project.db.read() as s:
        ids = np.array([one.id for one in image_store.all_images(s)])
    vectors = rng.standard_normal((IMAGES, 16)) * 0.9
    vectors[:CATS, 0] += 3.0
    vectors[CATS:, 1] += 3.0
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    nothing = np.full((IMAGES, 2), -1, np.int8)
    return LiveSuggestions(ids, vectors, [Category(CAT, "cat"), Category(2, "dog")], None, nothing)


def say(project, live, rows, state, **how):
    decisions = [Decision(int(live.image_ids[row]), CAT, state) for row in rows]
    live.apply(labelling.decide(project, decisions, **how))


@pytest.fixture
def labelled(project, live):
    """Forty cats and forty others are decided."""
    say(project, live, range(40), YES)
    say(project, live, range(CATS, CATS + 40), NO)
    return live


def states(project):
    table = labelling.label_states(project)
    return dict(zip(table.image_ids, table.matrix()[:, table.category_ids.index(CAT)].tolist(), strict=True))


def test_the_expected_errors_are_the_sum_of_the_chances_to_be_wrong(project, labelled):
    told = plan(project, labelled, CAT, 0.9)
    assert told.trouble == ""
    chance = labelled.for_category(CAT).astype(float)
    undecided = labelled.states(CAT) < 0
    chosen = undecided & (chance >= told.threshold)
    assert set(told.image_ids) == set(labelled.image_ids[chosen].tolist())
    assert told.errors == pytest.approx(sum(1 - p for p in chance[chosen]))
    assert told.missed == pytest.approx(chance[undecided & ~chosen].sum())
    assert told.errors <= told.errors_high <= told.images
    assert chance[chosen].mean() >= 0.9
    assert told.errors > 0.1


def test_the_threshold_is_what_the_labels_promise(project, labelled):
    told = plan(project, labelled, CAT, 0.9)
    chance, known = labelled.for_category(CAT), labelled.states(CAT)
    above = known[(known >= 0) & (chance >= told.threshold)]
    assert told.evidence == len(above)
    assert wilson_lower_bound((above == 1).mean(), len(above)) >= 0.9


def test_no_image_is_accepted_that_is_more_likely_a_no(project, labelled):
    told = plan(project, labelled, CAT, 0.5)
    assert told.threshold >= 0.5
    assert min(told.chances) >= 0.5


@pytest.mark.parametrize("seed", range(6))
def test_the_threshold_is_the_lowest_at_which_both_promises_hold(seed):
    """Against a look at every candidate."""
    rng = np.random.default_rng(seed)
    chance, seen = rng.beta(0.5, 0.5, 60).round(2), rng.beta(0.5, 0.5, 80).round(2)
    targets = (rng.random(80) < seen).astype(np.int8)

    def holds(threshold):
        accepted, given = chance[chance >= threshold], targets[seen >= threshold]
        return (
            len(given) > 0
            and accepted.mean() >= 0.7 - 1e-12
            and wilson_lower_bound(given.mean(), len(given)) >= 0.7
        )

    good = [one for one in chance if one >= 0.5 and holds(one)]
    found = auto_accept._threshold(chance, seen, targets, 0.7)
    assert found == (min(good) if good else None)


def test_a_higher_precision_accepts_no_more(project, labelled):
    few, many = plan(project, labelled, CAT, 0.95), plan(project, labelled, CAT, 0.8)
    assert set(few.image_ids) <= set(many.image_ids)


@pytest.mark.slow
def test_nothing_is_written_by_a_plan_and_one_undo_takes_all_of_it_back(project, labelled):
    before = states(project)
    told = plan(project, labelled, CAT, 0.9)
    assert states(project) == before
    change = auto_accept.apply(project, told)
    assert change.source is Source.BULK
    assert {one.image_id for one in change.labels} == set(told.image_ids)
    assert change.description == f"Accept 'cat' on {told.images} likely images"
    assert all(states(project)[number] == 1 for number in told.image_ids)
    labelling.undo(project)
    assert states(project) == before
    labelling.redo(project)
    assert all(states(project)[number] == 1 for number in told.image_ids)


def test_what_was_decided_meanwhile_is_not_touched(project, labelled):
    told = plan(project, labelled, CAT, 0.9)
    no, reviewed, unsaid, *rest = told.image_ids
    labelling.decide(project, [Decision(no, CAT, NO)])
    labelling.review(project, [reviewed, unsaid])
    labelling.decide(project, [Decision(unsaid, CAT, UNKNOWN)])
    change = auto_accept.apply(project, told)
    assert {one.image_id for one in change.labels} == set(rest)
    now = states(project)
    assert (now[no], now[reviewed], now[unsaid]) == (0, 0, -1)
    assert change.description == f"Accept 'cat' on {len(rest)} likely images"


def test_unknown_missing_and_decided_images_are_in_no_plan(project, labelled):
    first, second, *_ = plan(project, labelled, CAT, 0.9).image_ids
    change = labelling.review(project, [first])
    labelled.apply(change)
    labelled.apply(labelling.decide(project, [Decision(first, CAT, UNKNOWN)]))
    with project.db.write() as s:
        image_store.set_missing(s, {second})
    told = plan(project, labelled, CAT, 0.9)
    assert not {first, second} & set(told.image_ids)
    assert not set(range(1, 41)) & set(told.image_ids)


def test_what_was_accepted_is_no_evidence_for_the_next_time(project, labelled):
    told = plan(project, labelled, CAT, 0.9)
    labelled.apply(auto_accept.apply(project, told))
    again = plan(project, labelled, CAT, 0.9)
    assert not set(told.image_ids) & set(again.image_ids)
    assert again.evidence <= 80
    with project.db.read() as s:
        (said,) = labels.explicit_of(s, told.image_ids[0])
        entry = ledger.entries_of(s, ledger.next_undo(s).id)[0]
    assert said.source is Source.BULK
    assert entry.score == pytest.approx(told.chances[0])


def test_copies_that_nobody_looked_at_are_no_evidence(project, live):
    say(project, live, range(40), YES, source=Source.BULK, origin=Origin("likely copy"))
    say(project, live, range(CATS, CATS + 40), NO)
    assert "0 yes labels" in plan(project, live, CAT, 0.9).trouble


@pytest.mark.parametrize("yes", [0, 1, 20])
def test_too_few_examples_is_a_sentence_that_says_how_many_it_takes(project, live, yes):
    say(project, live, range(yes), YES)
    say(project, live, range(CATS, CATS + 30), NO)
    told = plan(project, live, CAT, 0.95)
    assert told.images == 0
    assert told.trouble in plan_sentences(told)
    assert "at least 32 are needed" in told.trouble
    with pytest.raises(BadInputError, match="at least 32"):
        auto_accept.apply(project, told)


def test_labels_that_contradict_the_scores_promise_nothing(project, live):
    say(project, live, range(0, 80, 2), YES)
    say(project, live, range(1, 80, 2), NO)
    assert "cannot guarantee a precision of 95 %" in plan(project, live, CAT, 0.95).trouble


@pytest.mark.parametrize("precision", [0.5, 0.8, 0.9, 0.95, 0.99])
def test_the_number_of_labels_needed_is_the_first_that_can_promise(precision):
    count = needed(precision)
    assert wilson_lower_bound(1.0, count) >= precision
    assert count == 1 or wilson_lower_bound(1.0, count - 1) < precision


@pytest.mark.parametrize("precision", [0.2, 1.0, float("nan")])
def test_a_precision_out_of_range_is_refused(project, labelled, precision):
    with pytest.raises(BadInputError, match="is out of range"):
        plan(project, labelled, CAT, precision)


def test_the_numbers_come_first_in_the_words(project, labelled):
    told = plan(project, labelled, CAT, 0.9)
    first, second, third = plan_sentences(told)
    assert first == f"{told.images} undecided images would become yes for 'cat'."
    assert f"About {told.errors:,.1f} of them are expected to be wrong" in second
    assert f"{told.evidence} labels verified by a person" in third


def test_the_window_plans_again_only_what_the_precision_changes_and_follows_every_label(
    project, labelled, monkeypatch
):
    read = []
    ordinary = auto_accept.unverified_and_closed
    monkeypatch.setattr(
        auto_accept, "unverified_and_closed", lambda *given: read.append(given) or ordinary(*given)
    )
    state = ProjectState()
    state.open(project)
    state.adopt(labelled, labelling.last_entry(project))
    store = AcceptStore(state)
    plans = [store.plan(CAT, share) for share in (0.9, 0.7)]
    assert plans == [plan(project, labelled, CAT, 0.9), plan(project, labelled, CAT, 0.7)]
    assert len(read) == 1 + 2
    first = plans[1].image_ids[0]
    labelling.decide(project, [Decision(first, CAT, UNKNOWN, kept_open=True)])
    assert first not in store.plan(CAT, 0.7).image_ids
    assert len(read) == 4
