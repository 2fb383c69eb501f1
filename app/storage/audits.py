"""Labels of images that a draw has put before the person, not the scores."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import IMAGE, LABEL, LEDGER

_NO_STATE = -1


def labels_of_drawn_images(
    s: Session, category_id: int, queues: tuple[str, ...], unless_reviewed: tuple[str, ...] = ()
) -> dict[int, int]:
    """State (1 yes, 0 no) by image, of the standing labels of a category that came up in these queues.

    Those of ``unless_reviewed`` count only where the image is not marked as reviewed: a review leaves no row
    for a *no*, so the rows beside it would be the yes alone.
    """
    found: dict[int, int] = {}
    origin, label = LEDGER.c, LABEL.c
    base = (
        select(label.image_id, label.state)
        .join(LEDGER, origin.id == label.entry_id)
        .where(label.category_id == category_id, label.state != _NO_STATE)
    )
    found.update(tuple(row) for row in s.execute(base.where(origin.queue.in_(queues))))
    if unless_reviewed:
        alone = base.join(IMAGE, IMAGE.c.id == label.image_id).where(
            origin.queue.in_(unless_reviewed), IMAGE.c.reviewed_batch_id.is_(None)
        )
        found.update(tuple(row) for row in s.execute(alone))
    return found
