"""Commands that change labels: label, reviewed, undo, redo."""

from typing import Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.text import printable
from app.domain.changes import ChangeSet
from app.domain.counting import count
from app.domain.labels import LabelState

PANEL = "Label"
ImageArgument = Annotated[
    str, typer.Argument(metavar="IMAGE", help="Path inside the image folder, or a file name that is unique.")
]
ImagesArgument = Annotated[list[str], typer.Argument(metavar="IMAGE...", help="Paths or unique file names.")]


def _category_option(name: str, help_text: str) -> Any:
    return typer.Option(name, metavar="CATEGORY", help=f"{help_text} May be repeated.")


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(label)
    app.command(rich_help_panel=PANEL)(reviewed)
    app.command(rich_help_panel=PANEL)(undo)
    app.command(rich_help_panel=PANEL)(redo)


def label(
    context: typer.Context,
    project: ProjectArgument,
    image: ImageArgument,
    *,
    yes: Annotated[list[str] | None, _category_option("--yes", "The image shows it.")] = None,
    no: Annotated[list[str] | None, _category_option("--no", "The image does not show it.")] = None,
    unknown: Annotated[list[str] | None, _category_option("--unknown", "Remove the label.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Label one image; all options together are one undo step."""
    from app.services.labelling.naming import decide_by_name

    call = Call(context, as_json)
    answers = {LabelState.YES: yes or [], LabelState.NO: no or [], LabelState.UNKNOWN: unknown or []}
    if not any(answers.values()):
        raise typer.BadParameter("give at least one --yes, --no or --unknown CATEGORY")
    with call.open(project) as opened:
        result = decide_by_name(opened, image, answers)
    changed = [
        {"category": result.names[change.category_id], "before": change.before, "after": change.after}
        for change in result.change.labels
    ]
    lines = [
        f"{printable(result.image.name)}: {entry['category']} {entry['before']} -> {entry['after']}"
        for entry in changed
    ]
    value = {"image": result.image.name, "changed": changed}
    call.output.result(value, lines or [f"{printable(result.image.name)}: nothing to change"])


def reviewed(
    context: typer.Context,
    project: ProjectArgument,
    images: ImagesArgument,
    *,
    off: Annotated[bool, typer.Option("--off", help="Remove the review marks.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Mark images as reviewed: categories without an answer count as no on them."""
    from app.services.labelling.decisions import review
    from app.services.labelling.naming import find_images

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = find_images(opened, images)
        change = review(opened, [image.id for image in found], reviewed=not off)
    value = {"images": [image.name for image in found], "changed": len(change.reviews)}
    state = "not reviewed" if off else "reviewed"
    call.output.result(value, [f"{count(len(change.reviews), 'image')} marked as {state}"])


def undo(context: typer.Context, project: ProjectArgument, as_json: JsonFlag = False) -> None:
    """Undo the last step, no matter who made it."""
    from app.services.labelling.decisions import undo as undo_step

    call = Call(context, as_json)
    with call.open(project) as opened:
        _report(call, "undone", undo_step(opened))


def redo(context: typer.Context, project: ProjectArgument, as_json: JsonFlag = False) -> None:
    """Redo the step that was last undone."""
    from app.services.labelling.decisions import redo as redo_step

    call = Call(context, as_json)
    with call.open(project) as opened:
        _report(call, "redone", redo_step(opened))


def _report(call: Call, verb: str, change: ChangeSet) -> None:
    numbers = {
        "labels": len(change.labels),
        "reviews": len(change.reviews),
        "categories": len(change.categories),
    }
    words = ", ".join(
        count(numbers[key], noun, plural)
        for key, noun, plural in (
            ("labels", "label", None),
            ("reviews", "review mark", None),
            ("categories", "category", "categories"),
        )
        if numbers[key]
    )
    call.output.result(
        {verb: change.description, **numbers},
        [f"{verb}: {printable(change.description)}{f' ({words})' if words else ''}"],
    )
