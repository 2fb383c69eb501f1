"""Every format that is written and read keeps what it says that it keeps."""

import itertools
import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled_projects import category_ids, image_ids, make_project, mark

from app.domain.labels import Decision, LabelState
from app.services.interchange.exporting import export_labels
from app.services.interchange.format import kept
from app.services.interchange.importing import import_labels
from app.services.interchange.registry import FORMATS
from app.services.interchange.table import read_table
from app.services.labelling.decisions import decide
from app.services.project.categories import add_categories
from app.services.project.project import open_project

BOTH_WAYS = [
    one.name
    for one in FORMATS.values()
    if one.read and (one.write is not None or one.write_folder is not None)
]
PATHS = ["a.jpg", "b.jpg", "sub/a.jpg", "100%25, x.png"]
NAMES = ["cat", "dog", "red deer; adult", "=1+1", "path"]
answers = st.dictionaries(
    st.tuples(st.sampled_from(PATHS), st.sampled_from(NAMES)), st.sampled_from(["yes", "no", "unknown"])
)
marks = st.sets(st.sampled_from(PATHS))


def content(project, holds=None):
    """What the project says of each image, with only what the format keeps if ``holds`` is given."""
    table = read_table(project, everything=False)
    found = {}
    for row in table.rows:
        left = kept(row, holds) if holds else row
        states = {
            category.name: int(state)
            for category, state in zip(table.categories, np.asarray(left.states).tolist(), strict=True)
            if state != -1
        }
        if states or left.reviewed:
            found[row.name] = (states, bool(left.reviewed))
    return found


def answer(project, known, said):
    images, names = image_ids(project), category_ids(project)
    chosen = {pair: state for pair, state in said.items() if pair[1] in known}
    decide(project, [Decision(images[p], names[c], LabelState(state)) for (p, c), state in chosen.items()])


@pytest.mark.slow
@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_round_trip_into_a_new_project_loses_only_what_the_format_says(name, tmp_path):
    """Some categories come up after the review, some answers before it, some after."""
    make_project(tmp_path / "template", PATHS).close()
    for path in PATHS:  # some formats copy the files
        file = tmp_path / "template" / "photos" / path
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"0123456789")
    places = itertools.count()

    def fresh():
        folder = tmp_path / str(next(places))
        shutil.copytree(tmp_path / "template" / "project", folder)
        return open_project(folder)

    @settings(max_examples=12, deadline=None)
    @given(early=st.integers(0, len(NAMES)), first=answers, marked=marks, second=answers)
    def check(early, first, marked, second):
        target = tmp_path / f"out-{next(places)}"
        target = target.with_suffix((*FORMATS[name].suffixes, "")[0])
        with fresh() as project:
            add_categories(project, NAMES[:early])
            answer(project, NAMES[:early], first)
            mark(project, *sorted(marked))
            add_categories(project, NAMES)
            answer(project, NAMES, second)
            report = export_labels(project, name, target)
            expected, before = content(project, FORMATS[name].holds), content(project)
        assert bool(report.losses) == (expected != before)
        with fresh() as other:
            import_labels(other, name, target)
            assert content(other) == expected

    check()
