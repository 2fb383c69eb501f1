"""Train the bundled backbone: a small CLIP for generated scenes.

    python tools/train_bundled_backbone.py --out resources/backbone
    python tools/train_bundled_backbone.py --out resources/backbone --start resources/backbone  (continue)

Training data and objectives (about an hour on two CPU cores, fixed seeds):
  image tower   scenes with 1-5 sprites of the two training styles, repainted; the pooled embedding must
                predict all categories of the scene (softmax and sigmoid over all categories), and the patches
                inside an object's box must predict that object (dense supervision, for localisation).
  text tower    prompts and captions; the embedding of "a photo of a {name}." must equal the category's
                learned direction, that of a caption the sum of its categories' directions.
The categories in cprfl_core.demo.themes.UNSEEN and the demo's drawing style never occur. The resolution
increases during the run (96, 128, 144 px), because most can be learned from small images at a third of the
cost.
"""

import argparse
import json
import math
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import open_clip
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from cprfl_core.backbone import bundled as bundled_tower
from cprfl_core.common.safe_path import safe_children
from cprfl_core.demo.scenes import compose
from cprfl_core.demo.sprites import DEMO_STYLE, TRAINING_STYLES, SpriteSet, load_sprites
from cprfl_core.demo.themes import UNSEEN

SIZE = 144
MAX_OBJECTS = 5
WIDTH = 256
MEAN, STD = (0.48, 0.46, 0.44), (0.25, 0.25, 0.25)
CONFIG = {
    "model_cfg": {
        "embed_dim": WIDTH,
        "vision_cfg": {
            "timm_model_name": bundled_tower.NAME,
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "linear",
            "image_size": SIZE,
        },
        "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 128, "heads": 4, "layers": 3},
    },
    "preprocess_cfg": {"mean": MEAN, "std": STD, "interpolation": "bicubic", "resize_mode": "squash"},
}
TEMPLATES = (
    "a photo of a {}.",
    "a photo of the {}.",
    "a picture of a {}.",
    "a drawing of a {}.",
    "an image with a {}.",
    "there is a {} in the scene.",
    "a small {}.",
    "a large {}.",
    "{}",
    "a {}",
    "the {}.",
    "one {}.",
    "many {}.",
)


@dataclass(frozen=True, slots=True)
class Pool:
    """Pre-drawn scenes.

    ``pixels`` uint8 [N,H,W,3], ``objects`` int16 [N,5] (-1 none), ``boxes`` float32 [N,5,4] in 0..1.
    """

    pixels: np.ndarray
    objects: np.ndarray
    boxes: np.ndarray


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the run with one resolution and the number of ``scenes`` shown."""

    side: int
    scenes: int
    batch: int


PHASES = (Phase(96, 120_000, 32), Phase(128, 50_000, 32), Phase(SIZE, 20_000, 32))


def trained_names(sprites: SpriteSet) -> list[str]:
    """The training categories. Unseen ones are excluded entirely: even negatives would be training."""
    return [name for name in sprites.categories if name not in UNSEEN]


def draw_pool(path: Path, count: int, styles: tuple[str, ...], seed: int) -> Pool:
    """Draw ``count`` scenes to a memory-mapped file, using all CPU cores."""
    truth_file = path.with_suffix(".npz")
    if truth_file.exists():  # an earlier run in the same folder drew them
        truth = np.load(truth_file)
        return Pool(np.load(path, mmap_mode="r"), truth["objects"], truth["boxes"])
    np.lib.format.open_memmap(path, "w+", np.uint8, (count, SIZE, SIZE, 3)).flush()
    step = 500
    tasks = [(path, start, min(step, count - start), styles, seed) for start in range(0, count, step)]
    objects = np.full((count, MAX_OBJECTS), -1, dtype=np.int16)
    boxes = np.zeros((count, MAX_OBJECTS, 4), dtype=np.float32)
    with safe_children():
        pool_of_processes = multiprocessing.get_context("spawn").Pool()
    with pool_of_processes as workers:
        for start, some_objects, some_boxes in workers.imap_unordered(_draw_chunk, tasks):
            objects[start : start + len(some_objects)] = some_objects
            boxes[start : start + len(some_boxes)] = some_boxes
    np.savez(truth_file, objects=objects, boxes=boxes)
    return Pool(np.load(path, mmap_mode="r"), objects, boxes)


def _draw_chunk(task: tuple[Path, int, int, tuple[str, ...], int]) -> tuple[int, np.ndarray, np.ndarray]:
    path, start, count, styles, seed = task
    sprites = load_sprites(styles)
    trained = {name: i for i, name in enumerate(trained_names(sprites))}
    number = [trained.get(name, -1) for name in sprites.categories]
    cells = np.array([i for i, c in enumerate(sprites.cell_category) if number[c] >= 0])
    pixels = np.load(path, mmap_mode="r+")
    objects = np.full((count, MAX_OBJECTS), -1, dtype=np.int16)
    boxes = np.zeros((count, MAX_OBJECTS, 4), dtype=np.float32)
    for i in range(count):
        rng = np.random.default_rng((seed, start + i))
        chosen = rng.choice(cells, size=rng.integers(1, MAX_OBJECTS + 1))
        scene = compose(
            rng,
            sprites,
            styles[int(rng.integers(len(styles)))],
            chosen.tolist(),
            (SIZE, SIZE),
            scale=(0.22, 0.7),
        )
        pixels[start + i] = np.asarray(scene.image)
        for j, item in enumerate(scene.objects):
            objects[i, j] = number[item.category]
            boxes[i, j] = np.array(item.box, dtype=np.float32) / SIZE
    return start, objects, boxes


def batches(pool: Pool, phase: Phase, rng: np.random.Generator) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Augmented batches: images [B,3,S,S], objects [B,5], boxes [B,5,4] in the coordinates of the crop."""
    shown = 0
    while shown < phase.scenes:
        for rows in np.array_split(
            rng.permutation(len(pool.pixels)), math.ceil(len(pool.pixels) / phase.batch)
        ):
            if shown >= phase.scenes:
                return
            yield augment(pool, rows, phase.side, rng)
            shown += len(rows)


