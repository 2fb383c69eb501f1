"""Small fixtures that every room may use. Nothing here needs Qt or torch."""

import gc
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

from app.services.images.scan import scan
from app.services.project.creation import create_project
from app.services.project.project import Project
from app.services.settings import FOLDER_VARIABLE
from app.storage import migrate

Colour = tuple[int, int, int]

# Property tests do not fail because the machine is busy: they judge results, not times.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def short_collections(request: pytest.FixtureRequest) -> None:
    """Tests with Qt collect garbage often, so that a leftover QObject is deleted on its own thread.

    What libraries made at import is set aside: walking through it takes 0.2 s each time.
    """
    if "qapp" in request.fixturenames:
        gc.collect()
        gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def tables_made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A new project gets a copy of tables that the migrations made once: they take 0.1 s each time."""
    made, create = tmp_path_factory.mktemp("tables") / "project.db", migrate.create_tables

    def copy(path: Path) -> None:
        if not made.exists():
            create(made)
        shutil.copyfile(made, path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate, "create_tables", copy)
        yield


@pytest.fixture(scope="session", autouse=True)
def settings_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What the program remembers about this computer is neither read nor written by tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(tmp_path_factory.mktemp("settings")))
        yield


@pytest.fixture
def make_image() -> Callable[..., Path]:
    """``make_image(path, size=(8, 6), colour=(200, 30, 30))`` writes an image, returns the path."""

    def make(path: Path, size: tuple[int, int] = (8, 6), colour: Colour = (200, 30, 30)) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, colour).save(path)
        return path

    return make


@pytest.fixture
def images_folder(tmp_path: Path, make_image: Callable[..., Path]) -> Path:
    """Five images, ``one.png`` to ``five.png``, each of another colour."""
    folder = tmp_path / "images"
    for i, name in enumerate(["one", "two", "three", "four", "five"]):
        make_image(folder / f"{name}.png", colour=(40 * i, 255 - 40 * i, 90))
    return folder


@pytest.fixture
def project(tmp_path: Path, images_folder: Path) -> Iterator[Project]:
    """A scanned project over ``images_folder`` with the categories cat, dog and bird (1, 2 and 3)."""
    with create_project(tmp_path / "project", [images_folder], ["cat", "dog", "bird"]) as created:
        scan(created)
        yield created
