"""Time the CPRFL head: folded scorer and training step against the plain joint forward with the same kernels.

    python benchmarks/head.py [--json]

Both sides run alternately in this process on the same weights and inputs, so that a busy machine affects
both. The speed-up is the median over the rounds; the ratios of the shortest times and of the CPU times, which
other programs affect less, are reported too. The largest difference of scores and of gradients is measured in
the same run.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Read when torch is imported; without them the profiler writes to stderr.
os.environ["KINETO_LOG_LEVEL"] = "99"
os.environ["TORCH_CPP_LOG_LEVEL"] = "ERROR"

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile
from torch.utils.flop_counter import FlopCounterMode

from cprfl_core.model.cprfl import CPRFL
from cprfl_core.model.losses import asymmetric_loss
from cprfl_core.model.reference import PlainCPRFL, to_reference_names

SIZES: dict[str, dict[str, Any]] = {
    "paper": {
        "backbone_dim": 2048,
        "text_dim": 1024,
        "dim": 2048,
        "heads": 8,
        "dim_head": 512,
        "mlp_dim": 2048,
    },
    "small": {"backbone_dim": 64, "text_dim": 32, "dim": 64, "heads": 4, "dim_head": 16, "mlp_dim": 64},
}
TRAINING_CATEGORIES = 80
MANY = 500  # from this many categories, half the rounds are enough, because each takes long

Work = Callable[[], object]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Time the CPRFL head on this machine's CPU.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--size", choices=SIZES, default="paper")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--patches", type=int, default=196)
    parser.add_argument("--categories", type=int, nargs="+", default=[20, 80, 200, 1000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    sizes = SIZES[asked.size]
    model = CPRFL(**sizes, dropout=0.0)
    plain = PlainCPRFL(**sizes)
    plain.load_state_dict(to_reference_names(model.state_dict()))
    patches = torch.randn(asked.batch, asked.patches, model.backbone_dim)
    rows = [inference(model, plain, patches, count, asked.rounds) for count in asked.categories]
    report = {
        "machine": {
            "processor": processor(),
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
        "size": {**sizes, "batch": asked.batch, "patches": asked.patches},
        "inference": rows,
        "training": [training(model, plain, patches, TRAINING_CATEGORIES, asked.rounds)],
    }
    print(json.dumps(report) if asked.json else as_text(report))


def inference(
    model: CPRFL, plain: PlainCPRFL, patches: Tensor, categories: int, rounds: int
) -> dict[str, object]:
    """Compare scoring of one batch; the plain side also has precomputed prompts."""
    model.eval()
    text = torch.randn(categories, model.text_dim)
    with torch.inference_mode():
        prompts = plain.label_emb(text)
        started = time.perf_counter()
        scorer = model.fold(text, patches=patches.shape[1])
        fold_seconds = time.perf_counter() - started
        tokens = scorer.tokens(patches)
        sides: dict[str, Work] = {
            "plain": lambda: plain.score(patches, prompts),
            "folded": lambda: scorer(patches),
            "folded_from_tokens": lambda: scorer.from_tokens(tokens),
        }
        expected = plain.score(patches, prompts)
        difference = max(
            float((scores - expected).abs().max() / expected.abs().max())
            for scores in (scorer(patches), scorer.from_tokens(tokens))
        )
        row = compare(sides, rounds if categories <= MANY else max(2, rounds // 2), len(patches))
    return {
        "categories": categories,
        "order": dict(scorer.order._asdict()),
        "fold_seconds": round(fold_seconds, 3),
        "max_relative_difference": difference,
        **row,
    }


def training(
    model: CPRFL, plain: PlainCPRFL, patches: Tensor, categories: int, rounds: int
) -> dict[str, object]:
    """Compare one step on cached patches: forward, asymmetric loss, backward, AdamW."""
    text = torch.randn(categories, model.text_dim)
    targets = (torch.rand(len(patches), categories) < 0.05).long()
    model.train()

    def gradients(head: CPRFL | PlainCPRFL) -> dict[str, Tensor]:
        head.zero_grad(set_to_none=True)
        asymmetric_loss(head(patches, text), targets).backward()
        return {name: value.grad for name, value in head.named_parameters() if value.grad is not None}

    def step(head: CPRFL | PlainCPRFL) -> Work:
        optimiser = torch.optim.AdamW(head.parameters(), lr=1e-6, fused=True)

        def run() -> None:
            gradients(head)
            optimiser.step()

        return run

    mine, theirs = to_reference_names(gradients(model)), gradients(plain)
    difference = max(
        float((mine[name] - theirs[name]).abs().max() / theirs[name].abs().max()) for name in theirs
    )
    del mine, theirs
    row = compare({"plain": step(plain), "prompt_rows": step(model)}, rounds, len(patches))
    return {"categories": categories, "max_relative_gradient_difference": difference, **row}


def compare(sides: dict[str, Work], rounds: int, images: int) -> dict[str, object]:
    """Measure all sides alternately; the others are compared with the first."""
    macs = {name: multiply_adds(work) / images for name, work in sides.items()}  # also warms up
    peaks = {name: peak_bytes(work) for name, work in sides.items()}
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    processor_seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, work in sides.items():
            started, started_processor = time.perf_counter(), time.process_time()
            work()
            seconds[name].append(time.perf_counter() - started)
            processor_seconds[name].append(time.process_time() - started_processor)
    base, *others = sides
    return {
        "rounds": rounds,
        "milliseconds": milliseconds(seconds),
        "processor_milliseconds": milliseconds(processor_seconds),
        "gmac_per_image": {name: round(value / 1e9, 3) for name, value in macs.items()},
        "peak_mib": {name: round(peak / 2**20, 1) for name, peak in peaks.items()},
        "faster": {
            name: {
                **ratios(seconds[base], seconds[name]),
                "processor_time": ratios(processor_seconds[base], processor_seconds[name])["median"],
                "arithmetic": round(macs[base] / macs[name], 2),
            }
            for name in others
        },
    }


def milliseconds(seconds: dict[str, list[float]]) -> dict[str, dict[str, float]]:
    return {
        name: {"min": round(min(each) * 1e3, 1), "median": round(statistics.median(each) * 1e3, 1)}
        for name, each in seconds.items()
    }


def ratios(slow: list[float], fast: list[float]) -> dict[str, float]:
    each = [one / other for one, other in zip(slow, fast, strict=True)]
    return {
        "median": round(statistics.median(each), 2),
        "of_shortest": round(min(slow) / min(fast), 2),
        "min": round(min(each), 2),
        "max": round(max(each), 2),
    }


def multiply_adds(work: Work) -> float:
    """Count the multiply-adds of the executed matrix products."""
    with FlopCounterMode(display=False) as counter:
        work()
    return float(counter.get_total_flops()) / 2


def peak_bytes(work: Work) -> int:
    """Return the peak memory of the tensors created by `work`."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as record:
        work()
    events = [event for event in record.profiler.kineto_results.events() if event.name() == "[memory]"]
    sizes = [event.nbytes() for event in sorted(events, key=lambda event: event.start_ns())]
    return max(itertools.accumulate(sizes), default=0)


def processor() -> str:
    try:
        found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.processor()


def as_text(report: dict[str, Any]) -> str:
    lines = [f"{'':24}{'ms (median)':>12}{'GMAC/image':>12}{'peak MiB':>10}{'faster':>8}{'arithmetic':>12}"]
    for row in report["inference"] + report["training"]:
        kind = "training step" if row in report["training"] else "scoring"
        lines.append(f"{kind}, {row['categories']} categories")
        for name, times in row["milliseconds"].items():
            faster = row["faster"].get(name, {"median": 1.0, "arithmetic": 1.0})
            lines.append(
                f"  {name:22}{times['median']:12.1f}{row['gmac_per_image'][name]:12.2f}"
                f"{row['peak_mib'][name]:10.0f}"
                f"{faster['median']:8.2f}{faster['arithmetic']:12.2f}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
