"""A yes that follows from a category below is learned as a yes."""

import numpy as np

from app.domain.category_properties import CategoryEdit
from app.domain.labels import Decision, LabelState
from app.services.labelling.decisions import decide, label_states, undo
from app.services.project.categories import edit_category
from app.services.runner.runner import NoRunner
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import categories


def test_the_learner_follows_each_change(project):
    with project.db.read() as s:
        known = categories.all_categories(s)
    table = label_states(project)
    vectors = np.eye(len(table.image_ids), dtype=np.float32)
    live = LiveSuggestions(
        table.image_ids, vectors, known, None, table.matrix(), project=project, runner=NoRunner()
    )
    live.apply(edit_category(project, 1, CategoryEdit(parent=2)))
    live.apply(decide(project, [Decision(3, 1, LabelState.YES)]))
    assert live.states(2).tolist() == live.states(1).tolist() == [-1, -1, 1, -1, -1]
    live.apply(decide(project, [Decision(3, 2, LabelState.NO)]))
    assert live.states(2).tolist() == [-1, -1, 0, -1, -1]
    live.apply(undo(project))
    live.apply(undo(project))
    assert live.states(2).tolist() == [-1] * 5
