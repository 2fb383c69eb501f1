import importlib.util
import json
from pathlib import Path

import torch

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "head.py"


def test_head_benchmark_compares_equal_sides_and_prints_one_json_object(capsys):
    spec = importlib.util.spec_from_file_location("head_benchmark", SCRIPT)
    benchmark = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(benchmark)
    before = torch.get_num_threads()
    try:
        options = {"size": "small", "batch": "2", "patches": "49", "rounds": "2", "threads": "1"}
        flags = [part for name, value in options.items() for part in (f"--{name}", value)]
        benchmark.main(["--json", *flags, "--categories", "3", "20"])
    finally:
        torch.set_num_threads(before)
    report = json.loads(capsys.readouterr().out)
    assert [row["categories"] for row in report["inference"]] == [3, 20]
    assert all(row["max_relative_difference"] < 1e-4 for row in report["inference"])
    (training,) = report["training"]
    assert training["max_relative_gradient_difference"] < 1e-4
    for row, name in [(report["inference"][0], "folded"), (training, "prompt_rows")]:
        assert row["faster"][name]["arithmetic"] > 2
        assert row["milliseconds"][name]["min"] > 0
