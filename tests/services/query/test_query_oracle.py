"""The arrays against a brute-force evaluator in plain Python, image by image."""

import fnmatch
import re

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query_tables import NOW, Scores, context_of, decided, image, newer

from app.domain.categories import Band, BandCuts
from app.domain.images import ImageState
from app.domain.labels import LabelState, Source
from app.domain.query import Query
from app.domain.query.nodes import (
    And,
    Comparison,
    DecidedWithin,
    FromSource,
    HasState,
    InBand,
    Is,
    Not,
    Or,
    PathLike,
    Property,
    Score,
    SortBy,
    SortByScore,
    SortKey,
    Suggested,
    Unsure,
)
from app.services.query.evaluation import evaluate

NAMES = ["ant", "bee", "cat"]
QUARTERS = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])  # exact in float32, so ties and limits are met
NAME = st.sampled_from(NAMES)
TERMS = st.one_of(
    st.builds(HasState, NAME, st.sampled_from(LabelState)),
    st.builds(Suggested, NAME),
    st.builds(Unsure, NAME),
    st.builds(Score, NAME, st.sampled_from(Comparison), QUARTERS),
    st.builds(Is, st.sampled_from(Property)),
    st.builds(FromSource, st.sampled_from(Source)),
    st.builds(InBand, st.sampled_from(Band)),
    st.builds(PathLike, st.sampled_from(["*1*", "x/*", "?.jpg", "[!1]*"])),
    st.builds(DecidedWithin, st.sampled_from([0.5, 1.0, 3.0, 10.0])),
)
EXPRS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
ORDERS = st.one_of(st.none(), st.builds(SortByScore, NAME), st.builds(SortBy, st.sampled_from(SortKey)))
QUERIES = st.builds(Query, st.none() | EXPRS, ORDERS, st.none() | st.integers(1, 4))


@st.composite
def tables(draw):
    """Everything that is known of a few images, as plain Python values."""
    ids = sorted(draw(st.sets(st.integers(1, 30), min_size=1, max_size=7)))
    images = [
        image(
            i,
            draw(st.sampled_from(["", "x/", "y/x/"])) + f"{i}.jpg",
            state=draw(st.sampled_from([ImageState.OK] * 3 + [ImageState.MISSING, ImageState.UNREADABLE])),
            reviewed=draw(st.booleans()),
            content=draw(st.sampled_from(["", "p", "q", None])),
            mtime=draw(st.integers(0, 3)),
        )
        for i in ids
    ]
    states = {(i, c): draw(st.sampled_from(LabelState)) for i in ids for c in (1, 2, 3)}
    decisions = [
        decided(draw(st.sampled_from(ids)), draw(st.sampled_from([0.4, 2, 9])), source, draw(st.booleans()))
        for source in draw(st.lists(st.sampled_from(Source), max_size=4))
    ]
    scored = sorted(draw(st.sets(st.sampled_from(ids), min_size=1)))
    columns = {c: draw(st.lists(QUARTERS, min_size=len(scored), max_size=len(scored))) for c in (1, 2, 3)}
    thresholds = {c: draw(st.none() | st.sampled_from([0.25, 0.375, 0.5, 0.6])) for c in (1, 2, 3)}
    return images, states, decisions, Scores(scored, columns, thresholds)


