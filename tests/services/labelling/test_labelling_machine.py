"""Whatever two writers do to one project, in any order: states, undo and redo agree with a plain model.

The model keeps whole snapshots, so its undo cannot be wrong; the project keeps a ledger.
"""

import shutil
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.errors import NothingToUndoError
from app.domain.labels import Decision, LabelState, Source
from app.services.labelling import decisions as labelling
from app.services.labelling.steps import step
from app.services.project import categories
from app.services.project.creation import create_project
from app.services.project.project import open_project
from app.storage import categories as category_store
from app.storage import images, ledger

YES, NO, UNKNOWN = LabelState.YES, LabelState.NO, LabelState.UNKNOWN
IMAGES = (1, 2, 3)
NAMES = ("ape", "bee", "cow", "doe", "elk", "fox")


@dataclass(frozen=True)
class Known:
    """One state of a project: names and archived categories, what was said, and what each review has seen."""

    names: dict[int, str] = field(default_factory=dict)
    archived: frozenset[int] = frozenset()
    said: dict[tuple[int, int], LabelState] = field(default_factory=dict)
    reviewed: dict[int, frozenset[int]] = field(default_factory=dict)

    @property
    def active(self):
        return [category for category in self.names if category not in self.archived]

    def state(self, image, category):
        if (image, category) in self.said:
            return self.said[image, category]
        return NO if category in self.reviewed.get(image, ()) else UNKNOWN

    def states(self):
        return {(i, c): self.state(i, c) for i in IMAGES for c in self.active}

    def decided(self, image, category, state):
        said = dict(self.said)
        if state is not UNKNOWN:
            said[image, category] = state
        elif self.state(image, category) is not UNKNOWN:
            said.pop((image, category), None)
            if category in self.reviewed.get(image, ()):
                said[image, category] = UNKNOWN
        return replace(self, said=said)

    def with_review(self, image, reviewed):
        marks = dict(self.reviewed)
        if not reviewed:
            marks.pop(image, None)
        elif not marks.get(image, frozenset()) >= set(self.active) or image not in marks:
            marks[image] = frozenset(self.active)
        return replace(self, reviewed=marks)


