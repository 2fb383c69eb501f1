"""Render the emoji sprites for scenes to resources/sprites/.

Inputs (not part of this repository, all openly licensed; see resources/licences/):
  --names    data-by-emoji.json of the npm package unicode-emoji-json (names and groups)
  --noto     NotoColorEmoji.ttf of Debian's fonts-noto-color-emoji (OFL 1.1)
  --twemoji  folder of SVG files of the npm package @twemoji/svg (graphics CC-BY 4.0)
  --fluent   folder of SVG files, icons/modern of the npm package fluentui-emoji (MIT)

Each style becomes one WebP atlas of 128 px cells; index.json lists the cells in order.
"""

import argparse
import json
import math
import os
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from sprite_names import EXCLUDED, GROUPS, category_name

CELL = 128
NOTO_SIZE = 109  # the font's only bitmap strike


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name in ("names", "noto", "twemoji", "fluent"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent.parent / "resources" / "sprites")
    args = parser.parse_args()
    _app = QGuiApplication([])
    font = ImageFont.truetype(str(args.noto), NOTO_SIZE)
    emoji = [e for e in chosen_emoji(args.names) if fluent_file(args.fluent, e[1]).exists()]
    emoji = [e for e in emoji if twemoji_file(args.twemoji, e[0]) is not None]
    styles: dict[str, Callable[[str, str], Image.Image]] = {
        "noto": lambda char, _name: render_glyph(font, char),
        "twemoji": lambda char, _name: render_svg(twemoji_file(args.twemoji, char)),
        "fluent": lambda _char, name: render_svg(fluent_file(args.fluent, name)),
    }
    args.out.mkdir(parents=True, exist_ok=True)
    for style, render in styles.items():
        atlas([fit(render(char, name)) for char, name, _group in emoji]).save(
            args.out / f"{style}.webp", quality=88, method=6, alpha_quality=95
        )
    cells = [{"emoji": name, "category": category_name(name), "group": group} for _c, name, group in emoji]
    index = {"cell": CELL, "columns": columns(len(cells)), "styles": list(styles), "cells": cells}
    (args.out / "index.json").write_text(
        json.dumps(index, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    print(f"{len(cells)} sprites of {len({c['category'] for c in cells})} categories in {len(styles)} styles")


def chosen_emoji(names: Path) -> Iterator[tuple[str, str, str]]:
    """(character, name, group) of every emoji that becomes a sprite."""
    for char, entry in json.loads(names.read_text(encoding="utf-8")).items():
        if entry["group"] in GROUPS and entry["name"] not in EXCLUDED:
            yield char, entry["name"], entry["group"]


def fluent_file(folder: Path, name: str) -> Path:
    slug = name.lower().replace(" ", "-")
    for char in "’.:":
        slug = slug.replace(char, "")
    return folder / f"{slug}.svg"


def twemoji_file(folder: Path, char: str) -> Path | None:
    for code in (
        "-".join(f"{ord(c):x}" for c in char if ord(c) != 0xFE0F),
        "-".join(f"{ord(c):x}" for c in char),
    ):
        if (folder / f"{code}.svg").exists():
            return folder / f"{code}.svg"
    return None


def render_glyph(font: ImageFont.FreeTypeFont, char: str) -> Image.Image:
    image = Image.new("RGBA", (136, 128))
    ImageDraw.Draw(image).text((0, 0), char, font=font, embedded_color=True)
    return image


def render_svg(path: Path) -> Image.Image:
    canvas = QImage(2 * CELL, 2 * CELL, QImage.Format.Format_RGBA8888)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(str(path)).render(painter, QRectF(0, 0, 2 * CELL, 2 * CELL))
    painter.end()
    return Image.frombytes("RGBA", (2 * CELL, 2 * CELL), bytes(canvas.constBits()))


def fit(image: Image.Image) -> Image.Image:
    """Crop to the drawing and centre it in a cell, so that sizes are comparable between styles."""
    box = image.getbbox()
    if box is None:
        raise SystemExit("an emoji rendered to nothing; is the input folder complete?")
    image = image.crop(box)
    scale = (CELL - 4) / max(image.size)
    image = image.resize(
        (max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.Resampling.LANCZOS
    )
    cell = Image.new("RGBA", (CELL, CELL))
    cell.paste(image, ((CELL - image.width) // 2, (CELL - image.height) // 2))
    return cell


def columns(count: int) -> int:
    return math.ceil(math.sqrt(count))


def atlas(cells: list[Image.Image]) -> Image.Image:
    across = columns(len(cells))
    sheet = Image.new("RGBA", (across * CELL, math.ceil(len(cells) / across) * CELL))
    for i, cell in enumerate(cells):
        sheet.paste(cell, (i % across * CELL, i // across * CELL))
    return sheet


if __name__ == "__main__":
    main()
