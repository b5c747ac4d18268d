"""Trains minigpt on the text that minigpt_text.py fetched: python3 train_minigpt.py TEXT OUT --steps 2400

OUT/checkpoint.pt is written every --every steps; the same command goes on from there, so a run may be interrupted.

Scoring 50,257 ids costs a small model more than all else. Until the last twenty-fifth of the steps a batch is therefore
scored on its own targets and on ids drawn with a chance that grows with their frequency; log(1/chance) is added to the
logit of a drawn id, so that the normaliser is right in the mean (Bengio and Senecal 2008). The last steps score all ids.
"""

import argparse
import json
import pickle
import sys
import time
from pathlib import Path

try:
    import numpy as np
    import torch
    from tokenizers import Tokenizer
    from tqdm import tqdm
except ImportError as missing:
    sys.exit(f"training needs torch, tokenizers, tqdm and numpy: {missing} (pip install torch tokenizers tqdm numpy)")

from minigpt import MiniGpt, Shape

END = 50256  # <|endoftext|>, after every document
SCORED = 8192  # ids a batch is scored on
ROWS = 512  # positions whose logits are there at a time
ALL_IDS = 0.96  # share of the steps after which all ids are scored


class ChunkedLoss(torch.autograd.Function):
    """Mean cross-entropy of features [n, e] against weights [v, e], a few rows of logits at a time; bias is [v] or []."""

    @staticmethod
    def forward(ctx, features, weights, targets, bias):
        by_features, by_weights = torch.empty_like(features), torch.zeros_like(weights, dtype=torch.float32)
        total = torch.zeros((), device=features.device)
        for start in range(0, len(features), ROWS):
            rows, target = features[start : start + ROWS], targets[start : start + ROWS, None]
            logits = (rows @ weights.T).float() + bias
            normaliser = logits.logsumexp(-1, keepdim=True)
            total += (normaliser - logits.gather(1, target)).sum()
            slope = (logits - normaliser).exp_()
            slope.scatter_add_(1, target, torch.full_like(target, -1, dtype=slope.dtype))
            slope = slope.to(features.dtype)
            by_features[start : start + ROWS] = slope @ weights
            by_weights += slope.T @ rows
        ctx.save_for_backward(by_features, by_weights)
        return total / len(features)

    @staticmethod
    def backward(ctx, scale):
        by_features, by_weights = ctx.saved_tensors
        scale = scale.item() / len(by_features)
        return by_features * scale, by_weights * scale, None, None


def read_tokens(folder: Path, name: str) -> np.ndarray:
    """The documents' ids in file order, each with its end; kept beside the text for the next run."""
    text, kept, tokenizer = folder / f"{name}.jsonl", folder / f"{name}.npy", folder / "tokenizer.json"
    for needed in (text, tokenizer):
        if not needed.exists():
            sys.exit(f"{needed} is not there: python3 minigpt_text.py {folder} fetches it")
    if not kept.exists() or kept.stat().st_mtime < text.stat().st_mtime:
        documents = [json.loads(line)["text"] for line in text.read_text("utf-8").split("\n") if line]
        encoded = Tokenizer.from_file(str(tokenizer)).encode_batch(documents)
        np.save(kept, np.array([i for one in encoded for i in (*one.ids, END)], dtype=np.uint16))
    return np.load(kept)


def chances(tokens: np.ndarray, vocabulary: int) -> torch.Tensor:
    """The chance of each id to be drawn, which is SCORED ids in the mean."""
    weight = torch.from_numpy(np.bincount(tokens, minlength=vocabulary).astype(np.float32)) ** 0.75 + 0.2
    low, high = 0.0, 1e6
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (weight * middle).clamp(max=1).sum() < SCORED else (low, middle)
    return (weight * low).clamp(max=1)


def loss_of(model: MiniGpt, ids: torch.Tensor, chance: torch.Tensor | None) -> torch.Tensor:
    """Mean nats of ids [batch, positions + 1]; chance of every id to be scored, or None for all."""
    with torch.autocast(ids.device.type, torch.bfloat16):
        features = model.features(ids[:, :-1]).flatten(0, 1).bfloat16()
    targets, weights = ids[:, 1:].flatten(), model.embedding.weight
    if chance is None:
        return ChunkedLoss.apply(features, weights.bfloat16(), targets, torch.zeros((), device=ids.device))
    scored = torch.rand_like(chance) < chance
    bias = torch.where(scored, -chance.log(), 0.0)
    scored[targets] = True
    place = scored.cumsum(0) - 1
    return ChunkedLoss.apply(features, weights[scored].bfloat16(), place[targets], bias[scored])


