"""Measure the accuracy of auto-accept plans: expected and true errors on the generated demo.

    python benchmarks/auto_accept.py [--json]

Images are reviewed correctly in random order. Then every category of the demo is planned at each precision,
and the plan is compared with the truth. Nothing is accepted in between.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bootstrap import make_runner
from app.domain.auto_accept import AcceptPlan
from app.domain.labels import Origin
from app.services.project.project import Project
from app.services.review.auto_accept import plan
from app.services.simulation.demo import pool_truth, prepare_demo
from app.services.simulation.simulation import Truth, random_order, simulate_reviews
from app.services.suggestions.suggestions import LiveSuggestions


@dataclass
class Sum:
    """Sums over all categories with an offer."""

    offers: int = 0
    images: int = 0
    expected: float = 0.0
    errors: int = 0
    within: int = 0
    """Offers with true errors at or below the stated bound."""
    kept: int = 0
    """Offers with at least the requested precision."""


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure the accuracy of auto-accept plans.")
    parser.add_argument("--json", action="store_true", help="print one JSON object a line")
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--reviews", type=int, nargs="+", default=[200, 400, 600])
    parser.add_argument("--precision", type=float, nargs="+", default=[0.8, 0.9, 0.95])
    parser.add_argument("--seeds", type=int, default=1)
    asked = parser.parse_args(arguments)
    sums: dict[tuple[int, float], Sum] = {}
    for seed in range(asked.seeds):
        with (
            tempfile.TemporaryDirectory(prefix="tailspotter-") as folder,
            prepare_demo(Path(folder), make_runner(False), images=asked.images) as project,
        ):
            measure(project, pool_truth(project, Path(folder)), asked, seed, sums)
    for (reviews, precision), found in sorted(sums.items()):
        report = as_report(reviews, precision, found)
        print(json.dumps(report) if asked.json else "  ".join(f"{k} {v}" for k, v in report.items()))


def measure(
    project: Project, truth: Truth, asked: argparse.Namespace, seed: int, sums: dict[tuple[int, float], Sum]
) -> None:
    order, done = random_order(list(truth), seed), 0
    for reviews in sorted(asked.reviews):
        origin = Origin("random", reviews / len(truth))
        simulate_reviews(project, truth, order[done:reviews], origin=origin)
        done = reviews
        live = LiveSuggestions.load(project, make_runner(False))
        for precision in asked.precision:
            into = sums.setdefault((reviews, precision), Sum())
            for category_id in live.category_ids:
                compare(plan(project, live, category_id, precision), truth, into)


def compare(told: AcceptPlan, truth: Truth, into: Sum) -> None:
    if not told.images:
        return
    errors = sum(told.category_id not in truth[number] for number in told.image_ids)
    into.offers += 1
    into.images += told.images
    into.expected += told.errors
    into.errors += errors
    into.within += errors <= told.errors_high
    into.kept += errors <= (1 - told.precision) * told.images


def as_report(reviews: int, precision: float, found: Sum) -> dict[str, Any]:
    return {
        "reviews": reviews,
        "precision": precision,
        "offers": found.offers,
        "images": found.images,
        "expected_errors": round(found.expected, 1),
        "errors": found.errors,
        "within_bound": found.within,
        "kept_precision": found.kept,
    }


if __name__ == "__main__":
    main()
