#!/usr/bin/env python3
"""How fast the libraries of the field make top-k log-probs of logits on one core: torch, torch.compile, jax, numpy.

All read the same rows (over a gigabyte; normal, deviation 3) and give the k best ids and their log-probs against the
whole row: less than Stillhouse's kernel, which gives tail, normaliser and entropy too. Each has the batch size best for
it, and a row is compared with float64. They take turns with a mere read of the memory; medians are told. All are bound
to one core, Stillhouse too. Exit code 0: done, 1: a rival is wrong, 2: wrong use.
"""
import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time

CORE = max(os.sched_getaffinity(0))  # before the libraries count cores
os.sched_setaffinity(0, {CORE})
os.environ.update({
    "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "CUDA_VISIBLE_DEVICES": "",
    "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"})

try:
    import jax
    import jax.numpy as jnp
    import numpy as np
    import torch
except ImportError as e:
    print(f"extract_rivals: {e.name} is missing; run: pip install torch jax numpy", file=sys.stderr)
    sys.exit(2)

torch.set_num_threads(1)
torch.set_grad_enabled(False)


def make_rows(vocabulary, megabytes, dtype):
    """Rows out of a pool of 2^20 numbers, each row from another place; bfloat16 as the upper half of float32's bits."""
    pool = np.random.default_rng(1).standard_normal(1 << 20, dtype=np.float32) * 3
    if dtype == "bfloat16":
        pool = ((pool.view(np.uint32) + 0x8000) >> 16).astype(np.uint16)
    return np.resize(pool, (int(megabytes * 1e6 / pool.itemsize / vocabulary), vocabulary))


def widen(rows):
    return rows if rows.dtype == np.float32 else (rows.astype(np.uint32) << 16).view(np.float32)


def torch_normaliser(x, k):
    x = x.float()
    values, ids = torch.topk(x, k, dim=-1)
    return ids, values - torch.logsumexp(x, dim=-1, keepdim=True)


def torch_softmax(x, k):
    log_probs, ids = torch.topk(torch.log_softmax(x.float(), dim=-1), k, dim=-1)
    return ids, log_probs


def jax_normaliser(x, k):
    x = x.astype(jnp.float32)
    values, ids = jax.lax.top_k(x, k)
    return ids, values - jax.nn.logsumexp(x, axis=-1, keepdims=True)


