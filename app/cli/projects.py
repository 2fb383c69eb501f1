"""Commands that make a project and fill it: new, scan, index."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import given_path
from app.cli.text import LISTED, count, duration, joined_lines, listing, printable

if TYPE_CHECKING:
    from app.domain.categories import JoinedNames
    from app.services.feature_plan import PatchWish
    from app.services.library import ChangedImage, ScanReport

PANEL = "Begin"
KEPT_SCAN = "what was found so far is kept, the next scan finds the rest"
KEPT_INDEX = "the features written so far are kept, the next run goes on from there"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(new)
    app.command(rich_help_panel=PANEL)(scan)
    app.command(rich_help_panel=PANEL)(index)


def new(
    context: typer.Context,
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", parser=given_path, help="Folder for the new project.")
    ],
    *,
    images: Annotated[
        list[Path],
        typer.Option(
            "--images", metavar="DIR", parser=given_path, help="Folder with images. May be repeated."
        ),
    ],
    categories: Annotated[
        str | None,
        typer.Option(
            "--categories", metavar="FILE|A,B,C", help="Names with commas, or a text file with one a line."
        ),
    ] = None,
    backbone: Annotated[
        str,
        typer.Option(
            "--backbone",
            metavar="NAME",
            help="Image model that suggestions rest on: bundled, NAME@FILE or local-dir:FOLDER.",
        ),
    ] = "bundled",
    as_json: JsonFlag = False,
) -> None:
    """Make a project for one or more folders of images, and scan them."""
    from app.services.image_model import checked_model
    from app.services.library import scan as scan_project
    from app.services.project import create_project

    call = Call(context, as_json)
    names, joined = _read_names(categories)
    with call.long_work(KEPT_SCAN) as (progress, stopper):
        check = partial(checked_model, runner=call.runner(), on_progress=progress, should_stop=stopper)
        with create_project(project, images, names, backbone, check_model=check) as created:
            call.log_to(created.layout.logs)
            report = scan_project(created, progress, stopper)
            folder, stored = created.folder, created.backbone
        value = {
            "project": str(folder),
            "categories": len(names),
            "joined": [one.to_json() for one in joined],
            "backbone": stored,
            **scan_json(report),
        }
        lines = [f"Project {printable(str(folder))}, {count(len(names), 'category', 'categories')}"]
        call.output.result(value, [*lines, *joined_lines(joined), *scan_lines(report)])


def scan(context: typer.Context, project: ProjectArgument, as_json: JsonFlag = False) -> None:
    """Look for new, changed, moved and missing images."""
    from app.services.library import scan as scan_project

    call = Call(context, as_json)
    with call.open(project) as opened, call.long_work(KEPT_SCAN) as (progress, stopper):
        report = scan_project(opened, progress, stopper)
        call.output.result(scan_json(report), scan_lines(report))


def index(
    context: typer.Context,
    project: ProjectArgument,
    *,
    patches: Annotated[
        bool | None,
        typer.Option(
            "--patches/--no-patches",
            help="Whether this project keeps patch tokens (12.5 KB an image), for tuning and heat maps. "
            "[default: as before; at first, kept]",
            show_default=False,
        ),
    ] = None,
    full_patches: Annotated[
        bool,
        typer.Option("--full-patches", help="Keep every patch token as the model gives it: far larger."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Compute what suggestions rest on: features of new and changed images, and of categories."""
    from app.services.indexing import ensure_text_features
    from app.services.indexing import index as index_project
    from app.services.models import ensure_scores

    call = Call(context, as_json)
    with call.open(project) as opened, call.long_work(KEPT_INDEX) as (progress, stopper):
        runner = call.runner()
        report = index_project(opened, runner, progress, stopper, patches=_patch_wish(patches, full_patches))
        ensure_text_features(opened, runner)
        ensure_scores(opened, runner)
        value = {
            "embedded": report.embedded,
            "skipped": report.skipped,
            "failed": _problems_json(report.failed),
            "seconds": round(report.seconds, 3),
            "device": report.device,
            "feature_key": report.feature_key,
            "patches": report.patches,
            "patches_explained": report.patches_explained,
            "bytes_needed": report.bytes_needed,
            "warnings": list(report.warnings),
        }
        rate = f", {report.embedded / report.seconds:.3g}/s" if report.embedded and report.seconds else ""
        device = f" on {report.device}" if report.device else ""
        lines = [
            f"{count(report.embedded, 'image')} indexed in {duration(report.seconds)}{device}{rate}; "
            f"{report.skipped:,} were up to date",
            *_patch_lines(report.patches_explained),
            *(printable(warning) for warning in report.warnings),
        ]
        call.output.result(value, lines + _problem_lines("could not be read", report.failed))


