"""The data card of an export: what the labels are, where they come from and how far they can be trusted."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.domain.auto_accept import AUTO_ACCEPT
from app.domain.categories import Band
from app.domain.errors import BadInputError
from app.domain.labels import Source
from app.domain.language import translate
from app.services.features.indexing import NotIndexedError
from app.services.interchange.reports import ExportReport
from app.services.interchange.splitting import PARTS
from app.services.interchange.table import ExportTable
from app.services.project.project import Project
from app.services.runner.runner import NoRunner
from app.services.suggestions.suggestions import LiveSuggestions
from app.storage import image_models, labels, model_versions

SUFFIXES: Final = (".md", ".json")
IMPLIED: Final = "review"
_SOURCES: Final = {
    Source.HUMAN.value: "a person, image by image",
    Source.BULK.value: "a person, many images at once",
    AUTO_ACCEPT: "accepted from the model without a look at each image",
    Source.IMPORT.value: "imported",
    Source.PROPAGATED.value: "propagated",
    IMPLIED: "implied by the review of an image",
}


@dataclass(frozen=True, slots=True)
class _Accepted:
    """Auto-accepted labels of one category; ``errors``: expected among those with a probability."""

    labels: int = 0
    errors: float = 0.0
    unknown: int = 0


def check_card(path: Path) -> str:
    """The suffix of a card's file. Raises BadInputError."""
    if path.suffix.lower() not in SUFFIXES:
        raise BadInputError(
            translate("Interchange", "A data card is saved as .md or .json; {path} is neither.").format(
                path=path
            )
        )
    return path.suffix.lower()


def card(project: Project, table: ExportTable, report: ExportReport, query: str | None) -> dict[str, Any]:
    """The card as plain values for JSON. ``query``: what chose the images."""
    with project.db.read() as session:
        explicit = labels.details(session)
        model = image_models.current(session)
        version = model_versions.active(session)
    exported = {row.image.id for row in table.rows}
    columns = {category.id: at for at, category in enumerate(table.categories)}
    sources: Counter[tuple[str, str]] = Counter()
    accepted: dict[int, _Accepted] = {}
    for (image_id, category_id), one in explicit.items():
        if one.state < 0 or image_id not in exported or category_id not in columns:
            continue
        name = AUTO_ACCEPT if one.queue == AUTO_ACCEPT else one.source
        sources[name, "yes" if one.state == 1 else "no"] += 1
        if name == AUTO_ACCEPT and one.state == 1:
            before = accepted.get(category_id, _Accepted())
            error = 0.0 if one.score is None else 1.0 - one.score
            accepted[category_id] = _Accepted(
                before.labels + 1, before.errors + error, before.unknown + (one.score is None)
            )
    categories = _categories(project, table, accepted)
    no = sum(one["no"] for one in categories)
    sources[IMPLIED, "no"] = no - sum(number for (_, state), number in sources.items() if state == "no")
    return {
        "title": "Data card",
        "project": project.name,
        "exported_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "program": f"Tailspotter {__version__}",
        "format": report.format,
        "files": [path.name for path in report.paths],
        "query": query,
        "images": {
            "exported": report.images,
            "reviewed": report.reviewed,
            "answered": sum(row.answered for row in table.rows),
            "unreadable_or_missing": report.left_out,
            "without_answer_left_out": report.unanswered,
        },
        "answers": {"yes": report.labels, "no": no, "unknown": sum(one["unknown"] for one in categories)},
        "sources": {
            name: {"yes": sources[name, "yes"], "no": sources[name, "no"]}
            for name in _SOURCES
            if sources[name, "yes"] or sources[name, "no"]
        },
        "bands": _bands(project, categories),
        "categories": categories,
        "image_model": model.name,
        "model_version": None if version is None else version.name,
        "auto_accepted": {
            "labels": sum(one.labels for one in accepted.values()),
            "expected_errors": round(sum(one.errors for one in accepted.values()), 2),
            "without_probability": sum(one.unknown for one in accepted.values()),
        },
        "split": None if report.split is None else report.split.to_json(),
        "losses": list(report.losses),
        "notes": list(report.notes),
    }


def _categories(project: Project, table: ExportTable, accepted: dict[int, _Accepted]) -> list[dict[str, Any]]:
    live = _suggestions(project)
    thresholds = {} if live is None else {one: live.threshold(one) for one in live.category_ids}
    states = np.stack([row.states for row in table.rows]) if table.rows else _no_rows(table)
    yes, no, unknown = ((states == wanted).sum(axis=0).tolist() for wanted in (1, 0, -1))
    by_part = {}
    for part in PARTS:
        inside = np.array([row.split == part for row in table.rows], np.bool_)
        if inside.any():
            by_part[part] = (states[inside] == 1).sum(axis=0).tolist()
    found = []
    for at, category in enumerate(table.categories):
        threshold = thresholds.get(category.id)
        taken = accepted.get(category.id, _Accepted())
        found.append(
            {
                "name": category.name,
                "band": project.cuts.band(yes[at]).value,
                "yes": yes[at],
                "no": no[at],
                "unknown": unknown[at],
                "yes_by_part": {part: counts[at] for part, counts in by_part.items()},
                "threshold": None if threshold is None else round(float(threshold), 4),
                "auto_accepted": taken.labels,
                "expected_errors": round(taken.errors, 2),
            }
        )
    return found


