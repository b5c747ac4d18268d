#!/usr/bin/env python3
"""Checks a Stillhouse dataset from outside: from its documentation, with pyarrow, numpy and hashlib, without its Java.

The dataset must have layout columns, teacher ngram or onnx, and a top-k statistic. Checked are the hashes of all files
and rows, the page checksums of the first shard, and statistics: at sampled positions the teacher's whole distribution
is computed anew: in float64 for ngram, by onnxruntime in Python for onnx (its model is named by --model). Exit code 0: all is right, 1: a violation (the first is told), 2: wrong use.
"""
import argparse
import base64
import hashlib
import json
import re
import struct
import sys
from pathlib import Path

try:
    import numpy as np
    import pyarrow.parquet as pq
    from ngram import Ngram
except ImportError as e:
    print(f"check_columns: {e.name} is missing; run: pip install numpy pyarrow", file=sys.stderr)
    sys.exit(2)

SCALARS = ["log_tail", "entropy", "log_normaliser", "target_log_prob"]
CRC_TABLE = np.arange(256)
for _ in range(8):
    CRC_TABLE = (CRC_TABLE >> 1) ^ (CRC_TABLE & 1) * 0x82F63B78  # Castagnoli's polynomial, bits reversed
CRC_TABLE = CRC_TABLE.tolist()


def need(holds, message):
    if not holds:
        raise ValueError(message)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def read_blob(folder, record):
    """Path and bytes of a shard, which must be what its name and the manifest say."""
    path = folder / (record["sha256"] + ".parquet")
    data = path.read_bytes()
    need(hashlib.sha256(data).hexdigest() == record["sha256"], f"{path}: its sha256 is not its name")
    need(len(data) == record["bytes"], f"{path}: {len(data)} bytes, the manifest says {record['bytes']}")
    footer = f"{crc32c(data[-record['footerBytes']:]):08x}"
    need(footer == record["footerCrc32c"], f"{path}: footer's CRC32C is {footer}, not {record['footerCrc32c']}")
    return path, data


def check_pages(path, data, footer_bytes):
    """Every piece of the file between magic and footer has its CRC32C, and no byte is left out."""
    pieces, offset = base64.b64decode(pq.read_metadata(path).metadata[b"stillhouse.checksums"]), 4
    for length, crc in struct.iter_unpack("<II", pieces):
        need(crc32c(data[offset:offset + length]) == crc, f"{path}: wrong CRC32C of {length} bytes at offset {offset}")
        offset += length
    need(offset == len(data) - footer_bytes, f"{path}: checksummed pieces end at {offset}, not at the footer")
    return len(pieces) // 8


def statistic(logits, k, target):
    """What a shard must hold of one row of logits: ids, log-probs, scalars."""
    x = logits.astype(np.float64)
    shifted = x - x.max()
    mass = np.exp(shifted)
    log_sum = np.log(mass.sum())
    ids, others = np.split(np.argsort(-x, kind="stable"), [k])  # stable: of equal logits the lower id comes first
    tail = np.log(mass[others].sum()) - log_sum if len(others) else -np.inf
    scalars = [tail, log_sum - (mass * shifted).sum() / mass.sum(), x.max() + log_sum]
    return ids, shifted[ids] - log_sum, scalars + ([] if target is None else [shifted[target] - log_sum])


def rows(path, table, name, length):
    """The elements of a column of lists, `length` a row."""
    column = table[name].combine_chunks()
    need((np.diff(column.offsets) == length).all(), f"{path}: column {name} has a row without {length} positions")
    return column.flatten()


