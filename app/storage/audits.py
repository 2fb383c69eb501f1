"""Labels of images that were selected at random, not by score."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.storage.models import IMAGE, LABEL, LEDGER

_NO_STATE = -1


def labels_of_drawn_images(
    s: Session, category_id: int, queues: tuple[str, ...], unless_reviewed: tuple[str, ...] = ()
) -> dict[int, int]:
    """State (1 yes, 0 no) by image, of the current labels of a category that were given in these queues.

    Labels from ``unless_reviewed`` count only if the image is not reviewed: a review stores no row for a
    *no*, so its rows would be biased towards yes.
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
