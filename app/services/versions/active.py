"""The scores of the active version, if its files are intact."""

import logging

from app.domain.errors import KnownError
from app.domain.language import translate
from app.services.features.indexing import feature_key
from app.services.project.project import Project
from app.services.versions import files as version_files
from app.storage import model_versions
from cprfl_core.common.errors import CoreError
from cprfl_core.tuning.scores import TunedScores

log = logging.getLogger(__name__)


def active_scores(project: Project) -> tuple[TunedScores | None, str | None, str | None]:
    """Scores and name of the active version, None if there is none; and a sentence if it cannot be used."""
    with project.db.read() as s:
        version = model_versions.active(s)
    if version is None:
        return None, None, None
    if version.backbone != feature_key(project):
        problem = translate(
            "Training",
            "The active model version {version} was tuned on features of another backbone; "
            "suggestions continue without it; train again.",
        ).format(version=version.name)
    else:
        try:
            return version_files.load_scores(project, version), version.name, None
        except (KnownError, CoreError) as error:
            problem = translate("Training", "{error} Suggestions continue without it.").format(error=error)
    log.warning("%s", problem)
    return None, None, problem