@torch.no_grad()
def held_out_loss(model: MiniGpt, tokens: np.ndarray, device: torch.device, rows: int = 48) -> float:
    """Mean nats a token over a few whole contexts, spread evenly."""
    context, total = model.shape.context, 0.0
    for start in np.linspace(0, len(tokens) - context - 1, rows).astype(int):
        ids = torch.from_numpy(tokens[start : start + context + 1].astype(np.int64)).to(device)
        total += torch.nn.functional.cross_entropy(model(ids[None, :-1])[0], ids[1:]).item()
    return total / rows


def optimisers_of(model: MiniGpt, rate: float) -> list[torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the blocks' matrices, AdamW for what meets the vocabulary."""
    others = [model.embedding.weight, model.widen.weight, model.narrow.weight]
    return [
        torch.optim.Muon(model.blocks.parameters(), lr=rate, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=rate / 2, betas=(0.9, 0.98), weight_decay=0.01),
    ]


class Checkpoint:
    """All of a run's state in one file, whole or not at all."""

    def __init__(self, path: Path, identity: dict, model: MiniGpt, optimisers: list[torch.optim.Optimizer]):
        self.path, self.identity, self.model, self.optimisers = path, identity, model, optimisers

    def load(self, device: torch.device) -> tuple[int, float]:
        """Steps and seconds so far."""
        if not self.path.exists():
            return 0, 0.0
        try:
            saved = torch.load(self.path, map_location=device)
            identity = saved["identity"]
        except (RuntimeError, KeyError, OSError, EOFError, pickle.UnpicklingError) as problem:
            sys.exit(f"{self.path} is no checkpoint of minigpt ({type(problem).__name__}): choose another OUT")
        if identity != self.identity:
            sys.exit(f"{self.path} is of {identity}, this run of {self.identity}: choose another OUT")
        self.model.load_state_dict(saved["model"])
        for optimiser, state in zip(self.optimisers, saved["optimisers"]):
            optimiser.load_state_dict(state)
        return saved["step"], saved["seconds"]

    def save(self, step: int, seconds: float) -> None:
        state = {"identity": self.identity, "step": step, "seconds": seconds, "model": self.model.state_dict(),
                 "optimisers": [optimiser.state_dict() for optimiser in self.optimisers]}
        new = self.path.with_suffix(".new")
        torch.save(state, new)
        new.replace(self.path)


def train(given: argparse.Namespace) -> None:
    shape, device = Shape(), torch.device(given.device)
    tokens, held_out = read_tokens(given.text, "train"), read_tokens(given.text, "held-out")
    chance = chances(tokens, shape.vocabulary).to(device)
    torch.manual_seed(given.seed)
    model = MiniGpt(shape).to(device)
    optimisers = optimisers_of(model, given.rate)
    full = [group["lr"] for optimiser in optimisers for group in optimiser.param_groups]
    given.out.mkdir(parents=True, exist_ok=True)
    kept = Checkpoint(given.out / "checkpoint.pt", {**shape.as_dict(), "seed": given.seed}, model, optimisers)
    first, seconds = kept.load(device)
    started = time.time() - seconds
    bar = tqdm(range(first, given.steps), initial=first, total=given.steps, unit="step", mininterval=1)
    for step in bar:
        torch.manual_seed(given.seed * 1_000_003 + step)  # a step is the same whether the run was interrupted or not
        starts = np.random.default_rng((given.seed, step)).integers(0, len(tokens) - shape.context, given.batch)
        ids = torch.from_numpy(np.stack([tokens[s : s + shape.context + 1] for s in starts]).astype(np.int64)).to(device)
        share = step / given.steps
        rate = min(1, (step + 1) / 100, 0.02 + (1 - share) / 0.4)
        for group, rate_of in zip((g for o in optimisers for g in o.param_groups), full):
            group["lr"] = rate_of * rate
        loss = loss_of(model, ids, chance if share < ALL_IDS else None)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        bar.set_postfix(loss=f"{loss.item():.3f}")
        if (step + 1) % given.every == 0 or step + 1 == given.steps:
            kept.save(step + 1, time.time() - started)
            bar.write(f"step {step + 1:,}: held-out {held_out_loss(model, held_out, device):.4f} nats, {(time.time() - started) / 60:.1f} min")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("text", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--steps", type=int, default=2400)
    arguments.add_argument("--batch", type=int, default=16, help="rows of a whole context")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--rate", type=float, default=0.006, help="Muon's at its highest; AdamW takes half")
    arguments.add_argument("--every", type=int, default=100, help="steps between checkpoints")
    arguments.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    try:
        train(arguments.parse_args())
    except KeyboardInterrupt:
        sys.exit("interrupted: the same command goes on from the last checkpoint")
