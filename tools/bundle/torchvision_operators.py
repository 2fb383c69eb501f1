"""Runs before the program in a bundled application: declares the one operator that torchvision needs to load.

torchvision is bundled without its compiled part, of which only its image transforms are used here; they need
none of it. But loading torchvision describes the shapes of its operator ``nms``, which then must exist.
Source: torchvision/_meta_registrations.py.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType


class _DeclareFirst(importlib.abc.MetaPathFinder):
    """Declares the operator when torchvision is first looked for, so that nothing loads torch earlier."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname == "torchvision":
            sys.meta_path.remove(self)
            import torch

            library = torch.library.Library("torchvision", "DEF")
            library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            sys.modules[__name__].__dict__["_kept"] = library  # an operator ends with its library
        return None


sys.meta_path.insert(0, _DeclareFirst())
