"""The image model that a project is to rest on, tried before anything depends on it."""

from app.domain.progress import Progress, ProgressCallback, StopCheck
from app.protocol.messages import BackboneResult, DescribeBackbone
from app.services.index_events import ignore
from app.services.project import BUNDLED
from app.services.runner import Runner, new_job_id, result_of
from cprfl_core.backbone_names import absolute_name


def checked_model(
    name: str,
    runner: Runner,
    on_progress: ProgressCallback | None = None,
    should_stop: StopCheck | None = None,
) -> str:
    """``name`` with absolute paths, once ``runner`` has loaded the model and got features from it.

    The bundled one is not loaded: it came with the program. Nothing is downloaded. Raises BackboneError,
    CancelledError or the runner's known errors.
    """
    wanted = absolute_name(name)
    if wanted != BUNDLED:
        if on_progress is not None:
            on_progress(Progress("Loading the image model", 0, None))
        command = DescribeBackbone(job=new_job_id(), backbone=wanted)
        result_of(runner.run(command, ignore, should_stop), BackboneResult)
    return wanted
