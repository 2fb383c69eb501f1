"""Commands that create a project and fill it: new, scan, index."""

import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.output import complain
from app.cli.parameters import given_path
from app.cli.relinking import candidate_json, candidate_words
from app.cli.stopping import Stopper, interrupts
from app.cli.text import LISTED, duration, joined_lines, listing, printable
from app.domain.counting import count
from app.domain.errors import CancelledError

if TYPE_CHECKING:
    from app.domain.categories import JoinedNames
    from app.domain.relinking import Candidate
    from app.services.features.plan import PatchMode
    from app.services.images.scan import ChangedImage, ScanReport
    from app.services.project.project import Project

PANEL = "Begin"
KEPT_SCAN = "what was found so far is kept, the next scan finds the rest"
READY_SECONDS = 60.0
LOOK_SECONDS = 0.2
KEPT_INDEX = "the features written so far are kept, and the next run continues from there"


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
            "--categories",
            metavar="FILE|A,B,C",
            help="Names separated by commas, or a text file with one per line.",
        ),
    ] = None,
    backbone: Annotated[
        str | None,
        typer.Option(
            "--backbone",
            metavar="NAME",
            help="Image model for the suggestions: photo-lite2 (the default), photo-lite0 (faster), bundled "
            "(drawings, for the demo), NAME@FILE or local-dir:FOLDER.",
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Create a project for one or more folders of images, and scan them."""
    from app.services.features.image_model import DEFAULT, checked_model
    from app.services.images.scan import scan as scan_project
    from app.services.project.creation import create_project

    call = Call(context, as_json)
    names, joined = _read_names(categories)
    wanted = DEFAULT if backbone is None else backbone
    with call.long_work(KEPT_SCAN) as (progress, stopper):
        check = partial(checked_model, runner=call.runner(), on_progress=progress, should_stop=stopper)
        with create_project(project, images, names, wanted, check_model=check) as created:
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


def scan(
    context: typer.Context,
    project: ProjectArgument,
    *,
    accept_cut: Annotated[
        bool | None,
        typer.Option(
            "--accept-cut-images/--refuse-cut-images",
            help="Use truncated JPEG files of which three quarters or more are there; kept for later scans. "
            "[default: as before; new projects refuse them]",
            show_default=False,
        ),
    ] = None,
    watch: Annotated[
        bool,
        typer.Option("--watch", help="Stay and scan folders again when files in them change, until Ctrl+C."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Look for new, changed, moved and missing images."""
    from app.services.images.scan import scan as scan_project
    from app.services.images.scan import set_accept_cut

    call = Call(context, as_json)
    with call.open(project) as opened:
        with call.long_work(KEPT_SCAN) as (progress, stopper):
            if accept_cut is not None:
                set_accept_cut(opened, accept_cut)
            report = scan_project(opened, progress, stopper)
            call.output.result(scan_json(report), scan_lines(report))
        if watch:
            call.output.flush()
            _watch(call, opened)


def _watch(call: Call, project: "Project") -> None:
    """Scan touched folders until Ctrl+C, which is the way to end this."""
    from app.services.images.scan import scan as scan_project
    from app.services.images.watching import FolderWatch

    stopper, watch = Stopper(), FolderWatch.of(project)
    with interrupts(stopper):
        watch.begin()
        try:
            watch.wait_until_ready(READY_SECONDS)
            for folder, reason in watch.unwatched().items():
                complain(f"{printable(str(folder))} is looked at every five minutes only: {reason}")
            complain("watching the image folders; Ctrl+C ends")
            while not stopper.requested:
                touched = watch.take()
                if not touched:
                    time.sleep(LOOK_SECONDS)
                    continue
                try:
                    report = scan_project(project, None, stopper, only=touched)
                except CancelledError:
                    break
                if report.found_news:
                    call.output.result(scan_json(report), scan_lines(report))
                    call.output.flush()
        finally:
            watch.close()


def index(
    context: typer.Context,
    project: ProjectArgument,
    *,
    patches: Annotated[
        bool | None,
        typer.Option(
            "--patches/--no-patches",
            help="Store patch tokens (12.5 KB per image), for tuning and heat maps. "
            "[default: as before; stored in new projects]",
            show_default=False,
        ),
    ] = None,
    full_patches: Annotated[
        bool,
        typer.Option("--full-patches", help="Store all patch tokens of the model, uncompressed: far larger."),
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Compute the features of new and changed images, and of categories."""
    from app.services.features.indexing import ensure_text_features
    from app.services.features.indexing import index as index_project
    from app.services.training.comparison import ensure_scores

    call = Call(context, as_json)
    with call.open(project) as opened, call.long_work(KEPT_INDEX) as (progress, stopper):
        runner = call.runner()
        report = index_project(opened, runner, progress, stopper, patches=_patch_mode(patches, full_patches))
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
            "switched_to": report.switched_to,
        }
        rate = f", {report.embedded / report.seconds:.3g}/s" if report.embedded and report.seconds else ""
        device = f" on {report.device}" if report.device else ""
        switched = report.switched_to
        lines = [
            f"{count(report.embedded, 'image')} indexed in {duration(report.seconds)}{device}{rate}; "
            f"{report.skipped:,} were up to date",
            *([] if switched is None else [f"the image model is {printable(switched)} from now on"]),
            *_patch_lines(report.patches_explained),
            *(printable(warning) for warning in report.warnings),
        ]
        call.output.result(value, lines + _problem_lines("could not be read", report.failed))


def _patch_mode(patches: bool | None, full: bool) -> "PatchMode | None":
    if full and patches is False:
        raise typer.BadParameter("--full-patches and --no-patches cannot be combined.")
    if full:
        return "full"
    return None if patches is None else "pooled" if patches else "none"


def _patch_lines(explained: float | None) -> list[str]:
    """Empty if the tokens lose nothing."""
    if explained is None or explained == 1.0:
        return []
    return [f"the patch tokens keep {explained:.1%} of their variance (measured on a sample)"]


def _read_names(given: str | None) -> "tuple[list[str], list[JoinedNames]]":
    """``--categories``: the lines of a file of that name if there is one, otherwise names with commas."""
    if given is None:
        return [], []
    from app.services.labelling.naming import read_names

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
        "notes": dict(report.notes),
        "nearly_whole": report.nearly_whole,
        "relinkable": [candidate_json(one) for one in report.relinkable],
    }


_SCAN_COUNTS = ("added", "changed", "moved", "returned", "unchanged", "missing", "unreadable")


def scan_lines(report: "ScanReport") -> list[str]:
    parts = [f"{getattr(report, name):,} {name}" for name in _SCAN_COUNTS if getattr(report, name)]
    passed_over = [f"skipped: {report.passed_over.words()}"] if report.passed_over.total else []
    return [
        ", ".join(parts) or "no images found",
        *passed_over,
        *(f"{count(number, 'image')} used with a note: {note}" for note, number in report.notes.items()),
        *_changed_lines(report.changed_labelled),
        *_problem_lines("with problems", report.problems),
        *_cut_lines(report.nearly_whole),
        *_problem_lines("missing", report.lost),
        *(["'tailspotter list PROJECT is:missing' lists all of them"] if len(report.lost) > LISTED else []),
        *_relink_lines(report.relinkable),
    ]


def _cut_lines(cut: int) -> list[str]:
    if not cut:
        return []
    return [
        f"{count(cut, 'JPEG file')} of these {'is' if cut == 1 else 'are'} nearly whole; 'tailspotter scan "
        "PROJECT --accept-cut-images' uses such files too"
    ]


def _relink_lines(found: "Sequence[Candidate]") -> list[str]:
    if not found:
        return []
    heading = (
        f"{count(len(found), 'missing image')} may have been moved and changed; "
        "'tailspotter relink PROJECT' links them:"
    )
    return [heading, *listing([candidate_words(one) for one in found])]


def _changed_lines(changed: "Sequence[ChangedImage]") -> list[str]:
    """The images to check again; the query is:changed lists all of them."""
    if not changed:
        return []
    images = "1 image shows" if len(changed) == 1 else f"{len(changed):,} images show"
    heading = (
        f"{images} a different picture than when labelled; check the labels, then mark as reviewed "
        "(the query is:changed finds them):"
    )
    return [heading, *listing([f"{found.name}: {_answer_words(found)}" for found in changed])]


def _answer_words(found: "ChangedImage") -> str:
    parts = [f"{found.yes:,} yes" if found.yes else "", f"{found.no:,} no" if found.no else ""]
    parts.append("its review does not count until it is reviewed again" if found.reviewed else "")
    return ", ".join(part for part in parts if part) or "labelled unknown"


def _problems_json(problems: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"path": str(path), "reason": reason} for path, reason in problems]


def _problem_lines(heading: str, problems: Sequence[tuple[str, str]]) -> list[str]:
    if not problems:
        return []
    return [f"{len(problems):,} {heading}:", *listing([f"{path}: {reason}" for path, reason in problems])]
