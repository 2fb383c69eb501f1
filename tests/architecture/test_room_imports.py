"""What is loaded when a room is loaded: import-linter reads the source, this looks at sys.modules.

Each room is imported whole, every module of it, in one fresh process.
"""

import json
import subprocess
import sys

import pytest

LEARNING = ["torch", "torchvision", "open_clip", "timm", "sklearn"]
WINDOW = ["PySide6"]
DATABASE = ["sqlalchemy", "alembic"]

ROOMS = {
    "app.domain": [*LEARNING, *WINDOW, *DATABASE, "numpy", "typer"],
    "app.protocol": [*LEARNING, *WINDOW, *DATABASE, "numpy", "typer"],
    "app.storage": [*LEARNING, *WINDOW, "typer"],
    "app.services": [*LEARNING, *WINDOW, "typer"],
    "app.cli": [*LEARNING, *WINDOW, *DATABASE, "numpy"],
    "app.jobs": [*LEARNING, "PySide6.QtWidgets", "PySide6.QtGui", "typer"],
    "app.gui": [*LEARNING, "typer"],
    "app.worker": [*WINDOW, *DATABASE, *LEARNING, "typer"],
    "app.bootstrap": [*LEARNING, *WINDOW, *DATABASE, "numpy", "typer"],
    "app.__main__": [*LEARNING, *WINDOW, *DATABASE, "numpy", "typer"],
}

IMPORT_ALL = """
import importlib, json, pkgutil, sys
names = [sys.argv[1]]
package = importlib.import_module(names[0])
for found in pkgutil.walk_packages(getattr(package, "__path__", []), names[0] + "."):
    if found.name.endswith(".migrations.env"):
        continue  # a script for alembic, which runs it with a database at hand
    importlib.import_module(found.name)
    names.append(found.name)
print(json.dumps({"imported": names, "loaded": [name for name in sys.argv[2:] if name in sys.modules]}))
"""


def load(script, *arguments):
    command = [sys.executable, "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_loads_nothing_that_its_rules_forbid(room):
    result = load(IMPORT_ALL, room, *ROOMS[room])
    assert result["loaded"] == []
    assert len(result["imported"]) > 1 or room in {"app.bootstrap", "app.__main__"}


def test_the_core_loads_torch_only_when_it_is_used():
    script = """
import json, sys
import cprfl_core
light = [name for name in ("torch", "numpy", "PIL") if name in sys.modules]
cprfl_core.average_precision([[0.5]], [[1]])
cprfl_core.FeatureStore
print(json.dumps([light, "torch" in sys.modules]))
"""
    assert load(script) == [[], False]
