"""Small projects with images that were never scanned: interchange looks at paths and labels only."""

from app.domain.labels import Decision, LabelState
from app.services.interchange.exporting import export_labels
from app.services.interchange.importing import import_labels
from app.services.labelling.decisions import decide, label_states, review
from app.services.project.categories import add_categories
from app.services.project.creation import create_project
from app.storage import categories as category_store
from app.storage import images as image_store


def make_project(folder, paths, categories=(), roots=None):
    """An open project whose image folders exist and are empty; ``roots`` maps a folder name to its paths."""
    roots = roots or {"photos": list(paths)}
    folders = []
    for name in roots:
        root = folder / name
        root.mkdir(parents=True)
        folders.append(root)
    project = create_project(folder / "project", folders, categories)
    with project.db.write() as session:
        by_name = {root.name: root_id for root_id, root in image_store.roots(session).items()}
        rows = [row(by_name[name], path) for name, inside in roots.items() for path in inside]
        image_store.add_many(session, rows)
    return project


def row(root_id, path, state="ok"):
    return {
        "root_id": root_id,
        "path": path,
        "size": 10,
        "mtime_ns": 0,
        "width": 640,
        "height": 480,
        "content_hash": f"{abs(hash(path)):032x}"[:32],
        "state": state,
        "problem": None if state == "ok" else "broken",
    }


def image_ids(project):
    with project.db.read() as session:
        return {image.path: image.id for image in image_store.all_images(session)}


def category_ids(project):
    with project.db.read() as session:
        return {category.name: category.id for category in category_store.all_categories(session)}


def say(project, image, /, **answers):
    """``say(project, "a.jpg", cat="yes")``; categories are created as needed."""
    add_categories(project, list(answers))
    ids, names = image_ids(project), category_ids(project)
    decide(
        project, [Decision(ids[image], names[name], LabelState(answer)) for name, answer in answers.items()]
    )


def mark(project, *paths):
    ids = image_ids(project)
    review(project, [ids[path] for path in paths])


def states(project):
    """{path: {category: "yes" | "no"}}, implied no included, unknown left out."""
    table = label_states(project)
    paths = {image_id: path for path, image_id in image_ids(project).items()}
    names = {category_id: name for name, category_id in category_ids(project).items()}
    words = {1: "yes", 0: "no"}
    return {
        paths[image_id]: {
            names[category_id]: words[state]
            for category_id, state in zip(table.category_ids, line.tolist(), strict=True)
            if state >= 0
        }
        for image_id, line in zip(table.image_ids, table.matrix(), strict=True)
    }


def reviewed(project):
    table = label_states(project)
    paths = {image_id: path for path, image_id in image_ids(project).items()}
    return {paths[i] for i, mark in zip(table.image_ids, table.reviewed.tolist(), strict=True) if mark}


def import_coco(project, path, **options):
    return import_labels(project, "coco", path, **options)


def export_coco(project, path, **options):
    return export_labels(project, "coco", path, **options)
