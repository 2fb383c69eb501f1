"""Change the settings of a project, and follow what other programs have changed."""

from app.domain.categories import BandCuts
from app.domain.errors import BadInputError
from app.domain.language import number, translate
from app.domain.project_settings import MOST_YES, ProjectSettings, ThresholdAim
from app.services.project.project import Project
from app.storage import project_settings


def change_settings(
    project: Project,
    *,
    medium: int | None = None,
    head: int | None = None,
    aim: ThresholdAim | None = None,
) -> ProjectSettings:
    """Store what is not None, and use it from now on. Raises BadInputError and ReadOnlyError."""
    with project.db.write() as s:
        before = project_settings.read(s)
        cuts = BandCuts(
            before.cuts.medium if medium is None else medium, before.cuts.head if head is None else head
        )
        if not 1 <= cuts.medium < cuts.head <= MOST_YES:
            raise BadInputError(
                translate(
                    "Project",
                    "Medium from {medium} and head from {head} yes labels: the first must be at least 1, and "
                    "the second higher than it, at most {most}.",
                ).format(medium=number(cuts.medium), head=number(cuts.head), most=number(MOST_YES))
            )
        after = ProjectSettings(cuts, before.aim if aim is None else aim)
        project_settings.write(s, after)
    project.current.settings = after
    return after


def settings_changed(project: Project) -> bool:
    """Take over what another program has changed; whether there was anything."""
    with project.db.read() as s:
        stored = project_settings.read(s)
    changed = stored != project.settings
    project.current.settings = stored
    return changed
