"""The objects in an annotation of Pascal VOC."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError  # noqa: TID251  (types of what defusedxml gives)

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from app.domain.language import translate
from app.services.interchange.folder_files import UnusableError


@dataclass(slots=True)
class Annotation:
    """``file_name`` may be empty. The names of the objects; ``difficult``: those with that mark."""

    file_name: str = ""
    easy: set[str] = field(default_factory=set)
    difficult: set[str] = field(default_factory=set)


def read_annotation(data: bytes) -> Annotation:
    """Raises UnusableError."""
    try:
        root: Element = ElementTree.fromstring(data)
    except ParseError as error:
        raise UnusableError(translate("Interchange", "is damaged: {error}").format(error=error)) from None
    except DefusedXmlException:
        raise UnusableError(translate("Interchange", "declares XML entities, which are refused")) from None
    except (ValueError, LookupError) as error:  # an encoding that does not exist
        raise UnusableError(translate("Interchange", "is damaged: {error}").format(error=error)) from None
    if root.tag != "annotation":
        raise UnusableError(
            translate("Interchange", "is not an annotation of VOC, but {tag}").format(tag=repr(root.tag[:40]))
        )
    found = Annotation(file_name=(root.findtext("filename") or "").strip())
    for one in root.findall("object"):
        name = (one.findtext("name") or "").strip()
        if name:
            difficult = (one.findtext("difficult") or "").strip() == "1"
            (found.difficult if difficult else found.easy).add(name)
    return found