def augment(
    pool: Pool, rows: np.ndarray, side: int, rng: np.random.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Random crops (70-100 % of each side), half of them mirrored, with varied lighting."""
    images = torch.from_numpy(pool.pixels[np.sort(rows)]).permute(0, 3, 1, 2).float().div_(255)
    rows = np.sort(rows)
    count = len(rows)
    extent = torch.from_numpy(rng.uniform(0.7, 1.0, (count, 2))).float()
    origin = torch.from_numpy(rng.uniform(0, 1, (count, 2))).float() * (1 - extent)
    mirrored = torch.from_numpy(rng.random(count) < 0.5)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0] = extent[:, 0] * torch.where(mirrored, -1.0, 1.0)
    theta[:, 1, 1] = extent[:, 1]
    theta[:, :, 2] = 2 * (origin + extent / 2) - 1
    grid = F.affine_grid(theta, [count, 3, side, side], align_corners=False)
    if side < 0.75 * SIZE:
        images = F.avg_pool2d(F.interpolate(images, size=(2 * side, 2 * side), mode="bilinear"), 2)
    images = F.grid_sample(images, grid, padding_mode="border", align_corners=False)
    light = torch.from_numpy(rng.uniform(0.8, 1.2, (count, 3, 1, 1))).float()
    images = (images * light + torch.from_numpy(rng.normal(0, 0.04, (count, 3, 1, 1))).float()).clamp_(0, 1)
    grey = torch.from_numpy(rng.random(count) < 0.08)
    images[grey] = images[grey].mean(dim=1, keepdim=True).expand(-1, 3, -1, -1)
    images = repaint(images, rng)
    images = (images - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
    boxes = (torch.from_numpy(pool.boxes[rows]) - origin.repeat(1, 2)[:, None]) / extent.repeat(1, 2)[:, None]
    boxes[mirrored] = torch.stack([1 - boxes[..., 2], boxes[..., 1], 1 - boxes[..., 0], boxes[..., 3]], -1)[
        mirrored
    ]
    objects = torch.from_numpy(pool.objects[rows]).long()
    middle = (boxes[..., :2] + boxes[..., 2:]) / 2
    objects[((middle < 0.02) | (middle > 0.98)).any(-1)] = -1
    return images.to(memory_format=torch.channels_last), objects, boxes


def repaint(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Vary the style of images [B,3,S,S] in 0..1: mixed colours, contrast, posterisation, blur.

    There are only two drawing styles for training, and users' collections have neither.
    """
    count = len(images)
    mix = torch.eye(3) + torch.from_numpy(rng.normal(0, 0.13, (count, 3, 3))).float()
    mix = mix / mix.sum(2, keepdim=True)  # grey stays grey
    mix[torch.from_numpy(rng.random(count) < 0.4)] = torch.eye(3)
    images = torch.einsum("bij,bjhw->bihw", mix, images)
    contrast = torch.from_numpy(np.exp(rng.normal(0, 0.25, (count, 1, 1, 1)))).float()
    middle = images.mean(dim=(1, 2, 3), keepdim=True)
    images = ((images - middle) * contrast + middle).clamp_(0, 1)
    for i in np.flatnonzero(rng.random(count) < 0.15):
        tones = int(rng.integers(3, 9))
        images[i] = (images[i] * tones).round() / tones
    blurred = torch.from_numpy(rng.random(count) < 0.15)
    images[blurred] = F.avg_pool2d(images[blurred], 3, 1, 1, count_include_pad=False)
    return images


class Directions(nn.Module):
    """A learned unit vector for each category, and the scales of the three image losses."""

    def __init__(self, categories: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(F.normalize(torch.randn(categories, WIDTH), dim=-1))
        self.scale = nn.Parameter(torch.tensor([math.log(14.0), math.log(12.0), math.log(12.0)]))
        self.bias = nn.Parameter(torch.tensor(-5.0))

    def forward(self) -> Tensor:
        return F.normalize(self.weight, dim=-1)


def image_loss(
    visual: nn.Module, directions: Directions, images: Tensor, objects: Tensor, boxes: Tensor
) -> Tensor:
    """[3]: softmax and sigmoid loss of the whole scene, softmax loss of each object's patches."""
    features = visual.trunk.forward_features(images)  # [B,W,h,w]
    patches = visual.head(features.flatten(2).transpose(1, 2))  # [B,P,D]
    pooled = visual.head(visual.trunk.forward_head(features))  # [B,D], as in the final model
    unit = directions()
    scale = directions.scale.exp()
    known = objects >= 0
    targets = torch.zeros(len(images), len(unit) + 1).scatter_(
        1, torch.where(known, objects, len(unit)), 1.0
    )[:, :-1]
    whole = F.normalize(pooled, dim=-1) @ unit.T
    share = targets / targets.sum(dim=1, keepdim=True).clamp(min=1)
    softmax = -(share * F.log_softmax(whole * scale[0], dim=1)).sum(dim=1).mean()
    sigmoid = F.binary_cross_entropy_with_logits(
        whole * scale[1] + directions.bias, targets, reduction="none"
    )
    sigmoid = sigmoid.sum(dim=1).mean()
    inside = box_masks(boxes, features.shape[-1])[known]  # [K,P]
    owner = torch.nonzero(known)[:, 0]
    inner = torch.einsum("kp,kpd->kd", inside / inside.sum(1, keepdim=True).clamp(min=1e-6), patches[owner])
    local = F.cross_entropy(F.normalize(inner, dim=-1) @ unit.T * scale[2], objects[known])
    return torch.stack([softmax, 0.3 * sigmoid, local])


def box_masks(boxes: Tensor, side: int) -> Tensor:
    """Soft membership [B,5,P] of grid cells in boxes; the inner part counts most."""
    centres = (torch.arange(side) + 0.5) / side
    middle, half = (
        (boxes[..., :2] + boxes[..., 2:]) / 2,
        (boxes[..., 2:] - boxes[..., :2]).clamp(min=1.2 / side) / 2,
    )
    x = (1 - ((centres - middle[..., :1]) / half[..., :1]).abs()).clamp(min=0)
    y = (1 - ((centres - middle[..., 1:]) / half[..., 1:]).abs()).clamp(min=0)
    return (y[..., :, None] * x[..., None, :]).flatten(-2)


def text_batch(names: list[str], rng: np.random.Generator, count: int) -> tuple[list[str], Tensor]:
    """Prompts of one category and captions of several, with the share of each category [count, C]."""
    texts, share = [], torch.zeros(count, len(names))
    for row in range(count):
        size = 1 if rng.random() < 0.7 else int(rng.integers(2, 4))
        chosen = rng.choice(len(names), size=size, replace=False)
        words = [names[i] for i in chosen]
        texts.append(
            TEMPLATES[int(rng.integers(len(TEMPLATES)))].format(words[0])
            if size == 1
            else "a photo of a " + ", a ".join(words[:-1]) + f" and a {words[-1]}."
        )
        share[row, torch.from_numpy(chosen)] = 1 / size
    return texts, share


def text_loss(model: nn.Module, unit: Tensor, tokens: Tensor, share: Tensor) -> Tensor:
    embedding = model.encode_text(tokens, normalize=True)
    wanted = F.normalize(share @ unit, dim=-1)
    cosine = (embedding * wanted).sum(-1)
    return -(share * F.log_softmax(20 * embedding @ unit.T, dim=1)).sum(1).mean() + 2 * (1 - cosine).mean()


def text_directions(model: nn.Module, names: list[str]) -> Directions:
    """The directions of an earlier run, from its text tower."""
    directions = Directions(len(names))
    with torch.no_grad():
        directions.weight.copy_(text_features(model, names))
        directions.scale[0] = model.logit_scale
    return directions


def text_features(model: nn.Module, names: list[str]) -> Tensor:
    tokenizer = open_clip.SimpleTokenizer(context_length=CONFIG["model_cfg"]["text_cfg"]["context_length"])
    return model.encode_text(tokenizer([f"a photo of a {n}." for n in names]), normalize=True)


def train(
    model: nn.Module,
    directions: Directions,
    pool: Pool,
    names: list[str],
    *,
    log: Path,
    phases: tuple[Phase, ...],
    rate: float,
    seed: int,
) -> None:
    """Train both towers together; the targets of the text tower are the image tower's directions."""
    rng = np.random.default_rng(seed)
    tokenizer = open_clip.SimpleTokenizer(context_length=CONFIG["model_cfg"]["text_cfg"]["context_length"])
    text_parameters = [
        p for n, p in model.named_parameters() if not n.startswith("visual.") and n != "logit_scale"
    ]
    image_parameters = [*model.visual.parameters(), *directions.parameters()]
    optimiser = torch.optim.AdamW(
        [
            {"params": image_parameters, "weight_decay": 0.02},
            {"params": text_parameters, "weight_decay": 0.01},
        ],
        betas=(0.9, 0.98),
    )
    steps = sum(math.ceil(p.scenes / p.batch) for p in phases)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, rate * 2 / 3], total_steps=steps + 20, pct_start=0.08
    )
    average = torch.optim.swa_utils.AveragedModel(
        model.visual, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999), use_buffers=True
    )
    started, step = time.monotonic(), 0
    for phase in phases:
        for images, objects, boxes in batches(pool, phase, rng):
            losses = image_loss(model.visual, directions, images, objects, boxes)
            spoken = torch.zeros(())
            if step % 3 == 0:
                texts, share = text_batch(names, rng, 32)
                spoken = text_loss(model, directions().detach(), tokenizer(texts), share)
            optimiser.zero_grad(set_to_none=True)
            (losses.sum() + spoken).backward()
            nn.utils.clip_grad_norm_(image_parameters, 3.0)
            optimiser.step()
            schedule.step()
            average.update_parameters(model.visual)
            step += 1
            if step % 100 == 0:
                parts = " ".join(f"{value:.3f}" for value in [*losses.tolist(), float(spoken)])
                line = f"step {step}/{steps} side {phase.side} whole, sigmoid, local, text: {parts}"
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"{line} {time.monotonic() - started:.0f} s\n")
    model.visual.load_state_dict(average.module.state_dict())


