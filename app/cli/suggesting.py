"""Commands that show what the model suggests: suggest, review."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.output import complain
from app.cli.parameters import MAX_COUNT, MAX_SEED
from app.cli.text import printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.domain.suggestions import Suggestion
    from app.services.project.project import Project
    from app.services.suggestions.suggestions import LiveSuggestions

PANEL = "Label"
PORTION = 256
NO_CATEGORIES = (
    "there are no suggestions because there are no categories yet; add the first ones in the window "
    "(press T on an image), or with 'tailspotter import'."
)


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(suggest)
    app.command(rich_help_panel=PANEL)(review)


def suggest(
    context: typer.Context,
    project: ProjectArgument,
    *,
    top: Annotated[
        int, typer.Option("--top", metavar="K", min=1, max=MAX_COUNT, help="Categories per image.")
    ] = 5,
    query: Annotated[
        str, typer.Option("--query", metavar="Q", help="Only these images, for example 'is:unreviewed'.")
    ] = "",
    as_json: JsonFlag = False,
) -> None:
    """Suggest categories for every readable image, most likely first."""
    from app.services.labelling.naming import image_names
    from app.services.query.find import run_query

    call = Call(context, as_json)
    with call.open(project) as opened:
        live = _live(call, opened)
        ids = run_query(opened, query, live)
        paths = image_names(opened)
        if live is not None and not live.category_ids:
            complain(NO_CATEGORIES)
        unseen = 0
        for image_id, proposed in _for_images(opened, live, ids, top):
            unseen += proposed is None
            _print_suggestions(call, paths[image_id], proposed or [])
    if unseen:
        complain(f"{count(unseen, 'image')} without features; 'tailspotter index' computes them.")


def _live(call: Call, project: "Project") -> "LiveSuggestions | None":
    """None without any features, if there are imported suggestions to show instead."""
    from app.services.features.indexing import NotIndexedError
    from app.services.suggestions.imported import any_imported
    from app.services.suggestions.suggestions import LiveSuggestions

    try:
        live = LiveSuggestions.load(project, call.runner())
    except NotIndexedError:
        if not any_imported(project):
            raise
        return None
    for problem in live.problems:
        complain(problem)
    return live


def _for_images(
    project: "Project", live: "LiveSuggestions | None", ids: Sequence[int], top: int
) -> Iterator[tuple[int, list["Suggestion"] | None]]:
    """Each image with its suggestions; without features what other models suggest, None if nothing."""
    from app.services.suggestions.imported import imported_suggestions

    indexed = set() if live is None else set(live.image_ids.tolist())
    rest = iter(ids)
    while portion := list(islice(rest, PORTION)):
        known = [image_id for image_id in portion if image_id in indexed]
        others = [image_id for image_id in portion if image_id not in indexed]
        found = imported_suggestions(project, others, top)
        if live is not None and known:
            found |= zip(known, live.for_images(known, top), strict=True)
        yield from ((image_id, found.get(image_id)) for image_id in portion)


def _print_suggestions(call: Call, path: str, proposed: Sequence["Suggestion"]) -> None:
    if call.output.as_json:
        suggestions = [
            {
                "category": one.category,
                "probability": round(one.probability, 4),
                "learner": one.learner,
                "state": one.state,
            }
            for one in proposed
        ]
        call.output.json({"image": path, "suggestions": suggestions})
        return
    call.output.lines([printable(path)])
    call.output.lines(
        (
            f"  {one.probability:.2f}  {printable(one.category)} ({one.learner})"
            if one.learned
            else f"     -  {printable(one.category)} (not learned yet)"
        )
        + ("" if one.state == "unknown" else f", is {one.state}")
        for one in proposed
    )


def review(
    context: typer.Context,
    project: ProjectArgument,
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="Name or alias.")],
    *,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, max=MAX_COUNT, help="The number of images.")
    ] = 20,
    queue: Annotated[
        str,
        typer.Option(
            "--queue",
            metavar="QUEUE",
            help="likely (positives), unsure (near the threshold), wrong or missing (labels to check), "
            "random, imported (what another model suggests).",
        ),
    ] = "likely",
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="S", min=0, max=MAX_SEED, help="Seed for the random sample."),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """List the images to review for one category: undecided ones, most likely first."""
    from app.domain.review import LABEL_CHECKS, Queue
    from app.services.labelling.naming import find_category, image_names
    from app.services.review.queue import category_queue, queue_named
    from app.services.suggestions.imported import imported_cards
    from app.services.suggestions.suggestions import LiveSuggestions

    call = Call(context, as_json)
    wanted_queue = queue_named(queue)
    with call.open(project) as opened:
        wanted = find_category(opened, category)
        if wanted_queue is Queue.IMPORTED:  # it needs no features
            cards, learned = imported_cards(opened, wanted.id, None, limit), True
        else:
            live = LiveSuggestions.load(opened, call.runner())
            for problem in live.problems:
                complain(problem)
            cards = category_queue(opened, live, wanted.id, wanted_queue, limit=limit, seed=seed)
            learned = live.learned(wanted.id)
        if wanted_queue is Queue.LIKELY:  # unlike on the screen, the random sample may come last
            cards.sort(key=lambda card: -card.probability)
        paths = image_names(opened)
    for card in cards:
        path = paths[card.image_id]
        if as_json:
            probability = round(card.probability, 4)
            call.output.json(
                {"image": path, "category": wanted.name, "probability": probability, "reason": card.reason}
            )
            continue
        more = f", {count(len(card.copies), 'near-duplicate')}" if card.copies else ""
        shown = f"{card.probability:.2f}" if learned else "   -"
        call.output.lines([f"{shown}  {printable(path)}  ({card.reason}{more})"])
    if not cards:
        nothing = "no label looks like a mistake" if wanted_queue in LABEL_CHECKS else "no image is undecided"
        if wanted_queue is Queue.IMPORTED:
            nothing = "no undecided image has an imported suggestion"
        complain(f"{nothing} for {wanted.name!r}.")