class LabellingMachine(RuleBasedStateMachine):
    template = None

    @initialize()
    def open_twice(self):
        folder = self.template.parent / "copy"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, folder)
        self.folder = folder
        self.writers = [open_project(folder), open_project(folder)]
        self.known, self.undoable, self.redoable = Known(), [], []
        self.entries = []
        self.ids = 0

    def teardown(self):
        for writer in getattr(self, "writers", ()):
            writer.close()

    def expect(self, change, after):
        """``change`` has brought the project to ``after``, and tells exactly what became different."""
        if after == self.known:
            assert not change
            return
        self.undoable.append(self.known)
        self.redoable.clear()
        self.arrive(change, after)

    def arrive(self, change, after):
        before, self.known = self.known, after
        told = {(one.image_id, one.category_id): (one.before, one.after) for one in change.labels}
        for (image, category), (old, new) in told.items():
            assert (old, new) == (before.state(image, category), after.state(image, category))
        reviews = {one.image_id for one in change.reviews}
        assert {i for i in IMAGES if before.reviewed.get(i) != after.reviewed.get(i)} == reviews
        for pair in before.states().keys() | after.states().keys():
            if before.state(*pair) is not after.state(*pair):
                assert pair in told or pair[0] in reviews
        renamed = {
            c for c in before.names.keys() | after.names.keys() if before.names.get(c) != after.names.get(c)
        }
        assert renamed | (before.archived ^ after.archived) == set(change.categories)

    writer = st.sampled_from([0, 1])
    image = st.sampled_from(IMAGES)
    answer = st.sampled_from([YES, NO, UNKNOWN])
    pick = st.integers(0, 5)

    def category(self, pick):
        return self.known.active[pick % len(self.known.active)]

    has_category = precondition(lambda self: self.known.active)

    @has_category
    @rule(writer=writer, answers=st.lists(st.tuples(image, pick, answer), min_size=1, max_size=6))
    def decide(self, writer, answers):
        after, decisions = self.known, {}
        for image, pick, state in answers:
            decisions[image, self.category(pick)] = state
        for (image, category), state in decisions.items():
            after = after.decided(image, category, state)
        listed = [Decision(*pair, state) for pair, state in decisions.items()]
        self.expect(labelling.decide(self.writers[writer], listed, source=Source.BULK), after)

    @rule(writer=writer, some=st.sets(image, min_size=1), reviewed=st.booleans())
    def review(self, writer, some, reviewed):
        after = self.known
        for image in some:
            after = after.with_review(image, reviewed)
        self.expect(labelling.review(self.writers[writer], sorted(some), reviewed), after)

    @rule(writer=writer, name=st.sampled_from(NAMES))
    def add_category(self, writer, name):
        if name in (self.known.names[c] for c in self.known.archived):
            return
        change = categories.add_categories(self.writers[writer], [name])
        self.expect(change, self.added(name, change))

    def added(self, name, change):
        if name in self.known.names.values():
            return self.known
        (created,) = change.categories
        assert created > self.ids
        self.ids = created
        return replace(self.known, names={**self.known.names, created: name})

    @rule(writer=writer, name=st.sampled_from(NAMES), image=image, answer=answer)
    def import_new_category_with_label_and_review(self, writer, name, image, answer):
        if name in self.known.names.values():
            return
        with step(self.writers[writer], source=Source.IMPORT, description="import") as one:
            created = one.add_categories([name])[name]
            one.decide([Decision(image, created.id, answer)])
            one.review([image])
        after = self.added(name, one.change).with_review(image, True)
        self.expect(one.change, after.decided(image, created.id, answer))

    @has_category
    @rule(writer=writer, pick=pick, name=st.sampled_from(NAMES))
    def rename(self, writer, pick, name):
        if name in self.known.names.values():
            return
        category = self.category(pick)
        after = replace(self.known, names={**self.known.names, category: name})
        self.expect(categories.rename(self.writers[writer], category, name), after)

    @has_category
    @rule(writer=writer, pick=pick)
    def archive(self, writer, pick):
        category = self.category(pick)
        after = replace(self.known, archived=self.known.archived | {category})
        self.expect(categories.archive(self.writers[writer], category), after)

    @precondition(lambda self: self.known.archived)
    @rule(writer=writer)
    def restore(self, writer):
        category = min(self.known.archived)
        after = replace(self.known, archived=self.known.archived - {category})
        self.expect(categories.restore(self.writers[writer], category), after)

    @rule(writer=writer)
    def undo(self, writer):
        if not self.undoable:
            with pytest.raises(NothingToUndoError):
                labelling.undo(self.writers[writer])
            return
        self.redoable.append(self.known)
        self.arrive(labelling.undo(self.writers[writer]), self.undoable.pop())

    @rule(writer=writer)
    def redo(self, writer):
        if not self.redoable:
            with pytest.raises(NothingToUndoError):
                labelling.redo(self.writers[writer])
            return
        self.undoable.append(self.known)
        self.arrive(labelling.redo(self.writers[writer]), self.redoable.pop())

    @rule(writer=writer)
    def reopen(self, writer):
        self.writers[writer].close()
        self.writers[writer] = open_project(self.folder)

    @invariant()
    def states_agree(self):
        for project in getattr(self, "writers", ()):
            table = labelling.label_states(project)
            matrix = table.matrix()
            found = {
                (image, category): int(matrix[row, column])
                for row, image in enumerate(table.image_ids)
                for column, category in enumerate(table.category_ids)
            }
            assert found == {pair: state.target for pair, state in self.known.states().items()}

    @invariant()
    def names_and_marks_agree_and_the_ledger_only_grew(self):
        if not hasattr(self, "writers"):
            return
        with self.writers[0].db.read() as s:
            names = {one.id: one.name for one in category_store.all_categories(s, archived=True)}
            reviewed = {one.id for one in images.all_images(s) if one.reviewed_at is not None}
            entries = ledger.tail(s, 0)
            undoable, redoable = ledger.next_undo(s), ledger.next_redo(s)
        assert names == self.known.names
        assert reviewed == set(self.known.reviewed)
        assert entries[: len(self.entries)] == self.entries
        assert (undoable is not None, redoable is not None) == (bool(self.undoable), bool(self.redoable))
        self.entries = entries

    @invariant()
    def the_ledgers_tail_sums_up_to_the_difference(self):
        """What a window would hear that had not looked since the beginning."""
        if not hasattr(self, "writers"):
            return
        change, _ = labelling.changes_since(self.writers[1], 0)
        start = Known()
        for one in change.labels:
            pair = (one.image_id, one.category_id)
            assert one.after is self.known.state(*pair)
            assert one.before is start.state(*pair)
        assert {one.image_id for one in change.reviews} == set(self.known.reviewed)
        said = {pair for pair, state in self.known.said.items()}
        assert said == {(one.image_id, one.category_id) for one in change.labels}


@pytest.fixture
def template(tmp_path):
    folder = tmp_path / "images"
    folder.mkdir()
    with create_project(tmp_path / "template", [folder]) as project, project.db.write() as s:
        row = {"root_id": 1, "size": 1, "mtime_ns": 1, "state": "ok"}
        images.add_many(s, [{**row, "path": f"{image}.jpg"} for image in IMAGES])
    return tmp_path / "template"


def test_two_writers_and_any_order_of_operations_agree_with_the_model(template):
    machine = type("Machine", (LabellingMachine,), {"template": template})
    machine.TestCase.settings = settings(
        max_examples=8,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    machine.TestCase().runTest()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_many_more_orders_agree_with_the_model_too(template):
    machine = type("Machine", (LabellingMachine,), {"template": template})
    machine.TestCase.settings = settings(
        max_examples=50, stateful_step_count=50, deadline=None, suppress_health_check=list(HealthCheck)
    )
    machine.TestCase().runTest()
