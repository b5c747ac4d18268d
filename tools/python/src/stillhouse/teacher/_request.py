# SPDX-License-Identifier: Apache-2.0
"""What a client asks for: the JSON of a call, checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

VERSION = 1

TOP, SAMPLED, FORCED, TARGET = 1, 2, 4, 8  # Bits of reasons.

PROMPTS = pa.schema(
    [
        pa.field("tokens", pa.list_(pa.int32())),
        pa.field("first", pa.int32()),
        pa.field("next", pa.int32()),
        pa.field("sequence", pa.int64()),
        pa.field("position", pa.int32()),
    ]
)


class BadRequest(ValueError):
    """The client's request is wrong."""


@dataclass(frozen=True)
class Request:
    """A request; see docs/reference/teacher-flight.md for its fields."""

    form: str
    vocabulary: int
    dense: str = "float32"
    top_k: int = 0
    mass: float = 0.0
    max_top: int = 0
    draws: int = 0
    temperature: float = 1.0
    seed: int = 0
    target: bool = False
    has_reasons: bool = False
    normalisers_at: tuple[float, ...] = ()
    forced: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def best(self) -> int:
        """The max entries of a row for being among the best."""
        return max(self.top_k, self.max_top)


def _number(text: dict[str, Any], name: str, kind: type, low: float, high: float, default: Any) -> Any:
    value = text.get(name, default)
    right = isinstance(value, (int, float) if kind is float else int) and not isinstance(value, bool)
    if not right or not low <= value <= high:
        raise BadRequest(f"{name}={value!r}: need a number of {low} to {high}")
    return kind(value)


def parse(command: bytes, vocabulary: int) -> Request:
    """Reads a request to a model of ``vocabulary`` ids; raises BadRequest."""
    try:
        text = json.loads(command)
    except ValueError:
        raise BadRequest("the request is not JSON: is the client one of Stillhouse?") from None
    if not isinstance(text, dict) or text.get("v") != VERSION:
        version = text.get("v") if isinstance(text, dict) else None
        raise BadRequest(f"the request has version {version}, need {VERSION}: use a client and a server of one release")
    form = text.get("form")
    if form == "dense":
        if text.get("type") not in ("float32", "bfloat16"):
            raise BadRequest(f"type={text.get('type')!r}: need float32 or bfloat16")
        return Request(form, vocabulary, dense=text["type"])
    if form != "reduced":
        raise BadRequest(f"form={form!r}: need reduced or dense")
    ids = _number(text, "vocabulary", int, 1, vocabulary, vocabulary)
    top_p, sample = text.get("topP", {}), text.get("sample", {})
    forced = np.array(text.get("forced", []), dtype=np.int64)
    if forced.ndim != 1 or (len(forced) and (forced.min() < 0 or forced.max() >= ids)):
        raise BadRequest(f"forced: need ids of 0 to {ids - 1}")
    return Request(
        form,
        ids,
        top_k=_number(text, "topK", int, 0, ids, 0),
        mass=_number(top_p, "mass", float, 0, 1, 0),
        max_top=_number(top_p, "max", int, 0, ids, 0),
        draws=_number(sample, "draws", int, 0, 1 << 16, 0),
        temperature=_number(sample, "temperature", float, 0.01, 1000, 1.0),
        seed=_number(sample, "seed", int, -(2**63), 2**63 - 1, 0),
        target=bool(text.get("target", False)),
        has_reasons=bool(text.get("reasons", False)),
        normalisers_at=tuple(_number({"at": at}, "at", float, 0.01, 1000, 1.0) for at in text.get("normalisersAt", [])),
        forced=forced,
    )


@dataclass(frozen=True)
class Prompts:
    """Token ids, one array a prompt, and which of their rows are asked for."""

    tokens: list[np.ndarray]
    first: np.ndarray
    next: np.ndarray
    sequence: np.ndarray
    position: np.ndarray
    row: np.ndarray  # The number of each prompt's first row in the answer; one more at the end.

    @staticmethod
    def of(table: pa.Table, model_vocabulary: int, context: int | None) -> "Prompts":
        """Checks the columns of a call; raises BadRequest."""
        if table.schema != PROMPTS:
            raise BadRequest(f"need the columns {PROMPTS.names}, each of its type")
        columns = [table.column(name).combine_chunks() for name in PROMPTS.names]
        lists = columns[0]
        if lists.values.null_count or any(column.null_count for column in columns):
            raise BadRequest("a prompt has a null")
        offsets = lists.offsets.to_numpy()
        ids = lists.values.to_numpy()
        lengths = np.diff(offsets)
        first, last, sequence, position = (column.to_numpy() for column in columns[1:])
        if len(lists) == 0 or lengths.min() < 1 or (first < 0).any() or (first >= lengths).any():
            raise BadRequest("need one prompt or more, each of one token or more, and 'first' within it")
        if context is not None and lengths.max() > context:
            raise BadRequest(f"a prompt has {lengths.max()} tokens, the model takes {context}")
        asked = ids[offsets[0] : offsets[-1]]
        if asked.min() < 0 or asked.max() >= model_vocabulary or last.max() >= model_vocabulary:
            raise BadRequest(f"a prompt has an id outside the model's vocabulary of {model_vocabulary}")
        return Prompts(
            [ids[offsets[i] : offsets[i + 1]] for i in range(len(lists))],
            first,
            last,
            sequence,
            position,
            np.concatenate([[0], np.cumsum(lengths - first)]).astype(np.int64),
        )

    def buckets(self, max_tokens: int) -> list[list[int]]:
        """Returns prompts of similar length together: at most ``max_tokens`` with padding, unless one has more.

        It depends on the prompts alone, never on timing.
        """
        order = sorted(range(len(self.tokens)), key=lambda i: (-len(self.tokens[i]), i))
        found: list[list[int]] = []
        for i in order:
            longest = len(self.tokens[found[-1][0]]) if found else 0
            if found and longest * (len(found[-1]) + 1) <= max_tokens:
                found[-1].append(i)
            else:
                found.append([i])
        return found
