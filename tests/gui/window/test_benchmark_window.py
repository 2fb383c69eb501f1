"""The window's benchmark on a project of a few images."""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from app.domain.labels import Decision, LabelState
from app.services.features.indexing import embeddings
from app.services.labelling.decisions import decide, label_states
from app.services.project.project import open_project

FOLDER = Path(__file__).parents[3] / "benchmarks"
RUN = {
    "start": 1.0,
    "start_processor": 0.9,
    "open_listed": 0.1,
    "open_first": 0.5,
    "open_first_processor": 0.4,
    "open_all": 0.6,
    "suggestions": {"state": "live", "seconds": 1.0},
    "scroll": {name: {"late": [0.001] * 99, "busy": [0.001] * 99} for name in ("idle", "steady", "through")},
    "next": {"seconds": [0.02] * 20, "not_decoded_ahead": 0},
    "decide": {"seconds": [0.005] * 20, "heard": [0.01] * 20},
    "finding": {"filter": {"fox": 0.05, "dog": 0.06}, "sort": {"sort:name": 0.1}},
    "facets": [0.05] * 5,
    "anonymous_end": 300e6,
    "similar": [0.04] * 10,
    "threshold": [0.02] * 10,
    "bulk": {"said": [0.3, 0.4], "undone": [0.2, 0.1], "settled": [1.0] * 4},
    "resident_opened": 300e6,
    "resident_last": 500e6,
    "resident_end": 400e6,
    "peak": 450e6,
    "platform": "offscreen",
    "heavy": [],
}


@pytest.fixture
def benchmark(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("window_benchmark", FOLDER / "window.py")
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    yield module
    sys.path[:] = before
    for name in ("synthetic_project", "window_tasks"):
        sys.modules.pop(name, None)


@pytest.fixture
def measured(benchmark, monkeypatch, tmp_path, capsys):
    """``measured(**found)``: exit status and report of a run in which the window was found to be so."""
    monkeypatch.setattr(benchmark, "prepared", lambda *_, **__: tmp_path)
    monkeypatch.setattr(benchmark, "facts_of", lambda _: {"images": 1, "categories": 1})

    def run(**found):
        monkeypatch.setattr(benchmark, "run", lambda *_: RUN | found)
        status = benchmark.main(["--json", "--folder", str(tmp_path)])
        return status, json.loads(capsys.readouterr().out)

    return run


def test_goals_that_are_met_end_with_zero(measured):
    status, report = measured()
    assert (status, report["met"]) == (0, True)
    assert report["measures"]["resident_memory"]["value"] == 400.0
    assert {"load_average_before", "load_average_after"} < report["machine"].keys()


def test_a_goal_missed_by_less_than_half_is_reported_and_ends_with_zero(measured):
    status, report = measured(resident_end=990e6)
    assert (status, report["met"]) == (0, False)
    assert not report["measures"]["resident_memory"]["met"]
    assert report["measures"]["start_to_usable_window"]["met"]


def test_a_goal_missed_by_more_than_half_ends_with_one(measured):
    status, report = measured(next={"seconds": [0.02] * 18 + [0.2] * 2, "not_decoded_ahead": 2})
    assert status == 1
    assert report["measures"]["next_image_p95"] == {
        "value": 200.0,
        "unit": "ms",
        "goal": 50.0,
        "met": False,
        "p50": 20.0,
        "images": 20,
        "not_decoded_ahead": 2,
    }


def test_project_is_what_was_asked_for_and_is_put_back_before_each_run(benchmark, tmp_path):
    wanted = benchmark.Wanted(40, 5, width=1280)
    folder = benchmark.prepared(tmp_path, wanted)
    facts = benchmark.facts_of(folder)
    with open_project(folder) as project:
        table = label_states(project)
        before = table.matrix().copy()
        ids, vectors = embeddings(project)
        image, category = np.argwhere(before == -1)[0]
        decide(project, [Decision(int(image) + 1, int(category) + 1, LabelState.YES)])
    assert (table.image_ids, table.category_ids) == (list(range(1, 41)), [1, 2, 3, 4, 5])
    assert (ids.tolist(), vectors.shape) == (table.image_ids, (40, 1280))
    assert facts["labels"] == (before >= 0).sum() == 3 * 40
    assert benchmark.prepared(tmp_path, wanted) == folder
    with open_project(folder) as project:
        assert (label_states(project).matrix() == before).all()


@pytest.mark.slow
def test_the_whole_benchmark_runs_on_a_small_project(benchmark, tmp_path, capsys):
    sizes = {
        "images": "200",
        "categories": "4",
        "starts": "0",
        "seconds": "0.5",
        "steps": "4",
        "pause": "0.05",
    }
    flags = [part for name, value in sizes.items() for part in (f"--{name}", value)]
    status = benchmark.main(["--json", *flags, "--folder", str(tmp_path)])
    report = json.loads(capsys.readouterr().out)
    measures = report["measures"]
    assert measures.keys() == benchmark.GOALS.keys()
    assert all(0 < one["value"] < 1e5 for one in measures.values())
    assert status == any(one["value"] > 1.5 * one["goal"] for one in measures.values())
    assert report["suggestions"]["state"] == "live"
    assert report["heavy_modules_in_the_window"] == []
    assert measures["next_image_p95"]["images"] == 4
    assert measures["decision_durable_p95"]["decisions"] > 0
    assert measures["sort_p95"]["queries"] > measures["filter_p95"]["queries"] / 4 > 0


def test_what_needs_suggestions_is_left_out_where_there_are_none(measured, benchmark, monkeypatch):
    for name in ("similar", "threshold"):
        monkeypatch.delitem(RUN, name)
    status, report = measured()
    assert (status, report["met"]) == (0, True)
    assert benchmark.GOALS.keys() - report["measures"].keys() == {"similar_p95", "threshold_tick_p95"}