def check_tokens(path, table, tokens_path, record, length):
    """Rows must be numbered and hashed rightly and be the token shard's. Returns tokens and segments as [row][t]."""
    first, fingerprint = record["firstSequence"], 0
    numbers = list(range(first, first + record["tokens"]["sequences"]))
    need(table["sequence"].to_pylist() == numbers, f"{path}: sequences are not the manifest's")
    grids = [rows(path, table, name, length).to_numpy().reshape(-1, length) for name in ("tokens", "segments")]
    for row, (number, stored) in enumerate(zip(numbers, table["fingerprint"].to_pylist())):
        digest = hashlib.sha256(b"".join(grid[row].astype("<i4").tobytes() for grid in grids)).digest()
        need(digest[:16] == stored, f"{path}: fingerprint of sequence {number} is not that of its tokens")
        fingerprint += int.from_bytes(hashlib.sha256(struct.pack("<q", number) + stored).digest(), "big")
    need(f"{fingerprint % 2**256:064x}" == record["fingerprint"], f"{path}: its rows' fingerprints do not add up")
    for name, column in zip(("tokens", "segments"), pq.read_table(tokens_path, columns=["tokens", "segments"])):
        need(column.equals(table[name]), f"{path}: {name} are not those of {tokens_path}")
    return grids


