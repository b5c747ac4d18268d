# SPDX-License-Identifier: Apache-2.0
"""The model of hash_model.py, for torch."""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import hash_model


def logits(ids):
    return torch.from_numpy(hash_model.logits(ids.numpy()))
