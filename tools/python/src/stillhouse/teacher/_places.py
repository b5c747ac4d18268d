# SPDX-License-Identifier: Apache-2.0
"""Where the rows of prompts lie in what a model gives, and rows as bytes."""

from __future__ import annotations

from typing import Any, Iterator

import numpy as np

from ._models import Model
from ._request import Prompts
from ._statistics import OF_ENTRIES, OF_ROWS, Statistics, join


class Places:
    """The rows that are asked of some prompts: where the model gives them, and what they are about."""

    def __init__(self, prompts: Prompts, bucket: list[int], shifted: bool):
        batch, place, row, target, sequence, position = [], [], [], [], [], []
        for at, i in enumerate(bucket):
            ids = prompts.tokens[i]
            first, length = int(prompts.first[i]), len(ids)
            here = np.arange(first, length)
            batch.append(np.full(len(here), at))
            place.append(here + shifted)
            row.append(prompts.row[i] + np.arange(len(here)))
            target.append(np.append(ids[first + 1 :], prompts.next[i]).astype(np.int64))
            sequence.append(np.full(len(here), prompts.sequence[i]))
            position.append(prompts.position[i] + here)
        self.batch, self.place, self.row = map(np.concatenate, (batch, place, row))
        self.target, self.sequence, self.position = map(np.concatenate, (target, sequence, position))

    def __len__(self) -> int:
        return len(self.row)


def tokens_of(prompts: Prompts) -> np.ndarray:
    """Returns the token at each row."""
    return np.concatenate([ids[first:] for ids, first in zip(prompts.tokens, prompts.first)]).astype(np.int32)


def ordered(found: list[tuple[np.ndarray, Statistics]]) -> Statistics:
    """Joins the answers of buckets, in the order of their rows' numbers."""
    joined = join([statistics for _, statistics in found])
    if len(found) == 1 and (np.diff(found[0][0]) > 0).all():
        return joined
    order = np.argsort(np.concatenate([rows for rows, _ in found]))
    counts = np.diff(joined.offsets)[order]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    entry = np.repeat(joined.offsets[:-1][order] - offsets[:-1], counts) + np.arange(offsets[-1])
    entries = {name: getattr(joined, name)[entry] for name in OF_ENTRIES}
    scalars = {name: getattr(joined, name)[order] for name in OF_ROWS}
    return Statistics(offsets=offsets.astype(np.int32), **entries, **scalars)


def pieces(offsets: np.ndarray, max_bytes: int) -> Iterator[tuple[int, int]]:
    """Returns ranges of rows whose entries have at most ``max_bytes``, one row at least."""
    entries = max_bytes // 17
    begin = 0
    while begin < len(offsets) - 1:
        end = int(np.searchsorted(offsets, offsets[begin] + entries, side="right")) - 1
        end = min(max(begin + 1, end), begin + (1 << 16))
        yield begin, end
        begin = end


def kind(model: Model) -> str:
    """Returns the type that holds the model's logits exactly."""
    return "bfloat16" if model.dtype == "bfloat16" else "float32"


def memory(source: Any, begin: int, end: int, asked: str) -> np.ndarray:
    """Returns rows as bytes, little-endian."""
    rows = np.ascontiguousarray(source.tile(begin, end), dtype=np.float32)
    if asked == "float32":
        return rows
    bits = rows.view(np.uint32)
    # To the nearest, ties to even; what is not finite keeps its upper half.
    rounded = (bits + np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1))) >> np.uint32(16)
    return np.where(np.isfinite(rows), rounded, (bits >> np.uint32(16)) | np.isnan(rows)).astype(np.uint16)
