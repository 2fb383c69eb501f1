"""Runs before the program in a bundled application: declares the operators that torchvision needs to load.

torchvision is bundled without its compiled part: only its image transforms are used here, which need none of
it. But loading torchvision describes the shapes of two of its operators, which then must exist. Source:
torchvision/_meta_registrations.py.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType


class _DeclareFirst(importlib.abc.MetaPathFinder):
    """Declares them when torchvision is first looked for, so that nothing loads torch earlier."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname == "torchvision":
            sys.meta_path.remove(self)
            import torch

            library = torch.library.Library("torchvision", "DEF")
            library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
            sys.modules[__name__].__dict__["_kept"] = library  # operators end with their library
        return None


sys.meta_path.insert(0, _DeclareFirst())
