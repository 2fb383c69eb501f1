"""Commands that train the model and manage its versions: train, models."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import MAX_COUNT, MAX_EPOCHS, MAX_SEED
from app.cli.text import duration, printable
from app.domain.counting import count
from app.domain.models import BANDS
from app.domain.sizes import size_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.models import Measure, ModelVersion
    from app.domain.training import Flip, VersionComparison

PANEL = "Model"
KEPT = "no version is made before every fold is done; after that, what was learned is kept"
VERSION = typer.Argument(metavar="VERSION", help="Name of a version, such as v1, or none.")
VersionArgument = Annotated[str, VERSION]

models = typer.Typer(
    name="models",
    no_args_is_help=True,
    help="List, compare, activate, roll back, annotate or delete versions.",
)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(train)
    app.add_typer(models, rich_help_panel=PANEL)


def train(
    context: typer.Context,
    project: ProjectArgument,
    *,
    epochs: Annotated[
        int | None,
        typer.Option(
            "--epochs",
            metavar="N",
            min=1,
            max=MAX_EPOCHS,
            help="Passes over the images.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", min=0, max=MAX_SEED, help="Same seed, same version.")
    ] = 0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Do not resume an interrupted run.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Train a new version on all labels; it is activated only if it is measurably better."""
    from app.services.training.training import train as train_project

    call = Call(context, as_json)
    with call.open(project) as opened, call.long_work(KEPT) as (progress, stopper):
        report = train_project(
            opened, call.runner(), progress, stopper, fresh=fresh, epochs=epochs, seed=seed
        )
        facts = report.facts
        lines = [
            f"{report.model} in {duration(facts.seconds)} on {facts.device}, from "
            f"{count(facts.images, 'labelled image')}"
            + (", resumed where it was interrupted" if report.resumed else ""),
            f"Started from {facts.start}; tuned {facts.tuned}",
            *(printable(warning) for warning in report.warnings),
            report.reason,
        ]
        call.output.result(report.to_json(), lines)
        if not as_json:
            sides = (
                ("in use before", report.baseline),
                (report.model, report.metrics),
                ("alone", report.alone),
            )
            rows = [[words, *(_measure(side.get(band)) for band in BANDS)] for words, side in sides]
            call.output.table(["out of fold", *BANDS], rows, numeric=range(1, 5))


@models.command("list")
def list_versions(context: typer.Context, project: ProjectArgument, as_json: JsonFlag = False) -> None:
    """List the versions, newest first, with their precision."""
    from app.services.versions.versions import versions

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = versions(opened)
    if as_json:
        for one in found:
            call.output.json(_version_json(one))
        return
    if not found:
        call.output.lines(["no versions yet; 'tailspotter train' makes the first one"])
        return
    rows = [
        [
            one.name + (" *" if one.active else ""),
            f"{one.created_at.astimezone():%Y-%m-%d %H:%M}",
            one.card.parent or "-",
            f"{one.card.facts.images:,}",
            *(_measure(one.card.metrics.get(band)) for band in BANDS),
            size_words(one.bytes),
            printable(one.note) or _of_other_model(one) or one.reason,
        ]
        for one in found
    ]
    headings = ["version", "made", "parent", "images", *BANDS, "size", "note or reason"]
    call.output.table(headings, rows, numeric=range(3, 9))
    call.output.lines(["* in use" if any(one.active for one in found) else "none is in use"])


@models.command("show")
def show(
    context: typer.Context, project: ProjectArgument, version: VersionArgument, as_json: JsonFlag = False
) -> None:
    """Show the card of one version."""
    from app.domain.errors import BadInputError
    from app.services.versions.versions import version_named

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = version_named(opened, version)
    if found is None:
        raise BadInputError("'none' means no version, so there is nothing to show.")
    if as_json:
        call.output.json(_version_json(found))
        return
    card, facts = found.card, found.card.facts
    other = _of_other_model(found)
    call.output.lines(
        [
            f"{found.name}{' (in use)' if found.active else ''}, parent {card.parent or 'none'}, "
            f"{count(facts.images, 'image')} with {card.yes:,} yes, {duration(facts.seconds)} on "
            f"{facts.device}",
            f"Started from {facts.start}; tuned {facts.tuned}",
            found.reason,
            *([f"Note: {printable(found.note)}"] if found.note else []),
            *([other] if other else []),
        ]
    )
    sides = (("in use before", card.baseline), ("suggestions", card.metrics), ("head alone", card.alone))
    rows = [[words, *(_interval(side.get(band)) for band in BANDS)] for words, side in sides]
    call.output.table(["out of fold", *BANDS], rows, numeric=range(1, 5))


