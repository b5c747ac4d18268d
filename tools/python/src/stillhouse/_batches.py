# SPDX-License-Identifier: Apache-2.0
"""The stream of a rank's batches."""

from __future__ import annotations

import json
import queue
import threading
from typing import TYPE_CHECKING, Any, Iterator

import pyarrow as pa
import pyarrow.flight as flight

from ._batch import Batch, only_best
from .errors import NotReachedError, StillhouseError, of_kind, raise_translated

if TYPE_CHECKING:
    from ._client import Dataset

_AHEAD = 2  # batches that the reader thread has ready


class Batches(Iterator[Batch]):
    """Iterates over the steps of a rank; a thread reads ahead. For one thread. ``close`` ends it early."""

    def __init__(self, dataset: Dataset, request: dict[str, Any]):
        self._dataset = dataset
        info = dataset._info(flight.FlightDescriptor.for_command(json.dumps(request).encode()))
        answer = dataset._answer(info)
        told = answer["load"]
        first = len(answer["datasets"]) - len(request.get("with", ()))  # of a mixture, all that are mixed
        best = [only_best(of["statistic"]) for of in answer["datasets"]]
        self._best = (all(best[:first]), *best[first:])
        self.steps: int = told["steps"]
        self.rows: int = told["rows"]
        self.k: int = told["k"]
        self.epoch_samples: int = told["epochSamples"]
        self.cursor: str = json.dumps(told["cursor"], separators=(",", ":"))
        self._ready: queue.Queue[Batch | Exception | None] = queue.Queue(_AHEAD)
        self._ended = threading.Event()
        self._last: Exception | None = None
        try:
            self._reader = dataset._connection().do_get(info.endpoints[0].ticket, dataset._options())
        except (flight.FlightError, pa.ArrowException) as e:
            raise_translated(e, dataset.address, self.cursor)
        self._thread = threading.Thread(target=self._read, name="stillhouse-read", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        cursor = self.cursor
        try:
            while not self._ended.is_set():
                chunk = self._reader.read_chunk()
                metadata = json.loads(bytes(chunk.app_metadata))
                if "error" in metadata:
                    raise of_kind(metadata["error"]["kind"], metadata["error"]["message"], cursor)
                batch = Batch(chunk.data, metadata, self._best)
                cursor = batch.cursor
                self._put(batch)
        except StopIteration:
            self._put(None)
        except StillhouseError as e:
            self._put(e)
        except Exception as e:  # It is raised where the batch would have come.
            self._put(self._dataset._told(e, cursor))

    def _put(self, value: Batch | Exception | None) -> None:
        while not self._ended.is_set():
            try:
                self._ready.put(value, timeout=0.2)
                return
            except queue.Full:
                continue

    def __next__(self) -> Batch:
        if self._last is not None:
            raise self._last
        try:
            value = self._ready.get(timeout=self._dataset.timeout)
        except queue.Empty:
            self.close()
            self._last = NotReachedError(
                f"{self._dataset.address}: no batch within {self._dataset.timeout:.0f} s; the timeout of open and "
                "connect bounds it",
                self.cursor,
            )
            raise self._last from None
        if isinstance(value, Batch):
            self.cursor = value.cursor
            return value
        self._last = StopIteration() if value is None else value
        raise self._last

    def close(self) -> None:
        """Ends the stream; the server frees what it had."""
        self._ended.set()
        self._reader.cancel()
        self._thread.join(5)

    def __enter__(self) -> "Batches":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
