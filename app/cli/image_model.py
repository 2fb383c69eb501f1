"""The command for the image model of a project: image-model."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.text import printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.domain.image_models import ImageModels, ModelFeatures
    from app.services.project.project import Project

PANEL = "Model"
KEPT = (
    "the project keeps its image model and the features computed so far; 'tailspotter index' continues the "
    "change, 'tailspotter image-model PROJECT --abandon' ends it"
)


def register(app: typer.Typer) -> None:
    app.command("image-model", rich_help_panel=PANEL)(image_model)


def image_model(
    context: typer.Context,
    project: ProjectArgument,
    *,
    use: Annotated[
        str | None,
        typer.Option(
            "--use",
            metavar="NAME",
            help="Compute this model's features, then use it.",
            show_default=False,
        ),
    ] = None,
    abandon: Annotated[
        bool, typer.Option("--abandon", help="Keep the model in use; end an unfinished change.")
    ] = False,
    remove: Annotated[
        str | None,
        typer.Option(
            "--remove", metavar="NAME", help="Delete the features of a model not in use.", show_default=False
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show or change the image model of a project; labels stay, and the former model can be used again."""
    from app.services.features.model_change import abandon_change, models_of, remove_features

    if (use is not None) + abandon + (remove is not None) > 1:
        raise typer.BadParameter("--use, --abandon and --remove cannot be combined.")
    call = Call(context, as_json)
    with call.open(project) as opened:
        done: dict[str, Any] = {}
        lines: list[str] = []
        if use is not None:
            done = _use(call, opened, use)
        elif abandon:
            name = abandon_change(opened)
            done, lines = {"abandoned": name}, [f"the change to {printable(name)} is abandoned"]
        elif remove is not None:
            gone = remove_features(opened, remove)
            done = {"removed": gone.name, "freed": gone.bytes}
            lines = [f"the features of {printable(gone.name)} are removed; {gone.size} are free again"]
        found = models_of(opened)
        call.output.result({**asdict(found), **done}, [*lines, *_lines(found)])


def _use(call: Call, project: "Project", name: str) -> dict[str, Any]:
    from app.services.features.indexing import ensure_text_features
    from app.services.features.model_change import change_image_model
    from app.services.training.comparison import ensure_scores

    with call.long_work(KEPT) as (progress, stopper):
        runner = call.runner()
        report = change_image_model(project, name, runner, progress, stopper)
        if report is not None:
            ensure_text_features(project, runner)
            ensure_scores(project, runner)
    return {
        "embedded": 0 if report is None else report.embedded,
        "failed": [] if report is None else [{"path": path, "reason": why} for path, why in report.failed],
    }


def _lines(found: "ImageModels") -> list[str]:
    lines = [f"in use: {_words(found.used, found.readable)}"]
    if found.wanted is not None:
        lines.append(
            f"changing to: {_words(found.wanted, found.readable)}; 'tailspotter index' continues the change"
        )
    return [*lines, *(f"kept: {_words(one, found.readable)}" for one in found.kept)]


def _words(one: "ModelFeatures", readable: int) -> str:
    done = f"features of {one.images:,} of {count(readable, 'image')}"
    return f"{printable(one.name)} ({done}, {one.size})"
