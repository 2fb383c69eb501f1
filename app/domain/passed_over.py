"""Files in the image folders that a scan passes over, counted by suffix."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from app.domain.language import QT_TRANSLATE_NOOP, translate, translated
from app.domain.language import number as written

NO_SUFFIX: Final = "no suffix"
_SUFFIX: Final = re.compile(r"\.(?=[^.]*[a-z])[a-z0-9_+~-]{1,16}\Z")
_MOST_SUFFIXES: Final = 100
_LISTED: Final = 8
_EXAMPLES: Final = 3

_KINDS: Final = {
    "DICOM": "dcm dicom dic ima",
    QT_TRANSLATE_NOOP("Domain", "camera raw"): (
        "3fr arw cap cr2 cr3 crw dcr dng erf fff gpr iiq k25 kdc mdc mef mos mrw nef nrw orf pef ptx raf raw "
        "rw2 rwl sr2 srf srw x3f"
    ),
    "JPEG XL": "jxl",
    "JPEG XR": "jxr wdp hdp",
    "JPEG-LS": "jls",
    "Photoshop": "psd psb",
    "GIMP": "xcf",
    "Krita": "kra",
    QT_TRANSLATE_NOOP("Domain", "drawing"): "svg svgz ai eps ps emf wmf",
    "PDF": "pdf",
    "DjVu": "djvu djv",
    QT_TRANSLATE_NOOP("Domain", "video"): "mp4 mov avi mkv webm m4v mpg mpeg wmv flv mts m2ts 3gp",
    "FITS": "fits fit fts",
    "NIfTI": "nii nii.gz",
    QT_TRANSLATE_NOOP("Domain", "medical volume"): "nrrd nhdr mha mhd",
    "OpenEXR": "exr",
    "Radiance HDR": "hdr",
    "DPX": "dpx",
    QT_TRANSLATE_NOOP("Domain", "microscope image"): "czi nd2 lif oib oif zvi vsi mrc",
    QT_TRANSLATE_NOOP("Domain", "slide"): "svs ndpi mrxs scn",
    QT_TRANSLATE_NOOP("Domain", "array"): "npy npz mat h5 hdf5 zarr",
    QT_TRANSLATE_NOOP("Domain", "icon"): "ico icns cur",
    QT_TRANSLATE_NOOP(
        "Domain", "old picture format"
    ): "tga pcx pict pct sgi rgb rgba ras xbm xpm dds pam pfm flif bpg",
}
_ARCHIVES: Final = frozenset({".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz"})
_KIND_OF: Final = {f".{suffix}": kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}


def suffix_of(name: str) -> str:
    """The lower-case suffix of a file name with its dot; empty if it has none."""
    lower = name.lower()
    if lower.endswith(".nii.gz"):
        return ".nii.gz"
    at = lower.rfind(".")
    return lower[at:] if at > 0 and _SUFFIX.match(lower, at) else ""


@dataclass(frozen=True, slots=True)
class PassedOver:
    """``counts``: the number of files by suffix (with its dot, or NO_SUFFIX), most frequent first.

    ``without_suffix`` is the picture format found in the first files without a suffix, if any, and
    ``readable`` whether that format can be read.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    without_suffix: str | None = None
    readable: bool = False

    @classmethod
    def of(
        cls, suffixes: Mapping[str, int], without_suffix: str | None = None, *, readable: bool = False
    ) -> "PassedOver":
        """From counts by suffix_of(); suffixes beyond the hundred most frequent count as NO_SUFFIX."""
        counts: Counter[str] = Counter()
        for place, (suffix, number) in enumerate(Counter(suffixes).most_common()):
            counts[suffix if suffix and place < _MOST_SUFFIXES else NO_SUFFIX] += number
        return cls(dict(counts.most_common()), without_suffix, readable)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def not_supported(self) -> dict[str, int]:
        """The number of files by unsupported kind of picture or video."""
        kinds: Counter[str] = Counter()
        for suffix, number in self.counts.items():
            if (kind := self._kind(suffix)) is not None:
                kinds[kind] += number
        return dict(kinds.most_common())

    def words(self) -> str:
        """A list for a sentence: unsupported pictures by kind, then all other files as one number."""
        explained = [suffix for suffix in self.counts if self._reason(suffix)][:_LISTED]
        parts = [
            f"{written(self.counts[suffix])} {_name(suffix)} ({self._reason(suffix)})" for suffix in explained
        ]
        rest = [suffix for suffix in self.counts if suffix not in explained]
        others = sum(self.counts[suffix] for suffix in rest)
        if others:
            names = ", ".join(_name(suffix) for suffix in rest[:_EXAMPLES])
            more = ", ..." if len(rest) > _EXAMPLES else ""
            parts.append(_others(others, f"{names}{more}"))
        return ", ".join(parts)

    def _kind(self, suffix: str) -> str | None:
        """The kind of picture, if it is not supported."""
        if suffix == NO_SUFFIX:
            return None if self.readable else self.without_suffix
        return _KIND_OF.get(suffix)

    def _reason(self, suffix: str) -> str:
        if (kind := self._kind(suffix)) is not None:
            return translate("Domain", "{kind}, not supported yet").format(kind=translated("Domain", kind))
        if suffix in _ARCHIVES:
            return translate("Domain", "archive, unpack it first")
        if suffix == NO_SUFFIX and self.readable:
            return translate("Domain", "{kind}; give the names a suffix such as .jpg").format(
                kind=self.without_suffix
            )
        return ""


def _others(count: int, names: str) -> str:
    words = (
        translate("Domain", "{n} other file ({names})")
        if count == 1
        else translate("Domain", "{n} other files ({names})")
    )
    return words.format(n=written(count), names=names)


def _name(suffix: str) -> str:
    return translate("Domain", "without suffix") if suffix == NO_SUFFIX else suffix
