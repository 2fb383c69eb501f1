"""Any open_clip model, frozen: patch tokens, global embeddings and text features."""

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

from cprfl_core.architectures import Architecture, Tokenizer, build, resolve
from cprfl_core.checkpoints import fingerprint, load_weights, to_device
from cprfl_core.device import DeviceChoice, choose_device
from cprfl_core.errors import BackboneError, DeviceMemoryError, InputError
from cprfl_core.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing
from cprfl_core.token_basis import TokenBasis
from cprfl_core.towers import Extract, find_extractor
from cprfl_core.transfers import transfers_for

_TEXT_BATCH = 256


def load_backbone(
    name: str,
    *,
    weights: Path | str | None = None,
    device: str | DeviceChoice | None = None,
    mode: Literal["squash", "pad"] = "squash",
    allow_download: bool = False,
) -> "Backbone":
    """A backbone by name, ready to embed.

    ``name``: "bundled"; "local-dir:FOLDER" with open_clip_config.json and safetensors; or an architecture of
    open_clip with ``weights``, a file or a published tag ("NAME@WEIGHTS" does the same). Nothing is
    downloaded unless ``allow_download``. Raises BackboneError or DeviceError, which say what to do.
    """
    choice = device if isinstance(device, DeviceChoice) else choose_device(device)
    architecture = resolve(name, weights, allow_download=allow_download)
    stamp = fingerprint(architecture.weights, architecture.config)
    model, tokenizer = build(architecture, allow_download=allow_download)
    load_weights(model, architecture.weights, architecture.label)
    try:
        preprocessing = _preprocessing(architecture, model, mode)
    except (TypeError, ValueError, IndexError, AttributeError) as error:  # a configuration may say anything
        raise BackboneError(
            f"{architecture.label} does not tell how its images are prepared ({error}); "
            "repair preprocess_cfg in its open_clip_config.json."
        ) from error
    label = re.sub(r"[^A-Za-z0-9._-]+", "_", architecture.label).strip("._") or "model"
    key = f"{label}-{stamp}-{preprocessing.key()}"
    model = to_device(model, choice.device, channels_last=_is_plain_convnet(model))
    return Backbone(model, tokenizer, preprocessing, choice, name=architecture.label, key=key)