def _no_rows(table: ExportTable) -> NDArray[np.int8]:
    return np.zeros((0, len(table.categories)), np.int8)


def _suggestions(project: Project) -> LiveSuggestions | None:
    """None if the project is not indexed, or if an image model would have to be loaded."""
    runner = NoRunner()
    try:
        found = LiveSuggestions.load(project, runner)
    except NotIndexedError:
        return None
    return None if runner.declined else found


def _bands(project: Project, categories: Sequence[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {"medium_from": project.cuts.medium, "head_from": project.cuts.head}
    for band in Band:
        inside = [one for one in categories if one["band"] == band.value]
        found[band.value] = {"categories": len(inside), "yes": sum(one["yes"] for one in inside)}
    return found


def card_text(found: dict[str, Any], suffix: str) -> str:
    """The card as JSON or Markdown."""
    if suffix == ".json":
        return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
    images, answers, bands = found["images"], found["answers"], found["bands"]
    lines = [
        f"# {_plain(found['project'])}: data card",
        "",
        f"Exported on {found['exported_at']} with {found['program']}, format {found['format']}: "
        f"{', '.join(map(_plain, found['files']))}.",
        *([f"Only images that fit the query `{_plain(found['query'])}`."] if found["query"] else []),
        "",
        "## Images and answers",
        "",
        f"- {images['exported']:,} images, {images['reviewed']:,} of them reviewed, "
        f"{images['answered']:,} with an answer",
        f"- not exported: {images['unreadable_or_missing']:,} missing or unreadable, "
        f"{images['without_answer_left_out']:,} without an answer",
        f"- {answers['yes']:,} yes, {answers['no']:,} no, {answers['unknown']:,} unknown. "
        "Unknown means that nobody has said: it is not no.",
        "",
        "| band | yes labels | categories | yes |",
        "|---|---|---|---|",
        f"| head | {bands['head_from']} or more | {bands['head']['categories']} | {bands['head']['yes']:,} |",
        f"| medium | {bands['medium_from']} to {bands['head_from'] - 1} | {bands['medium']['categories']} "
        f"| {bands['medium']['yes']:,} |",
        f"| tail | below {bands['medium_from']} | {bands['tail']['categories']} | {bands['tail']['yes']:,} |",
        "",
        "## Sources",
        "",
        "| source | yes | no |",
        "|---|---|---|",
        *(
            f"| {_SOURCES[name]} | {counts['yes']:,} | {counts['no']:,} |"
            for name, counts in found["sources"].items()
        ),
        "",
        *_trust(found),
        *_split(found["split"]),
        *_category_table(found["categories"]),
    ]
    return "\n".join(lines) + "\n"


def _trust(found: dict[str, Any]) -> list[str]:
    accepted = found["auto_accepted"]
    lines = ["## Model and known limits", "", f"- image model: {_plain(found['image_model'])}"]
    version = found["model_version"]
    lines.append(
        f"- model version: {_plain(version)}"
        if version
        else "- model version: none trained, live learner only"
    )
    if accepted["labels"]:
        lines.append(
            f"- {accepted['labels']:,} yes were accepted from the model; by its probabilities about "
            f"{accepted['expected_errors']:,.1f} of them are wrong"
        )
    if accepted["without_probability"]:
        lines.append(f"- {accepted['without_probability']:,} of them have no recorded probability")
    lines += [f"- {_plain(sentence)}" for sentence in (*found["losses"], *found["notes"])]
    return [*lines, ""]


def _split(split: dict[str, Any] | None) -> list[str]:
    if split is None:
        return []
    sizes = ", ".join(f"{part} {number:,}" for part, number in split["parts"].items())
    lines = ["## Split", "", f"- {sizes} images, by iterative stratification, seed {split['seed']}"]
    if split["together"]:
        lines.append(f"- {split['together']:,} images are in the part of an equal file")
    lines += [
        f"- {_plain(one['category'])} ({one['yes']} yes) is not in {' and '.join(one['absent'])}"
        for one in split["scarce"]
    ]
    return [*lines, ""]


def _category_table(categories: Sequence[dict[str, Any]]) -> list[str]:
    parts = list(categories[0]["yes_by_part"]) if categories else []
    headings = ["category", "band", "yes", *(f"yes in {part}" for part in parts), "no", "unknown"]
    headings += ["threshold", "auto-accepted", "expected errors"]
    lines = ["## Categories", "", f"| {' | '.join(headings)} |", "|" + "---|" * len(headings)]
    for one in categories:
        cells = [_plain(one["name"]), one["band"], one["yes"], *one["yes_by_part"].values(), one["no"]]
        threshold = "" if one["threshold"] is None else f"{one['threshold']:.2f}"
        cells += [one["unknown"], threshold, one["auto_accepted"], one["expected_errors"]]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def _plain(text: str) -> str:
    """Without what Markdown would take for markup or the end of a cell."""
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
