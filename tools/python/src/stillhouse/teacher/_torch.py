# SPDX-License-Identifier: Apache-2.0
"""Reduces rows with torch on the model's device, a chunk of the vocabulary at a time.

Logits of a chunk are made (by the head, or by a slice of what the model gave), reduced, and dropped. What is carried
from chunk to chunk is small: the best keys of each row, sums in float64 relative to the largest logit so far, and the
mass of all that is not among the best, which is a sum of its own and no difference. Memory is
O(rows x (best + chunk)), whatever the vocabulary. Draws need the total before them, so they take a second pass.
"""

from __future__ import annotations

from typing import Any, Iterator

import numpy as np
import torch

from . import _draws, _keys
from ._request import Request
from ._statistics import RowError, Rows, Statistics, finish, join, unite

ARITHMETIC = "torch-1"

CHUNK = 4096  # Ids; a multiple of a block of the order of draws.
ROWS = {"cpu": 512}  # Reduced at once, by kind of device; others have more room.

_MIN_LEFT = 1 / 16  # Share of a sum that must remain after a subtraction: less is mostly rounding.
_MIN_TAIL = 2.0**-80  # A tail below is summed anew, relative to its own maximum.
_NONE = torch.iinfo(torch.int64).min


class ChunkedRows:
    """Rows that a model gave as logits, or as hidden states and a head."""

    def __init__(self, given: Any, places: Any):
        self._count = len(places)
        shown = given[0] if isinstance(given, tuple) else given
        at = torch.from_numpy(places.batch).to(shown.device), torch.from_numpy(places.place).to(shown.device)
        self._head = given[1] if isinstance(given, tuple) else None
        self._logits = None if self._head is not None else given
        self._hidden = None if self._head is None else given[0][at]
        self._at = at
        self.device = shown.device

    def __len__(self) -> int:
        return self._count

    def chunk(self, rows: slice | torch.Tensor, low: int, high: int) -> torch.Tensor:
        """Returns a new float32 tensor of the logits of ids ``low .. high - 1``."""
        if self._head is None:
            found = self._logits[self._at[0][rows], self._at[1][rows], low:high]
        else:
            found = self._hidden[rows] @ self._head[low:high].T
        return found if found.dtype == torch.float32 else found.float()

    @torch.inference_mode()
    def tile(self, begin: int, end: int) -> np.ndarray:
        """Returns whole rows, for a client that reduces them itself."""
        width = self._head.shape[0] if self._head is not None else self._logits.shape[-1]
        return self.chunk(slice(begin, end), 0, width).cpu().numpy()


def source(given: Any, places: Any) -> ChunkedRows:
    """Returns the rows of what a model gave."""
    return ChunkedRows(given, places)


def reduce(
    source: ChunkedRows, targets: np.ndarray, sequences: np.ndarray, positions: np.ndarray, asked: Request
) -> Statistics:
    """Returns the statistics of all rows; raises RowError."""
    parts = []
    with torch.inference_mode():
        step = ROWS.get(source.device.type, 4096)
        for begin in range(0, len(source), step):
            rows = slice(begin, min(len(source), begin + step))
            try:
                one = _Pass(source, rows, targets[rows], asked)
                parts.append(one.statistics(sequences[rows], positions[rows]))
            except RowError as e:
                raise RowError(begin + e.row, str(e)) from None
    return join(parts)


def keys(logits: torch.Tensor, ids: torch.Tensor) -> torch.Tensor:
    """Returns the keys of float32 logits, as ``_keys.keys`` does."""
    bits = (logits + 0.0).view(torch.int32)
    ordered = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).long()
    return (ordered << 32) | (_keys.IDS - ids)


def _exp(logits: torch.Tensor, most: torch.Tensor, temperature: float = 1.0) -> tuple[torch.Tensor, torch.Tensor]:
    """Returns x - max, finite, and its exponential."""
    above = (logits - most[:, None]).clamp_(min=-1e30)
    if temperature != 1:
        above /= temperature
    return above, torch.exp(above)


def _log(sums: torch.Tensor) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(sums.cpu().numpy())


