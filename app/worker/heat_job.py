"""The job of heat maps: an adapter from the protocol to cprfl_core.tuning.heat_source."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.protocol.messages import HeatResult, ShowHeat
from app.worker.context import JobContext
from cprfl_core.common.disk import fault_and_remedy
from cprfl_core.common.errors import InputError

if TYPE_CHECKING:
    from cprfl_core.tuning.heat_source import HeatSource


class HeatJob:
    """Keeps the source of the maps for the folder of the last command."""

    def __init__(self) -> None:
        self._source: HeatSource | None = None

    def show(self, command: ShowHeat, context: JobContext) -> HeatResult:
        """Raises what HeatSource.grid raises."""
        from cprfl_core.tuning.heat_source import HeatSource

        folder = Path(command.features)
        source = self._source
        if source is None or (source.store.folder, source.store.key) != (folder, command.expected_key):
            source = self._source = HeatSource(folder, command.expected_key)
        context.started(command.expected_key, "cpu", "float32")
        grid, seen_by = source.grid(
            command.image,
            command.category,
            command.text,
            (command.width, command.height),
            None if command.model is None else Path(command.model),
        )
        try:
            np.save(command.out, grid.values)
        except OSError as error:
            raise InputError(f"{command.out} cannot be written: {fault_and_remedy(error)}.") from error
        return HeatResult(out=command.out, rectangle=grid.rectangle, source=seen_by)
