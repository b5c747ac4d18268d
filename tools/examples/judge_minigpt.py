"""What minigpt and an n-gram say of the held-out text: python3 judge_minigpt.py OUT/checkpoint.pt TEXT [--only NAME]

Both see what Stillhouse shows a teacher: documents, each with its end, packed into rows of 512 and cut there, and every
segment read by itself. The model's weights are those of the exported file; torch computes, not the ONNX Runtime. The
n-gram is the one of dev.stillhouse.pipeline.teacher.ngram, with counts of the whole training text. Figures are means.
"""

import argparse
import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from export_minigpt import load, plain, quantised
from train_minigpt import END, read_tokens

ROW = 512
MASSES = (8, 64, 256)


class Counts:
    """n-grams of one order within documents: their keys in order, and how often each was seen."""

    def __init__(self, tokens: np.ndarray, order: int, vocabulary: int):
        ended = np.concatenate(([0], np.cumsum(tokens == END)))[: len(tokens)]
        whole = ended[: len(tokens) - order + 1] == ended[order - 1 :]
        grams = [tokens[i : len(tokens) - order + 1 + i].astype(np.int64)[whole] for i in range(order)]
        key = grams[0]
        for gram in grams[1:]:
            key = key * vocabulary + gram
        self.keys, self.counts = np.unique(key, return_counts=True)
        once, twice = (self.counts == 1).sum(), (self.counts == 2).sum()
        self.discount = once / (once + 2 * twice) if once and twice else 0.5
        self.histories, first = np.unique(self.keys // vocabulary, return_index=True)
        self.totals, self.kinds = np.add.reduceat(self.counts, first), np.diff(np.append(first, len(self.keys)))

    def mix(self, below: np.ndarray, history: np.ndarray, key: np.ndarray) -> np.ndarray:
        """Interpolated absolute discounting: p(w|h) from p of one order below; a history nobody saw falls back wholly."""
        at = np.minimum(np.searchsorted(self.histories, history), len(self.histories) - 1)
        seen = self.histories[at] == history
        total = np.where(seen, self.totals[at], 1)
        place = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
        count = np.where((self.keys[place] == key) & seen, self.counts[place], 0)
        rest = np.where(seen, self.discount * self.kinds[at] / total, 1)
        return np.maximum(count - self.discount, 0) / total + rest * below


def packed(documents: list[list[int]]) -> list[np.ndarray]:
    """The segments of all rows."""
    segments, used = [], 0
    for document in documents:
        ids = np.array([*document, END])
        while len(ids):
            part, ids = ids[: ROW - used], ids[ROW - used :]
            segments.append(part)
            used = (used + len(part)) % ROW
    return segments


def of_ngram(train: np.ndarray, segments: list[np.ndarray], vocabulary: int) -> dict:
    unigrams = np.bincount(train, minlength=vocabulary)
    once, twice = (unigrams == 1).sum(), (unigrams == 2).sum()
    discount, n = once / (once + 2 * twice), len(train)
    p1 = np.maximum(unigrams - discount, 0) / n + discount * (unigrams > 0).sum() / n / vocabulary
    two, three = Counts(train, 2, vocabulary), Counts(train, 3, vocabulary)
    total = count = 0
    for ids in segments:
        v, w = ids[:-1].astype(np.int64), ids[1:].astype(np.int64)
        p = two.mix(p1[w], v, v * vocabulary + w)
        u = np.concatenate(([-1], v[:-1]))[: len(v)]  # a first token has none before it: no such history was counted
        p = three.mix(p, u * vocabulary + v, np.where(u < 0, -1, (u * vocabulary + v) * vocabulary + w))
        total, count = total - np.log(p).sum(), count + len(p)
    return {"nats": total / count, "targets": count}


@torch.no_grad()
def of_minigpt(checkpoint: Path, segments: list[np.ndarray]) -> dict:
    """Nats over all targets; entropy and masses over the positions of every eighth segment, for sorting takes long."""
    model = plain(quantised(load(checkpoint))).float()
    nats = entropy = targets = positions = 0
    masses = np.zeros(len(MASSES))
    for number, ids in enumerate(segments):
        logits, after = model(torch.from_numpy(ids.astype(np.int64))[None])[0], torch.from_numpy(ids[1:].astype(np.int64))
        nats += torch.nn.functional.cross_entropy(logits[:-1], after, reduction="sum").item()
        targets += len(after)
        if number % 8 == 0:
            log_probs = logits.log_softmax(-1)
            best = log_probs.topk(max(MASSES)).values.exp().cumsum(-1)
            masses += [best[:, k - 1].sum().item() for k in MASSES]
            entropy -= (log_probs.exp() * log_probs).sum().item()
            positions += len(ids)
    return {"nats": nats / targets, "targets": targets, "entropy": entropy / positions,
            **{f"massAt{k}": mass / positions for k, mass in zip(MASSES, masses)}}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("text", type=Path)
    arguments.add_argument("--only", default="", help="documents whose source has this in its name")
    given = arguments.parse_args()
    train = read_tokens(given.text, "train")
    lines = (given.text / "held-out.jsonl").read_text("utf-8").split("\n")
    documents = [json.loads(line) for line in lines if line]
    texts = [document["text"] for document in documents if given.only in document["source"]]
    if not texts:
        sys.exit(f"no held-out document's source has '{given.only}' in it")
    encoded = Tokenizer.from_file(str(given.text / "tokenizer.json")).encode_batch(texts)
    segments = packed([one.ids for one in encoded])
    print(json.dumps({"documents": len(texts), "uniform": math.log(50257), "ngram": of_ngram(train, segments, 50257),
                      "minigpt": of_minigpt(given.checkpoint, segments)}, indent=1))


if __name__ == "__main__":
    main()
