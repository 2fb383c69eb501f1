"""The words that people and programs write into tables: headings, and cells that mean yes, no or unknown."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a column with a known heading holds."""

    IMAGE = "image"
    CATEGORY = "category"
    STATE = "state"
    CONFIDENCE = "confidence"
    SOURCE = "source"
    NO = "no"
    UNKNOWN = "unknown"
    REVIEWED = "reviewed"
    OTHER = "other"


def _keys(text: str) -> list[str]:
    return text.split()


IMAGE_HEADINGS = _keys(
    "path filepath imagepath imgpath relativepath fullpath relpath filename imagename imagefile "
    "imagefilename file image img photo picture photoname externalid imageurl url uri imageid "
    "imgid photoid pictureid datei dateiname dateipfad bild bildname bilddatei bildpfad foto pfad "
    "fichier nomfichier nomdufichier chemin imagem arquivo nomearquivo archivo nombrearchivo "
    "imagen rutaimagen percorso immagine bestand bestandsnaam afbeelding plik nazwapliku soubor "
    "файл изображение путь имяфайла 文件 文件名 图片 图像 ファイル ファイル名 画像 name stem"
)
"""The best one first: if a table has several of them, the earliest in this list names the image."""
_HEADINGS = {
    Role.CATEGORY: _keys(
        "category categories categoryname label labels labelname labeldisplayname tag tags class "
        "classes classname keyword keywords species taxon annotation annotations kategorie kategorien "
        "klasse klassen schlagwort schlagworte schlagwörter stichwort stichworte art etiquette "
        "etiquettes étiquette étiquettes catégorie catégories classe motclé motsclés etiqueta "
        "etiquetas categoría categorías clase categoria categorie etichetta etichette kategoria метка "
        "метки класс категория 标签 类别 カテゴリ タグ ラベル present presentlabels positive positives yes"
    ),
    Role.STATE: _keys("state value answer presence isyes wert status zustand antwort valeur état estado"),
    Role.CONFIDENCE: _keys("confidence probability score prob conf likelihood konfidenz confiance"),
    Role.SOURCE: _keys("source quelle"),
    Role.NO: _keys("no absent absentlabels negative negatives neg notpresent nein"),
    Role.UNKNOWN: _keys("unknown unsure uncertain open unbekannt"),
    Role.REVIEWED: _keys("reviewed geprüft"),
    Role.OTHER: _keys(
        "id index idx nr no. number width height area size filesize bytes split set subset fold "
        "partition xmin ymin xmax ymax bbox iscrowd segmentation time date datetime timestamp created "
        "modified decidedat annotator lat lon latitude longitude breite höhe grösse größe datum zeit "
        "largeur hauteur unnamed:0 isoccluded istruncated isgroupof isdepiction isinside labelid "
        "classid categoryid md5 sha1 sha256 hash license licence author"
    ),
}
_ROLES = {word: role for role, words in _HEADINGS.items() for word in words} | dict.fromkeys(
    IMAGE_HEADINGS, Role.IMAGE
)
LISTS = frozenset(
    _keys(
        "categories labels tags classes keywords annotations kategorien klassen schlagworte "
        "schlagwörter stichworte etiquettes étiquettes catégories motsclés etiquetas categorías "
        "etichette categorie метки presentlabels positives yes"
    )
)
"""Headings, in the plural, of cells with several categories."""

_YES = _keys(
    "true yes y t ja j wahr vrai oui sí si verdadero verdadeiro sim vero da prawda tak pravda ano "
    "waar да истина 是 真 はい x ✓ ✔ ☑ present positive pos checked"
)
_NO = _keys(
    "false no n f nein falsch faux non falso não nao nee onwaar nie fałsz ne nepravda нет ложь 否 "
    "假 いいえ ✗ ✘ ☐ absent negative neg unchecked"
)
_BLANK = _keys("na n/a nan null none nil unknown ? #n/a #nv unbekannt inconnu <na> – —")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?\s*%?", re.IGNORECASE)


class Meaning(StrEnum):
    """What a cell says about a category. The two signs depend on the rest of the file."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"
    PLUS = "+"
    MINUS = "-"
    MINUS_ONE = "-1"
    FRACTION = "fraction"
    NUMBER = "number"
    TEXT = "text"


_WORDS: dict[str, Meaning] = {
    **dict.fromkeys(_YES, Meaning.YES),
    **dict.fromkeys(_NO, Meaning.NO),
    **dict.fromkeys(_BLANK, Meaning.BLANK),
    "": Meaning.BLANK,
    "0": Meaning.NO,
    "1": Meaning.YES,
    "+": Meaning.PLUS,
    "-": Meaning.MINUS,
    "\N{MINUS SIGN}": Meaning.MINUS,
}


def meaning(cell: str) -> Meaning:
    word = cell.strip().casefold()
    found = _WORDS.get(word)
    if found is not None:
        return found
    value = number(word)
    if value is None:
        return Meaning.TEXT
    if value in (0, 1):
        return Meaning.YES if value else Meaning.NO
    if value == -1:
        return Meaning.MINUS_ONE
    return Meaning.FRACTION if 0 < value < 1 else Meaning.NUMBER


def number(cell: str) -> float | None:
    """The number in a cell, with a decimal point or comma, or a percentage as a fraction."""
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        return None
    share = text.endswith("%")
    value = float(text.rstrip("% ").replace(",", "."))
    return value / 100 if share else value


def heading_key(heading: str) -> str:
    """Headings with the same key are the same: case, blanks, hyphens and underscores are ignored."""
    text = unicodedata.normalize("NFKC", heading).casefold().strip().lstrip("#")
    return re.sub(r"[\s_\-\"']", "", text)


def role(heading: str) -> Role | None:
    """None for a heading that may be the name of a category."""
    key = heading_key(heading)
    found = _ROLES.get(key)
    if found is None:
        numbered = _ROLES.get(key.rstrip("0123456789"))
        return numbered if numbered is Role.CATEGORY else None
    return found


IMAGE_SUFFIXES = frozenset(
    [
        "jpg",
        "jpeg",
        "jpe",
        "jfif",
        "png",
        "gif",
        "bmp",
        "tif",
        "tiff",
        "webp",
        "heic",
        "heif",
        "avif",
        "jp2",
        "j2k",
        "ppm",
        "pgm",
        "pbm",
        "tga",
        "ico",
        "mpo",
        "dng",
        "nef",
        "cr2",
        "arw",
        "jxl",
        "psd",
        "dcm",
        "svg",
    ]
)


def looks_like_an_image(cell: str) -> bool:
    name = cell.strip().split("?")[0]
    return "." in name and name.rpartition(".")[2].casefold() in IMAGE_SUFFIXES


def share_of_images(cells: Iterable[str]) -> float:
    """The share of cells with text that are names of image files."""
    filled = [cell for cell in cells if cell.strip()]
    return sum(map(looks_like_an_image, filled)) / len(filled) if filled else 0.0
