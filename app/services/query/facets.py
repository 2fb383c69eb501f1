"""How many images each filter of the window has."""

from typing import Final

import numpy as np

from app.domain.finding import FacetCounts
from app.domain.labels import Source
from app.domain.query.nodes import Property
from app.services.query.context import QueryContext
from app.services.query.evaluation import from_source, has_property

MAX_FOLDERS: Final = 2_000
_FILE_STATES: Final = (Property.UNREADABLE, Property.MISSING)
_SLOW: Final = frozenset({Property.DUPLICATE})


def facet_counts(context: QueryContext) -> FacetCounts:
    """Of all images; as in a query, unreadable and missing ones count only in their own filter.

    Copies of files are not counted, as that compares all contents.
    """
    shown = ~(context.images.unreadable | context.images.missing)
    properties = {}
    for word in Property:
        if word not in _SLOW:
            found = has_property(context, word)
            properties[word] = int(np.count_nonzero(found if word in _FILE_STATES else found & shown))
    sources = {source: int(np.count_nonzero(from_source(context, source) & shown)) for source in Source}
    folders = context.images.folders
    kept = folders
    if len(folders) > MAX_FOLDERS:
        shallow = sorted(folders, key=lambda folder: folder.count("/"))[:MAX_FOLDERS]
        chosen = set(shallow)
        kept = {folder: count for folder, count in folders.items() if folder in chosen}
    return FacetCounts(properties, sources, kept)
