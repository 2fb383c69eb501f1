"""A reliability diagram as SVG: predicted against observed probability, with logarithmic axes."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cprfl_core.calibration.reliability import reliability_by_band, reliability_curve

Floats = NDArray[np.float64]

_SIZE, _LEFT, _TOP = 380, 64, 28
_LEAST = 3e-4
_COLOURS = {"head": "#0b6e99", "medium": "#b06f00", "tail": "#a3264b"}
_EDGES = np.array([0.0, *np.geomspace(1e-3, 1.0, 13)])


def write_reliability_plot(
    path: Path, probabilities: Floats, targets: NDArray[np.int8], positives: NDArray[np.int64]
) -> None:
    """Probabilities and targets [N, C]; ``positives`` [C] decide the bands. Bars are one standard error."""
    bands = {
        "head": positives >= 100,
        "medium": (positives >= 20) & (positives < 100),
        "tail": positives < 20,
    }
    errors = reliability_by_band(probabilities, targets, positives)
    parts = [_frame()]
    for at, (name, chosen) in enumerate(bands.items()):
        if chosen.any():
            parts.append(_band(name, probabilities[:, chosen], targets[:, chosen]))
            y = _TOP + 20 + 18 * at
            parts.append(f'<circle cx="{_LEFT + 16}" cy="{y - 4}" r="4" fill="{_COLOURS[name]}"/>')
            parts.append(f'<text x="{_LEFT + 26}" y="{y}">{name}, error {errors[name]:.4f}</text>')
    path.write_text(_document("".join(parts)), encoding="utf-8")


def _place(predicted: float, observed: float) -> tuple[float, float]:
    across, up = (np.log(max(value, _LEAST) / _LEAST) / np.log(1 / _LEAST) for value in (predicted, observed))
    return round(_LEFT + _SIZE * float(across), 1), round(_TOP + _SIZE * (1 - float(up)), 1)


def _frame() -> str:
    parts = [f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#888"/>']
    for value in (0.001, 0.01, 0.1, 1.0):
        x, y = _place(value, value)
        parts.append(f'<line x1="{x}" y1="{_TOP}" x2="{x}" y2="{_TOP + _SIZE}" stroke="#ddd"/>')
        parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{_LEFT + _SIZE}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{x}" y="{_TOP + _SIZE + 18}" text-anchor="middle">{value:g}</text>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{value:g}</text>')
    (x0, y0), (x1, y1) = _place(_LEAST, _LEAST), _place(1, 1)
    parts.append(f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#888" stroke-dasharray="4 4"/>')
    middle, bottom = _LEFT + _SIZE / 2, _TOP + _SIZE + 38
    parts.append(f'<text x="{middle}" y="{bottom}" text-anchor="middle">predicted probability</text>')
    turned = f'transform="rotate(-90 16 {_TOP + _SIZE / 2})"'
    parts.append(
        f'<text x="16" y="{_TOP + _SIZE / 2}" text-anchor="middle" {turned}>observed share of yes</text>'
    )
    return "".join(parts)


def _band(name: str, chance: Floats, targets: NDArray[np.int8]) -> str:
    curve, colour = reliability_curve(chance, targets, _EDGES), _COLOURS[name]
    points, marks = [], []
    for predicted, observed, error in zip(curve.predicted, curve.observed, curve.error, strict=True):
        x, y = _place(predicted, observed)
        points.append(f"{x},{y}")
        (_, low), (_, high) = _place(predicted, observed - error), _place(predicted, observed + error)
        marks.append(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>')
        marks.append(f'<line x1="{x}" y1="{low}" x2="{x}" y2="{high}" stroke="{colour}"/>')
    line = f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}"/>'
    return line + "".join(marks)


def _document(body: str) -> str:
    width, height = _LEFT + _SIZE + 24, _TOP + _SIZE + 56
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" fill="#333">'
        f'<rect width="{width}" height="{height}" fill="white"/>{body}</svg>\n'
    )