class Backbone:
    """Embeds images [B,3,H,W] and prompts; made by :func:`load_backbone`.

    ``key`` names model, weights and preprocessing: features of equal key may be mixed, others never.
    """

    def __init__(
        self,
        model: nn.Module,
        tokenizer: Tokenizer,
        preprocessing: Preprocessing,
        choice: DeviceChoice,
        *,
        name: str,
        key: str,
    ) -> None:
        self.name = name
        self.key = key
        self.preprocessing = preprocessing
        self.choice = choice
        self._clip: Any = model
        self._tokenizer = tokenizer
        self._mean, self._std = (
            torch.tensor(values, device=choice.device).view(3, 1, 1)
            for values in (preprocessing.mean, preprocessing.std)
        )
        self._channels_last = _is_plain_convnet(model)
        self._transfers = transfers_for(choice.device)
        self._bases: dict[str, tuple[Tensor | None, ...]] = {}
        self._probe()

    @property
    def device(self) -> str:
        return self.choice.device

    @property
    def precision(self) -> str:
        return self.choice.precision

    def encode_images(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Images float [B,3,H,W], normalised as ``preprocessing`` says, in one pass of the model.

        Returns the L2-normalised embedding [B,D] and the patch tokens [B,P,W], row by row of ``grid``; both
        float32 on ``device``. Raises DeviceMemoryError when the batch is too large for the device.
        """
        with self._memory_told(len(images)):
            pooled, tokens = self._forward(images)
            return F.normalize(pooled, dim=-1), tokens

    def embed_pixels(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Pixels uint8 [B,3,H,W] as ``preprocessing.to_uint8`` gives them to embeddings float32 [B,D]."""
        return self.begin(list(pixels), None)()[0]

    @property
    def overlaps(self) -> bool:
        """Whether :meth:`begin` returns while the device still computes."""
        return self.choice.kind == "cuda"

    def begin(
        self, pixels: Sequence[NDArray[np.uint8]], basis: TokenBasis | None
    ) -> Callable[[], tuple[NDArray[np.float32], NDArray[np.float32] | None]]:
        """Start on pixels uint8 [3,H,W] of B images; what is returned waits for the result.

        That is embeddings float32 [B,D] and, with a basis, the patch tokens in it, float32 [B,p,R]. Raises
        DeviceMemoryError when the batch is too large for the device.
        """
        with self._memory_told(len(pixels)):
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

    def image_graph(self) -> nn.Module:
        """Pixels uint8 [B,3,H,W] to (embeddings [B,D], tokens [B,P,W]) as one module, for exporting."""
        return _ImageGraph(self._clip.visual, self._extract, self._mean, self._std).eval()

    def _reduced(self, tokens: Tensor, basis: TokenBasis) -> Tensor:
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
    def _memory_told(self, count: int) -> Iterator[None]:
        """Turn torch's ways of telling that a batch does not fit into a DeviceMemoryError."""
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
        raise DeviceMemoryError(f"A batch of {count} images does not fit into {self.device} ({first}).")

    def encode_text(self, prompts: Sequence[Sequence[str]]) -> Tensor:
        """Prompts of each of C categories to float32 [C,D] on the CPU, comparable with image embeddings.

        Each prompt's feature is normalised, those of a category are averaged and normalised again.
        """
        return F.normalize(self._text(prompts, normalize=True), dim=-1)

    def raw_text(self, prompts: Sequence[Sequence[str]]) -> Tensor:
        """As :meth:`encode_text` without any normalisation, as CPRFL takes its text features: [C,T]."""
        return self._text(prompts, normalize=False)

    def _text(self, prompts: Sequence[Sequence[str]], *, normalize: bool) -> Tensor:
        for number, category in enumerate(prompts):
            if isinstance(category, str) or not category:
                raise InputError(f"Category {number} needs a list of at least one prompt.")
        flat = [prompt for category in prompts for prompt in category]
        if not flat:
            return torch.zeros(0, self.embed_dim)
        chunks = [self._encode_text(flat[at : at + _TEXT_BATCH]) for at in range(0, len(flat), _TEXT_BATCH)]
        features = torch.cat(chunks)
        if normalize:
            features = F.normalize(features, dim=-1)
        parts = torch.split_with_sizes(features, [len(category) for category in prompts])
        return torch.stack([part.mean(dim=0) for part in parts])

    def _encode_text(self, prompts: list[str]) -> Tensor:
        """Always in float32: there is little text, and it is compared with everything."""
        with torch.inference_mode():
            features: Tensor = self._clip.encode_text(self._tokenizer(prompts).to(self.device))
        return features.float().cpu().clone()

    def _forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        memory_format = torch.channels_last if self._channels_last else torch.contiguous_format
        batch = images.to(self.device, memory_format=memory_format)
        enabled = self.choice.precision != "float32"
        with torch.inference_mode(), torch.autocast(self.choice.kind, self.choice.dtype, enabled=enabled):
            output = self._extract(self._clip.visual, batch)
        # Copies made outside of inference mode may be used in training.
        return output.pooled.float().clone(), output.tokens.float().clone(
            memory_format=torch.contiguous_format
        )

    def _probe(self) -> None:
        """A small pass tells how to read the tower, the sizes, and whether the precision suits this model.

        Raises BackboneError where images or texts give no finite numbers that can be compared.
        """
        shape = (2, 3, self.preprocessing.height, self.preprocessing.width)
        noise = torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(self.device)
        try:
            with torch.inference_mode():
                self._extract: Extract = find_extractor(self._clip.visual, noise)
                output = self._extract(self._clip.visual, noise)
        except ValueError as error:
            raise BackboneError(f"{self.name} cannot be used: {error}.") from error
        except torch.OutOfMemoryError as error:
            raise BackboneError(f"{self.name} needs more memory than {self.device} has; use cpu.") from error
        self.grid = output.grid
        self.embed_dim, self.patch_width = int(output.pooled.shape[-1]), int(output.tokens.shape[-1])
        self._probe_text()
        if self.choice.precision != "float32" and not all(t.isfinite().all() for t in self._forward(noise)):
            reason = f"{self.choice.reason}, but float32 because {self.name} overflows in {self.precision}"
            self.choice = DeviceChoice(self.device, "float32", reason, self.choice.name, self.choice.memory)

    def _probe_text(self) -> None:
        try:
            features = self._encode_text(["a photo"])
        except (RuntimeError, ValueError, TypeError, LookupError, AttributeError) as error:
            raise BackboneError(f"The text side of {self.name} cannot be used: {error}.") from error
        if features.shape[-1] != self.embed_dim or not features.isfinite().all():
            raise BackboneError(
                f"{self.name} gives no finite numbers for texts, or not as many as for images; "
                "its weights are damaged or of another model."
            )


class _ImageGraph(nn.Module):
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
    """Size from the model, colours from its weights; its resize mode and crop give way to the whole image."""
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


def _is_plain_convnet(model: Any) -> bool:
    """Towers of full convolutions run up to a third faster with channels last; grouped ones run slower."""
    convolutions = [module for module in model.visual.modules() if isinstance(module, nn.Conv2d)]
    return len(convolutions) > 4 and all(module.groups == 1 for module in convolutions)


def _empty_cache(kind: str) -> None:
    if kind == "cuda":
        torch.cuda.empty_cache()
    elif kind == "mps":
        torch.mps.empty_cache()
