# SPDX-License-Identifier: Apache-2.0
"""testdata/minigpt by the ONNX Runtime of Python."""

from pathlib import Path

import numpy as np
import onnxruntime

_SESSION = onnxruntime.InferenceSession(
    Path(__file__).parents[4] / "../testdata/minigpt/model.onnx", providers=["CPUExecutionProvider"]
)


def logits(ids):
    given = {"input_ids": ids}
    for wanted in _SESSION.get_inputs():
        if wanted.name == "attention_mask":
            given[wanted.name] = np.ones_like(ids)
        if wanted.name == "position_ids":
            given[wanted.name] = np.broadcast_to(np.arange(ids.shape[1]), ids.shape).copy()
    return _SESSION.run(["logits"], given)[0]
