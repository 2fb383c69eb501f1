"""Pretrain the head for the bundled backbone: a CPRFL that turns any category text into a prompt.

    python tools/train_bundled_head.py --out resources/head  (about ten minutes on two CPU cores)

The backbone is frozen. New scenes (with other seeds than the backbone's) are drawn in its two drawing styles,
and half of them are repainted: other colours, fewer tones, blur. The head starts as the text score
(cprfl_core.model.text_init) and is trained on stored patch tokens, in cross mode, each step on a subset of
categories that keeps the share of yes near 4 %. The categories in cprfl_core.demo.themes.UNSEEN and the
demo's drawing style never occur; the metrics in the card are from scenes new to backbone and head.

The result is an interpolation between the initial and the trained weights (Wortsman et al. 2022, arXiv
2109.01903): the trained weights fit the two styles slightly better but are a worse start for tuning on a
collection with neither.
"""

import argparse
import copy
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from torch import Tensor
from train_bundled_backbone import Pool, draw_pool, trained_names

from cprfl_core import CPRFL, asymmetric_loss, average_precision
from cprfl_core.backbone.backbone import Backbone, load_backbone
from cprfl_core.demo.sprites import DEMO_STYLE, TRAINING_STYLES, load_sprites
from cprfl_core.features.token_compression import TokenCompression, plain_basis
from cprfl_core.model.model_files import save_model
from cprfl_core.model.text_init import aligned_start, with_global
from cprfl_core.training.schedule import one_cycle
from cprfl_core.tuning.head import SAMPLE
from cprfl_core.tuning.start import BEST_PATCHES

HEAD_SEED = 1000
"""Different from the seeds of the backbone's scenes: features of its training scenes are too good."""
AVERAGE = 0.998


@dataclass(frozen=True, slots=True)
class Features:
    """``tokens`` float16 [N,p,W], ``embeddings`` float32 [N,D], ``objects`` int16 [N,5], -1 for none."""

    tokens: NDArray[np.float16]
    embeddings: NDArray[np.float32]
    objects: NDArray[np.int16]

    def rows(self, rows: NDArray[np.int64]) -> Tensor:
        """Tokens for an aligned head: [b, p + 1, W + D + 1]."""
        patches = torch.from_numpy(self.tokens[rows].astype(np.float32))
        return with_global(patches, torch.from_numpy(self.embeddings[rows]))

    def truth(self, categories: int) -> NDArray[np.int8]:
        """[N,C] in {0, 1}."""
        found = np.zeros((len(self.objects), categories), np.int8)
        rows, slots = np.nonzero(self.objects >= 0)
        found[rows, self.objects[rows, slots]] = 1
        return found


