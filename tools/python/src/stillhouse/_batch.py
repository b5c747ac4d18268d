# SPDX-License-Identifier: Apache-2.0
"""One step of one rank, as arrays that share memory with what was received."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any, Iterator

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    import torch

_NOTHING = -10_000.0  # stands for minus infinity
_TOP = 1  # bit of reasons: among the best


def only_best(statistic: str) -> bool:
    """Returns whether all entries of a statistic are among the best; others are drawn, forced or the target's."""
    return all(part.split(":")[0] in ("top-k", "top-p", "normaliser-at") for part in statistic.split("+"))


class Batch:
    """Columns of a step: ``batch.tokens``, ``batch["log_probs.1"]``; see the protocol's page for all names.

    ``cursor`` is the JSON text of the place behind this batch. ``samples`` rows of it are there; the others are
    padding. Arrays are read-only views.
    """

    def __init__(self, data: pa.RecordBatch, metadata: dict[str, Any], best: tuple[bool, ...] = ()):
        self._data = data
        self._best = best  # of each teacher, whether all its entries are there for being among the best
        self._columns = {field.name: index for index, field in enumerate(data.schema)}
        self.cursor: str = json.dumps(metadata["cursor"], separators=(",", ":"))
        self.step: int = metadata["step"]
        self.samples: int = metadata["samples"]

    def keys(self) -> list[str]:
        """Returns the names of the columns."""
        return list(self._columns)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __len__(self) -> int:
        return self._data.num_rows

    def _numbers(self, name: str) -> tuple[pa.Array, tuple[int, ...], bool]:
        index = self._columns.get(name)
        if index is None:
            raise KeyError(f"no column {name}; there are {', '.join(self._columns)}")
        field, column = self._data.schema.field(index), self._data.column(index)
        shape: tuple[int, ...] = (len(column),)
        metadata = field.metadata or {}
        if isinstance(column, pa.ExtensionArray):
            shape += tuple(column.type.shape)
            column = column.storage
        elif pa.types.is_fixed_size_list(column.type):
            shape += tuple(json.loads(metadata[b"ARROW:extension:metadata"])["shape"])
        if pa.types.is_fixed_size_list(column.type):
            column = column.flatten()
        return column, shape, metadata.get(b"type") == b"bfloat16"

    def numpy(self, name: str) -> np.ndarray:
        """Returns a column as an array, without a copy; bfloat16 becomes float32, with one."""
        numbers, shape, brain = self._numbers(name)
        array = numbers.to_numpy(zero_copy_only=True).reshape(shape)
        return (array.astype(np.uint32) << 16).view(np.float32) if brain else array

    __getitem__ = numpy

    def __getattr__(self, name: str) -> np.ndarray:
        if name.startswith("_") or name not in self._columns:
            raise AttributeError(f"no column {name}; there are {', '.join(self.__dict__.get('_columns', ()))}")
        return self.numpy(name)

    def gather(self, ids: np.ndarray, teacher: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Returns the teacher's log-probs at ids of the caller's choice, as (log_probs, exact) of the shape of ``ids``.

        ``ids`` has the batch's [B, T], and [B, T, n] asks for n of each position. An id that was kept has its log-prob,
        where ``exact`` is True. Of another, the value is a proven upper bound: it is no more likely than the tail that
        it lies in, nor than an entry kept for being among the best (where a statistic also has others, the column
        ``reasons`` must be there to say which). In padding nothing is known, and the value is -10000. ``teacher``
        counts joined teachers.
        """
        names = [name + (f".{teacher}" if teacher else "") for name in ("ids", "log_probs", "log_tail", "reasons")]
        known, log_probs, tail = (self.numpy(name) for name in names[:3])
        ids = np.asarray(ids)
        flat = ids[..., None] if ids.ndim == 2 else ids
        if flat.ndim != 3 or flat.shape[:2] != known.shape[:2] or not np.issubdtype(flat.dtype, np.integer):
            raise ValueError(
                f"ids {flat.dtype} {list(ids.shape)}: need integers of {list(known.shape[:2])}, or of "
                f"{list(known.shape[:2])} and a number for each position"
            )
        there = log_probs > _NOTHING / 2  # Rows of fewer entries are filled up.
        bound = np.minimum(tail, 0).astype(np.float32)
        best = there if teacher < len(self._best) and self._best[teacher] else None
        if best is None and names[3] in self:
            best = there & (self.numpy(names[3]) & _TOP != 0)
        if best is not None:
            bound = np.minimum(bound, np.where(best, log_probs, np.inf).min(-1, initial=np.inf))
        found = np.repeat(bound[..., None], flat.shape[2], axis=2)  # float32: not rounded once more
        exact = np.zeros(flat.shape, dtype=bool)
        for entry in range(known.shape[2]):  # One entry at a time: no array of [B, T, n, k].
            same = there[..., entry, None] & (known[..., entry, None] == flat)
            found = np.where(same, log_probs[..., entry, None], found)
            exact |= same
        return found.reshape(ids.shape), exact.reshape(ids.shape)

    def torch(self, device: Any = None) -> dict[str, "torch.Tensor"]:
        """Returns all columns as tensors. On the CPU they share memory and must not be written to."""
        import torch

        tensors = {}
        for name in self._columns:
            numbers, shape, brain = self._numbers(name)
            tensor = _tensor(numbers)
            if brain:
                tensor = tensor.view(torch.bfloat16)
            tensor = tensor.view(shape)
            if device is not None and torch.device(device).type == "cuda":
                tensor = tensor.pin_memory().to(device, non_blocking=True)
            elif device is not None:
                tensor = tensor.to(device)
            tensors[name] = tensor
        return tensors

    def __repr__(self) -> str:
        shapes = ", ".join(f"{name} {list(self._numbers(name)[1])}" for name in self._columns)
        return f"Batch(step={self.step}, samples={self.samples}, {shapes})"


def _tensor(numbers: pa.Array) -> "torch.Tensor":
    import torch

    array = numbers.to_numpy(zero_copy_only=True)
    if array.dtype == np.uint16:
        array = array.view(np.int16)  # torch knows few unsigned types; the bits are the same.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        return torch.from_numpy(array)
