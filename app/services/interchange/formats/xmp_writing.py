"""Writing keywords into an XMP packet, new or as another program wrote it; everything else in it stays."""

from collections.abc import Iterable, Sequence
from typing import Final
from xml.dom.minidom import Document, Element  # noqa: TID251  (types of what defusedxml gives)
from xml.parsers.expat import ExpatError  # noqa: TID251
from xml.sax.saxutils import escape

from defusedxml import minidom
from defusedxml.common import DefusedXmlException

from app.domain.categories import name_key
from app.domain.errors import BadInputError
from app.domain.language import translate
from app.services.interchange.formats.xmp_keywords import (
    DC,
    DIGIKAM,
    LIGHTROOM,
    RDF,
    SEPARATORS,
    DamagedXmpError,
)

_NAMES: Final = {DC: "dc:subject", LIGHTROOM: "lr:hierarchicalSubject", DIGIKAM: "digiKam:TagsList"}
_CREATED: Final = (DC, LIGHTROOM)
"""Properties that are written even if the packet does not have them yet."""


def new_packet(yes: Sequence[str]) -> bytes:
    """A packet with these keywords; all of them are flat, as the categories of a project are."""
    properties = "".join(_property(space, yes) for space in _CREATED)
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{RDF}">\n  <rdf:Description rdf:about=""\n    xmlns:dc="{DC}"\n'
        f'    xmlns:lr="{LIGHTROOM}">\n{properties}  </rdf:Description>\n </rdf:RDF>\n</x:xmpmeta>\n'
        '<?xpacket end="w"?>\n'
    ).encode()


def _property(space: str, yes: Sequence[str]) -> str:
    values = _writable(space, yes)
    if not values:
        return ""
    items = "".join(f"     <rdf:li>{escape(value)}</rdf:li>\n" for value in values)
    return f"   <{_NAMES[space]}>\n    <rdf:Bag>\n{items}    </rdf:Bag>\n   </{_NAMES[space]}>\n"


def _writable(space: str, names: Iterable[str]) -> list[str]:
    """Names that would be taken for a tree are in dc:subject only."""
    mark = next(mark for (one, _), mark in SEPARATORS.items() if one == space)
    return [name for name in names if mark is None or mark not in name]


def updated(packet: bytes, yes: Sequence[str], no: Sequence[str]) -> bytes | None:
    """``packet`` with the keywords ``yes`` and without ``no``; None if there is nothing to write. Keywords
    that are neither stay. Raises DamagedXmpError."""
    try:
        return _updated(packet, yes, no)
    except RecursionError:
        raise DamagedXmpError(translate("Interchange", "is nested too deeply")) from None


def _updated(packet: bytes, yes: Sequence[str], no: Sequence[str]) -> bytes | None:
    document, container = _parsed(packet)
    absent, present = {name_key(name) for name in no}, {name_key(name): name for name in yes}
    changed = bool(yes)
    for (space, name), mark in SEPARATORS.items():
        elements = document.getElementsByTagNameNS(space, name)
        there: set[str] = set()
        for element in elements:
            for item, text in _items(element):
                keys = _keys(text, mark)
                if keys and keys[-1] in absent and item.parentNode is not None:
                    item.parentNode.removeChild(item)
                    changed = True
                else:
                    there.update(keys)
        missing = [one for key, one in present.items() if key not in there]
        if missing and space in _NAMES and (elements or space in _CREATED):
            _append(document, container, elements, space, _writable(space, missing))
    if not changed:
        return None
    text = document.toxml()
    # minidom always writes an XML declaration, with which a packet does not begin.
    return (text if packet.lstrip().startswith(b"<?xml ") else text.partition("?>")[2]).encode()


def _parsed(packet: bytes) -> tuple[Document, Element]:
    try:
        document = minidom.parseString(packet.strip(b"\0 \t\r\n"))
    except ExpatError as error:
        raise DamagedXmpError(translate("Interchange", "is damaged: {error}").format(error=error)) from None
    except DefusedXmlException:
        raise DamagedXmpError(translate("Interchange", "declares XML entities, which are refused")) from None
    except (ValueError, LookupError) as error:
        raise DamagedXmpError(translate("Interchange", "is damaged: {error}").format(error=error)) from None
    containers = document.getElementsByTagNameNS(RDF, "RDF")
    if not containers:
        raise DamagedXmpError(translate("Interchange", "has no rdf:RDF"))
    return document, containers[0]


def _items(element: Element) -> list[tuple[Element, str]]:
    """The items of a property with their texts; of one without a list the property itself."""
    items = element.getElementsByTagNameNS(RDF, "li") or [element]
    return [
        (item, "".join(node.data for node in item.childNodes if node.nodeType == node.TEXT_NODE))
        for item in items
    ]


def _keys(text: str, mark: str | None) -> list[str]:
    """The keys of the parts of a keyword; empty for one that cannot be a category's name."""
    try:
        return [name_key(part) for part in (text.split(mark) if mark else [text]) if part.strip()]
    except BadInputError:
        return []


def _append(
    document: Document, container: Element, elements: Sequence[Element], space: str, names: Sequence[str]
) -> None:
    prefix = f"{container.prefix}:" if container.prefix else ""
    holder = next((one for one in elements if one.parentNode is not None), None)
    lists = [
        node
        for kind in ("Bag", "Seq", "Alt")
        for node in (holder.getElementsByTagNameNS(RDF, kind) if holder else [])
    ]
    if lists:
        items = lists[0]
    else:
        description = _description(document, container, prefix)
        holder = document.createElementNS(space, _NAMES[space])
        holder.setAttribute(f"xmlns:{_NAMES[space].partition(':')[0]}", space)
        items = document.createElementNS(RDF, prefix + "Bag")
        holder.appendChild(items)
        description.appendChild(holder)
    for name in names:
        item = document.createElementNS(RDF, prefix + "li")
        item.appendChild(document.createTextNode(name))
        items.appendChild(item)


def _description(document: Document, container: Element, prefix: str) -> Element:
    """A block of its own, so that no property is in one block twice."""
    found = document.createElementNS(RDF, prefix + "Description")
    found.setAttributeNS(RDF, prefix + "about", "")
    container.appendChild(found)
    return found
