"""Synthetic projects of any size, and the benchmark of how the program grows with them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.services.features.indexing import embeddings
from app.services.labelling.decisions import label_states
from app.services.project.project import open_project
from app.storage import images, predictions

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tools")]
import make_project  # noqa: E402
import scale  # noqa: E402
import scale_parts  # noqa: E402

sys.path.remove(str(ROOT / "benchmarks"))
sys.path.remove(str(ROOT / "tools"))


def made(folder, capsys, *options):
    assert make_project.main([str(folder), *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_project_without_files_has_the_labels_scores_and_embeddings_that_were_asked_for(tmp_path, capsys):
    options = ["--images", "50", "--categories", "6", "--no-files", "--labelled", "0.2", "--labels", "2"]
    facts = made(tmp_path / "made", capsys, *options, "--scores", "3", "--width", "16")
    assert (facts["images"], facts["labels"], facts["photos"]) == (50, 20, 0)
    assert list((tmp_path / "made" / "library").iterdir()) == []
    with open_project(Path(facts["project"])) as project:
        ids, vectors = embeddings(project)
        known = label_states(project).matrix() >= 0
        with project.db.read() as s:
            suggested = predictions.of_images(s, range(1, 51))
            hashes = {image.content_hash for image in images.all_images(s)}
    assert (len(ids), vectors.shape, len(hashes)) == (50, (50, 16), 50)
    assert np.flatnonzero(known.any(axis=1)).tolist() == list(range(10))
    assert (known.sum(axis=1)[:10] == 2).all()
    assert len(suggested) == 150


@pytest.mark.slow
def test_images_with_files_are_unchanged_for_a_scan(tmp_path, capsys):
    facts = made(tmp_path, capsys, "--images", "20", "--categories", "2", "--width", "0")
    with open_project(Path(facts["project"])) as project:
        from app.services.images.scan import scan

        assert scan(project).unchanged == 20


def test_nothing_is_made_in_a_folder_with_content_or_of_wrong_numbers(tmp_path, capsys):
    (tmp_path / "kept.txt").touch()
    for options in (["--images", "5"], ["--images", "0"], ["--images", "5", "--labelled", "2"]):
        with pytest.raises(SystemExit):
            make_project.main([str(tmp_path), *options])
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.slow
def test_a_session_measures_everything_that_has_a_goal(tmp_path):
    wanted = scale_parts.Wanted(60, 4, width=16)
    session = scale_parts.Session(scale_parts.prepared(tmp_path, wanted), bulk=30, steps=2)
    session.measure()
    assert scale.GOALS.keys() <= session.found.keys()
    assert all(value > 0 for value in session.found.values())
    assert {"load_suggestions", "queue_p95", "similar_p95", "bulk", "facets_p95"} < session.found.keys()


def test_growth_is_stated_per_image_and_goals_are_judged_at_each_size():
    runs = {
        100: {"open": 0.5, "filter_p95": 0.1, "decision_p95": 0.01, "resident_mb": 100.0},
        1000: {"open": 5.0, "filter_p95": 0.1, "decision_p95": 0.04, "resident_mb": 200.0},
    }
    found = scale.with_growth(runs)
    assert found["100"]["open"] == {"value": 0.5, "per_image": 5000.0, "growth": None}
    assert found["1000"]["open"] == {"value": 5.0, "per_image": 5000.0, "growth": 10.0}
    assert found["1000"]["resident_mb"] == {"value": 200.0, "per_image": 200.0, "growth": 2.0}
    assert scale.misses(runs, 1.0) == ["decision_p95 at 1000"]
    assert scale.misses(runs, 1.5) == []


@pytest.mark.slow
@pytest.mark.timeout(600)  # a dozen processes, one after another
def test_the_whole_benchmark_runs_on_two_small_projects(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "benchmarks" / "scale.py", "--quick", "--json", "--folder", tmp_path],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    report = json.loads(done.stdout)
    small, large = report["sizes"].values()
    assert small.keys() == large.keys() > scale.GOALS.keys()
    assert {"scan", "import", "export", "backup", "scan_mb", "peak_mb"} < large.keys()
    assert all(one["value"] > 0 for one in large.values())
