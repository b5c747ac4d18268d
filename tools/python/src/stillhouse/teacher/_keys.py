# SPDX-License-Identifier: Apache-2.0
"""Logit and id as one 64-bit number, larger for the better: the larger logit, then the lower id.

So a maximum, a partition or a sort of these numbers is exact where logits are equal. -0.0 equals 0.0. The functions work
on arrays of numpy and on tensors of torch alike, after ``ordered``.
"""

from __future__ import annotations

import numpy as np

NONE = np.iinfo(np.int64).min  # Behind all keys: no entry.
IDS = 0xFFFFFFFF
NO_MASS = -0x7F800001  # The 32 upper bits of the key of a logit of -inf.


def keys(logits: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Returns the keys of float32 logits."""
    bits = (logits + np.float32(0)).view(np.int32)
    ordered = (bits ^ ((bits >> 31) & 0x7FFFFFFF)).astype(np.int64)
    return (ordered << 32) | (IDS - ids.astype(np.int64))


def ids_of(keyed: np.ndarray) -> np.ndarray:
    """Returns the ids of keys, int64."""
    return IDS - (keyed & IDS)


def logits_of(keyed: np.ndarray) -> np.ndarray:
    """Returns the logits of keys, float32."""
    ordered = (keyed >> 32).astype(np.int32)
    return (ordered ^ ((ordered >> 31) & 0x7FFFFFFF)).view(np.float32)


def has_mass(keyed: np.ndarray) -> np.ndarray:
    """Returns whether each key is of an entry, and of one above -inf."""
    return (keyed >> 32) > NO_MASS
