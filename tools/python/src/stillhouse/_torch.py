# SPDX-License-Identifier: Apache-2.0
"""A dataset for torch's DataLoader."""

from __future__ import annotations

import json
from collections import UserDict
from typing import TYPE_CHECKING, Any, Iterator, Mapping, Sequence

from torch.utils.data import IterableDataset, get_worker_info

from .errors import UsageError

if TYPE_CHECKING:
    from ._client import Dataset

_STATE_VERSION = 1


class Row(UserDict):
    """The columns of one sequence. It is no ``dict``, so that Hugging Face's Trainer removes none of them."""


class StepDataset(IterableDataset):
    """Steps of a rank, or their rows, as tensors. Each pass is an epoch; the next one goes on with the next.

    ``state_dict`` is the place behind what was handed out last. One worker of a DataLoader reads, others have nothing
    to do: reading ahead and decoding are the server's.
    """

    def __init__(self, dataset: "Dataset", rows: bool, request: dict[str, Any]):
        super().__init__()
        self._dataset = dataset
        self._rows = rows
        self._request = {name: value for name, value in request.items() if name not in ("cursor", "epoch")}
        self._first_epoch: int = request.get("epoch") or 0
        self._cursor: str | None = request.get("cursor")
        self._done = 0  # rows of the step behind the cursor that were handed out
        self._epoch_samples: int | None = None

    def state_dict(self) -> dict[str, Any]:
        """Returns where this is, as JSON values."""
        return {
            "v": _STATE_VERSION,
            "cursor": self._cursor and json.loads(self._cursor),
            "rows": self._done,
            "rank": self._request["rank"],
            "worldSize": self._request["world_size"],
        }

    def gathered_state_dict(self) -> dict[str, Any]:
        """Returns the state of all ranks together: any number of ranks goes on from it.

        All ranks of ``torch.distributed`` must call it behind the same step. Where there is one rank it is
        ``state_dict``.
        """
        if self._request["world_size"] == 1:
            return self.state_dict()
        import torch.distributed as dist

        if not (dist.is_available() and dist.is_initialized()):
            raise UsageError("torch.distributed is not initialised: hand the ranks' states to merged_state_dict")
        states: list[Any] = [None] * self._request["world_size"]
        dist.all_gather_object(states, self.state_dict())
        return self.merged_state_dict(states)

    def merged_state_dict(self, states: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Returns the state of all ranks together, from each rank's own behind the same step."""
        inside = [state for state in states if state["rows"]]
        if inside:
            raise UsageError(
                f"the state of rank {inside[0]['rank']} is {inside[0]['rows']} rows into a step: states are merged "
                "between steps"
            )
        if all(state["cursor"] is None for state in states):
            return {**states[0], "rank": 0, "worldSize": 1}
        merged = self._dataset.merge([json.dumps(state["cursor"], separators=(",", ":")) for state in states])
        return {**states[0], "cursor": json.loads(merged), "rank": 0, "worldSize": 1}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on from a state in the next pass.

        The state is of this rank, of a single rank, or of all ranks together, and then between two steps. Raises
        UsageError where it is not.
        """
        if state.get("v") != _STATE_VERSION:
            raise UsageError(f"a state of version {state.get('v')}: need {_STATE_VERSION}")
        here = (self._request["rank"], self._request["world_size"])
        there = (state["rank"], state["worldSize"])
        if state["rows"] and here != there:
            raise UsageError(
                f"the state is {state['rows']} rows into a step of rank {there[0]} of {there[1]}, and this is rank "
                f"{here[0]} of {here[1]}: ranks change between steps, so keep a state that was taken there"
            )
        part = (state["cursor"] or {}).get("part")
        if part and part != f"{here[0]}/{here[1]}":
            raise UsageError(
                f"the state is that of rank {there[0]} of {there[1]} alone, and this is rank {here[0]} of {here[1]}: "
                "save what gathered_state_dict gives, which all ranks call"
            )
        self._cursor = state["cursor"] and json.dumps(state["cursor"], separators=(",", ":"))
        self._done = state["rows"]

    def __iter__(self) -> Iterator[Any]:
        worker = get_worker_info()
        if worker is not None and worker.id > 0:
            return
        skip, self._done = self._done, 0
        with self._dataset.batches(**self._request, **self._place()) as steps:
            for step in steps:
                before, after = self._cursor, step.cursor
                tensors = step.torch()
                if not self._rows:
                    self._cursor = after
                    yield {**tensors, "cursor": after}
                    continue
                for row in range(skip, step.samples):
                    last = row + 1 == step.samples
                    self._cursor, self._done = (after, 0) if last else (before, row + 1)
                    yield Row({name: tensor[row] for name, tensor in tensors.items()})
                skip = 0
                self._cursor, self._done = after, 0

    def _place(self) -> dict[str, Any]:
        """Returns where the pass begins and ends."""
        if self._cursor is None:
            return {"epoch": self._first_epoch, "epochs": self._first_epoch + 1}
        if self._epoch_samples is None:
            with self._dataset.batches(**self._request, cursor=self._cursor) as steps:
                self._epoch_samples = steps.epoch_samples
        epoch = json.loads(self._cursor)["samples"] // self._epoch_samples
        return {"cursor": self._cursor, "epochs": epoch + 1}

    def __repr__(self) -> str:
        return f"StepDataset({self._dataset.name!r}, {'rows' if self._rows else 'steps'}, {self._request})"