class _Pass:
    """The reduction of some rows."""

    def __init__(self, source: ChunkedRows, rows: slice, targets: np.ndarray, asked: Request):
        self._source, self._rows, self._asked = source, rows, asked
        self._count = rows.stop - rows.start
        device = source.device
        self._targets = torch.from_numpy(targets).to(device)
        self._forced = torch.from_numpy(asked.forced).to(device)
        self._device = device
        self.most = torch.full((self._count,), -torch.inf, device=device)
        self.best = torch.empty((self._count, 0), dtype=torch.int64, device=device)
        zeros = [torch.zeros(self._count, dtype=self._wide(), device=device) for _ in range(3)]
        self.total, self.weighted, self.rest = zeros
        self._degrees = sorted({*asked.normalisers_at, *([asked.temperature] if asked.draws else [])} - {1.0})
        self.tempered = {at: torch.zeros_like(self.total) for at in self._degrees}
        self._of_target = torch.zeros(self._count, device=device)
        self._of_forced = torch.empty((self._count, len(self._forced)), device=device)
        for low, high in self._chunks():
            self._add(low, source.chunk(rows, low, high))
        empty = torch.isneginf(self.most).nonzero()
        if len(empty):
            raise RowError.empty(int(empty[0]), asked.vocabulary)

    def _wide(self) -> torch.dtype:
        return torch.float32 if self._device.type == "mps" else torch.float64

    def _sum(self, values: torch.Tensor) -> torch.Tensor:
        """Sums a chunk in float32, pairwise, which errs by 1e-7 of it; chunks are summed in float64."""
        return values.sum(dim=1).to(self._wide())

    def _chunks(self) -> Iterator[tuple[int, int]]:
        for low in range(0, self._asked.vocabulary, CHUNK):
            yield low, min(self._asked.vocabulary, low + CHUNK)

    def _add(self, low: int, logits: torch.Tensor) -> None:
        largest = logits.amax(dim=1)  # NaN if there is one.
        if not bool((largest < torch.inf).all()):
            wrong = (~(logits < torch.inf)).nonzero()[0]
            row, token = int(wrong[0]), int(wrong[1])
            raise RowError.bad(row, low + token, float(logits[row, token]))
        self._reach(largest)
        self._pick(low, logits)
        taken = self._take(low, logits)
        most = torch.where(torch.isneginf(self.most), 0, self.most)
        above, mass = _exp(logits, most)
        sums = self._sum(mass)
        self.rest += sums
        self.total += sums
        self.weighted += self._sum(mass.mul_(above))
        for at in self._degrees:
            self.tempered[at] += self._sum(_exp(logits, most, at)[1])
        if taken is not None:
            self._lose(taken, most)

    def _reach(self, largest: torch.Tensor) -> None:
        """Makes all sums relative to the largest logit so far."""
        most = torch.maximum(self.most, largest)
        rise = (most.to(self._wide()) - self.most.to(self._wide())).nan_to_num_(nan=0.0, posinf=0.0)
        scale = torch.exp(-rise)
        self.weighted = (self.weighted - rise * self.total) * scale
        self.total *= scale
        self.rest *= scale
        for at in self._degrees:
            self.tempered[at] *= torch.exp(-rise / at)
        self.most = most

    def _pick(self, low: int, logits: torch.Tensor) -> None:
        """Keeps the logits of targets and of forced ids."""
        width = logits.shape[1]
        here = (self._targets >= low) & (self._targets < low + width)
        place = (self._targets - low).clamp(0, width - 1)
        self._of_target = torch.where(here, logits.gather(1, place[:, None])[:, 0], self._of_target)
        begin, end = (int(torch.searchsorted(self._forced, at)) for at in (low, low + width))
        if end > begin:
            self._of_forced[:, begin:end] = logits[:, self._forced[begin:end] - low]

    def _take(self, low: int, logits: torch.Tensor) -> torch.Tensor | None:
        """Takes what may be among the best out of a chunk, and returns the keys of all that lost."""
        count, width = self._asked.best, logits.shape[1]
        if count == 0:
            return None
        if self.best.shape[1] < count:
            found = self._first(low, logits, count)
        else:
            bits = (self.best[:, -1] >> 32).to(torch.int32)
            bar = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).view(torch.float32)
            row, place = (logits > bar[:, None]).nonzero(as_tuple=True)  # What comes has higher ids and loses a tie.
            if len(row) == 0:
                return None
            counts = torch.bincount(row, minlength=self._count)
            column = torch.arange(len(row), device=self._device) - (counts.cumsum(0) - counts)[row]
            found = torch.full((self._count, int(counts.max())), _NONE, dtype=torch.int64, device=self._device)
            found[row, column] = keys(logits[row, place], place + low)
            logits[row, place] = -torch.inf
        every = torch.cat([self.best, found], dim=1).sort(dim=1, descending=True).values
        self.best = every[:, :count]
        return every[:, count:] if every.shape[1] > count else None

    def _first(self, low: int, logits: torch.Tensor, count: int) -> torch.Tensor:
        """Takes the best of a chunk while there is no bar yet."""
        found = keys(logits, torch.arange(low, low + logits.shape[1], device=self._device))
        if logits.shape[1] <= count:
            logits.fill_(-torch.inf)
            return found
        found = found.topk(count, dim=1, sorted=False).values
        logits.scatter_(1, _keys.IDS - (found & _keys.IDS) - low, -torch.inf)
        return found

    def _lose(self, lost: torch.Tensor, most: torch.Tensor) -> None:
        """Adds the mass of what is no longer among the best; that of the best is added at the end."""
        above, mass = self._of_keys(lost, most)
        sums = mass.sum(dim=1)
        self.rest += sums
        self.total += sums
        self.weighted += (mass * above).sum(dim=1)
        for at in self._degrees:
            self.tempered[at] += torch.exp(above / at).mul_(mass > 0).sum(dim=1)

    def _of_keys(self, keyed: torch.Tensor, most: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        bits = (keyed >> 32).to(torch.int32)
        logits = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).view(torch.float32)
        there = (keyed >> 32) > _keys.NO_MASS
        above = torch.where(there, logits, most[:, None]).to(self._wide()) - most[:, None].to(self._wide())
        return above, torch.exp(above).mul_(there)

    def statistics(self, sequences: np.ndarray, positions: np.ndarray) -> Statistics:
        """Returns what is asked, from what the pass found."""
        asked, rest = self._asked, self.rest.clone()
        if asked.best:
            self._lose(self.best, self.most)
            self.rest = rest  # The best are no part of it.
        most = self.most.cpu().numpy().astype(np.float64)
        total = self.total.cpu().numpy().astype(np.float64)
        log_sum = np.log(total)
        best = self.best.cpu().numpy()
        if best.shape[1] < asked.best:
            best = np.pad(best, ((0, 0), (0, asked.best - best.shape[1])), constant_values=_keys.NONE)
        reached = np.exp(np.where(_keys.has_mass(best), _keys.logits_of(best) - most[:, None], -np.inf))
        targets, forced = self._targets.cpu().numpy(), self._of_forced.cpu().numpy()
        known = np.maximum(targets, 0)
        log_sums = {1.0: log_sum, **{at: _log(self.tempered[at]) for at in self._degrees}}
        further = [log_sums[at] for at in asked.normalisers_at]
        rows = Rows(
            most,
            log_sum,
            log_sum - self.weighted.cpu().numpy() / total,
            best,
            (np.cumsum(reached, axis=1) - reached) / total[:, None],
            self._drawn(sequences, positions),
            _keys.keys(forced, np.broadcast_to(asked.forced, forced.shape)),
            np.where(targets < 0, _keys.NONE, _keys.keys(self._of_target.cpu().numpy(), known)),
            np.stack(further, axis=1) if further else np.empty((self._count, 0)),
            log_sums[asked.temperature] if asked.draws else log_sum,
        )
        entries = unite(rows, asked)
        return finish(rows, entries, self._log_tail(best, entries, most), asked)

    def _drawn(self, sequences: np.ndarray, positions: np.ndarray) -> np.ndarray:
        """Finds for each random number the first id, in the order of draws, at which the sum exceeds it."""
        asked = self._asked
        if not asked.draws:
            return np.empty((self._count, 0), np.int64)
        total = self.tempered.get(asked.temperature, self.total)
        uniforms = torch.from_numpy(_draws.uniforms(asked.seed, asked.draws, sequences, positions))
        wanted = uniforms.to(self._device, self._wide()) * total[:, None]
        drawn = torch.full_like(wanted, _NONE, dtype=torch.int64)
        before = torch.zeros_like(total)
        lanes, blocks = _draws.LANES, CHUNK // _draws.BLOCK
        for low, high in self._chunks():
            logits = self._source.chunk(self._rows, low, high)
            padded = torch.full((self._count, CHUNK), -torch.inf, device=self._device)
            padded[:, : high - low] = logits
            mass = _exp(padded, self.most, asked.temperature)[1].to(self._wide())
            mass = mass.view(self._count, blocks, lanes, lanes).transpose(2, 3).reshape(self._count, CHUNK)
            sums = mass.cumsum(dim=1).add_(before[:, None])
            place = torch.searchsorted(sums, wanted, right=True)
            # Rounding may leave the last numbers a place behind all; they stay at the last that has mass.
            last = (mass > 0).to(torch.int32).cumsum(1).argmax(1)
            place = torch.minimum(place, last[:, None])
            ids = torch.from_numpy(_draws.id_at(place.cpu().numpy())).to(self._device)
            found = keys(padded.gather(1, ids), ids + low)
            due = ((wanted >= before[:, None]) | (drawn == _NONE)) & (mass.amax(1) > 0)[:, None]
            drawn = torch.where(due, found, drawn)
            before = sums[:, -1]
        return drawn.cpu().numpy()

    def _log_tail(self, best: np.ndarray, entries: Any, most: np.ndarray) -> np.ndarray:
        """Returns the log of the mass that is in no entry."""
        row, above = entries.row, _keys.logits_of(entries.keys).astype(np.float64)
        rest = self.rest.cpu().numpy().astype(np.float64)
        tail = rest.copy()
        if self._asked.has_reasons or not self._asked.best or self._asked.max_top:
            mass = np.exp(above - most[row])
            least = best[:, -1] if best.shape[1] else np.full(len(most), np.iinfo(np.int64).max)
            behind = entries.keys < least[row]  # Not among the best, so the rest has it.
            np.subtract.at(tail, row[behind], mass[behind])
            kept = np.zeros(best.shape, dtype=bool)
            here = np.flatnonzero(~behind)
            kept[row[here], (best[row[here]] > entries.keys[here, None]).sum(axis=1)] = True
            tail += np.where(_keys.has_mass(best) & ~kept, np.exp(_keys.logits_of(best) - most[:, None]), 0).sum(axis=1)
        faint = np.flatnonzero((tail < _MIN_TAIL) | (tail < rest * _MIN_LEFT))
        with np.errstate(divide="ignore", invalid="ignore"):
            log_tail = np.log(tail)
        if len(faint):
            log_tail[faint] = self._faint(faint, row, entries) - most[faint]
        return log_tail

    def _faint(self, faint: np.ndarray, row: np.ndarray, entries: Any) -> np.ndarray:
        """Sums the tails of some rows directly, relative to their own maxima: another pass over these rows."""
        begin = self._rows.start
        at = torch.from_numpy(faint).to(self._device)
        kept = np.flatnonzero(np.isin(row, faint))
        place = torch.from_numpy(np.searchsorted(faint, row[kept])).to(self._device)
        ids = torch.from_numpy(_keys.ids_of(entries.keys[kept])).to(self._device)
        most = torch.full((len(faint),), -torch.inf, device=self._device)
        sums = torch.zeros(len(faint), dtype=self._wide(), device=self._device)
        for low, high in self._chunks():
            logits = self._source.chunk(at + begin, low, high)
            here = (ids >= low) & (ids < high)
            logits[place[here], ids[here] - low] = -torch.inf
            grown = torch.maximum(most, logits.amax(dim=1))
            known = torch.where(torch.isneginf(grown), 0, grown)
            rise = (grown.to(self._wide()) - most.to(self._wide())).nan_to_num_(nan=0.0, posinf=0.0)
            sums = sums * torch.exp(-rise) + self._sum(_exp(logits, known)[1])
            most = grown
        found = most.cpu().numpy().astype(np.float64)
        return np.where(np.isneginf(found), -np.inf, np.where(np.isneginf(found), 0, found) + _log(sums))
