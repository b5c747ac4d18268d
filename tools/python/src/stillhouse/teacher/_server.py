# SPDX-License-Identifier: Apache-2.0
"""The Arrow Flight server of a teacher."""

from __future__ import annotations

import hmac
import json
import threading
import traceback
from typing import Any, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.flight as flight

from . import _places, _plain
from ._models import Model
from ._request import VERSION, BadRequest, Prompts, Request, parse
from ._statistics import RowError, Statistics

ANSWER_BYTES = 8 << 20  # Of a record batch, unless a single row has more.
AT_ONCE = 4  # Calls that are worked on; others wait.


class Token(flight.ServerMiddlewareFactory):
    """Refuses calls without the token."""

    def __init__(self, token: str):
        self._expected = b"Bearer " + token.encode()

    def start_call(self, info: Any, headers: dict[str, list[str]]) -> None:
        given = (headers.get("authorization") or [""])[0]
        if not hmac.compare_digest(given.encode(), self._expected):
            raise flight.FlightUnauthenticatedError("need the server's token: 'authorization: Bearer TOKEN'")


class TeacherServer(flight.FlightServerBase):
    """Answers calls with the rows of one model. ``port`` is 0 for any free one."""

    def __init__(
        self,
        model: Model,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        max_tokens: int = 16384,
        token: str | None = None,
        tls: tuple[bytes, bytes] | None = None,
    ):
        self._model = model
        self._max_tokens = max_tokens
        self._one = threading.Lock()
        self._room = threading.Semaphore(AT_ONCE)
        self._reducer: Any = _plain
        if model.arrays == "torch":
            from . import _torch

            self._reducer = _torch
        self.hello = {
            "v": VERSION,
            "fingerprint": " ".join(
                [model.weights, model.dtype, model.device.split(":")[0], f"bos={model.first_token}", f"tokens={max_tokens}"]
                + [f"{name}={version}" for name, version in model.versions.items() if name != "python"]
            ),
            "arithmetic": self._reducer.ARITHMETIC + ("-fused" if model.fused else ""),
            "vocabulary": model.vocabulary,
            "context": None if model.context is None else model.context - (model.first_token is not None),
            "firstToken": model.first_token,
            "dense": _places.kind(model),
            "dtype": model.dtype,
            "device": model.device,
            "versions": {**model.versions, "pyarrow": pa.__version__},
        }
        scheme = "grpc+tls" if tls else "grpc+tcp"
        super().__init__(
            f"{scheme}://{host}:{port}",
            tls_certificates=[tls] if tls else None,
            middleware={"token": Token(token)} if token else None,
        )

    def list_actions(self, context: Any) -> list[tuple[str, str]]:
        return [("hello", "What this teacher is: JSON.")]

    def do_action(self, context: Any, action: flight.Action) -> Iterator[flight.Result]:
        if action.type != "hello":
            raise flight.FlightServerError(f"no action '{action.type}'; there is hello")
        return iter([flight.Result(json.dumps(self.hello).encode())])

    def do_exchange(
        self,
        context: Any,
        descriptor: flight.FlightDescriptor,
        reader: flight.MetadataRecordBatchReader,
        writer: flight.MetadataRecordBatchWriter,
    ) -> None:
        """Reads the prompts of a call, then writes its rows."""
        try:
            asked = parse(descriptor.command or b"", self._model.vocabulary)
            table = reader.read_all()
            prompts = Prompts.of(table, self._model.vocabulary, self.hello["context"])
            with self._room:
                if asked.form == "dense":
                    self._dense(context, prompts, asked, writer)
                else:
                    self._reduced(context, prompts, asked, writer)
        except BadRequest as e:
            raise pa.ArrowInvalid(str(e)) from None
        except RowError as e:
            raise flight.FlightInternalError(f"row {e.row}: {e}") from None
        except flight.FlightError:
            raise  # The client went.
        except Exception as e:  # A model's own error, or a lack of memory: the client is told in a line.
            traceback.print_exc()
            raise flight.FlightServerError(f"the model failed: {type(e).__name__}: {e}") from None

    def _metadata(self, asked: Request) -> dict[str, str]:
        told = {name: self.hello[name] for name in ("fingerprint", "arithmetic")}
        return {"v": str(VERSION), "form": asked.form, **told}

    def _reduced(self, context: Any, prompts: Prompts, asked: Request, writer: Any) -> None:
        found: list[tuple[np.ndarray, Statistics]] = []
        for bucket in prompts.buckets(self._max_tokens):
            if context.is_cancelled():
                return
            found.append(self._bucket(prompts, bucket, asked))
        schema = reduced_schema(asked).with_metadata(self._metadata(asked))
        writer.begin(schema)
        statistics = _places.ordered(found)
        tokens = _places.tokens_of(prompts)
        for begin, end in _places.pieces(statistics.offsets, ANSWER_BYTES):
            writer.write_batch(batch(statistics, tokens, begin, end, asked, schema))

    def _bucket(self, prompts: Prompts, bucket: list[int], asked: Request) -> tuple[np.ndarray, Statistics]:
        """Asks the model for some prompts and reduces their rows; returns the rows' numbers, too."""
        places = _places.Places(prompts, bucket, self._model.first_token is not None)
        with self._one:
            source = self._reducer.source(self._model.run([prompts.tokens[i] for i in bucket]), places)
            try:
                return places.row, self._reducer.reduce(source, places.target, places.sequence, places.position, asked)
            except RowError as e:
                raise RowError(int(places.row[e.row]), str(e)) from None

    def _dense(self, context: Any, prompts: Prompts, asked: Request, writer: Any) -> None:
        width = self._model.vocabulary * (2 if asked.dense == "bfloat16" else 4)
        schema = pa.schema(
            [pa.field("row", pa.int32()), pa.field("token", pa.int32()), pa.field("logits", pa.binary(width))],
            metadata={**self._metadata(asked), "type": asked.dense},
        )
        writer.begin(schema)
        tokens = _places.tokens_of(prompts)
        step = max(1, ANSWER_BYTES // width)
        for bucket in prompts.buckets(self._max_tokens):
            places = _places.Places(prompts, bucket, self._model.first_token is not None)
            with self._one:
                source = self._reducer.source(self._model.run([prompts.tokens[i] for i in bucket]), places)
            for begin in range(0, len(source), step):
                if context.is_cancelled():
                    return
                rows = places.row[begin : begin + step].astype(np.int32)
                memory = _places.memory(source, begin, min(len(source), begin + step), asked.dense)
                logits = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(rows), [None, pa.py_buffer(memory)])
                writer.write_batch(pa.record_batch([pa.array(rows), pa.array(tokens[rows]), logits], schema=schema))