def repaint(pixels: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Vary the style of a scene [H,W,3]."""
    image = Image.fromarray(pixels)
    for enhance, spread in ((ImageEnhance.Color, 0.6), (ImageEnhance.Contrast, 0.35)):
        if rng.random() < 0.6:
            image = enhance(image).enhance(float(np.exp(rng.normal(0, spread))))
    if rng.random() < 0.4:
        hue, saturation, value = image.convert("HSV").split()
        turn = int(rng.normal(0, 18))
        turned = hue.point([(i + turn) % 256 for i in range(256)])
        image = Image.merge("HSV", (turned, saturation, value)).convert("RGB")
    if rng.random() < 0.25:
        image = ImageOps.posterize(image, int(rng.integers(2, 5)))
    if rng.random() < 0.25:
        image = image.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.4, 1.6))))
    if rng.random() < 0.2:
        image = image.filter(ImageFilter.SMOOTH_MORE if rng.random() < 0.5 else ImageFilter.EDGE_ENHANCE)
    return np.asarray(image)


def features_of(
    pool: Pool, backbone: Backbone, basis: TokenCompression, file: Path, repaint_seed: int | None = None
) -> Features:
    """Embed all scenes, every other one repainted; cached in ``file``."""
    if file.exists():
        kept = np.load(file)
        return Features(kept["tokens"], kept["embeddings"], kept["objects"])
    tokens, embeddings = [], []
    for at in range(0, len(pool.pixels), 64):
        scenes = [np.array(pixels) for pixels in pool.pixels[at : at + 64]]
        if repaint_seed is not None:
            for i in range(0, len(scenes), 2):
                scenes[i] = repaint(scenes[i], np.random.default_rng((repaint_seed, at + i)))
        embedding, kept_tokens = backbone.begin([scene.transpose(2, 0, 1) for scene in scenes], basis)()
        assert kept_tokens is not None
        tokens.append(kept_tokens.astype(np.float16))
        embeddings.append(embedding)
    made = Features(np.concatenate(tokens), np.concatenate(embeddings), pool.objects)
    np.savez(file, tokens=made.tokens, embeddings=made.embeddings, objects=made.objects)
    return made


def start_from_text(features: Features, text: Tensor) -> CPRFL:
    """A head that scores like the text, half from the best patches, as for a project."""
    rows = np.linspace(0, len(features.tokens) - 1, SAMPLE).astype(np.int64)
    return aligned_start(
        torch.from_numpy(features.tokens[rows].astype(np.float32)),
        torch.from_numpy(features.embeddings[rows]),
        text,
        best=BEST_PATCHES,
        dropout=0.0,
    )


def pretrain(
    model: CPRFL,
    features: Features,
    text: Tensor,
    *,
    epochs: float,
    batch: int,
    subset: int,
    rate: float,
    seed: int,
) -> CPRFL:
    """Train all weights; the result is the moving average."""
    rng = np.random.default_rng(seed)
    truth = features.truth(len(text))
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=1e-4)
    average = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)
    )
    steps = int(epochs * len(truth) / batch)
    order = np.concatenate([rng.permutation(len(truth)) for _ in range(int(np.ceil(epochs)))])
    model.train()
    for step in range(steps):
        rows = np.sort(order[step * batch : (step + 1) * batch])
        present = np.flatnonzero(truth[rows].any(axis=0))
        chosen = rng.choice(present, size=min(subset, len(present)), replace=False)
        pace = one_cycle(step, steps, 0.15)
        for group in optimiser.param_groups:
            group["lr"] = rate * pace.rate
            group["betas"] = (pace.beta, 0.999)
        logits = model(features.rows(rows), text[chosen])
        loss = asymmetric_loss(logits, torch.from_numpy(truth[np.ix_(rows, chosen)]))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        average.update_parameters(model)
        if step % 100 == 0:
            print(f"step {step} of {steps}, loss {loss.item():.4f}", flush=True)
    finished = average.module
    assert isinstance(finished, CPRFL)
    return finished.eval()


def between(start: CPRFL, learned: CPRFL, share: float) -> CPRFL:
    """Interpolate weights: ``share`` of the way from ``start`` to ``learned``."""
    mixed = CPRFL(**learned.arguments)
    ahead = learned.state_dict()
    mixed.load_state_dict(
        {name: torch.lerp(weight, ahead[name], share) for name, weight in start.state_dict().items()}
    )
    return mixed.eval()


def precision_of(model: CPRFL, features: Features, text: Tensor) -> float:
    """mAP over the categories that occur."""
    scorer = model.fold(text, patches=features.tokens.shape[1] + 1)
    rows = np.arange(len(features.tokens))
    logits = [scorer(features.rows(rows[at : at + 128])).numpy() for at in range(0, len(rows), 128)]
    return float(np.nanmean(average_precision(np.concatenate(logits), features.truth(len(text)))))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("head-training"), help="scenes and features (2 GB)")
    parser.add_argument("--scenes", type=int, default=12_000)
    parser.add_argument("--epochs", type=float, default=3.0)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--subset", type=int, default=64, help="categories per step")
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument(
        "--share", type=float, default=0.6, help="weight of the trained weights against the initial ones"
    )
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    backbone = load_backbone("bundled", device="cpu")
    basis = plain_basis(backbone.grid, backbone.patch_width)
    names = trained_names(load_sprites(TRAINING_STYLES))
    text = backbone.raw_text([[f"a photo of a {name}."] for name in names])
    seed = HEAD_SEED + 10 * args.seed
    wanted = {
        "head": (args.scenes, TRAINING_STYLES),
        "same": (1500, TRAINING_STYLES),
        "other": (1500, (DEMO_STYLE,)),
    }
    sets = {}
    for number, (name, (count, styles)) in enumerate(wanted.items()):
        pool = draw_pool(args.work / f"{name}.npy", count, styles, seed + number)
        repaint_seed = seed if name == "head" else None
        sets[name] = features_of(pool, backbone, basis, args.work / f"{name}-features.npz", repaint_seed)
        print(f"{name}: {count} scenes after {time.monotonic() - began:.0f} s", flush=True)
    torch.manual_seed(args.seed)
    start = start_from_text(sets["head"], text)
    judged = {"training_styles": sets["same"], "new_style": sets["other"]}
    before = {name: round(precision_of(start, some, text), 4) for name, some in judged.items()}
    print(f"start: {before}", flush=True)
    learned = pretrain(
        copy.deepcopy(start),
        sets["head"],
        text,
        epochs=args.epochs,
        batch=args.batch,
        subset=args.subset,
        rate=args.rate,
        seed=args.seed,
    )
    model = between(start, learned, args.share)
    after = {name: round(precision_of(model, some, text), 4) for name, some in judged.items()}
    card = {
        "backbone": backbone.key,
        "basis": basis.key,
        "tokens": "with global",
        "categories": len(names),
        "scenes": args.scenes,
        "epochs": args.epochs,
        "rate": args.rate,
        "share": args.share,
        "seed": args.seed,
        "map_of_the_start": before,
        "map": after,
        "seconds": round(time.monotonic() - began),
    }
    save_model(args.out, model, card=card)
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
