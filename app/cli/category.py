"""The command for the properties of a category: category."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.text import printable
from app.domain.counting import count

if TYPE_CHECKING:
    from app.domain.category_properties import CategoryProperties, PossibleMeaning

PANEL = "Label"


def register(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(category)


def category(
    context: typer.Context,
    project: ProjectArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name or alias of the category.")],
    *,
    rename: Annotated[
        str | None, typer.Option("--rename", metavar="NEW", help="The new name.", show_default=False)
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option(
            "--alias",
            metavar="A",
            help="Another name. May be repeated; replaces those before, '' removes them.",
            show_default=False,
        ),
    ] = None,
    description: Annotated[
        str | None,
        typer.Option("--description", metavar="TEXT", help="What the category means.", show_default=False),
    ] = None,
    sense: Annotated[
        str | None,
        typer.Option(
            "--sense",
            metavar="ID|auto",
            help="The meaning of the name, one of those listed; auto: the program chooses.",
            show_default=False,
        ),
    ] = None,
    prompt: Annotated[
        list[str] | None,
        typer.Option(
            "--prompt",
            metavar="TEXT",
            help="A text for image models that read prompts, with {name} for the name. May be repeated.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="K",
            help="A digit, or a letter that no command has, which labels it in the window; '' for none.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show or change a category: its names, its key, and what its name means to the image model."""
    from app.domain.category_properties import CategoryEdit
    from app.services.features.category_properties import category_properties
    from app.services.labelling.naming import find_category
    from app.services.project.categories import edit_category

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = find_category(opened, name)
        aliases = None if alias is None else tuple(one for one in alias if one.strip())
        edit = CategoryEdit(
            rename, aliases, description, None if prompt is None else tuple(prompt), sense, key
        )
        changed = edit != CategoryEdit() and bool(edit_category(opened, found.id, edit))
        shown = category_properties(opened, found.id)
        call.output.result({**_json(shown), "changed": changed}, _lines(shown))


def _json(shown: "CategoryProperties") -> dict[str, Any]:
    category = shown.category
    return {
        "category": category.name,
        "aliases": list(category.aliases),
        "description": category.description,
        "key": category.shortcut,
        "text": "nouns" if shown.by_nouns else "prompts",
        "prompts": [] if shown.by_nouns else list(category.prompts()),
        "sense": None if shown.used is None else shown.used.sense,
        "chosen": shown.chosen,
        "meanings": [
            {
                "sense": one.sense,
                "names": one.names,
                "definition": one.definition,
                "use": one.use,
                "classes": one.classes,
            }
            for one in shown.meanings
        ],
        "problem": shown.problem,
    }


def _lines(shown: "CategoryProperties") -> list[str]:
    category = shown.category
    lines = [printable(category.name)]
    if category.aliases:
        lines.append(f"other names: {printable(', '.join(category.aliases))}")
    if category.shortcut:
        lines.append(f"key: {category.shortcut}")
    if category.description:
        lines.append(f"description: {printable(category.description)}")
    if not shown.by_nouns:
        return [*lines, *(f"prompt: {printable(one)}" for one in category.prompts())]
    if shown.used is None:
        return [*lines, printable(shown.problem)]
    by = "a person" if shown.chosen else "the program"
    lines.append(f"meaning, chosen by {by}: {shown.used.words}")
    lines += ["", "possible meanings (--sense ID chooses one, --sense auto leaves it to the program):"]
    return lines + [
        f"{'*' if one == shown.used else ' '} {one.sense}  {one.words} ({_use_words(one)})"
        for one in shown.meanings
    ]


def _use_words(meaning: "PossibleMeaning") -> str:
    if meaning.use == "direct":
        return f"directly: {count(meaning.classes, 'class', 'classes')} of the image model"
    if meaning.use == "related":
        return "through its relatives"
    return "too far from everything the image model knows: no text score"