def _entry(asked: Request) -> list[pa.Field]:
    fields = [pa.field("id", pa.int32()), pa.field("log_prob", pa.float32())]
    if asked.has_reasons:
        fields.append(pa.field("reasons", pa.int8()))
    if asked.draws:
        fields.append(pa.field("count", pa.int32()))
    if asked.draws and asked.temperature != 1:
        fields.append(pa.field("log_proposal", pa.float32()))
    return fields


SCALARS = ("log_tail", "entropy", "log_normaliser", "target_log_prob")


def reduced_schema(asked: Request) -> pa.Schema:
    """Returns the columns of a reduced answer."""
    further = [pa.field(f"further_{i}", pa.float32()) for i in range(len(asked.normalisers_at))]
    return pa.schema(
        [pa.field("row", pa.int32()), pa.field("token", pa.int32())]
        + [pa.field("entries", pa.list_(pa.struct(_entry(asked))))]
        + [pa.field(name, pa.float32()) for name in SCALARS]
        + further
    )


def batch(
    found: Statistics, tokens: np.ndarray, begin: int, end: int, asked: Request, schema: pa.Schema
) -> pa.RecordBatch:
    """Returns some rows as a record batch, without copying their entries."""
    fields = _entry(asked)
    low, high = found.offsets[begin], found.offsets[end]
    by_name = {"id": "ids", "log_prob": "log_probs", "count": "counts", "log_proposal": "log_proposals"}
    values = [pa.array(getattr(found, by_name.get(entry.name, entry.name))[low:high]) for entry in fields]
    entries = pa.ListArray.from_arrays(
        pa.array(found.offsets[begin : end + 1] - low), pa.StructArray.from_arrays(values, fields=fields)
    )
    numbers = np.arange(begin, end, dtype=np.int32)
    scalars = [pa.array(getattr(found, name)[begin:end]) for name in SCALARS]
    further = [pa.array(np.ascontiguousarray(found.further[begin:end, i])) for i in range(len(asked.normalisers_at))]
    columns = [pa.array(numbers), pa.array(tokens[begin:end]), entries, *scalars, *further]
    return pa.record_batch(columns, schema=schema)
