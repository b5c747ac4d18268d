# SPDX-License-Identifier: Apache-2.0
"""Reduces rows of logits with numpy, in float64: the reference, and what needs no torch.

The arithmetic's name is part of a teacher's fingerprint. From equal logits come the same entries as from Stillhouse's
kernel in Java; its sums are of float32 exponentials, so log-probs differ by up to 1e-6.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from . import _draws, _keys
from ._request import Request
from ._statistics import RowError, Rows, Statistics, finish, join, unite

ARITHMETIC = "numpy-1"

_TILE_BYTES = 32 << 20  # Of float64 values of rows at once.
_FAINT = 2.0**-900  # A tail below has lost digits.


class Source(Protocol):
    """Rows of logits, which are asked for some rows at a time."""

    def __len__(self) -> int: ...

    def tile(self, begin: int, end: int) -> np.ndarray:
        """Returns float32 logits ``[end - begin, V]``, of which the first ``vocabulary`` count."""
        ...


def reduce(source: Source, targets: np.ndarray, sequences: np.ndarray, positions: np.ndarray, asked: Request) -> Statistics:
    """Returns the statistics of all rows; raises RowError."""
    step = max(1, _TILE_BYTES // (8 * asked.vocabulary))
    parts = []
    for begin in range(0, len(source), step):
        end = min(len(source), begin + step)
        logits = source.tile(begin, end)[:, : asked.vocabulary]
        try:
            parts.append(_tile(logits, targets[begin:end], sequences[begin:end], positions[begin:end], asked))
        except RowError as e:
            raise RowError(begin + e.row, str(e)) from None
    return join(parts)


def _check(logits: np.ndarray) -> None:
    wrong = ~(logits < np.inf)
    if wrong.any():
        row, token = (int(at[0]) for at in np.nonzero(wrong))
        raise RowError.bad(row, token, float(logits[row, token]))
    empty = np.flatnonzero(logits.max(axis=1) == -np.inf)
    if len(empty):
        raise RowError.empty(int(empty[0]), logits.shape[1])


def _tile(
    logits: np.ndarray, targets: np.ndarray, sequences: np.ndarray, positions: np.ndarray, asked: Request
) -> Statistics:
    logits = np.ascontiguousarray(logits, dtype=np.float32)
    _check(logits)
    every = np.arange(len(logits))
    most = logits.max(axis=1).astype(np.float64)
    above = logits - most[:, None]
    mass = np.exp(above)
    total = mass.sum(axis=1)  # Pairwise, in float64: right to some last bits.
    log_sum = np.log(total)
    weighted = np.where(mass > 0, mass * np.where(mass > 0, above, 0), 0).sum(axis=1)
    best = _best(logits, asked.best)
    reached = np.exp(np.where(_keys.has_mass(best), _keys.logits_of(best) - most[:, None], -np.inf))
    proposal, drawn = log_sum, np.empty((len(logits), 0), np.int64)
    if asked.draws:
        masses = mass if asked.temperature == 1 else np.exp(above / asked.temperature)
        proposal = np.log(masses.sum(axis=1))
        ids = _drawn(masses, _draws.uniforms(asked.seed, asked.draws, sequences, positions))
        drawn = _keys.keys(np.take_along_axis(logits, ids, axis=1), ids)
    known = np.maximum(targets, 0)
    rows = Rows(
        most,
        log_sum,
        log_sum - weighted / total,
        best,
        (np.cumsum(reached, axis=1) - reached) / total[:, None],
        drawn,
        _keys.keys(logits[:, asked.forced], np.broadcast_to(asked.forced, (len(logits), len(asked.forced)))),
        np.where(targets < 0, _keys.NONE, _keys.keys(logits[every, known], known)),
        np.stack([np.log(np.exp(above / at).sum(axis=1)) for at in asked.normalisers_at], axis=1)
        if asked.normalisers_at
        else np.empty((len(logits), 0)),
        proposal,
    )
    entries = unite(rows, asked)
    kept = entries.row, _keys.ids_of(entries.keys)
    mass[kept] = 0
    tail = mass.sum(axis=1)
    with np.errstate(divide="ignore"):
        log_tail = np.log(tail)
    for row in np.flatnonzero(tail < _FAINT):
        rest = above[row].copy()
        rest[kept[1][kept[0] == row]] = -np.inf
        largest = rest.max()
        log_tail[row] = largest if largest == -np.inf else largest + np.log(np.exp(rest - largest).sum())
    return finish(rows, entries, log_tail, asked)


def _best(logits: np.ndarray, count: int) -> np.ndarray:
    """Returns the keys of the ``count`` best ids of each row, descending."""
    if count == 0:
        return np.empty((len(logits), 0), np.int64)
    width = logits.shape[1]
    keyed = _keys.keys(logits, np.arange(width))
    if count < width:
        keyed = np.partition(keyed, width - count, axis=1)[:, width - count :]
    return np.sort(keyed, axis=1)[:, ::-1]


def _drawn(masses: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """Returns for each number the first id, in the order of draws, at which the sum exceeds it."""
    ordered = _draws.in_order(masses)
    sums = np.cumsum(ordered, axis=1)
    ids = np.empty(uniforms.shape, np.int64)
    for row in range(len(ordered)):
        places = np.searchsorted(sums[row], uniforms[row] * sums[row, -1], side="right")
        last = np.flatnonzero(ordered[row])[-1]  # Rounding may leave the last number a place without mass.
        ids[row] = _draws.id_at(np.minimum(places, last))
    return ids


class WholeRows:
    """Rows that a model gave as an array, or as hidden states and a head."""

    def __init__(self, given: object, places: object):
        self._given = given
        self._places = places

    def __len__(self) -> int:
        return len(self._places)  # type: ignore[arg-type]

    def tile(self, begin: int, end: int) -> np.ndarray:
        at = self._places.batch[begin:end], self._places.place[begin:end]  # type: ignore[attr-defined]
        if isinstance(self._given, tuple):
            hidden, head = self._given
            return np.asarray(hidden)[at].astype(np.float32) @ np.asarray(head).astype(np.float32).T
        return np.asarray(self._given)[at].astype(np.float32)


def source(given: object, places: object) -> WholeRows:
    """Returns the rows of what a model gave."""
    return WholeRows(given, places)
