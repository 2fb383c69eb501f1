"""A frozen image model: patch tokens, global embeddings and, with a text encoder, text features."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from cprfl_core.backbone.architectures import Architecture, build, resolve
from cprfl_core.backbone.checkpoints import fingerprint, load_weights, to_device
from cprfl_core.backbone.names import TextSide, split_name
from cprfl_core.backbone.photo import build_photo
from cprfl_core.backbone.photo_models import PHOTO_MODELS, PhotoModel
from cprfl_core.backbone.prompts import PromptEncoder
from cprfl_core.backbone.towers import Extract, find_extractor
from cprfl_core.backbone.transfers import transfers_for
from cprfl_core.common.device import DeviceChoice, choose_device
from cprfl_core.common.errors import BackboneError, DeviceMemoryError
from cprfl_core.features.token_compression import TokenCompression
from cprfl_core.images.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing
from cprfl_core.nouns.classifier import Classifier


def load_backbone(
    name: str,
    *,
    weights: Path | str | None = None,
    device: str | DeviceChoice | None = None,
    mode: Literal["squash", "pad"] = "squash",
    allow_download: bool = False,
) -> "Backbone":
    """Load a backbone by name.

    ``name``: "bundled"; "photo-lite0" or "photo-lite2"; "local-dir:FOLDER" with open_clip_config.json and
    safetensors; or an architecture of open_clip with ``weights``, a file or a published tag ("NAME@WEIGHTS"
    does the same). Nothing is downloaded unless ``allow_download``. Raises BackboneError or DeviceError.
    """
    choice = device if isinstance(device, DeviceChoice) else choose_device(device)
    if (photo := PHOTO_MODELS.get(split_name(name)[0])) is not None:
        if weights is not None or name != photo.name:
            raise BackboneError(f"{photo.name} has weights of its own; use it without other weights.")
        return _load_photo(photo, choice, mode)
    architecture = resolve(name, weights, allow_download=allow_download)
    stamp = fingerprint(architecture.weights, architecture.config)
    model: Any
    model, tokenizer = build(architecture, allow_download=allow_download)
    load_weights(model, architecture.weights, architecture.label)
    try:
        preprocessing = _preprocessing(architecture, model, mode)
    except (
        TypeError,
        ValueError,
        IndexError,
        AttributeError,
    ) as error:  # a configuration may contain anything
        raise BackboneError(
            f"The preprocessing of {architecture.label} is invalid ({error}); "
            "correct preprocess_cfg in its open_clip_config.json."
        ) from error
    label = re.sub(r"[^A-Za-z0-9._-]+", "_", architecture.label).strip("._") or "model"
    key = f"{label}-{stamp}-{preprocessing.key()}"
    model = to_device(model, choice.device, channels_last=_is_plain_convnet(model.visual))
    text = PromptEncoder(model, tokenizer, choice.device)
    return Backbone(model.visual, preprocessing, choice, name=architecture.label, key=key, text=text)


def _load_photo(photo: PhotoModel, choice: DeviceChoice, mode: Literal["squash", "pad"]) -> "Backbone":
    tower, classifier = build_photo(photo)
    preprocessing = photo.preprocessing(mode)
    key = f"{photo.name}-{photo.sha256[:12]}-{preprocessing.key()}"
    moved = to_device(tower, choice.device, channels_last=False)
    return Backbone(moved, preprocessing, choice, name=photo.name, key=key, classifier=classifier)


class Backbone:
    """Embeds images [B,3,H,W] and, with a text encoder, prompts; created by :func:`load_backbone`.

    An open_clip model has a text encoder, a photo model the ``classifier`` of ImageNet instead. ``key``
    identifies model, weights and preprocessing: only features with the same key may be mixed.
    """

    def __init__(
        self,
        tower: nn.Module,
        preprocessing: Preprocessing,
        choice: DeviceChoice,
        *,
        name: str,
        key: str,
        text: PromptEncoder | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self.name = name
        self.key = key
        self.preprocessing = preprocessing
        self.choice = choice
        self.classifier = classifier
        self._tower = tower
        self._text = text
        self._mean, self._std = (
            torch.tensor(values, device=choice.device).view(3, 1, 1)
            for values in (preprocessing.mean, preprocessing.std)
        )
        self._channels_last = _is_plain_convnet(tower)
        self._transfers = transfers_for(choice.device)
        self._bases: dict[str, tuple[Tensor | None, ...]] = {}
        self._probe()

    @property
    def device(self) -> str:
        return self.choice.device

    @property
    def precision(self) -> str:
        return self.choice.precision

    @property
    def text_side(self) -> TextSide:
        """Where text scores come from: this model's text encoder, or nouns and its classifier."""
        return "nouns" if self._text is None else "prompts"

    def encode_images(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Encode images, float [B,3,H,W], normalised by ``preprocessing``.

        Returns L2-normalised embeddings [B,D] and patch tokens [B,P,W], row-major over ``grid``; both float32
        on ``device``. Raises DeviceMemoryError if the batch is too large for the device.
        """
        with self._memory_errors(len(images)):
            pooled, tokens = self._forward(images)
            return F.normalize(pooled, dim=-1), tokens

    @property
    def overlaps(self) -> bool:
        """True if :meth:`begin` returns while the device is still computing."""
        return self.choice.kind == "cuda"

    def begin(
        self, pixels: Sequence[NDArray[np.uint8]], basis: TokenCompression | None
    ) -> Callable[[], tuple[NDArray[np.float32], NDArray[np.float32] | None]]:
        """Start encoding B images, uint8 [3,H,W] each; the returned function waits for the result.

        The result is embeddings float32 [B,D] and, with a basis, patch tokens in it, float32 [B,p,R]. Raises
        DeviceMemoryError if the batch is too large for the device.
        """
        with self._memory_errors(len(pixels)):
            batch = self._transfers.upload(pixels)
            pooled, tokens = self._forward((batch.float() / 255.0 - self._mean) / self._std)
            results = [F.normalize(pooled, dim=-1)]
            if basis is not None:
                results.append(self._reduced(tokens, basis))
            download = self._transfers.download(results)

        def wait() -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
            arrays = download()
            return arrays[0], arrays[1] if basis is not None else None

        return wait

    def image_graph(self) -> "ImageGraph":
        """A module from pixels uint8 [B,3,H,W] to (embeddings [B,D], tokens [B,P,W]), for export."""
        graph = ImageGraph(self._tower, self._extract, self._mean, self._std)
        graph.eval()
        return graph

    def _reduced(self, tokens: Tensor, basis: TokenCompression) -> Tensor:
        """``basis.reduce`` on the device: [B,P,W] to [B,p,R]."""
        if basis.key not in self._bases:
            parts = (basis.pooling, basis.mean, basis.components)
            self._bases = {
                basis.key: tuple(None if p is None else torch.from_numpy(p).to(self.device) for p in parts)
            }
        pooling, mean, components = self._bases[basis.key]
        if pooling is not None:
            tokens = pooling @ tokens
        return tokens if mean is None or components is None else (tokens - mean) @ components

    @contextmanager
    def _memory_errors(self, count: int) -> Iterator[None]:
        """Convert torch's out-of-memory errors to DeviceMemoryError."""
        out_of_memory = ""
        try:
            yield
            return
        except torch.OutOfMemoryError as error:
            out_of_memory = str(error)
        except RuntimeError as error:
            if not re.search(r"out of memory|can't allocate memory|not enough memory", str(error)):
                raise
            out_of_memory = str(error)
        # Raised here, so that no traceback keeps the tensors of the failed pass alive.
        _empty_cache(self.choice.kind)
        first = out_of_memory.strip().splitlines()[0]
        raise DeviceMemoryError(
            f"A batch of {count} images does not fit in the memory of {self.device} ({first})."
        )

    def encode_text(self, prompts: Sequence[Sequence[str]]) -> Tensor:
        """Encode the prompts of C categories: float32 [C,D] on the CPU, comparable with image embeddings.

        Each prompt's feature is normalised; those of a category are averaged and normalised again. Raises
        InputError for a category without prompts, BackboneError without a text encoder.
        """
        return F.normalize(self._text_means(prompts, normalize=True), dim=-1)

    def raw_text(self, prompts: Sequence[Sequence[str]]) -> Tensor:
        """As :meth:`encode_text`, but without normalisation, for CPRFL: [C,T]."""
        return self._text_means(prompts, normalize=False)

    def _text_means(self, prompts: Sequence[Sequence[str]], *, normalize: bool) -> Tensor:
        if self._text is None:
            raise BackboneError(f"{self.name} has no text encoder; its text scores come from nouns.")
        return self._text.means(prompts, normalize=normalize) if prompts else torch.zeros(0, self.embed_dim)

    def _forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        memory_format = torch.channels_last if self._channels_last else torch.contiguous_format
        batch = images.to(self.device, memory_format=memory_format)
        enabled = self.choice.precision != "float32"
        with torch.inference_mode(), torch.autocast(self.choice.kind, self.choice.dtype, enabled=enabled):
            output = self._extract(self._tower, batch)
        # Copied outside inference mode, so that they can be used in training.
        return output.pooled.float().clone(), output.tokens.float().clone(
            memory_format=torch.contiguous_format
        )

    def _probe(self) -> None:
        """Run a small batch to find the tower's outputs and sizes, and to check the precision.

        Raises BackboneError if features of images or texts are not finite or have different widths.
        """
        shape = (2, 3, self.preprocessing.height, self.preprocessing.width)
        noise = torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(self.device)
        try:
            with torch.inference_mode():
                self._extract: Extract = find_extractor(self._tower, noise)
                output = self._extract(self._tower, noise)
        except ValueError as error:
            raise BackboneError(f"{self.name} cannot be used: {error}.") from error
        except torch.OutOfMemoryError as error:
            raise BackboneError(
                f"{self.name} does not fit in the memory of {self.device}; use cpu."
            ) from error
        self.grid = output.grid
        self.embed_dim, self.patch_width = int(output.pooled.shape[-1]), int(output.tokens.shape[-1])
        if self._text is not None:
            self._probe_text(self._text)
        if self.choice.precision != "float32" and not all(t.isfinite().all() for t in self._forward(noise)):
            reason = f"{self.choice.reason}, but float32 because {self.name} overflows in {self.precision}"
            self.choice = DeviceChoice(self.device, "float32", reason, self.choice.name, self.choice.memory)

    def _probe_text(self, text: PromptEncoder) -> None:
        try:
            features = text.encode(["a photo"])
        except (RuntimeError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise BackboneError(f"The text encoder of {self.name} cannot be used: {error}.") from error
        if features.shape[-1] != self.embed_dim or not features.isfinite().all():
            raise BackboneError(
                f"Text features of {self.name} are not finite or differ in width from image features; its "
                "weights are damaged or belong to another model."
            )


class ImageGraph(nn.Module):
    """From pixels uint8 [B,3,H,W] to (embeddings [B,D], tokens [B,P,W])."""

    tower: nn.Module
    mean: Tensor
    std: Tensor

    def __init__(self, tower: nn.Module, extract: Extract, mean: Tensor, std: Tensor) -> None:
        super().__init__()
        self.tower = tower
        self.register_buffer("mean", mean)
        self.register_buffer("std", std)
        self._extract = extract

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        output = self._extract(self.tower, (pixels.float() / 255.0 - self.mean) / self.std)
        return F.normalize(output.pooled, dim=-1), output.tokens


def _preprocessing(architecture: Architecture, model: Any, mode: Literal["squash", "pad"]) -> Preprocessing:
    """Size from the model, colours from its weights; its resize mode and crop are replaced by ``mode``."""
    config = {**model.visual.preprocess_cfg, **architecture.preprocess}
    size = model.visual.image_size
    height, width = (size, size) if isinstance(size, int) else (int(size[0]), int(size[1]))
    red, green, blue = (float(value) for value in config.get("mean") or CLIP_MEAN)
    std = tuple(float(value) for value in config.get("std") or CLIP_STD)
    return Preprocessing(
        size=(height, width),
        mode=mode,
        mean=(red, green, blue),
        std=(std[0], std[1], std[2]),
        interpolation="bilinear" if config.get("interpolation") == "bilinear" else "bicubic",
    )


def _is_plain_convnet(tower: nn.Module) -> bool:
    """True for towers without grouped convolutions, which run up to a third faster with channels last."""
    convolutions = [module for module in tower.modules() if isinstance(module, nn.Conv2d)]
    return len(convolutions) > 4 and all(module.groups == 1 for module in convolutions)


def _empty_cache(kind: str) -> None:
    if kind == "cuda":
        torch.cuda.empty_cache()
    elif kind == "mps":
        torch.mps.empty_cache()
