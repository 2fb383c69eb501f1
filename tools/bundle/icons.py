"""Draw the icon files of Windows, macOS and Linux desktops from resources/icons/tailspotter.svg.

    python tools/bundle/icons.py

Run again when the drawing changed; the files are part of the repository.
"""

import io
import os
from pathlib import Path

from PIL import Image

ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons"
SIDE = 1024


def main() -> None:
    drawn = draw(ICONS / "tailspotter.svg")
    drawn.save(ICONS / "tailspotter.ico", sizes=[(side, side) for side in (16, 24, 32, 48, 64, 128, 256)])
    drawn.resize((512, 512), Image.Resampling.LANCZOS).save(ICONS / "tailspotter.icns")
    drawn.resize((256, 256), Image.Resampling.LANCZOS).save(ICONS / "tailspotter.png", optimize=True)


def draw(drawing: Path) -> Image.Image:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QIODevice, Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication([])
    picture = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(drawing)).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    application.quit()
    return Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGBA")


if __name__ == "__main__":
    main()
