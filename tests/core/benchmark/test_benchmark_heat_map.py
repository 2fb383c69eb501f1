import importlib.util
import json
from pathlib import Path

import pytest
import torch

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "heat_map.py"


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_evidence_points_at_the_objects_of_scenes_better_than_attention_and_far_better_than_chance(capsys):
    spec = importlib.util.spec_from_file_location("heat_map_benchmark", SCRIPT)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    before = torch.get_num_threads()
    torch.set_num_threads(1)  # on a busy machine two wait for each other
    try:
        benchmark.main(["--json", "--train", "400", "--test", "150", "--interaction", "cross"])
    finally:
        torch.set_num_threads(before)
    report = json.loads(capsys.readouterr().out)
    cross, chance = report["cross"], report["baselines"]["random"]
    assert report["maps"] > 200
    assert cross["evidence"]["points"] > 2.5 * chance["points"]
    assert cross["evidence"]["points"] >= cross["attention"]["points"]
    assert cross["evidence"]["inside"] > cross["attention"]["inside"]
