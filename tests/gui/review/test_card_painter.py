"""What a card says and paints of its probability."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from app.domain.labels import Origin
from app.domain.review import Card, CardState
from app.gui.review.card_painter import CardLook, paint_card


def painted(probability, *, learned):
    card = Card(1, probability, "most likely", Origin("likely", 1.0))
    image = QImage(240, 220, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_card(painter, QRect(0, 0, 240, 220), 200, CardLook(card, CardState(), None, learned))
    painter.end()
    return image


def test_the_probability_is_painted_once_the_category_is_learned(qapp):
    assert painted(0.1, learned=True) != painted(0.4, learned=True)
    assert painted(0.1, learned=False) == painted(0.4, learned=False) != painted(0.4, learned=True)


def test_a_guess_is_not_told_as_a_probability(qapp):
    card = Card(1, 0.4, "most likely", Origin("likely", 1.0))
    assert CardLook(card, CardState(), None).words() == ["0.40, no threshold yet", "most likely"]
    assert CardLook(card, CardState(), None, learned=False).words() == ["not learned yet", "most likely"]


def test_only_a_card_that_is_no_likely_one_carries_a_caption(qapp):
    def pixels(queue, current=False):
        look = CardLook(Card(1, 0.4, "random", Origin(queue, 1.0)), CardState(), 0.5, current=current)
        image = QImage(200, 166, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_card(painter, QRect(0, 0, 200, 166), 194, look)
        painter.end()
        return image.copy(4, 100, 120, 40)

    assert pixels("likely") != pixels("likely audit")
    assert pixels("likely") == pixels("wrong")
    assert pixels("likely", current=True) != pixels("likely")  # the number, where one looks
