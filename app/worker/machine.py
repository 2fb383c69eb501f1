"""The worker's first message, sent before anything heavy is imported."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import psutil

from app import __version__
from app.protocol.messages import PROTOCOL_VERSION, Hello

PACKAGES = ("torch", "open_clip_torch", "timm", "numpy", "pillow", "safetensors")


def hello() -> Hello:
    memory = psutil.virtual_memory()
    return Hello(
        protocol=PROTOCOL_VERSION,
        pid=os.getpid(),
        python=platform.python_version(),
        platform=platform.platform(),
        versions={"tailspotter": __version__}
        | {name: found for name in PACKAGES if (found := _version(name)) is not None},
        memory_total=memory.total,
        memory_available=memory.available,
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
