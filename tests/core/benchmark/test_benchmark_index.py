import importlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

FOLDER = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture
def benchmark(monkeypatch):
    for name in ("OMP_WAIT_POLICY", "KINETO_LOG_LEVEL", "TORCH_CPP_LOG_LEVEL"):
        monkeypatch.setenv(name, "")  # taken back at the end, whatever the script sets
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.mark.slow
def test_the_indexing_benchmark_sets_the_program_against_model_and_decoding(benchmark, capsys):
    flags = ["--images", "9", "--size", "400", "300", "--rounds", "2", "--batch", "3", "--cores", "1"]
    benchmark("index").main(["--json", "--device", "cpu", "--backbones", "bundled", *flags])
    report = json.loads(capsys.readouterr().out)
    (found,) = report["models"]
    assert (found["backbone"], found["cores"], found["device"], found["images"]) == ("bundled", 1, "cpu", 9)
    rates, busy = found["images_per_second"], found["processor_ms_an_image"]
    assert list(rates) == list(busy) == ["decoding", "model", "program", "with_thumbnails"]
    assert all(rate > 0 for rate in rates.values())
    for slower, bound in zip(
        found["share_of_slower"]["turns"], found["share_of_bound"]["turns"], strict=True
    ):
        assert 0 < slower < bound <= 2 * slower + 0.01
    assert len(found["share_of_bound"]["turns"]) == 2
    assert 0.1 < found["processor_share"] < 2
    assert report["images"]["mean_bytes"] > 1000
    assert report["engines"] == []


def test_the_share_is_that_of_the_least_time_in_the_same_turn(benchmark):
    found = benchmark("index").shares([1.0, 2.0, 3.0], [2.0, 2.0, 4.0])
    assert found == {"median": 0.75, "turns": [0.5, 1.0, 0.75]}


def test_the_same_photographs_come_from_the_same_numbers(benchmark, tmp_path):
    make = benchmark("index_photos").make_photos
    first, second = make(tmp_path / "a", 2, (120, 90)), make(tmp_path / "b", 2, (120, 90))
    assert [item.path.read_bytes() for item in first] == [item.path.read_bytes() for item in second]
    assert first[0].path.read_bytes() != first[1].path.read_bytes()


def test_the_busy_share_counts_kernels_and_no_copies(benchmark, monkeypatch, tmp_path):
    gpu = benchmark("index_gpu")
    events = [
        SimpleNamespace(key="ampere_gemm", self_device_time_total=600_000.0),
        SimpleNamespace(key="Memcpy HtoD (Pinned -> Device)", self_device_time_total=300_000.0),
        SimpleNamespace(key="layer_norm_kernel", self_device_time_total=200_000.0),
    ]

    class Profiler:
        def __init__(self, **_options):
            pass

        def __enter__(self):
            return SimpleNamespace(key_averages=lambda: events)

        def __exit__(self, *_error):
            pass

    monkeypatch.setattr(gpu, "profile", Profiler)
    monkeypatch.setattr(gpu, "index_images", lambda *_args, **_options: SimpleNamespace(seconds=1.0))
    assert gpu.busy_share(None, [], tmp_path, 8) == pytest.approx(0.8)


def test_multiplications_of_a_tower_are_counted(benchmark):
    layer = torch.nn.Linear(10, 20, bias=False)
    encoder = SimpleNamespace(
        preprocessing=SimpleNamespace(height=2, width=5),
        begin=lambda pixels, _basis: lambda: layer(torch.zeros(len(pixels), 10)),
    )
    assert benchmark("index_gpu").flops_an_image(encoder) == 2 * 10 * 20
