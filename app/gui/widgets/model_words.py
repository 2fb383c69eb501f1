"""Image models in words: titles, what they are good for, sizes and states."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from app.domain.sizes import size_words
from app.gui.widgets.words import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from app.jobs.work.model_list import ListedModel

_translated: Final = partial(QCoreApplication.translate, "ImageModels")
translate: Final = QCoreApplication.translate


def without_weights(name: str, known: Iterable[str]) -> str:
    """What to write instead, where a name is only that of an architecture; empty if it may be a model."""
    if not name or "@" in name or ":" in name or name in known:
        return ""
    words = translate("ImageModels", "{name} names no weights. Write {name}@FILE, or {name}@TAG.")
    return words.format(name=name)


USES: Final = {
    "general": QT_TRANSLATE_NOOP("ImageModels", "General"),
    "fast": QT_TRANSLATE_NOOP("ImageModels", "Small and fast"),
    "wildlife": QT_TRANSLATE_NOOP("ImageModels", "Wildlife"),
    "remote sensing": QT_TRANSLATE_NOOP("ImageModels", "Satellite and aerial images"),
    "medical": QT_TRANSLATE_NOOP("ImageModels", "Medical images"),
    "demo": QT_TRANSLATE_NOOP("ImageModels", "Demo"),
}
"""Headings by use, in the order to show them."""

TITLES: Final = {
    "photo-lite2": QT_TRANSLATE_NOOP("ImageModels", "Photo model (EfficientNet-Lite2)"),
    "photo-lite0": QT_TRANSLATE_NOOP("ImageModels", "Photo model, faster (EfficientNet-Lite0)"),
    "bundled": QT_TRANSLATE_NOOP("ImageModels", "Demo model"),
}
"""Titles by name; those of published models are proper names."""

DESCRIPTIONS: Final = {
    "photo-lite2": QT_TRANSLATE_NOOP(
        "ImageModels", "Photographs of animals, vehicles, tools, plants and food; understands English nouns."
    ),
    "photo-lite0": QT_TRANSLATE_NOOP(
        "ImageModels", "As the photo model, in half the time and slightly less accurate."
    ),
    "bundled": QT_TRANSLATE_NOOP("ImageModels", "Knows drawings, not photographs."),
    "ViT-B-32@laion2b_s34b_b79k": QT_TRANSLATE_NOOP(
        "ImageModels", "The usual first CLIP: any subject, any English text."
    ),
    "ViT-B-32-256@datacomp_s34b_b86k": QT_TRANSLATE_NOOP(
        "ImageModels", "More accurate than LAION-2B at about the same speed."
    ),
    "ViT-B-16@datacomp_xl_s13b_b90k": QT_TRANSLATE_NOOP(
        "ImageModels", "Sees finer details than ViT-B/32; several times slower."
    ),
    "ViT-L-14@datacomp_xl_s13b_b90k": QT_TRANSLATE_NOOP(
        "ImageModels", "Accurate and large; needs a graphics card for more than a few thousand images."
    ),
    "ViT-B-16@dfn2b": QT_TRANSLATE_NOOP("ImageModels", "Trained on strictly filtered image-text pairs."),
    "PE-Core-B-16@meta": QT_TRANSLATE_NOOP(
        "ImageModels", "Recent model of Meta for images and video frames."
    ),
    "ViT-B-16-SigLIP2@webli": QT_TRANSLATE_NOOP("ImageModels", "Category names in many languages."),
    "PE-Core-S-16-384@meta": QT_TRANSLATE_NOOP("ImageModels", "A small download that sees fine details."),
    "MobileCLIP2-S0@dfndr2b": QT_TRANSLATE_NOOP("ImageModels", "The smallest CLIP here, made for phones."),
    "MobileCLIP2-S2@dfndr2b": QT_TRANSLATE_NOOP("ImageModels", "Between S0 and a ViT-B/16."),
    "hf-hub:imageomics/bioclip": QT_TRANSLATE_NOOP(
        "ImageModels", "Animals, plants and fungi by species: trained on 450,000 taxa."
    ),
    "hf-hub:imageomics/bioclip-2": QT_TRANSLATE_NOOP(
        "ImageModels", "More accurate than BioCLIP, and three times as large."
    ),
    "ViT-B-32-quickgelu@hf-hub:Zilun/GeoRSCLIP/ckpt/RS5M_ViT-B-32.pt": QT_TRANSLATE_NOOP(
        "ImageModels", "Satellite and aerial images: trained on 5 million of them."
    ),
    "hf-hub:wisdomik/QuiltNet-B-32": QT_TRANSLATE_NOOP(
        "ImageModels", "Microscope images of tissue. For research, not for diagnosis."
    ),
}
"""What each model of the list is good for, by name; a test compares it with the list."""

_CHOICES: Final = {
    "photo-lite2": (
        QT_TRANSLATE_NOOP("ImageModels", "Photographs"),
        QT_TRANSLATE_NOOP("ImageModels", "Recommended for photographs; works offline."),
    ),
    "photo-lite0": (
        QT_TRANSLATE_NOOP("ImageModels", "Photographs, faster"),
        QT_TRANSLATE_NOOP("ImageModels", "For very many photographs or a slow computer; works offline."),
    ),
    "bundled": (
        QT_TRANSLATE_NOOP("ImageModels", "Demo"),
        QT_TRANSLATE_NOOP("ImageModels", "Knows drawings, not photographs; works offline."),
    ),
}


def use_title(use: str) -> str:
    return _translated(USES[use])


def title_of(one: "ListedModel") -> str:
    found = TITLES.get(one.model.name)
    return one.model.title if found is None else _translated(found)


def title_of_name(name: str) -> str:
    """The title of a model that comes with the program; for any other its name."""
    return _translated(TITLES.get(name, name))


def description_of(one: "ListedModel") -> str:
    return _translated(DESCRIPTIONS.get(one.model.name, one.model.description))


def choice_words(one: "ListedModel") -> tuple[str, str]:
    """The title and the reason to choose a model, or why it cannot be chosen."""
    title, reason = _CHOICES.get(one.model.name, ("", ""))
    title, reason = _translated(title) or title_of(one), _translated(reason) or description_of(one)
    return title, missing_words(one) or reason


def missing_words(one: "ListedModel") -> str:
    """Which package a model needs; empty if none is missing."""
    if not one.missing_package:
        return ""
    package = one.missing_package.replace("_", "-")
    words = translate("ImageModels", "The package {package} is missing; install it (pip install {package}).")
    return words.format(package=package)


def download_size(one: "ListedModel") -> str:
    """The size of the download, as far as it is known without asking."""
    known = one.model.download_bytes
    return translate("ImageModels", "size not known") if known is None else size_words(known)


def why_not(one: "ListedModel") -> str:
    """Why a model cannot be used yet, in a few words: a package, a check, or its download with the size."""
    if one.missing_package:
        return translate("ImageModels", "needs {package}").format(
            package=one.missing_package.replace("_", "-")
        )
    if one.state.value == "to be checked":
        return translate("ImageModels", "to be checked")
    return download_size(one)


def in_order(models: "list[ListedModel]") -> "list[ListedModel]":
    """As they are offered: the models for photographs first, the demo model last."""
    return sorted(models, key=lambda one: one.model.use.value == "demo")
