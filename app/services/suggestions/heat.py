"""Heat maps: where in an image the model sees a category. Nothing is stored."""

import tempfile
from pathlib import Path

import numpy as np

from app.domain.errors import BadInputError
from app.domain.heat import Heat
from app.domain.language import translate
from app.domain.progress import StopCheck
from app.protocol.messages import HeatResult, ShowHeat
from app.services.features.indexing import NotIndexedError, feature_key, text_key
from app.services.features.nouns import store_noun_texts, uses_nouns
from app.services.project.project import Project
from app.services.runner.events import log_warnings
from app.services.runner.runner import Runner, new_job_id, result_of
from app.services.versions import files as version_files
from app.storage import categories, images, model_versions


def heat_of(
    project: Project, runner: Runner, image_id: int, category_id: int, should_stop: StopCheck | None = None
) -> Heat:
    """The heat map of one category on one image, from the active version if it knows the category.

    Raises NotIndexedError before the first indexing, NotFoundError, BadInputError for an image of unknown
    size, and the runner's known errors.
    """
    key = feature_key(project)
    if key is None:
        raise NotIndexedError(
            translate("Suggestions", "Heat maps need the features of the images; compute them first.")
        )
    with project.db.read() as s:
        image = images.get(s, image_id)
        category = categories.get(s, category_id).category
        version = model_versions.active(s)
    if not image.width or not image.height:
        raise BadInputError(translate("Suggestions", "There is no heat map of an image that cannot be read."))
    tuned = version is not None and version.backbone == key
    with tempfile.TemporaryDirectory(prefix="tailspotter-") as folder:
        out = Path(folder) / "heat.npy"
        command = ShowHeat(
            job=new_job_id(),
            features=str(project.layout.features(key)),
            expected_key=key,
            image=image_id,
            category=category_id,
            text=store_noun_texts(project, category) if uses_nouns(project) else text_key(category),
            width=image.width,
            height=image.height,
            out=str(out),
            model=str(version_files.folder(project, version.id)) if version is not None and tuned else None,
        )
        result = result_of(runner.run(command, log_warnings, should_stop), HeatResult)
        values = np.load(out, allow_pickle=False)
    rows = tuple(tuple(float(value) for value in row) for row in values)
    return Heat(image_id, category_id, category.name, rows, result.rectangle, result.source == "tuned")
