"""Layout planes, and what adaptive shares with it: byte planes, as the package-info.java of layout.planes describes them."""
import struct

import numpy as np


def need(holds, message):
    if not holds:
        raise ValueError(message)


def below(value, width, n):
    """`width` planes of n bytes, the lowest first."""
    need(len(value) == width * n, f"{len(value)} bytes are not {width} planes of {n}")
    planes = np.frombuffer(value, np.uint8).reshape(width, n).astype(np.int64)
    return (planes << (8 * np.arange(width)[:, None])).sum(axis=0)


def sized(value, n):
    """A byte that says how many planes follow; numbers are int32."""
    need(len(value) > 0 and value[0] <= 4, "no width of 0 to 4")
    return below(value[1:], value[0], n).astype(np.uint32).astype(np.int32)


def floats(value, n):
    """Four planes of n bytes, the highest first."""
    planes = np.frombuffer(value, np.uint8).reshape(4, n)
    return np.ascontiguousarray(planes.T).view(">f4").reshape(n)


def split(values, kept):
    """The values of each position."""
    ends = np.cumsum(kept)
    return [values[end - many:end].tolist() for many, end in zip(kept, ends)]


def common(table, row, header, parts, entries, scalars):
    """Everything but ids and log-probs; and how many entries each position has."""
    length, vocabulary = int(header["sequence_length"]), int(header["vocabulary"])
    value = {name: table[name][row].as_py() for name in table.column_names}
    sequence = {"sequence": value["sequence"], "fingerprint": value["fingerprint"]}
    sequence["tokens"] = below(value["tokens"], 2 if vocabulary <= 65536 else 3, length).tolist()
    segments = sized(value["segments"], length) - 1
    sequence["segments"] = segments.tolist()
    if value["kept"][:1] == b"\xff" and len(value["kept"]) == 5:
        kept = np.where(segments == -1, 0, struct.unpack("<i", value["kept"][1:])[0])
    else:
        kept = sized(value["kept"], length)
    need((kept >= 0).all() and (kept <= vocabulary).all(), "counts of entries that cannot be")
    sequence.update((name, floats(value[name], length).tolist()) for name in scalars)
    all_entries = int(kept.sum())
    read = {"reasons": lambda v: below(v, 1, all_entries), "counts": lambda v: sized(v, all_entries),
            "log_proposals": lambda v: floats(v, all_entries)}
    sequence.update((name, split(read[name](value[name]), kept)) for name in entries)
    return value, sequence, kept


def bands(parts, firsts):
    """First ranks of the bands that the statistic can fill."""
    if "forced" in parts:
        return list(firsts)
    top = max(int(parts.get("top-k", 0)), int(parts["top-p"].partition(",max=")[2]) if "top-p" in parts else 0)
    draws = int(parts["sample"].partition(",")[0]) if "sample" in parts else 0
    most = top + draws + ("target" in parts)
    return [first for first in firsts if first == 0 or first < most]


def places(kept, first, end):
    """Indexes, among all entries of the row, of those in a band."""
    starts = np.cumsum(kept) - kept
    inside = [np.arange(start + first, start + min(many, end)) for start, many in zip(starts, kept) if many > first]
    return np.concatenate(inside) if inside else np.zeros(0, np.int64)


def planes(table, header, parts, entries, scalars):
    """Generation 3."""
    bits = max(1, int(header["vocabulary"]) - 1).bit_length() - 16
    top_bits = next(w for w in (0, 1, 2, 4, 8) if bits <= w)
    firsts = bands(parts, (0, 8, 32))
    for row in range(table.num_rows):
        value, sequence, kept = common(table, row, header, parts, entries, scalars)
        ids = np.zeros(kept.sum(), np.int64)
        codes = np.zeros(kept.sum(), np.int64)
        for first, end in zip(firsts, firsts[1:] + [1 << 31]):
            at = places(kept, first, end)
            plane = lambda name: below(value[name], 1, len(at))
            ids[at] = plane(f"ids_{first}_low") | plane(f"ids_{first}_high") << 8
            if top_bits:
                packed = np.frombuffer(value[f"ids_{first}_top"], np.uint8)
                need(len(packed) == (len(at) * top_bits + 7) // 8, f"{len(packed)} bytes of top bits for {len(at)} ids")
                single = np.unpackbits(packed, bitorder="little")[:len(at) * top_bits].reshape(-1, top_bits)
                ids[at] |= (single.astype(np.int64) << (16 + np.arange(top_bits))).sum(axis=1)
            codes[at] = plane(f"log_probs_{first}_high") << 8 | plane(f"log_probs_{first}_low")
        log_probs = ((0x80000000 + ((codes + 82944) << 13)) & 0xFFFFFFFF).astype(np.uint32).view(np.float32)
        escapes = value["escapes"]
        need(len(escapes) % 8 == 0, f"{len(escapes)} bytes of escapes")
        half = len(escapes) // 2
        distances = np.frombuffer(escapes[:half], "<i4")
        log_probs[np.cumsum(distances)] = np.frombuffer(escapes[half:], "<f4")
        yield {**sequence, "ids": split(ids, kept), "log_probs": split(log_probs, kept)}
