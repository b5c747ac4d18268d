# SPDX-License-Identifier: Apache-2.0
"""Loaders side by side: the same sequences, ids and log-probs, shuffled, into torch tensors.

    python loaders.py DATASET WORK [--only NAMES] [--epochs 2]

DATASET is ours (top-k:64, sequences of 512, layout planes, say); WORK gets a copy in each rival's own form, once. Each
loader runs in a process of its own: the time to its first batch with the imports before it, positions a second after
that, CPU seconds of it and of all its children for each million positions, and the time to the next batch after a stop
at half of an epoch. Needs torch, stillhouse, and those that are to be compared: mosaicml-streaming, grain, litdata,
datasets, pylance. Whichever is not installed is left out, with a word.
"""

import argparse
import importlib.metadata
import inspect
import json
import multiprocessing
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from rivals import BATCH, COLUMNS, SEED, Grain, HuggingFace, Lance, LitData, MemoryMap, Mosaic, PlainFlight


def cpu():
    return sum(
        resource.getrusage(who).ru_utime + resource.getrusage(who).ru_stime
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


class Ours:
    package = "pyarrow"

    def __init__(self, dataset, work, shapes):
        self.dataset, self.k = dataset, shapes["ids"][1][1]

    def batches(self, state=None, epochs=1):
        import stillhouse

        options = {"cursor": state} if state else {"seed": SEED, "epochs": epochs}
        with stillhouse.open(self.dataset) as ds:
            for batch in ds.batches(BATCH, k=self.k, columns=COLUMNS, floats="float16", **options):
                self.cursor = batch.cursor
                yield list(batch.torch().values())

    def state(self, step):
        return self.cursor


class JavaLoader:
    """The loader itself, in a JVM like the server's: no Flight, no Python."""

    package = "pyarrow"

    def __init__(self, dataset, work, shapes):
        self.dataset, self.k = dataset, shapes["ids"][1][1]

    def told(self, epochs):
        from stillhouse import _java

        home, release = _java.find()
        flags = ["--add-opens=java.base/java.nio=ALL-UNNAMED", "-XX:+UseParallelGC"]
        if release >= 24:
            flags += ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"]
        words = [home / "bin/java", *flags, "-cp", _java.class_path(), Path(__file__).with_name("DenseRate.java")]
        before = cpu()
        words += [self.dataset, self.k, BATCH, epochs]
        rate, first = map(float, subprocess.run([*map(str, words)], stdout=subprocess.PIPE, check=True).stdout.split())
        return {"first": first, "rate": rate, "cpu": cpu() - before}


LOADERS = {
    "stillhouse": Ours,
    "our Java loader alone": JavaLoader,
    "plain Flight, ready batches": PlainFlight,
    "memory map": MemoryMap,
    "MosaicML Streaming": Mosaic,
    "Hugging Face, iterable": HuggingFace,
    "Grain": Grain,
    "litData": LitData,
    "Lance": Lance,
}


def prepare(dataset, work, only):
    """Reads all sequences once, writes every form that is not there, and returns types and shapes of the columns."""
    told = work / "shapes.json"
    missing = [name for name in only if hasattr(LOADERS[name], "prepare") and not (work / f"{name}.done").exists()]
    if told.exists() and not missing:
        return json.loads(told.read_text())
    import stillhouse

    work.mkdir(parents=True, exist_ok=True)
    sequences = []
    with stillhouse.open(dataset) as ds:
        k = next(ds.batches(1, columns=["ids"])).ids.shape[-1]
        for batch in ds.batches(BATCH, shuffle="none", k=k, columns=COLUMNS, floats="float16"):
            for row in range(batch.samples):
                sequences.append({name: np.array(batch[name][row]) for name in COLUMNS})
    shapes = {name: [str(sequences[0][name].dtype), list(sequences[0][name].shape)] for name in COLUMNS}
    for name in missing:
        try:
            LOADERS[name].prepare(sequences, shapes, work)
            (work / f"{name}.done").touch()
        except ImportError as e:
            print(f"{name}: left out, {e}", file=sys.stderr)
    told.write_text(json.dumps({**shapes, "sequences": len(sequences)}))
    return shapes


def measure(name, dataset, work, shapes, epochs, told):
    import torch  # noqa: F401

    loader = LOADERS[name](dataset, work, shapes)
    positions = epochs * int(json.loads((work / "shapes.json").read_text())["sequences"]) * shapes["tokens"][1][0]
    if isinstance(loader, JavaLoader):
        its = loader.told(epochs)
        told.put({**its, "cpu": its["cpu"] / positions * 1e6, "resumed": float("nan")})
        return
    began, cpu_began = time.perf_counter(), cpu()
    one_stream = "epochs" in inspect.signature(loader.batches).parameters
    batches = loader.batches(epochs=epochs) if one_stream else loader.batches()
    next(batches)
    first = time.perf_counter() - began
    middle, rows, steps = None, 0, 1
    started = time.perf_counter()
    while rows < positions // shapes["tokens"][1][0] - BATCH:
        for batch in batches:
            # Each number is looked at, or a memory map would not have been read.
            rows += len(batch[0]) if all(column.view(-1)[::64].sum() is not None for column in batch) else 0
            steps += 1
            if middle is None and steps >= 10:
                middle = loader.state(steps)
        batches = iter(()) if one_stream else loader.batches()
    seconds, used = time.perf_counter() - started, cpu() - cpu_began
    began = time.perf_counter()
    again = loader.batches(middle)
    next(again)
    resumed = time.perf_counter() - began
    again.close()
    positions = rows * shapes["tokens"][1][0]
    told.put({"first": first, "rate": positions / seconds, "cpu": used / positions * 1e6, "resumed": resumed})


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("dataset")
    words.add_argument("work", type=Path)
    words.add_argument("--only", nargs="*", choices=list(LOADERS), default=list(LOADERS))
    words.add_argument("--epochs", type=int, default=2)
    asked = words.parse_args()
    shapes = prepare(asked.dataset, asked.work, asked.only)
    print("| loader | positions/s | CPU s a million positions | first batch, s | resumed, s | version |")
    print("|---|---|---|---|---|---|")
    spawn = multiprocessing.get_context("spawn")
    for name in asked.only:
        told = spawn.Queue()
        process = spawn.Process(target=measure, args=(name, asked.dataset, asked.work, shapes, asked.epochs, told))
        process.start()
        process.join()
        if process.exitcode:
            print(f"| {name} | failed | | | | |")
            continue
        its, version = told.get(), importlib.metadata.version(LOADERS[name].package)
        print(
            f"| {name} | {its['rate']:,.0f} | {its['cpu']:.2f} | {its['first']:.2f} | {its['resumed']:.3f}"
            f" | {LOADERS[name].package} {version} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