def numpy_threshold(rows, k):
    """Sorts what exceeds a bar taken from the first 8,192: four times as many as needed, as a rule."""
    x = widen(rows)[0]
    first = x[:8192]
    rank = min(len(first), 4 * k * len(first) // len(x) + 8)
    few = np.flatnonzero(x > np.partition(first, len(first) - rank)[-rank])
    few = few if len(few) >= k else np.argpartition(x, len(x) - k)[-k:]
    ids = few[np.argsort(-x[few], kind="stable")[:k]]
    return ids[None], (x[ids] - x[ids[0]] - np.log(np.exp(x - x[ids[0]]).sum()))[None]


class Rival:
    """A function over batches of rows in the library's own arrays, which are made before the clock runs."""

    def __init__(self, name, function, to_own, rows, batches=(1, 8, 64)):
        self.name, self.function, self.to_own = name, function, to_own
        few = rows[:64]  # four times, for the first compiles
        self.batch = max(batches, key=lambda b: max(self.rate(self.own(few, b), b) for _ in range(4)))
        self.split = self.own(rows, self.batch)

    def own(self, rows, batch):
        return [self.to_own(rows[i:i + batch]) for i in range(0, len(rows) - batch + 1, batch)]  # none odd

    def rate(self, split, batch):
        """Positions a second."""
        start = time.perf_counter()
        for x in split:
            jax.block_until_ready(self.function(x))
        return len(split) * batch / (time.perf_counter() - start)

    def error(self, rows, k):
        """Nats between its answer for the first row and float64's."""
        ids, log_probs = (np.asarray(part)[0] for part in self.function(self.split[0]))
        x = widen(rows[:1])[0].astype(np.float64)
        exact = x - x.max() - np.log(np.exp(x - x.max()).sum())
        worst = max(abs(exact[ids] - log_probs).max(), abs(np.sort(exact)[::-1][:k] - log_probs).max())
        if not worst < 1e-3:  # a mistake and no rounding
            sys.exit(f"extract_rivals: {self.name} is {worst} nats off")
        return float(worst)


def reads(rows):
    """Bytes a second by two ways to read memory once: numpy's largest byte and torch's sum of floats."""
    flat, speeds = rows.reshape(-1).view(np.uint8), []
    for read in [flat.max, torch.from_numpy(flat[:flat.size // 4 * 4].view(np.float32)).sum]:
        start = time.perf_counter()
        read()
        speeds.append(flat.size / (time.perf_counter() - start))
    return speeds


def measure(args, dtype):
    rows, k, narrow = make_rows(args.vocabulary, args.megabytes, dtype), args.k, dtype == "bfloat16"

    def lent(x):  # copies nothing
        return torch.from_numpy(x.view(np.int16)).view(torch.bfloat16) if narrow else torch.from_numpy(x)

    compiled = [torch.compile(function, dynamic=False) for function in (torch_normaliser, torch_softmax)]
    rivals = [
        Rival("torch topk + logsumexp", lambda x: torch_normaliser(x, k), lent, rows),
        Rival("torch log_softmax, topk", lambda x: torch_softmax(x, k), lent, rows),
        Rival("torch.compile topk + logsumexp", lambda x: compiled[0](x, k), lent, rows),
        Rival("torch.compile log_softmax, topk", lambda x: compiled[1](x, k), lent, rows),
        Rival("jax.jit top_k + logsumexp", jax.jit(lambda x: jax_normaliser(x, k)),
              lambda x: jax.device_put(x.view(jnp.bfloat16) if narrow else x), rows),
        Rival("numpy threshold", lambda x: numpy_threshold(x, k), lambda x: x, rows, [1])]
    read, rates = [], [[] for _ in rivals]
    for turn in range(args.rounds):
        read.append(reads(rows))
        for i in range(len(rivals)):
            at = (i + turn) % len(rivals)
            rates[at].append(rivals[at].rate(rivals[at].split, rivals[at].batch))
    bandwidth = max(statistics.median(way) for way in zip(*read)) / 1e9
    row_gigabytes = rows.itemsize * args.vocabulary / 1e9
    return [{"name": rival.name, "vocabulary": args.vocabulary, "k": k, "threads": 1, "dtype": dtype,
             "batch": rival.batch, "positionsPerSecond": rate, "gigabytesPerSecond": rate * row_gigabytes,
             "bandwidthGigabytesPerSecond": bandwidth, "shareOfBandwidth": rate * row_gigabytes / bandwidth,
             "largestErrorNats": rival.error(rows, k)}
            for rival, rate in zip(rivals, map(statistics.median, rates))]


def kernel(args):
    """The rows of `stillhouse bench extract` that are the kernel on one thread, on the same core."""
    command = [args.stillhouse, "bench", "extract"]
    told = subprocess.run(command + ["--help"], capture_output=True, text=True, check=True).stdout
    quick = "--quick" in told and (args.vocabulary, args.k) == (151_936, 64)
    shape = ["--quick"] if quick else ["--vocabulary", str(args.vocabulary), "--k", str(args.k)]
    answer = subprocess.run(command + shape + ["--json"], stdout=subprocess.PIPE, check=True)
    return [row for row in json.loads(answer.stdout)["rows"] if row["name"] == "kernel"
            and (row["threads"], row["vocabulary"], row["k"]) == (1, args.vocabulary, args.k)]


def ratios(rows, kernels):
    """Kernel over the fastest of torch and jax, and over the fastest of all, for each type it was measured with."""
    for dtype in sorted({row["dtype"] for row in kernels}, reverse=True):
        ours = statistics.median(row["positionsPerSecond"] for row in kernels if row["dtype"] == dtype)
        for whom, left_out in [("torch and jax", "numpy"), ("all", "none")]:
            speeds = {row["name"]: row["positionsPerSecond"] for row in rows
                      if row["dtype"] == dtype and left_out not in row["name"]}
            if speeds:
                best = max(speeds, key=speeds.get)
                yield {"name": f"kernel over the fastest of {whom}", "dtype": dtype, "fastest": best,
                       "kernelPositionsPerSecond": ours, "ratio": ours / speeds[best]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name, value in [("--vocabulary", 151_936), ("--k", 64), ("--megabytes", 1100), ("--rounds", 5)]:
        parser.add_argument(name, type=int, default=value, help=f"default: {value}")
    parser.add_argument("--dtypes", nargs="+", choices=["float32", "bfloat16"], default=["float32", "bfloat16"])
    parser.add_argument("--stillhouse", metavar="LAUNCHER", help="run its `bench extract` before and after")
    parser.add_argument("--json", action="store_true", help="one object on standard output")
    args = parser.parse_args()
    if not 1 <= args.k <= args.vocabulary or args.rounds < 1 or args.megabytes * 1e6 < 256 * args.vocabulary:
        parser.error("need 1 <= k <= vocabulary, a round, and megabytes for 64 rows")
    kernels = kernel(args) if args.stillhouse else []
    rows = [row for dtype in args.dtypes for row in measure(args, dtype)]
    kernels += kernel(args) if args.stillhouse else []
    machine = {name: importlib.metadata.version(name) for name in ["torch", "jax", "jaxlib", "numpy"]}
    machine.update(python=platform.python_version(), core=CORE, load=round(os.getloadavg()[0], 1))
    compared = list(ratios(rows, kernels))
    if args.json:
        return print(json.dumps({"machine": machine, "rows": kernels + rows + compared}))
    print(", ".join(f"{key} {value}" for key, value in machine.items()))
    for row in kernels + rows:
        more = f"  batch {row['batch']:2}  {row['largestErrorNats']:.0e} nats off" if "batch" in row else ""
        print(f"{row['dtype']:9} {row['name']:32} {row['positionsPerSecond']:8,.0f} positions/s"
              f" {row['gigabytesPerSecond']:6.2f} GB/s {row['shareOfBandwidth']:7.3f} of bandwidth{more}")
    for row in compared:
        print(f"{row['dtype']:9} {row['name']}, {row['fastest']}: {row['ratio']:.1f}")


if __name__ == "__main__":
    main()
