"""Commands for image models: backbones list, download, remove, check."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag
from app.cli.text import printable
from app.domain.counting import count
from app.domain.sizes import size_words

if TYPE_CHECKING:
    from app.services.image_models.checks import PassedCheck
    from app.services.image_models.download import DownloadPlan
    from app.services.image_models.listing import ListedModel

PANEL = "Model"
KEPT = "what was received is kept, download again to continue"
NAME = typer.Argument(metavar="NAME", help="Name of an image model, as 'backbones list' shows it.")
NameArgument = Annotated[str, NAME]

backbones = typer.Typer(
    name="backbones", no_args_is_help=True, help="List, download, check or remove image models."
)


def register(app: typer.Typer) -> None:
    app.add_typer(backbones, rich_help_panel=PANEL)


@backbones.command("list")
def list_models(context: typer.Context, as_json: JsonFlag = False) -> None:
    """List the image models: those of the installation, then those that can be downloaded."""
    from app.services.image_models.listing import listed_models

    call = Call(context, as_json)
    found = listed_models()
    if as_json:
        for one in found:
            call.output.json(one.to_json())
        return
    rows = [
        [
            one.model.name,
            _state(one),
            _size(one),
            "-" if one.check is None else f"{one.check.images_per_second:,.0f}",
            one.model.use.value,
            one.model.licence,
        ]
        for one in found
    ]
    headings = ["name", "state", "size", "images/s", "good for", "licence"]
    call.output.table(headings, rows, numeric=(2, 3))
    call.output.lines(["images/s: the model alone, on this computer, when it was last checked"])


@backbones.command("download")
def download(context: typer.Context, name: NameArgument, as_json: JsonFlag = False) -> None:
    """Download a model from the model hub, verify it and check it; continues an interrupted download."""
    from app.services.image_models.download import download_model

    call = Call(context, as_json)
    call.log_to(None)
    with call.long_work(KEPT) as (progress, stopper):
        passed = download_model(name, call.runner(), _tell_size, progress, stopper)
        call.output.result(_json(passed), [f"{name} is ready", *_lines(passed)])


@backbones.command("remove")
def remove(context: typer.Context, name: NameArgument, as_json: JsonFlag = False) -> None:
    """Delete the files of a downloaded model. Projects that use it keep their labels and features."""
    from app.services.image_models.removal import remove_model

    call = Call(context, as_json)
    call.log_to(None)
    freed = remove_model(name)
    lines = [
        f"{name} is removed, {size_words(freed)} are free again",
        "A project that uses it keeps its labels and features, and needs the model again for new images",
    ]
    call.output.result({"name": name, "freed_bytes": freed}, lines)


@backbones.command("check")
def check(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Name of an image model, ARCHITECTURE@FILE, or local-dir:FOLDER."
        ),
    ],
    as_json: JsonFlag = False,
) -> None:
    """Load a model, compute features with it and measure its speed. Nothing is downloaded."""
    from app.services.image_models.checks import check_model

    call = Call(context, as_json)
    call.log_to(None)
    with call.long_work("nothing was changed") as (progress, stopper):
        passed = check_model(name, call.runner(), progress, stopper)
        call.output.result(_json(passed), [f"{printable(passed.name)} works", *_lines(passed)])


def _tell_size(plan: "DownloadPlan") -> None:
    left = "" if plan.left == plan.total else f", {size_words(plan.left)} of it still to come"
    typer.echo(
        f"{plan.name}: {count(len(plan.files), 'file')}, {size_words(plan.total)}{left}, to "
        f"{printable(str(plan.folder.parent))}",
        err=True,
    )


def _state(one: "ListedModel") -> str:
    if one.missing_package:
        return f"needs {one.missing_package.replace('_', '-')}"
    return one.state.value


def _size(one: "ListedModel") -> str:
    if one.model.hub is None:
        return "included"
    known = one.disk_bytes or one.model.download_bytes
    return "?" if known is None else size_words(known)


def _json(passed: "PassedCheck") -> dict[str, Any]:
    return {
        "name": passed.name,
        "state": "ready",
        "feature_key": passed.key,
        "embed_dim": passed.embed_dim,
        "image_size": list(passed.image_size),
        "images_per_second": round(passed.images_per_second, 2),
        "device": passed.device,
        "precision": passed.precision,
    }


def _lines(passed: "PassedCheck") -> list[str]:
    height, width = passed.image_size
    return [
        f"{width} x {height} pixels, {count(passed.embed_dim, 'value')} per image, "
        f"{passed.images_per_second:,.1f} images a second on {passed.device} ({passed.precision})"
    ]