def finish_text(model: nn.Module, unit: Tensor, names: list[str], seed: int, steps: int = 400) -> None:
    """Train the text tower further on the final directions."""
    rng = np.random.default_rng(seed + 1)
    tokenizer = open_clip.SimpleTokenizer(context_length=CONFIG["model_cfg"]["text_cfg"]["context_length"])
    parameters = [
        p for n, p in model.named_parameters() if not n.startswith("visual.") and n != "logit_scale"
    ]
    optimiser = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        texts, share = text_batch(names, rng, 96)
        loss = text_loss(model, unit, tokenizer(texts), share)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()


def zero_shot_map(model: nn.Module, pool: Pool, names: list[str]) -> float:
    """mAP of the text score over all scenes of a pool."""
    from sklearn.metrics import average_precision_score

    model.eval()
    with torch.inference_mode():
        text = text_features(model, names)
        scores = []
        for start in range(0, len(pool.pixels), 128):
            pixels = torch.from_numpy(pool.pixels[start : start + 128]).permute(0, 3, 1, 2).float() / 255
            pixels = (pixels - torch.tensor(MEAN).view(3, 1, 1)) / torch.tensor(STD).view(3, 1, 1)
            scores.append(model.encode_image(pixels, normalize=True) @ text.T)
    score = torch.cat(scores).numpy()
    truth = np.zeros(score.shape, dtype=bool)
    rows, slots = np.nonzero(pool.objects >= 0)
    truth[rows, pool.objects[rows, slots]] = True
    present = truth.any(axis=0)
    return float(average_precision_score(truth[:, present], score[:, present], average="macro"))


