"""Where in an image the model sees a category, for whoever shows it. Nothing is written."""

import tempfile
from pathlib import Path

import numpy as np

from app.domain.errors import BadInputError
from app.domain.heat import Heat
from app.domain.progress import StopCheck
from app.protocol.messages import HeatResult, ShowHeat
from app.services import version_files
from app.services.index_events import ignore
from app.services.indexing import NotIndexedError, feature_key, text_key
from app.services.project import Project
from app.services.runner import Runner, new_job_id, result_of
from app.storage import categories, images, model_versions


def heat_of(
    project: Project, runner: Runner, image_id: int, category_id: int, should_stop: StopCheck | None = None
) -> Heat:
    """The map of one category on one image, by the active version where it knows the category.

    Raises NotIndexedError before anything was indexed, NotFoundError, BadInputError for an image of unknown
    size, and the runner's known errors: their sentence says why there is no map.
    """
    key = feature_key(project)
    if key is None:
        raise NotIndexedError("There are no heat maps before the features of the images are computed.")
    with project.db.read() as s:
        image = images.get(s, image_id)
        category = categories.get(s, category_id).category
        version = model_versions.active(s)
    if not image.width or not image.height:
        raise BadInputError("There is no heat map for an image that cannot be read.")
    tuned = version is not None and version.backbone == key
    with tempfile.TemporaryDirectory(prefix="tailspotter-") as folder:
        out = Path(folder) / "heat.npy"
        command = ShowHeat(
            job=new_job_id(),
            features=str(project.layout.features(key)),
            expected_key=key,
            image=image_id,
            category=category_id,
            text=text_key(category),
            width=image.width,
            height=image.height,
            out=str(out),
            model=str(version_files.folder(project, version.id)) if version is not None and tuned else None,
        )
        result = result_of(runner.run(command, ignore, should_stop), HeatResult)
        values = np.load(out, allow_pickle=False)
    rows = tuple(tuple(float(value) for value in row) for row in values)
    return Heat(image_id, category_id, category.name, rows, result.rectangle, result.source == "tuned")
