# SPDX-License-Identifier: Apache-2.0
"""Statistics of rows: the union of entries, from what a reduction found of each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import _keys
from ._request import FORCED, SAMPLED, TARGET, TOP, Request


class RowError(ValueError):
    """A row is no distribution. ``row`` counts from 0 in what was reduced."""

    def __init__(self, row: int, message: str):
        super().__init__(message)
        self.row = row

    @staticmethod
    def bad(row: int, token: int, logit: float) -> "RowError":
        return RowError(row, f"the logit of id {token} is {logit}; need finite or -inf: the model's arithmetic overflowed")

    @staticmethod
    def empty(row: int, vocabulary: int) -> "RowError":
        return RowError(row, f"the logits of all {vocabulary} ids are -inf; need at least one that is finite")


@dataclass
class Rows:
    """What a reduction found of each row, all float64 unless said. Logs of sums are relative to the row's maximum."""

    max: np.ndarray
    log_sum: np.ndarray
    entropy: np.ndarray
    best: np.ndarray  # int64 keys [rows, best], descending; NONE where there are fewer.
    reached: np.ndarray  # Share of the mass that lies before each of them [rows, best].
    drawn: np.ndarray  # int64 keys [rows, draws].
    forced: np.ndarray  # int64 keys [rows, forced].
    target: np.ndarray  # int64 keys [rows]; NONE without a target.
    further: np.ndarray  # [rows, temperatures]: log-sum of (x - max) / T.
    proposal: np.ndarray  # [rows]: the same at the draws' temperature.


@dataclass
class Entries:
    """The union of each row's entries, best first, one row behind another."""

    offsets: np.ndarray  # int32 [rows + 1]
    keys: np.ndarray  # int64
    reasons: np.ndarray  # int8
    counts: np.ndarray  # int32

    @property
    def row(self) -> np.ndarray:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))


def unite(rows: Rows, asked: Request) -> Entries:
    """Returns each row's entries, each once, with all its reasons."""
    count = len(rows.max)
    place = np.arange(asked.best)
    enough = asked.mass if asked.mass < 1 else np.inf
    top = place < asked.top_k
    if asked.max_top:
        top = top | ((place < asked.max_top) & (rows.reached < enough))
    best = np.where(top & _keys.has_mass(rows.best), rows.best, _keys.NONE)
    if not asked.has_reasons and asked.best:  # Nothing but the best.
        kept = best != _keys.NONE
        found = best[kept]
        offsets = np.concatenate([[0], np.cumsum(kept.sum(1))]).astype(np.int32)
        return Entries(offsets, found, np.full(len(found), TOP, np.int8), np.zeros(len(found), np.int32))
    target = rows.target[:, None] if asked.target else np.empty((count, 0), np.int64)
    parts = [(best, TOP), (rows.drawn, SAMPLED), (rows.forced, FORCED), (target, TARGET)]
    keys = np.concatenate([part for part, _ in parts], axis=1)
    reasons = np.concatenate([np.full(part.shape[1], bit, np.int8) for part, bit in parts])
    order = np.argsort(keys, axis=1, kind="stable")[:, ::-1]
    keys = np.take_along_axis(keys, order, axis=1)
    valid = keys != _keys.NONE
    bits = np.where(valid, reasons[order], 0).astype(np.int8)
    first = valid.copy()
    first[:, 1:] &= keys[:, 1:] != keys[:, :-1]
    starts = np.flatnonzero(first)
    offsets = np.concatenate([[0], np.cumsum(first.sum(1))]).astype(np.int32)
    if not len(starts):
        return Entries(offsets, np.empty(0, np.int64), np.empty(0, np.int8), np.empty(0, np.int32))
    counts = np.add.reduceat(bits.ravel() == SAMPLED, starts, dtype=np.int32)
    return Entries(offsets, keys.ravel()[starts], np.bitwise_or.reduceat(bits.ravel(), starts), counts)


@dataclass
class Statistics:
    """Finished statistics, float32 and int32, as they go to the client."""

    offsets: np.ndarray
    ids: np.ndarray
    log_probs: np.ndarray
    reasons: np.ndarray
    counts: np.ndarray
    log_proposals: np.ndarray
    log_tail: np.ndarray
    entropy: np.ndarray
    log_normaliser: np.ndarray
    target_log_prob: np.ndarray
    further: np.ndarray  # [rows, temperatures]


OF_ENTRIES = ("ids", "log_probs", "reasons", "counts", "log_proposals")
OF_ROWS = ("log_tail", "entropy", "log_normaliser", "target_log_prob", "further")


def finish(rows: Rows, entries: Entries, log_tail: np.ndarray, asked: Request) -> Statistics:
    """Rounds each value to float32, once. ``log_tail`` is relative to the row's maximum."""
    row = entries.row
    with np.errstate(invalid="ignore"):
        above = _keys.logits_of(entries.keys).astype(np.float64) - rows.max[row]
        target = _keys.logits_of(rows.target).astype(np.float64) - rows.max - rows.log_sum
    temperatures = np.array(asked.normalisers_at, dtype=np.float64)
    return Statistics(
        entries.offsets,
        _keys.ids_of(entries.keys).astype(np.int32),
        np.minimum(above - rows.log_sum[row], 0).astype(np.float32),
        entries.reasons,
        entries.counts,
        (above / asked.temperature - rows.proposal[row]).astype(np.float32),
        np.minimum(log_tail - rows.log_sum, 0).astype(np.float32),
        np.maximum(rows.entropy, 0).astype(np.float32),
        (rows.max + rows.log_sum).astype(np.float32),
        np.where(rows.target == _keys.NONE, np.nan, np.minimum(target, 0)).astype(np.float32),
        (rows.max[:, None] / temperatures + rows.further).astype(np.float32),
    )


def join(parts: list[Statistics]) -> Statistics:
    """Joins statistics of consecutive rows."""
    if len(parts) == 1:
        return parts[0]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in OF_ENTRIES + OF_ROWS}
    counts = np.concatenate([np.diff(part.offsets) for part in parts])
    return Statistics(offsets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32), **joined)
