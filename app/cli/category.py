"""The command for the properties of a category: category."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.context import Call, JsonFlag, ProjectArgument
from app.cli.parameters import MAX_COUNT
from app.cli.text import printable
from app.domain.category_properties import Conflicting
from app.domain.counting import count

if TYPE_CHECKING:
    from app.domain.category_properties import CategoryProperties, MergeEffects, PossibleMeaning
    from app.services.project.project import Project

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
    parent: Annotated[
        str | None,
        typer.Option(
            "--parent",
            metavar="NAME",
            help="The category above it: a yes for NAME counts as a yes for the parent, too. '' for none.",
            show_default=False,
        ),
    ] = None,
    group: Annotated[
        str | None,
        typer.Option("--group", metavar="TEXT", help="A heading; '' for none.", show_default=False),
    ] = None,
    colour: Annotated[
        str | None,
        typer.Option("--colour", metavar="#RRGGBB", help="Its colour; '' for none.", show_default=False),
    ] = None,
    order: Annotated[
        int | None,
        typer.Option(
            "--order", min=1, max=MAX_COUNT, metavar="N", help="Its place, from 1.", show_default=False
        ),
    ] = None,
    archive: Annotated[
        bool | None,
        typer.Option(
            "--archive/--restore",
            help="Hide it and keep its labels, or show it again.",
            show_default=False,
        ),
    ] = None,
    merge_into: Annotated[
        str | None,
        typer.Option(
            "--merge-into",
            metavar="OTHER",
            help="Move its labels and names to OTHER and remove it, as one undo step.",
            show_default=False,
        ),
    ] = None,
    conflicts: Annotated[
        Conflicting,
        typer.Option(
            "--conflicts",
            help="With --merge-into, where one says yes and the other no: keep OTHER's answer, take the yes, "
            "or leave the image open.",
        ),
    ] = Conflicting.KEEP,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --merge-into: only say what would happen.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Show or change a category: names, key, parent, place, and what the image model reads."""
    from app.domain.category_properties import CategoryEdit
    from app.services.features.category_properties import category_properties
    from app.services.labelling.naming import find_archived, find_category
    from app.services.project.categories import archive as archive_category
    from app.services.project.categories import edit_category, restore
    from app.services.project.category_order import put_at

    call = Call(context, as_json)
    with call.open(project) as opened:
        found = find_archived(opened, name)
        aliases = None if alias is None else tuple(one for one in alias if one.strip())
        above = None
        if parent is not None:
            above = find_category(opened, parent).id if parent.strip() else 0
        prompts = None if prompt is None else tuple(prompt)
        edit = CategoryEdit(
            rename, aliases, description, prompts, sense, key, parent=above, group=group, colour=colour
        )
        if merge_into is not None:
            if edit != CategoryEdit() or order is not None or archive is not None:
                raise typer.BadParameter("--merge-into removes the category; change nothing else of it")
            target = find_category(opened, merge_into)
            _merge(call, opened, (found.id, target.id), conflicts, dry_run=dry_run)
            return
        if dry_run or conflicts is not Conflicting.KEEP:
            raise typer.BadParameter("--dry-run and --conflicts belong to --merge-into")
        changed = edit != CategoryEdit() and bool(edit_category(opened, found.id, edit))
        if order is not None:
            changed |= bool(put_at(opened, found.id, order))
        if archive is not None:
            changed |= bool((archive_category if archive else restore)(opened, found.id))
        shown = category_properties(opened, found.id)
        call.output.result({**_json(shown), "changed": changed}, _lines(shown))


def _merge(
    call: Call, project: "Project", pair: tuple[int, int], conflicts: Conflicting, *, dry_run: bool
) -> None:
    from app.services.project.category_merge import merge_categories, merge_effects

    effects = merge_effects(project, *pair)
    if not dry_run:
        merge_categories(project, *pair, conflicts)
    values = {
        "category": effects.source.name,
        "into": effects.target.name,
        "yes": effects.yes,
        "no": effects.no,
        "both_yes": effects.both_yes,
        "both_no": effects.both_no,
        "conflicts": effects.conflicts,
        "conflicts_decided": conflicts.value,
        "aliases": list(effects.aliases),
        "children": list(effects.children),
        "key": effects.key,
        "merged": not dry_run,
    }
    call.output.result(values, _merge_lines(effects, conflicts, dry_run))


def _merge_lines(effects: "MergeEffects", conflicts: Conflicting, dry_run: bool) -> list[str]:
    source, target = printable(effects.source.name), printable(effects.target.name)
    decided = {
        Conflicting.KEEP: f"the answer of {target} stays",
        Conflicting.YES: "the yes counts",
        Conflicting.OPEN: "the images are left open",
    }[conflicts]
    lines = [
        f"Would merge {source} into {target}:" if dry_run else f"Merged {source} into {target}:",
        f"  {count(effects.yes, 'yes label')} and {count(effects.no, 'no label')} move",
        f"  {count(effects.both_yes, 'image')} with yes for both, {effects.both_no:,} with no for both",
        f"  {count(effects.conflicts, 'conflict')} of yes and no: {decided}",
    ]
    if effects.aliases:
        lines.append(f"  new other names: {printable(', '.join(effects.aliases))}")
    if effects.children:
        lines.append(f"  moves below {target}: {printable(', '.join(effects.children))}")
    if effects.key:
        lines.append(f"  takes the key {effects.key}")
    return lines


def _json(shown: "CategoryProperties") -> dict[str, Any]:
    category = shown.category
    return {
        "category": category.name,
        "aliases": list(category.aliases),
        "description": category.description,
        "key": category.shortcut,
        "parent": shown.parent or None,
        "children": list(shown.children),
        "group": category.group or None,
        "colour": category.colour,
        "order": shown.place or None,
        "archived": category.archived_at is not None,
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
    if shown.parent:
        lines.append(f"parent: {printable(shown.parent)}")
    if shown.children:
        lines.append(f"below it: {printable(', '.join(shown.children))}")
    if category.group:
        lines.append(f"group: {printable(category.group)}")
    if category.colour:
        lines.append(f"colour: {category.colour}")
    if category.archived_at is not None:
        lines.append("archived: it is hidden, and its labels are kept")
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
