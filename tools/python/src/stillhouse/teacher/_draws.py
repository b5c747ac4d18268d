# SPDX-License-Identifier: Apache-2.0
"""Random numbers of draws, the same as Stillhouse's in Java: a function of seed, sequence and position alone.

Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011.
"""

from __future__ import annotations

import numpy as np

BLOCK = 256  # Ids of a block of the order in which draws are summed.
LANES = 16

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def _philox(seed: int, words: list[np.ndarray]) -> list[np.ndarray]:
    """Returns four words for each counter of four; all are below 2^32, in 64 bits."""
    key0, key1 = seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF
    c0, c1, c2, c3 = words
    for number in range(10):
        k0 = np.uint64((key0 + number * _W0) & 0xFFFFFFFF)
        k1 = np.uint64((key1 + number * _W1) & 0xFFFFFFFF)
        p0, p1 = _M0 * c0, _M1 * c2
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _LOW, (p0 >> _HALF) ^ c3 ^ k1, p0 & _LOW
    return [c0, c1, c2, c3]


def uniforms(seed: int, draws: int, sequences: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """Returns ``[rows, draws]`` numbers in [0, 1), ascending in each row."""
    rows, pairs = len(sequences), (draws + 1) // 2
    low = sequences.astype(np.uint64)
    words = [
        np.broadcast_to(np.arange(pairs, dtype=np.uint64), (rows, pairs)),
        np.broadcast_to(positions.astype(np.uint64)[:, None], (rows, pairs)),
        np.broadcast_to((low & _LOW)[:, None], (rows, pairs)),
        np.broadcast_to((low >> _HALF)[:, None], (rows, pairs)),
    ]
    a, b, c, d = _philox(seed, words)
    bits = np.stack([a << _HALF | b, c << _HALF | d], axis=2).reshape(rows, 2 * pairs)[:, :draws]
    return np.sort((bits >> np.uint64(11)).astype(np.float64) * 2.0**-53, axis=1)


def in_order(masses: np.ndarray) -> np.ndarray:
    """Returns masses of ids, ``[rows, V]``, in the order of draws: by block, in it by remainder of 16, then ascending.

    The width grows to a multiple of a block; places without an id have no mass.
    """
    rows, width = masses.shape
    blocks = -(-width // BLOCK)
    padded = np.zeros((rows, blocks * BLOCK), dtype=np.float64)
    padded[:, :width] = masses
    return padded.reshape(rows, blocks, BLOCK // LANES, LANES).swapaxes(2, 3).reshape(rows, blocks * BLOCK)


def id_at(place: np.ndarray) -> np.ndarray:
    """Returns the id at each place of that order."""
    return place // BLOCK * BLOCK + place % (BLOCK // LANES) * LANES + place % BLOCK // (BLOCK // LANES)
