#!/usr/bin/env python3
"""Writes the values of a Stillhouse shard as JSON, whatever its layout: from the grammars in the package-info.java files alone.

A float is the eight hex digits of its float32 bits, a missing one is null. Padding at a row's end is left out. Exit code 0:
written, 1: the shard breaks the grammar (what is wrong is told), 2: wrong use. Needs pyarrow, numpy, zstandard.
"""
import hashlib
import json
import os
import struct
import sys

try:
    import pyarrow.parquet as pq
    import shard_adaptive
    import shard_lists
    import shard_planes
except ImportError as e:
    print(f"read_shard: {e.name} is missing; run: pip install pyarrow numpy zstandard", file=sys.stderr)
    sys.exit(2)

SCALARS = ["log_tail", "entropy", "log_normaliser", "target_log_prob"]


def need(holds, message):
    if not holds:
        raise ValueError(message)


def bits(value):
    """Hex digits of a float32, or None; NaN is what page layouts have for null."""
    return None if value is None or value != value else struct.pack(">f", value).hex()


def columns_of(statistic):
    """Names of an entry's values beside ids and log_probs, and of the scalars: the header's statistic decides, not the schema."""
    parts = dict((part.partition(":")[0], part.partition(":")[2]) for part in statistic.split("+"))
    reasons = ("top-k" in parts or "top-p" in parts) + sum(name in parts for name in ("sample", "forced", "target"))
    entries = (["reasons"] if reasons > 1 else []) + (["counts"] if "sample" in parts else [])
    entries += ["log_proposals"] if "temperature=" in parts.get("sample", "") else []
    temperatures = [text for text in parts.get("normaliser-at", "").split(",") if text]
    return parts, entries, SCALARS + [f"normaliser_at_{text}" for text in temperatures]


def read(path):
    file = pq.ParquetFile(path)
    metadata = {key.decode(): value.decode() for key, value in file.metadata.metadata.items()}
    header = {key[len("stillhouse."):]: value for key, value in metadata.items() if key.startswith("stillhouse.")}
    length, first = int(header["sequence_length"]), int(header["first_sequence"])
    parts, entries, scalars = columns_of(header["statistic"])
    reader = {"rows": shard_lists.rows, "columns": shard_lists.columns, "planes": shard_planes.planes,
              "adaptive": shard_adaptive.adaptive}[header["layout"].partition(":")[0]]
    sequences = list(reader(file.read(), header, parts, entries, scalars))
    need(len(sequences) == int(header["sequences"]), f"{len(sequences)} sequences, the header says {header['sequences']}")
    for number, sequence in enumerate(sequences):
        need(sequence["sequence"] == first + number, f"sequence {sequence['sequence']} stands where {first + number} must")
        check(sequence, length)
        for name in scalars:
            sequence[name] = [bits(value) for value in sequence[name]]
        for name in ["log_probs", "log_proposals"]:
            if name in sequence:
                sequence[name] = [[bits(value) for value in position] for position in sequence[name]]
        trim(sequence)
    kept = ["layout", "statistic", "teacher", "tokenizer", "vocabulary", "first_sequence", "sequences", "sequence_length"]
    return {**{key: header[key] for key in kept}, "row_groups": file.num_row_groups, "values": sequences}


def check(sequence, length):
    """Each list has an element for each position, and the tokens have their fingerprint."""
    for name in sequence.keys() - {"sequence", "fingerprint"}:
        need(len(sequence[name]) == length, f"{name}: {len(sequence[name])} positions of {length}")
    plain = struct.pack(f"<{2 * length}i", *sequence["tokens"], *sequence["segments"])
    found = hashlib.sha256(plain).digest()[:16]
    need(found == sequence["fingerprint"], f"sequence {sequence['sequence']}: its tokens do not have its fingerprint")
    sequence["fingerprint"] = found.hex()


def trim(sequence):
    """Leaves out the padding at the end, which has token 0, no entries, and no scalars."""
    used = len(sequence["segments"])
    while used > 0 and sequence["segments"][used - 1] == -1:
        used -= 1
    for name, values in sequence.items():
        if name not in ("sequence", "fingerprint"):
            need(name == "segments" or not any(values[used:]), f"sequence {sequence['sequence']}: {name} has values in padding")
            sequence[name] = values[:used]


def main():
    if len(sys.argv) != 3:
        print(__doc__.splitlines()[0] + "\nread_shard.py SHARD.parquet VALUES.json", file=sys.stderr)
        return 2
    try:
        values = read(sys.argv[1])
    except (ValueError, KeyError, struct.error) as e:
        print(f"read_shard: {sys.argv[1]}: {e}", file=sys.stderr)
        return 1
    part = sys.argv[2] + ".part"
    with open(part, "w", encoding="ascii") as out:
        lists = ",\n".join(json.dumps(sequence, separators=(",", ":")) for sequence in values.pop("values"))
        out.write(json.dumps(values)[:-1] + ', "values": [\n' + lists + "\n]}\n")
    os.replace(part, sys.argv[2])
    return 0


if __name__ == "__main__":
    sys.exit(main())
