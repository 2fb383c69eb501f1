"""Every command on projects in which something is not there: it works, or says what is missing."""

import json
import shutil

import pytest
import typer
from bare_projects import NAMES, SITUATIONS, make_bare
from colour_backbone import colour_runner

from app.cli.main import build

SCAN = {"added", "changed", "moved", "returned", "unchanged", "missing", "unreadable", "problems"}
ACCEPT = {"category", "precision", "threshold", "images", "expected_errors", "errors_at_most", "missed"}
ACCEPT |= {"evidence", "reason", "applied", "accepted"}
IMPORT = {"format", "path", "dry_run", "overwrite", "images", "matched", "unmatched", "outside", "created"}
IMPORT |= {"yes", "no", "reviewed", "unchanged", "conflicts"}
EXPORT = {"format", "path", "images", "categories", "labels", "reviewed", "left_out", "size"}
CATEGORY = {"category", "aliases", "description", "text", "prompts", "sense", "chosen", "meanings"}
CATEGORY |= {"problem", "changed"}
REPLAY = {"images", "categories", "rare_categories", "rare_positives", "page", "seed", "queues", "seconds"}
COMPARED = {"a", "b", "better", "reason", "bands", "categories", "changed"}
INDEX = {"embedded", "skipped", "failed", "seconds", "device", "feature_key", "patches", "warnings"}
INDEX |= {"patches_explained", "bytes_needed"}
STEP = {"labels", "reviews", "categories"}

# By command: the ways in which it is called, P the project and T a folder, and the keys of its JSON. The
# first way is tried in the fast tests, all of them in the slow ones. In this order: later ones change more.
CALLS: dict[str, tuple[list[str], set[str]]] = {
    "scan": (["P"], SCAN),
    "stats": (["P"], {"images", "categories", "model"}),
    "suggest": (
        [
            "P",
            "P --top 1",
            "P --query is:unreviewed",
            "P --query sort:unsure",
            "P --query sort:score:red",
            "P --query similar:red0.png",
            "P --query suggested:red",
            "P --query unsure:red",
            "P --query -score:red>0.5",
            "P --query band:tail",
            "P --query is:duplicate",
            "P --query no:red",
        ],
        {"image", "suggestions"},
    ),
    "list": (
        ["P", "P is:unreadable", "P is:missing", "P is:changed", "P is:outdated", "P sort:unsure"],
        {"image", "state", "problem", "reviewed", "changed"},
    ),
    "queries": (["P --save x --query red", "P", "P --rename x --to y", "P --delete y"], {"name", "query"}),
    "insights": (["P", "P counts", "P together --most 2", "P map", "P map --compute"], set()),
    "roots": (["P"], {"path", "name", "images", "there"}),
    "duplicates": (["P", "P --near"], {"kind", "images"}),
    "relink": (["P --accept-all", "P --undo", "P --accept x y"], set()),
    "relocate": (["P images T/images", "P images T/nowhere"], {"old", "new", "found", "known"} | SCAN),
    "review": (
        [f"P red --queue {queue}" for queue in ("likely", "unsure", "wrong", "missing", "random")],
        {"image", "category", "probability", "reason"},
    ),
    "accept": (["P red --dry-run", "P red --yes", "P red"], ACCEPT),
    "export": (["P coco T/a.json", "P csv T/a.csv", "P coco T/b.json --all", "P csv T/b.csv --all"], EXPORT),
    "simulate": (["P --truth T/truth.json --plot T/x.svg", "P --truth T/truth.json --until 1"], REPLAY),
    "models list": (["P"], {"model"}),
    "models show": (["P none", "P v1"], set()),
    "models compare": (["P none none --changed 3", "P none v1"], COMPARED),
    "models activate": (["P none", "P v1"], {"active"}),
    "models rollback": (["P"], {"active"}),
    "models note": (["P none text", "P v1 text"], {"model", "note"}),
    "models delete": (["P none", "P v1"], {"deleted", "bytes"}),
    "image-model": (
        ["P", "P --abandon", "P --remove bundled", "P --use ViT-B-32@laion", "P --use bundled"],
        {"used", "wanted", "kept", "readable"},
    ),
    "project-settings": (
        ["P", "P --medium-from 3 --suggestions recall", "P --head-from 1"],
        {"medium_from", "head_from", "suggestions"},
    ),
    "doctor": (["P"], {"ok", "checks"}),
    "merge": (["P P", "P T/nowhere"], set()),
    "check": (["P", "P --repair"], {"project", "ok", "backup", "not_kept", "findings"}),
    "backup": (["P"], {"backup", "name", "made", "reason", "size"}),
    "restore": (["P x --dry-run"], set()),
    "train": (["P --epochs 1"], {"model", "activated", "reason", "metrics", "baseline", "alone"}),
    "index": (["P", "P --no-patches", "P --full-patches"], INDEX),
    "import": (
        [
            "P coco T/labels.json --allow-empty",
            "P coco T/empty.json --dry-run",
            "P coco T/labels.json --complete",
        ],
        IMPORT,
    ),
    "reviewed": (["P red0.png", "P red0.png --off"], {"images", "changed"}),
    "label": (["P red0.png --yes red", "P broken0.png --no blue", "P x --unknown red"], {"image", "changed"}),
    "category": (["P red", "P red --sense auto", "P red --description warm", "P x --rename y"], CATEGORY),
    "undo": (["P", "P", "P", "P"], STEP | {"undone"}),
    "redo": (["P", "P"], STEP | {"redone"}),
    "new": (["T/new --images T/images", "T/named --images T/images --categories red"], SCAN),
}
LINES = {"suggest", "review", "list", "queries", "roots", "duplicates", "models list"}
"""Commands that print one JSON object a line."""
ALWAYS = {
    *(
        "scan",
        "stats",
        "export",
        "models list",
        "models activate",
        "image-model",
        "project-settings",
        "doctor",
        "index",
        "import",
        "backup",
        "check",
    ),
    "new",
}
"""Commands that need nothing: their first way works in each situation."""
BACKBONES = {f"backbones {name}" for name in ("list", "download", "check", "remove")}
WITHOUT_A_PROJECT = {"open", "demo", *BACKBONES}
"""They show the window, make their own collection, or concern no project."""
FAST = ("nothing", "no categories", "all archived")