def _patch_wish(patches: bool | None, full: bool) -> "PatchWish | None":
    if full and patches is False:
        raise typer.BadParameter("--full-patches and --no-patches exclude each other.")
    if full:
        return "full"
    return None if patches is None else "pooled" if patches else "none"


def _patch_lines(explained: float | None) -> list[str]:
    """Nothing is said where nothing of the tokens was left out."""
    if explained is None or explained == 1.0:
        return []
    return [f"the patch tokens keep {explained:.1%} of their variance (measured on a sample)"]


def _read_names(given: str | None) -> "tuple[list[str], list[JoinedNames]]":
    """``--categories``: the lines of a file of that name if there is one, otherwise names with commas."""
    if given is None:
        return [], []
    from app.services.naming import read_names

    return read_names(given)


def scan_json(report: "ScanReport") -> dict[str, Any]:
    numbers = {name: getattr(report, name) for name in _SCAN_COUNTS}
    return {
        **numbers,
        "problems": _problems_json(report.problems),
        "missing_images": _problems_json(report.lost),
        "changed_labelled": [
            {"path": one.name, "yes": one.yes, "no": one.no, "reviewed": one.reviewed}
            for one in report.changed_labelled
        ],
        "passed_over": dict(report.passed_over.counts),
        "not_supported": report.passed_over.not_supported,
    }


_SCAN_COUNTS = ("added", "changed", "moved", "returned", "unchanged", "missing", "unreadable")


def scan_lines(report: "ScanReport") -> list[str]:
    parts = [f"{getattr(report, name):,} {name}" for name in _SCAN_COUNTS if getattr(report, name)]
    passed_over = [f"passed over: {report.passed_over.words()}"] if report.passed_over.total else []
    return [
        ", ".join(parts) or "no images found",
        *passed_over,
        *_changed_lines(report.changed_labelled),
        *_problem_lines("with problems", report.problems),
        *_problem_lines("missing", report.lost),
        *(["'tailspotter list PROJECT is:missing' lists all of them"] if len(report.lost) > LISTED else []),
    ]


def _changed_lines(changed: "Sequence[ChangedImage]") -> list[str]:
    """What is to be looked at again; all of it is listed by the query is:changed."""
    if not changed:
        return []
    images = "1 image shows" if len(changed) == 1 else f"{len(changed):,} images show"
    heading = (
        f"{images} another picture than when labelled; check the labels, then mark as reviewed "
        "(the query is:changed finds them):"
    )
    return [heading, *listing([f"{found.name}: {_answer_words(found)}" for found in changed])]


def _answer_words(found: "ChangedImage") -> str:
    parts = [f"{found.yes:,} yes" if found.yes else "", f"{found.no:,} no" if found.no else ""]
    parts.append("its review does not count until it is reviewed again" if found.reviewed else "")
    return ", ".join(part for part in parts if part) or "said to be unknown"


def _problems_json(problems: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"path": str(path), "reason": reason} for path, reason in problems]


def _problem_lines(heading: str, problems: Sequence[tuple[str, str]]) -> list[str]:
    if not problems:
        return []
    return [f"{len(problems):,} {heading}:", *listing([f"{path}: {reason}" for path, reason in problems])]
