# SPDX-License-Identifier: Apache-2.0
"""What the teacher said at one position of a dataset."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_SHOWN = 10  # entries that are printed
_BAR = 30  # characters of a bar of all mass


class Position:
    """The kept entries of one position, best first, and what is known of the rest. ``print`` shows it.

    What the position does not have (in padding, at a segment's end, or because it was not asked for) is None.
    """

    def __init__(self, told: dict[str, Any]):
        result = told["result"]
        entries = result["entries"]
        self.sequence: int = told["sequence"]
        self.position: int = told["position"]
        self.segment: int = told["segment"]
        self.context: str = told["context"]
        self.token: int = result["token"]
        self.next_token: int | None = result["nextToken"]
        self.next_text: str | None = result["nextText"]
        self.source: dict[str, Any] | None = result["source"]
        self.ids = np.array([entry["id"] for entry in entries], dtype=np.int32)
        self.log_probs = np.array([_log(entry["logProb"]) for entry in entries], dtype=np.float32)
        self.texts: list[str] = [entry["text"] for entry in entries]
        self.reasons: list[list[str]] = [[why.lower() for why in entry.get("reasons", ())] for entry in entries]
        self.counts: list[int] | None = [entry["count"] for entry in entries] if _all(entries, "count") else None
        self.log_proposals: list[float] | None = (
            [_log(entry["logProposal"]) for entry in entries] if _all(entries, "logProposal") else None
        )
        self.log_tail = _log(result["logTail"])
        self.entropy = _log(result["entropy"])
        self.log_normaliser = _log(result["logNormaliser"])
        self.target_log_prob = _log(result["targetLogProb"])
        self.normalisers_at = {float(at): _log(value) for at, value in result.get("normalisersAt", {}).items()}

    def __repr__(self) -> str:
        head = f"Position(sequence={self.sequence}, position={self.position}, segment={self.segment}"
        if self.source is None:
            return f"{head}): padding, nothing is said here"
        lines = [f"{head}, {self.source['file']}, document {self.source['document']})"]
        if self.context:
            lines.append(f"  {self.context!r}")
        for index in range(min(_SHOWN, len(self.ids))):
            share = math.exp(self.log_probs[index])
            text = repr(self.texts[index]) if self.texts[index] else ""
            why = " ".join(self.reasons[index])
            if self.counts and self.counts[index]:
                why += f" {self.counts[index]}x"
            goes_on = "  <- the text goes on so" if self.ids[index] == self.next_token else ""
            line = f"  {100 * share:6.2f} %  {self.ids[index]:>6}  {text:<18} {why:<16}"
            lines.append(f"{line} {'#' * round(_BAR * share)}{goes_on}".rstrip())
        if len(self.ids) > _SHOWN:
            lines.append(f"  ... and {len(self.ids) - _SHOWN} more that were kept")
        rest = []
        if self.log_tail is not None:
            rest.append(f"not kept {100 * math.exp(self.log_tail):.2f} %")
        if self.entropy is not None:
            rest.append(f"entropy {self.entropy:.3f} nats")
        if self.target_log_prob is not None:
            rest.append(f"next token {self.next_text or self.next_token!r}: {self.target_log_prob:.3f} nats")
        return "\n".join([*lines, "  " + ", ".join(rest)])


def _log(value: float | str | None) -> float | None:
    """Returns a number; JSON has -Infinity as text."""
    return None if value is None else float(value)


def _all(entries: list[dict[str, Any]], key: str) -> bool:
    return bool(entries) and all(key in entry for entry in entries)
