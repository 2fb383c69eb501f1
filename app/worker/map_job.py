"""The job of maps: an adapter from the protocol to cprfl_core.embedding_map."""

import time
from pathlib import Path

import numpy as np

from app.protocol.messages import MapImages, MapResult
from app.worker.context import JobContext
from app.worker.execution import Stopped
from cprfl_core.common.array_files import write_arrays
from cprfl_core.common.errors import InputError
from cprfl_core.embedding_map import StoppedError, tsne
from cprfl_core.features.store import FeatureStore


def map_images(command: MapImages, context: JobContext) -> MapResult:
    """Raises InputError for too few images with features, FeatureStoreError."""
    begin = time.perf_counter()
    context.started(command.expected_key, "cpu", "float32")
    try:
        wanted = np.load(command.items)
    except (OSError, ValueError) as error:
        raise InputError(f"{command.items} cannot be read: {error}.") from error
    table = FeatureStore(Path(command.features), key=command.expected_key).table()
    chosen = np.isin(table.ids, wanted)
    try:
        places = tsne(table.embeddings[chosen], context.progress, context.should_stop)
    except StoppedError:
        raise Stopped from None
    out = Path(command.out)
    write_arrays(out, {"ids": table.ids[chosen], "places": places}, {"key": command.expected_key})
    return MapResult(out=command.out, placed=len(places), seconds=time.perf_counter() - begin)
