"""Checking the image model of a project before anything depends on it."""

from app.domain.language import translate
from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.protocol.messages import BackboneResult, DescribeBackbone
from app.services.image_models.hub import require_files
from app.services.project.project import BUNDLED
from app.services.runner.events import log_warnings
from app.services.runner.runner import Runner, new_job_id, result_of
from cprfl_core.backbone.names import DEFAULT, absolute_name
from cprfl_core.backbone.photo_models import PHOTO_MODELS, verified_weights

__all__ = ["DEFAULT", "checked_model"]


def checked_model(
    name: str,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> str:
    """``name`` with absolute paths, once ``runner`` has loaded the model and computed features with it.

    The bundled model is not checked, of a photo model the weights file alone. Nothing is downloaded. Raises
    BackboneError, NotFoundError for a model that must be downloaded first, CancelledError or the runner's
    known errors.
    """
    wanted = absolute_name(name)
    if wanted in PHOTO_MODELS:
        verified_weights(PHOTO_MODELS[wanted])
    elif wanted != BUNDLED:
        require_files(wanted)
        if on_progress is not None:
            on_progress(Progress(translate("Features", "Loading the image model"), 0, None))
        command = DescribeBackbone(job=new_job_id(), backbone=wanted)
        result_of(runner.run(command, log_warnings, should_stop), BackboneResult)
    return wanted