@models.command("compare")
def compare(
    context: typer.Context,
    project: ProjectArgument,
    a: Annotated[str, VERSION],
    b: Annotated[str, VERSION],
    *,
    changed: Annotated[
        int,
        typer.Option(
            "--changed", metavar="N", min=0, max=MAX_COUNT, help="Images whose suggestions flip, at most N."
        ),
    ] = 0,
    as_json: JsonFlag = False,
) -> None:
    """Compare two versions on the present labels, paired and out of fold; 'none' means no version."""
    from app.services.labelling.naming import image_names
    from app.services.training.comparison import compare as compare_versions
    from app.services.training.comparison import what_changed

    call = Call(context, as_json)
    with call.open(project) as opened:
        runner = call.runner()
        found = compare_versions(opened, runner, a, b)
        flips = what_changed(opened, runner, a, b, changed) if changed else []
        paths = image_names(opened) if flips else {}
    if as_json:
        call.output.json(_comparison_json(found, flips, paths))
        return
    call.output.lines([found.verdict])
    rows = [
        [one.band, str(one.categories), f"{one.a:.3f}", f"{one.b:.3f}", f"{one.low:+.3f} to {one.high:+.3f}"]
        for one in found.bands
    ]
    call.output.table(["band", "categories", a, b, "difference, 90 %"], rows, numeric=range(1, 5))
    call.output.lines(
        f"{printable(paths[one.image_id])}  {printable(one.category)}  {one.before:.2f} -> {one.after:.2f}"
        for one in flips
    )


@models.command("activate")
def activate(
    context: typer.Context, project: ProjectArgument, version: VersionArgument, as_json: JsonFlag = False
) -> None:
    """Use this version from now on; 'none' for the live learners alone."""
    from app.services.versions.versions import activate as activate_version

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = activate_version(opened, version)
    _tell_active(call, found)


@models.command("rollback")
def rollback(context: typer.Context, project: ProjectArgument, as_json: JsonFlag = False) -> None:
    """Use the version that was active before the present one."""
    from app.services.versions.versions import roll_back

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = roll_back(opened)
    _tell_active(call, found)


@models.command("delete")
def delete(
    context: typer.Context, project: ProjectArgument, version: VersionArgument, as_json: JsonFlag = False
) -> None:
    """Delete a version permanently; the active one cannot be deleted."""
    from app.services.versions.versions import delete as delete_version

    call = Call(context, as_json)
    with call.open(project) as opened:
        freed = delete_version(opened, version)
    line = f"{printable(version)} is deleted, {size_words(freed)} freed"
    call.output.result({"deleted": version, "bytes": freed}, [line])


@models.command("note")
def note(
    context: typer.Context,
    project: ProjectArgument,
    version: VersionArgument,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What to remember about it; an empty text removes the note.")
    ],
    as_json: JsonFlag = False,
) -> None:
    """Write a note on a version, which is shown beside it."""
    from app.services.versions.versions import set_note, version_named

    call = Call(context, as_json)
    with call.open(project) as opened:
        set_note(opened, version, text)
        found = version_named(opened, version)
    assert found is not None
    words = f"note: {printable(found.note)}" if found.note else "note removed"
    call.output.result({"model": found.name, "note": found.note}, [f"{found.name}: {words}"])


def _of_other_model(one: "ModelVersion") -> str:
    """Why a version cannot be activated now; empty if it can."""
    return "" if one.other_model is None else f"of another image model: {printable(one.other_model)}"


def _tell_active(call: Call, found: "ModelVersion | None") -> None:
    name = None if found is None else found.name
    call.output.result({"active": name}, [f"{name or 'no trained version'} is in use"])


def _version_json(one: "ModelVersion") -> dict[str, Any]:
    card = one.card
    sides = {"metrics": card.metrics, "baseline": card.baseline, "alone": card.alone}
    return {
        "model": one.name,
        "active": one.active,
        "created": one.created_at.isoformat(),
        "activated": None if one.activated_at is None else one.activated_at.isoformat(),
        "backbone": one.backbone,
        "other_image_model": one.other_model,
        "reason": one.reason,
        "note": one.note,
        "bytes": one.bytes,
        "parent": card.parent,
        "yes": card.yes,
        **asdict(card.facts),
        **{side: {band: _bounds(found.get(band)) for band in BANDS} for side, found in sides.items()},
    }


def _comparison_json(
    found: "VersionComparison", flips: "Sequence[Flip]", paths: "Mapping[int, str]"
) -> dict[str, Any]:
    return {
        "a": found.a,
        "b": found.b,
        "better": found.b_is_better,
        "reason": found.verdict,
        "bands": {
            one.band: {
                "categories": one.categories,
                **{name: round(getattr(one, name), 4) for name in ("a", "b", "low", "high")},
            }
            for one in found.bands
        },
        "categories": [
            {"name": one.category, "yes": one.yes, "a": _rounded(one.a), "b": _rounded(one.b)}
            for one in found.categories
        ],
        "changed": [
            {
                "image": paths[one.image_id],
                "category": one.category,
                "a": round(one.before, 4),
                "b": round(one.after, 4),
            }
            for one in flips
        ],
    }


def _bounds(measure: "Measure | None") -> dict[str, float] | None:
    if measure is None:
        return None
    return {name: round(getattr(measure, name), 4) for name in ("value", "low", "high")}


def _measure(measure: "Measure | None") -> str:
    return "-" if measure is None else f"{measure.value:.3f}"


def _interval(measure: "Measure | None") -> str:
    return "-" if measure is None else f"{measure.value:.3f} ({measure.low:.3f} to {measure.high:.3f})"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
