"""The keywords in an XMP packet, flat and as trees, as different programs write them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element, ParseError  # noqa: TID251  (types of what defusedxml gives)

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from app.domain.language import translate

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC: Final = "http://purl.org/dc/elements/1.1/"
LIGHTROOM: Final = "http://ns.adobe.com/lightroom/1.0/"
DIGIKAM: Final = "http://www.digikam.org/ns/1.0/"

SEPARATORS: Final = {
    (DC, "subject"): None,
    (LIGHTROOM, "hierarchicalSubject"): "|",
    (DIGIKAM, "TagsList"): "/",
    ("http://ns.microsoft.com/photo/1.0/", "LastKeywordXMP"): "/",
    ("http://ns.microsoft.com/photo/1.2/", "LastKeywordXMP"): "/",
    ("http://ns.iview-multimedia.com/mediapro/1.0/", "CatalogSets"): "|",
}
"""The properties with keywords, and what separates the parts of a tree; None: flat."""

_BY_TAG: Final = {f"{{{space}}}{name}": mark for (space, name), mark in SEPARATORS.items()}
_INTERNAL: Final = "_Digikam_Internal_Tags_"

Tree = tuple[str, ...]
"""The parts of a keyword, the highest first."""


class DamagedXmpError(Exception):
    """Why a packet cannot be read, as the end of a sentence."""


@dataclass(slots=True)
class Keywords:
    """``trees`` have two parts or more."""

    flat: list[str] = field(default_factory=list)
    trees: list[Tree] = field(default_factory=list)

    def names(self, parents: bool) -> list[str]:
        """The keywords, each once. ``parents``: all parts of a tree, else the last one of each branch."""
        if parents:
            parts: Iterable[str] = (part for tree in self.trees for part in tree)
        else:
            # Some programs list each parent beside the whole branch.
            above = {tree[:length] for tree in self.trees for length in range(1, len(tree))}
            parts = (tree[-1] for tree in self.trees if tree not in above)
        return list(dict.fromkeys([*self.flat, *parts]))


def read_keywords(packet: bytes) -> Keywords:
    """Raises DamagedXmpError."""
    found = Keywords()
    for element in parsed(packet).iter():
        for tag, text in element.attrib.items():
            if tag in _BY_TAG:
                _add(found, text, _BY_TAG[tag])
        if element.tag in _BY_TAG:
            items = list(element.iter(f"{{{RDF}}}li"))
            for text in (one.text or "" for one in items or [element]):
                _add(found, text, _BY_TAG[element.tag])
    return found


def parsed(packet: bytes) -> Element:
    """The root element of a packet; entities are refused. Raises DamagedXmpError."""
    text = packet.strip(b"\0 \t\r\n")
    if not text:
        raise DamagedXmpError(translate("Interchange", "is empty"))
    try:
        root: Element = ElementTree.fromstring(text)
    except ParseError as error:
        raise DamagedXmpError(translate("Interchange", "is damaged: {error}").format(error=error)) from None
    except DefusedXmlException:
        raise DamagedXmpError(translate("Interchange", "declares XML entities, which are refused")) from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise DamagedXmpError(translate("Interchange", "is damaged: {error}").format(error=error)) from None
    return root


def _add(found: Keywords, text: str, mark: str | None) -> None:
    parts = [text.strip()] if mark is None else [part.strip() for part in text.split(mark)]
    parts = [part for part in parts if part]
    if not parts or parts[0] == _INTERNAL:
        return
    if len(parts) == 1:
        found.flat.append(parts[0])
    else:
        found.trees.append(tuple(parts))
