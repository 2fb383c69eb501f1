"""The scores of the active version, as long as it is what was written."""

import logging

from app.domain.errors import KnownError
from app.services import version_files
from app.services.indexing import feature_key
from app.services.project import Project
from app.storage import model_versions
from cprfl_core.errors import CoreError
from cprfl_core.tuned_scores import TunedScores

log = logging.getLogger(__name__)


def active_scores(project: Project) -> tuple[TunedScores | None, str | None, str | None]:
    """Scores and name of the active version, None without one; and a sentence where it cannot be used."""
    with project.db.read() as s:
        version = model_versions.active(s)
    if version is None:
        return None, None, None
    if version.backbone != feature_key(project):
        problem = (
            f"The active model version {version.name} was tuned on features of another backbone; "
            "suggestions go on without it, tune anew."
        )
    else:
        try:
            return version_files.load_scores(project, version), version.name, None
        except (KnownError, CoreError) as error:
            problem = f"{error} Suggestions go on without it."
    log.warning("%s", problem)
    return None, None, problem
