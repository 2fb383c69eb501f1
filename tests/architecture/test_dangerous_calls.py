"""No code of ours runs code from a file: the source is searched for the calls that could.

Imports of pickle, marshal, shelve and the XML parsers of the standard library are refused by ruff (TID251).
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("app", "cprfl_core", "tools", "benchmarks")
PHOTO_WEIGHTS = "cprfl_core/backbone/photo.py"
RESTRICTED = {PHOTO_WEIGHTS, "cprfl_core/benchmark/trunk_weights.py"}
"""The files that call torch.load, with the reader that builds tensors only."""

NEVER = {
    *("pickle.load", "pickle.loads", "pickle.Unpickler", "dill.load", "joblib.load", "marshal.load"),
    *(
        "marshal.loads",
        "shelve.open",
        "yaml.load",
        "yaml.full_load",
        "yaml.unsafe_load",
        "pandas.read_pickle",
    ),
    *("eval", "exec", "os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"),
    *("tempfile.mktemp", "ssl._create_unverified_context", "runpy.run_path"),
}
NEVER_METHODS = {"extractall"}
OPEN_CLIP_LOADERS = {"load_checkpoint", "load_state_dict"}


def faults_in(source: str) -> list[str]:
    """The dangerous calls in a module, each with its line."""
    tree = ast.parse(source)
    of_open_clip = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("open_clip")
        for alias in node.names
    }
    return [
        f"line {node.lineno}: {problem}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and (problem := _problem(node, of_open_clip & OPEN_CLIP_LOADERS))
    ]


def _problem(call: ast.Call, loaders: set[str]) -> str | None:
    name = ast.unparse(call.func)
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    keywords = {one.arg: one.value for one in call.keywords}

    def given(keyword: str, value: bool) -> bool:
        return _is(keywords.get(keyword), value)

    problems = {
        "can run code from a file": name in NEVER,
        "can write outside its folder": method in NEVER_METHODS,
        "needs weights_only=True": name in {"torch.load", *loaders} and not given("weights_only", True),
        "reads pickles": "allow_pickle" in keywords and not given("allow_pickle", False),
        "starts a shell": "shell" in keywords and not given("shell", False),
        "trusts what comes over the network": given("trust_remote_code", True) or given("verify", False),
    }
    return next((f"{name} {words}" for words, found in problems.items() if found), None)


def _is(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def sources() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def test_no_call_in_the_source_can_run_code_from_a_file():
    found = {path: faults_in(path.read_text("utf-8")) for path in sources()}
    assert len(found) > 300
    assert {path.name: faults for path, faults in found.items() if faults} == {}


def test_pickled_weights_are_read_in_known_places_only():
    calling = {
        path.relative_to(ROOT).as_posix() for path in sources() if "torch.load(" in path.read_text("utf-8")
    }
    assert calling == RESTRICTED


def test_the_pickled_weights_of_photo_models_are_pinned_by_their_hash():
    from cprfl_core.backbone.photo_models import PHOTO_MODELS

    assert PHOTO_MODELS
    for model in PHOTO_MODELS.values():
        assert len(bytes.fromhex(model.sha256)) == 32
    assert "verified_weights(model)" in (ROOT / PHOTO_WEIGHTS).read_text("utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "import pickle\npickle.load(stream)",
        "torch.load(path)",
        "torch.load(path, weights_only=flag)",
        "np.load(path, allow_pickle=True)",
        "np.load(path, allow_pickle=flag)",
        "yaml.load(text)",
        "eval(text)",
        "exec(text)",
        "subprocess.run(words, shell=True)",
        "subprocess.run(words, shell=flag)",
        "tarfile.open(path).extractall(folder)",
        "zipfile.ZipFile(path).extractall()",
        "client.get(url, verify=False)",
        "from open_clip.factory import load_checkpoint\nload_checkpoint(model, path)",
    ],
)
def test_each_of_these_would_be_found(source):
    assert faults_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "model.eval()",
        "application.exec()",
        "Image.eval(image, invert)",
        "np.load(path)",
        "from cprfl_core.training import load_checkpoint\nload_checkpoint(folder)",
        "model.load_state_dict(state)",
    ],
)
def test_harmless_calls_are_not(source):
    assert faults_in(source) == []
