"""The image models of the open project, for the storage thread."""

from collections.abc import Callable

from app.domain.image_models import ImageModels, ModelFeatures
from app.services.features.model_change import (
    abandon_change,
    models_of,
    remove_features,
    request_image_model,
)
from app.services.project.project import Project


class ImageModelStore:
    def __init__(self, project: Project, note_indexing: Callable[[], None]) -> None:
        """``note_indexing`` is called after a switch, which is not an external change then."""
        self._project, self._note_indexing = project, note_indexing

    def shown(self) -> ImageModels:
        return models_of(self._project)

    def request(self, name: str) -> bool:
        """Whether the model is in use now; else indexing is to be started."""
        switched = request_image_model(self._project, name)
        if switched:
            self._note_indexing()
        return switched

    def abandon(self) -> str:
        """The name of the model that is not wanted any longer."""
        return abandon_change(self._project)

    def remove(self, name: str) -> ModelFeatures:
        """What was removed."""
        return remove_features(self._project, name)