def build(start: Path | None) -> tuple[nn.Module, int]:
    """A new model, or the one in ``start`` with the number of scenes it was trained on."""
    model_config = {k: dict(v) if isinstance(v, dict) else v for k, v in CONFIG["model_cfg"].items()}
    model = open_clip.CLIP(**model_config).to(memory_format=torch.channels_last)
    if start is None:
        return model, 0
    model.load_state_dict(load_file(start / "open_clip_model.safetensors"))
    card = json.loads((start / "card.json").read_text(encoding="utf-8"))
    return model, int(card["scenes_shown"])


def save(model: nn.Module, folder: Path, card: dict[str, object]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        k: (v.half() if v.is_floating_point() else v).contiguous() for k, v in model.state_dict().items()
    }
    save_file(state, folder / "open_clip_model.safetensors", metadata={"format": "pt"})
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG, indent=1) + "\n", encoding="utf-8")
    (folder / "card.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--work", type=Path, default=Path("backbone-training"), help="folder for scenes and the log (3 GB)"
    )
    parser.add_argument("--scenes", type=int, default=32_000, help="number of different scenes to draw")
    parser.add_argument("--share", type=float, default=1.0, help="fraction of the full run, for a trial")
    parser.add_argument("--start", type=Path, help="folder of an earlier run to continue")
    parser.add_argument("--rate", type=float, default=1.5e-3, help="highest learning rate")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    bundled_tower.register()
    names = trained_names(load_sprites(TRAINING_STYLES))
    started = time.monotonic()
    pool = draw_pool(args.work / "scenes.npy", args.scenes, TRAINING_STYLES, args.seed)
    same = draw_pool(args.work / "same-style.npy", 1500, TRAINING_STYLES, args.seed + 1)
    other = draw_pool(args.work / "demo-style.npy", 1500, (DEMO_STYLE,), args.seed + 2)
    drawn = time.monotonic() - started
    torch.manual_seed(args.seed)
    model, shown = build(args.start)
    directions = text_directions(model, names) if args.start else Directions(len(names))
    phases = tuple(Phase(p.side, int(p.scenes * args.share), p.batch) for p in PHASES)
    log = args.work / "log.txt"
    train(model, directions, pool, names, log=log, phases=phases, rate=args.rate, seed=args.seed + shown)
    finish_text(model, directions().detach(), names, args.seed)
    with torch.no_grad():
        model.logit_scale.copy_(directions.scale[0])
    card = {
        "parameters": sum(p.numel() for p in model.parameters()),
        "image_tower_parameters": sum(p.numel() for p in model.visual.parameters()),
        "categories": len(names),
        "scenes_drawn": args.scenes,
        "scenes_shown_before": shown,
        "scenes_shown": shown + sum(p.scenes for p in phases),
        "seed": args.seed,
        "zero_shot_map_training_styles": round(zero_shot_map(model, same, names), 4),
        "zero_shot_map_new_style": round(zero_shot_map(model, other, names), 4),
        "seconds_drawing": round(drawn),
        "seconds_in_all": round(time.monotonic() - started),
    }
    save(model, args.out, card)
    print(json.dumps(card, indent=1))


if __name__ == "__main__":
    main()
