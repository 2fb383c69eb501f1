"""The demo collection's categories: themes of co-occurring things, and a long tail of counts.

``UNSEEN`` categories are excluded from the training of the bundled backbone, so that the demo includes
categories that are new to the model.
"""

THEMES: dict[str, tuple[str, ...]] = {
    "farm": ("cow", "pig", "rooster", "tractor", "goat", "wheat"),
    "kitchen": ("frying pan", "kitchen knife", "egg", "onion", "tomato", "teapot"),
    "beach": ("shell", "crab", "sailboat", "palm tree", "sunglasses", "lifebuoy"),
    "workshop": ("hammer", "wrench", "saw", "toolbox", "ladder", "bolt"),
    "music": ("guitar", "violin", "drum", "trumpet", "piano", "microphone"),
    "street": ("bus", "taxi", "bicycle", "traffic light", "police car"),
    "office": ("laptop", "printer", "paperclip", "clipboard", "coffee"),
    "forest": ("fox", "owl", "mushroom", "fir tree", "badger"),
    "party": ("balloon", "birthday cake", "gift", "party popper", "crown"),
}

CATEGORIES: tuple[str, ...] = tuple(name for names in THEMES.values() for name in names)

UNSEEN: frozenset[str] = frozenset({"wheat", "lifebuoy", "saw", "trumpet", "printer", "badger"})

# From frequent to rare; every theme has common and rare things, like real collections.
FREQUENCY_ORDER: tuple[str, ...] = (
    "cow", "bus", "tomato", "laptop", "balloon", "guitar", "fir tree", "hammer", "coffee", "sailboat",
    "bicycle", "egg", "wheat", "gift", "pig", "wrench", "palm tree", "drum", "taxi", "mushroom",
    "printer", "teapot", "crab", "birthday cake", "fox", "saw", "rooster", "piano", "traffic light",
    "onion", "trumpet", "paperclip", "tractor", "shell", "ladder", "owl", "microphone", "frying pan",
    "crown", "sunglasses", "police car", "badger", "bolt", "goat", "violin", "clipboard",
    "kitchen knife", "lifebuoy", "party popper", "toolbox",
)  # fmt: skip