def names_of(command, before=""):
    for name, one in command.commands.items():
        if hasattr(one, "commands"):
            yield from names_of(one, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_command_is_tried():
    assert set(names_of(typer.main.get_command(build()))) == set(CALLS) | WITHOUT_A_PROJECT


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """``bare(situation, indexed)``: the folder that holds such a project and its images, made once."""
    made = {}

    def make(situation, indexed):
        if (situation, indexed) not in made:
            base = tmp_path_factory.mktemp("bare")
            make_bare(base, situation, colour_runner() if indexed else None)
            made[situation, indexed] = base
        return made[situation, indexed]

    return make


@pytest.fixture
def call(cli, tmp_path):
    """``call(base, command, way, *more)`` on a copy of the project in ``base``."""

    def run(base, command, way, *more):
        place = tmp_path / "files"
        if not place.exists():
            place.mkdir()
            shutil.copytree(base / "project", tmp_path / "project")
            (place / "images").symlink_to(base / "images")
            write_files(place, [path.stem for path in (base / "images").iterdir()])
        words = (
            tmp_path / "project" if word == "P" else word.replace("T/", f"{place}/") for word in way.split()
        )
        return cli(*command.split(), *words, *more)

    return run


def write_files(place, names):
    """A truth, labels of one image, and an import file without anything."""
    nothing = {"images": [], "annotations": [], "categories": []}
    (place / "empty.json").write_text(json.dumps(nothing))
    labels = {
        "images": [{"id": at, "file_name": f"{name}.png"} for at, name in enumerate(names, 1)],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1}] if names else [],
        "categories": [{"id": 1, "name": "red"}],
    }
    (place / "labels.json").write_text(json.dumps(labels))
    truth = [{"path": f"{name}.png", "categories": ["red"]} for name in names]
    (place / "truth.json").write_text(json.dumps({"categories": list(NAMES), "images": truth}))


def check(command, result, keys):
    """``result`` of a call with --json."""
    assert result.code in (0, 1), result
    if result.code:
        sentences = [line for line in result.err.splitlines() if line.startswith("tailspotter: ")]
        assert sentences and sentences[-1] == result.err.splitlines()[-1], result
        return
    for line in result.lines if command in LINES else [result.json]:
        assert set(line) >= keys, line


@pytest.mark.slow
@pytest.mark.parametrize("situation", FAST)
def test_a_command_works_or_says_in_a_sentence_what_is_missing(call, bare, situation):
    for command, (ways, keys) in CALLS.items():
        result = call(bare(situation, True), command, ways[0], "--json")
        check(command, result, keys)
        if command in ALWAYS and (command, situation) != ("import", "all archived"):
            assert result.code == 0, (command, result)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("indexed", [False, True], ids=["before indexing", "indexed"])
@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_same_in_every_way_and_situation(call, bare, situation, indexed):
    for command, (ways, keys) in CALLS.items():
        for way in ways:
            check(command, call(bare(situation, indexed), command, way, "--json"), keys)
            assert call(bare(situation, indexed), command, way).code in (0, 1)
