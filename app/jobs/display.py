"""Can Qt open a window here? Qt itself ends the process when it cannot, so it is asked beforehand."""

import ctypes
import os
import sys

from app.domain.errors import KnownError

# What Qt's X11 plugin loads and a minimal system lacks, with the Debian package that brings it.
X11_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
GRAPHICS_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}


def require_display_libraries() -> None:
    """Raises KnownError naming the packages to install when Qt would fail for want of system libraries."""
    missing = missing_packages()
    if missing:
        raise KnownError(
            "The window needs system libraries that are not installed; "
            f"on Debian or Ubuntu: apt install {' '.join(missing)}."
        )


def missing_packages() -> list[str]:
    """The Debian packages whose libraries Qt would look for in vain on this kind of screen."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = dict(GRAPHICS_LIBRARIES)
    chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen.startswith("xcb") or (
        not chosen and os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY")
    ):
        wanted |= X11_LIBRARIES
    return [package for library, package in wanted.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
