"""The suggestions of an annotation file, kept beside the labels."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.services.interchange.statements import ImageStatement, LabelFile
from app.services.labelling.steps import Step
from app.storage import predictions


def suggest(
    collected: Step,
    file: LabelFile,
    statements: Mapping[int, Sequence[ImageStatement]],
    ids: Sequence[int | None],
    path: Path,
) -> int:
    """Keep what a model suggests for the images of ``statements``; return the number of suggestions.

    They replace what the same model suggested for these images before. ``ids`` as in
    :class:`FileCategories`. A file without a model and without suggestions says nothing.
    """
    scores: dict[int, dict[int, float]] = {}
    for image_id, some in statements.items():
        found: dict[int, float] = {}
        scores[image_id] = found
        for statement in some:
            for position, score in statement.suggested.items():
                category_id = ids[position]
                if category_id is not None:
                    found[category_id] = max(score, found.get(category_id, 0.0))
    count = sum(map(len, scores.values()))
    if not scores or (file.model is None and not count):
        return 0
    model = file.model or path.name
    if predictions.of_model(collected.recording.s, model, scores.keys()) != scores:
        collected.predict(model, scores)
    return count