def sample(random, live, begins, ends, length, count):
    """Some positions where segments begin, some where they end, some near a row's end, the others anywhere."""
    near_end = live & (np.arange(len(live)) % length >= length - 4)
    kinds = [(begins, count // 8), (ends, count // 8), (near_end, count // 8), (live, count)]
    picked = [t for kind, most in kinds for t in random.permutation(np.flatnonzero(kind))[:max(1, most)].tolist()]
    return list(dict.fromkeys(picked))[:count]


def check_statistics(path, table, grids, model, k, count, random, largest):
    length, (tokens, segments) = grids[0].shape[1], (grid.ravel() for grid in grids)
    ids, log_probs = (rows(path, table, name, length) for name in ("ids", "log_probs"))
    scalars = [rows(path, table, name, length).to_numpy(zero_copy_only=False) for name in SCALARS]  # null becomes NaN
    live, cut = segments >= 0, np.diff(grids[1], axis=1, prepend=-2, append=-2) != 0
    begins, ends = live & cut[:, :-1].ravel(), live & cut[:, 1:].ravel()
    for entries in ids, log_probs:
        lengths = np.where(live, min(k, model.vocabulary), 0)
        need((np.diff(entries.offsets) == lengths).all(), f"{path}: a position has not {k} entries, or padding has")
    for name, values in zip(SCALARS, scalars):
        there = live & ~ends if name == "target_log_prob" else live
        need((np.isnan(values) == ~there).all(), f"{path}: {name} has nulls at wrong places")
    slots = sample(random, live, begins, ends, length, count)
    for t in slots:
        where = f"{path}: row {t // length}, position {t % length}"
        start = t - np.argmax(begins[t::-1])  # of the segment
        logits = model.logits(tokens[start:t + 1])
        best, exact, expected = statistic(logits, k, None if ends[t] else tokens[t + 1])
        stored, stored_ids = log_probs[t].values.to_numpy(), ids[t].values.to_numpy()
        # A runtime that rounds otherwise may turn two ids that are nearly equal.
        order = np.abs(logits[stored_ids].astype(np.float64) - logits[best])
        need((order <= model.TURNED).all(), f"{where}: ids are {stored_ids[:6]}..., expected {best[:6]}...")
        off = np.abs(stored - exact)
        for name, value in ("log_prob", off.max()), ("log_prob_relative", (off / np.abs(exact)).max()):
            largest[name] = max(largest[name], float(value))
        # float16's half step, and 0.1 % of it for a value that float32 rounded over the middle of two float16 numbers
        most = 2**-11 * 1.001 * np.abs(exact) + model.MOST_LOG_PROB
        need((off <= most).all(), f"{where}: log_probs are up to {off.max():.3g} off")
        for name, values, value in zip(SCALARS, scalars, expected):
            off = 0.0 if values[t] == value else abs(float(values[t]) - value)  # equal: both may be -inf
            need(off < model.MOST, f"{where}: {name} is {values[t]}, expected {value}")
            largest[name] = max(largest[name], float(off))
    return len(slots)


def teacher(root, manifest, model):
    """The teacher by its own code; what it is made of must be what the identity says."""
    identity = manifest["identity"]
    if manifest["teacher"] == "ngram":
        blob = (root / "teachers" / identity["teacher"]).read_bytes()
        need(hashlib.sha256(blob).hexdigest() == identity["teacher"], "teacher: the blob's sha256 is not its name")
        return Ngram(blob)
    need(model, "teacher onnx: name its file with --model")
    from onnx_teacher import Onnx  # needs onnxruntime, which ngram does not
    return Onnx(model, identity["teacher"])


def check(root, positions, seed, onnx):
    path = max((root / "manifests").glob("v*.json"), default=None)  # all numbers have 20 digits: the last is newest
    need(path, f"{root}: no manifests/v*.json, so this is no dataset")
    try:
        manifest = json.loads(path.read_bytes())
    except ValueError as e:
        raise ValueError(f"{path}: {e}") from e
    need("shards" in manifest, f"{path}: {manifest.get('format')}: its shards are in lists/, this checks smaller datasets")
    identity, shards, length = manifest["identity"], manifest["shards"], manifest["sequenceLength"]
    plain = re.fullmatch(r"(top-k):\d+", identity["statistic"])  # no union: what that has besides is not computed here
    kind = (identity["layout"], manifest["teacher"].split(":")[0], plain[1] if plain else identity["statistic"])
    known = [("columns", name, "top-k") for name in ("ngram", "onnx")]
    need(kind in known, f"{path}: this checks columns, ngram or onnx, top-k, not {', '.join(kind)}")
    line = json.dumps(identity, separators=(",", ":"), ensure_ascii=False)
    digested = hashlib.sha256(line.encode()).hexdigest() + "".join(shard["blob"]["sha256"] for shard in shards)
    need(hashlib.sha256(digested.encode()).hexdigest() == manifest["digest"], f"{path}: digest is not its shards'")
    model, k, random = teacher(root, manifest, onnx), int(identity["statistic"].split(":")[1]), np.random.default_rng(seed)
    need(model.vocabulary >= manifest["vocabulary"], "teacher: its vocabulary is not the manifest's")
    largest = dict.fromkeys(["log_prob", "log_prob_relative", *SCALARS], 0.0)
    checked = pieces = fingerprint = 0
    for i, record in enumerate(shards):
        path, data = read_blob(root / "shards", record["blob"])
        tokens_path, _ = read_blob(root / "tokens", record["tokens"]["blob"])
        pieces += check_pages(path, data, record["blob"]["footerBytes"]) if i == 0 else 0
        table = pq.read_table(path)
        grids = check_tokens(path, table, tokens_path, record, length)
        share = max(1, positions * (i + 1) // len(shards) - positions * i // len(shards))
        checked += check_statistics(path, table, grids, model, k, share, random, largest)
        fingerprint += int(record["fingerprint"], 16)
    need(f"{fingerprint % 2**256:064x}" == manifest["fingerprint"], "the shards' fingerprints do not add up")
    return {"ok": True, "version": manifest["version"], "digest": manifest["digest"], "shards": len(shards),
            "fingerprint": manifest["fingerprint"], "checksums": pieces, "positions": checked, "largest": largest}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--positions", type=int, default=100, metavar="N", help="how many to compute anew (100)")
    parser.add_argument("--model", type=Path, metavar="FILE", help="the file of an onnx teacher")
    parser.add_argument("--seed", type=int, default=0, help="of the choice of positions (0)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    try:
        report = check(options.dataset, options.positions, options.seed, options.model)
    except (OSError, KeyError, ValueError, IndexError, struct.error) as e:  # those behind OSError: damaged files
        report = {"ok": False, "problem": f"missing key {e}" if isinstance(e, KeyError) else str(e)}
        print("check_columns:", report["problem"], file=sys.stderr)
    if options.json:
        print(json.dumps(report))
    elif report["ok"]:
        differences = {f"off {name}": f"{value:.3g}" for name, value in report.pop("largest").items()}
        for name, value in {**report, **differences}.items():
            print(f"{name:22} {value}")
    return 0 if report["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