class Brute:
    """One image at a time, straight from the words of DESIGN.md."""

    cuts = BandCuts(medium=1, head=3)

    def __init__(self, images, states, decisions, scores):
        self.images, self.states, self.decisions, self.scores = images, states, decisions, scores

    def score(self, i, c):
        return dict(zip(self.scores.image_ids, self.scores.table[c], strict=True)).get(i)

    def cut(self, c):
        return 0.5 if self.scores.thresholds[c] is None else self.scores.thresholds[c]

    def suggested(self, i, c):
        score = self.score(i, c)
        return self.states[i, c] is LabelState.UNKNOWN and score is not None and score >= self.cut(c)

    def holds(self, expr, one):  # noqa: PLR0911
        i = one.id
        match expr:
            case Not(operand):
                return not self.holds(operand, one)
            case And(operands):
                return all(self.holds(operand, one) for operand in operands)
            case Or(operands):
                return any(self.holds(operand, one) for operand in operands)
            case HasState(name, state):
                return self.states[i, NAMES.index(name) + 1] is state
            case Suggested(name):
                return self.suggested(i, NAMES.index(name) + 1)
            case Unsure(name):
                c = NAMES.index(name) + 1
                score = self.score(i, c)
                undecided = self.states[i, c] is LabelState.UNKNOWN
                return undecided and score is not None and round(abs(score - self.cut(c)), 5) <= 0.15
            case Score(name, comparison, value):
                score = self.score(i, NAMES.index(name) + 1)
                return (
                    score is not None
                    and {
                        ">": score > value,
                        ">=": score >= value,
                        "<": score < value,
                        "<=": score <= value,
                    }[str(comparison)]
                )
            case Is(word):
                return self.property(word, one)
            case FromSource(source):
                return any(d.image_id == i and d.source is source for d in self.decisions)
            case InBand(band):
                return any(
                    self.states[i, c] is LabelState.YES or self.suggested(i, c)
                    for c in (1, 2, 3)
                    if self.cuts.band(sum(self.states[o.id, c] is LabelState.YES for o in self.images))
                    is band
                )
            case PathLike(glob):
                return fnmatch.fnmatchcase(one.path, glob)
            case DecidedWithin(days):
                return any(
                    d.image_id == i and (NOW - d.latest).total_seconds() <= days * 86400
                    for d in self.decisions
                )

    def property(self, word, one):
        copies = [
            other
            for other in self.images
            if other is not one and other.state is ImageState.OK and other.content_hash == one.content_hash
        ]
        labelled = any(d.image_id == one.id and d.labelled for d in self.decisions)
        return {
            "reviewed": one.reviewed_at is not None,
            "unreviewed": one.reviewed_at is None,
            "outdated": newer(one) > 0,
            "labelled": labelled,
            "unlabelled": not labelled,
            "unreadable": one.state is ImageState.UNREADABLE,
            "missing": one.state is ImageState.MISSING,
            "duplicate": one.content_hash is not None and bool(copies),
            "changed": changed(one),
        }[str(word)]

    def shown(self, expr, one):
        return one.state is ImageState.OK or asks_for(expr, str(one.state))

    def key(self, query, one):  # noqa: PLR0911
        path, name = natural(one.path), natural(one.path.rpartition("/")[2])
        match query.order:
            case SortByScore(wanted):
                score = self.score(one.id, NAMES.index(wanted) + 1)
                return (score is None, -(score or 0.0)), path
            case SortBy(SortKey.TIME):
                return -one.mtime_ns, path
            case SortBy(SortKey.NAME):
                return name, path
            case SortBy(SortKey.FOLDER):
                return natural(one.path.rpartition("/")[0]), path
            case SortBy(SortKey.DECIDED):
                return -max(
                    (d.latest.timestamp() for d in self.decisions if d.image_id == one.id), default=0.0
                ), path
            case SortBy(SortKey.UNSURE):
                named = {NAMES.index(name) + 1 for name in undecided_names(query.expr)} or {1, 2, 3}
                distances = [
                    round(abs(self.score(one.id, c) - self.cut(c)), 5)
                    for c in named
                    if self.states[one.id, c] is LabelState.UNKNOWN and self.score(one.id, c) is not None
                ]
                return (not distances, min(distances, default=0.0)), path
        return path

    def run(self, query):
        chosen = [
            one
            for one in self.images
            if self.shown(query.expr, one) and (query.expr is None or self.holds(query.expr, one))
        ]
        return [one.id for one in sorted(chosen, key=lambda one: self.key(query, one))][: query.limit]


def changed(one):
    """Which images the tables take for changed: it does not follow from the rest of what is in them."""
    return one.id % 3 == 0


def natural(path):
    pieces = [piece for piece in re.split(r"([0-9]+)", path.replace("/", "\x01")) if piece]
    return [(ord("0"), len(p), p) if p.isdigit() else (ord(p[0]), 0, p) for p in pieces]


def asks_for(expr, word, positive=True):
    match expr:
        case Not(operand):
            return asks_for(operand, word, not positive)
        case And(operands) | Or(operands):
            return any(asks_for(operand, word, positive) for operand in operands)
        case Is(found):
            return positive and str(found) == word
    return False


def undecided_names(expr):
    match expr:
        case Not(operand):
            return undecided_names(operand)
        case And(operands) | Or(operands):
            return [name for operand in operands for name in undecided_names(operand)]
        case Suggested(name) | Unsure(name) | Score(name) | HasState(name, LabelState.UNKNOWN):
            return [name]
    return []


@given(tables(), QUERIES)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_arrays_select_and_order_like_the_brute_force_evaluator(table, query):
    images, states, decisions, scores = table
    context = context_of(images, NAMES, states, decisions, suggestions=scores, cuts=Brute.cuts)
    assert evaluate(context, query, NOW.timestamp()) == Brute(*table).run(query)


def test_oracle_itself_distinguishes_the_cases_it_is_asked_about():
    one, other = image(1), image(2, state=ImageState.MISSING)
    states = {(i, c): LabelState.YES if c == i else LabelState.UNKNOWN for i in (1, 2) for c in (1, 2, 3)}
    brute = Brute(
        [one, other], states, [], Scores([1], {c: [0.5] for c in (1, 2, 3)}, dict.fromkeys((1, 2, 3)))
    )
    assert brute.run(Query(HasState("ant", LabelState.YES))) == [1]
    assert brute.run(Query(Suggested("bee"))) == [1]
    assert brute.run(Query(Is(Property.MISSING))) == [2]
    assert np.isclose(brute.cut(1), 0.5)
