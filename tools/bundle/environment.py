"""Make the environment from which the application is bundled.

    python tools/bundle/environment.py FOLDER

The versions are those of constraints.txt, except torch: the bundle is for the processor alone, so the newest
CPU build that the index offers is taken. Where it offers none (the usual index has one for Windows and macOS,
but for Linux a CUDA build of several GB), set TAILSPOTTER_TORCH to what pip should install instead, for
example the path of a wheel. torchvision is bundled without its compiled part, see torchvision_operators.py.
"""

import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEPARATE = ("torch", "torchvision")


def main(folder: Path) -> None:
    venv.create(folder, with_pip=True, clear=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    constraints = folder / "constraints.txt"
    pinned = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    kept = [line for line in pinned if name_of(line) not in SEPARATE]
    torch = os.environ.get("TAILSPOTTER_TORCH") or cpu_build(python)
    print(f"Installing {torch} and what Tailspotter needs; this takes some minutes.", flush=True)
    install(python, torch)
    # torchvision is chosen to fit it, never the other way round.
    kept.append(f"torch=={version_of(python, 'torch')}")
    constraints.write_text("\n".join(kept) + "\n", encoding="utf-8")
    install(python, "--constraint", constraints, "setuptools>=77", "pyinstaller>=6.10")
    requirements = folder / "requirements.txt"
    requirements.write_text("\n".join(runtime_requirements()) + "\n", encoding="utf-8")
    install(python, "--constraint", constraints, "--requirement", requirements)
    # Editable, so that a bundle always has the sources as they are.
    install(python, "--no-deps", "--no-build-isolation", "--editable", ROOT)


def cpu_build(python: Path) -> str:
    """The newest torch for the processor alone, as pip names it; plain "torch" where none is listed."""
    listed = pip(python, "index", "versions", "torch", capture=True)
    builds = re.findall(r"[0-9.]+\+cpu", listed)
    return f"torch=={builds[0]}" if builds else "torch"


def runtime_requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [one for one in project["dependencies"] if name_of(one) != "torch"]


def name_of(requirement: str) -> str:
    return re.split(r"[=<>~!]", requirement)[0].strip()


def version_of(python: Path, package: str) -> str:
    ask = f"from importlib.metadata import version; print(version({package!r}))"
    return subprocess.run([python, "-c", ask], check=True, text=True, stdout=subprocess.PIPE).stdout.strip()


def install(python: Path, *arguments: object) -> None:
    pip(python, "install", "--quiet", *arguments)


def pip(python: Path, *arguments: object, capture: bool = False) -> str:
    command = [python, "-m", "pip", *map(str, arguments)]
    done = subprocess.run(command, check=not capture, text=True, stdout=subprocess.PIPE if capture else None)
    return done.stdout or ""


if __name__ == "__main__":
    main(Path(sys.argv[1]))
