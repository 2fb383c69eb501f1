"""The benchmark of labelling pace on a few plain images."""

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    spec = importlib.util.spec_from_file_location("labelling_pace", FOLDER / "labelling_pace.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "labelling_pace", module)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("photographs", None)


def test_without_photographs_it_says_so(benchmark, tmp_path, capsys):
    assert benchmark.main(["--photos", str(tmp_path)]) == 0
    assert f"There are no photographs in {tmp_path}" in capsys.readouterr().out


def test_rates_are_keys_by_image_and_by_tag(benchmark):
    first = benchmark.Done(3, Counter(done=1, key=2), seconds=0.5, checked_right=1)
    second = benchmark.Done(1, Counter(done=1, type=4), seconds=1.5)
    found = benchmark.rates([first, second])
    assert (found["keys_per_image"], found["keys_per_tag"], found["tags_per_image"]) == (4, 2, 2)
    assert (found["tags_checked"], found["images_per_minute_of_program"]) == (0.25, 60)
    assert found["keys_by_purpose"] == {"done": 1, "key": 1, "type": 2}


def test_the_goal_is_judged_after_the_first_hundred_images(benchmark):
    run = [benchmark.Done(1, Counter(done=9), 1.0)] * 100 + [benchmark.Done(1, Counter(done=2), 1.0)] * 4
    report = benchmark.summary("some-model", [run])
    assert report["keys_per_image_after_100"] == {"value": 2, "goal": 2.5, "met": True}
    assert report["quarters"]["79 to 104"]["keys_per_image"] == pytest.approx((22 * 9 + 4 * 2) / 26, abs=0.01)
    assert benchmark.summary("some-model", [run[:50]])["keys_per_image_after_100"] is None
    assert "met" in benchmark.as_text(report)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_every_photograph_gets_its_tags_by_keys(benchmark, tmp_path, make_image, capsys, monkeypatch):
    names = ["red thing", "blue thing", "green thing"]
    said = {"categories": [{"id": i, "name": name} for i, name in enumerate(names)], "images": []}
    said["annotations"] = []
    for i in range(9):
        colour = tuple(200 if at == i % 3 else 10 for at in (0, 2, 1))
        make_image(tmp_path / "images" / f"{i}.png", colour=colour)
        said["images"].append({"id": i, "file_name": f"{i}.png"})
        said["annotations"].append({"image_id": i, "category_id": i % 3})
    (tmp_path / "annotations.json").write_text(json.dumps(said))
    monkeypatch.setattr(benchmark, "PART", 4)
    assert benchmark.main(["--photos", str(tmp_path), "--model", "bundled", "--seeds", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["images"] == 9
    assert report["first_100"]["tags_per_image"] == 1
    assert report["first_100"]["keys_by_purpose"]["done"] == 1
    assert 1 <= report["first_100"]["keys_per_image"] < 6
