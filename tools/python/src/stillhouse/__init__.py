# SPDX-License-Identifier: Apache-2.0
"""Batches of LLM distillation datasets.

``open`` starts a server for local or S3 datasets and ends it again; ``connect`` uses one that runs
(``stillhouse serve``). Both give a :class:`Dataset`, whose ``batches`` are read ahead by a thread.
"""

from ._batch import Batch
from ._batches import Batches
from ._client import Dataset, connect, open
from ._position import Position
from .errors import DataError, NotReachedError, ServerError, StillhouseError, UsageError

__version__ = "0.1.0"

__all__ = [
    "Batch",
    "Batches",
    "DataError",
    "Dataset",
    "NotReachedError",
    "Position",
    "ServerError",
    "StillhouseError",
    "UsageError",
    "connect",
    "open",
]
