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


class Batch:
    """Columns of a step: ``batch.tokens``, ``batch["log_probs.1"]``; see the protocol's page for all names.

    ``cursor`` is the JSON text of the place behind this batch. ``samples`` rows of it are there; the others are
    padding. Arrays are read-only views.
    """

    def __init__(self, data: pa.RecordBatch, metadata: dict[str, Any]):
        self._data = data
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
