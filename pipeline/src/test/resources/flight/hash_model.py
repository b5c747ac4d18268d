# SPDX-License-Identifier: Apache-2.0
"""Logits that are a hash of the tokens up to each: the same numbers as HashModel.java."""

import numpy as np

V = 997


def logits(ids):
    out = np.empty((*ids.shape, V), np.float32)
    state = np.zeros(ids.shape[0], np.uint64)
    for t in range(ids.shape[1]):
        state = state * np.uint64(6364136223846793005) + ids[:, t].astype(np.uint64) + np.uint64(1442695040888963407)
        x = state[:, None] ^ (np.arange(V, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15))
        x ^= x >> np.uint64(29)
        x *= np.uint64(0xBF58476D1CE4E5B9)
        x ^= x >> np.uint64(32)
        values = ((x >> np.uint64(40)) % np.uint64(2001)).astype(np.float32) / np.float32(64)
        out[:, t] = np.where(x & np.uint64(1023) == 0, -np.inf, values)
    return out
