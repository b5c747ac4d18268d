# SPDX-License-Identifier: Apache-2.0
"""What serving a teacher costs beside its model: the wire, from ready rows, and the reduction in torch.

    python teacher_rates.py [wire] [reduce] [--seconds 10] [--threads 2]

`wire` needs pyarrow, numpy, stillhouse and the built command line: statistics of top-k:64 that are ready, whole rows of
151,936 ids that are ready, and the same bytes by plain DoGet, all on loopback to the Java client. `reduce` needs torch:
a head of 151,936 x 2,048 fused with its reduction, beside log_softmax and topk of whole rows; peak memory and time.
"""

import argparse
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

V, HIDDEN, K = 151936, 2048, 64
ROOT = Path(__file__).resolve().parents[3]


def server(pipe):
    """Serves ready rows: statistics are made once, and a block of logits is sent again and again."""
    import pyarrow as pa
    import pyarrow.flight as flight

    from stillhouse.teacher import _places, _plain, _server
    from stillhouse.teacher._models import Model

    random = np.random.default_rng(0)
    rows = random.standard_normal((16, V)).astype(np.float32)

    class Ready:
        def __init__(self, given, places):
            self.places = places

        def __len__(self):
            return len(self.places)

        def tile(self, begin, end):
            return rows[: end - begin]

    about = np.zeros(2048, np.int64), np.zeros(2048, np.int64), np.zeros(2048, np.int64)

    class Server(_server.TeacherServer):
        ready = None

        def _bucket(self, prompts, bucket, asked):
            places = _places.Places(prompts, bucket, False)
            if self.ready is None or len(self.ready.log_tail) != len(places):
                parts = [_plain.reduce(Sixteen(), places.target[:16], *(a[:16] for a in about[1:]), asked)]
                one = _server._places.join(parts * (len(places) // 16))
                one.target_log_prob = np.where(places.target < 0, np.nan, one.target_log_prob[0]).astype(np.float32)
                self.ready = one
            return places.row, self.ready

        def do_get(self, context, ticket):
            width = 4 * V
            schema = pa.schema([pa.field("row", pa.int32()), pa.field("token", pa.int32()), pa.field("logits", pa.binary(width))])
            count = _server.ANSWER_BYTES // width
            numbers = pa.array(np.arange(count, dtype=np.int32))
            logits = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), count, [None, pa.py_buffer(rows[:count])])
            batch = pa.record_batch([numbers, numbers, logits], schema=schema)
            return flight.GeneratorStream(schema, (batch for _ in range(2048 // count)))

    class Sixteen:
        def __len__(self):
            return 16

        def tile(self, begin, end):
            return rows[begin:end]

    _plain.source = Ready
    model = Model("ready", lambda ids, lengths: np.zeros((*ids.shape, 1), np.float32), "ready").probe()
    model.vocabulary = V
    with Server(model) as serving:
        pipe.send(serving.port)
        serving.wait()


def wire(seconds, threads):
    from stillhouse import _java

    home, release = _java.find()
    jars = next(jar for jar in (ROOT / "tools/cli/target").glob("stillhouse-cli-*.jar") if "tests" not in jar.name)
    newer = ["--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED"] if release >= 24 else []
    java = [str(home / "bin/java"), "--add-opens=java.base/java.nio=ALL-UNNAMED", "--add-modules=jdk.incubator.vector", *newer]
    java += ["-cp", f"{jars}:{ROOT / 'tools/cli/target/lib'}/*", str(Path(__file__).with_name("TeacherRate.java"))]
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=server, args=(theirs,), daemon=True)
    process.start()
    place = f"127.0.0.1:{ours.recv()}"
    rate = {}
    for form, count in (("reduced", threads), ("flight", 1), ("dense", 1), ("flight", 1), ("dense", 1)):
        done = subprocess.run([*java, form, place, str(seconds), str(count)], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        rate.setdefault(form, []).append(float(done.stdout.split()[-1]))
        print(form, "positions/s" if form != "flight" else "bytes/s", f"{rate[form][-1]:,.0f}", flush=True)
    plain = max(rate["flight"])
    print(f"dense over Flight's own rate: {max(rate['dense']) * 4 * V / plain:.2f}")
    process.terminate()


def high():
    """Returns this process's peak memory, in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def peak(name, rows, pipe):
    """Runs one way and tells its peak memory above what was there, and its time."""
    import torch

    from stillhouse.teacher import _torch
    from stillhouse.teacher._request import Request

    torch.manual_seed(0)
    hidden, head = torch.randn(1, rows, HIDDEN), torch.empty(V, HIDDEN).normal_(std=HIDDEN**-0.5)
    places = type("Places", (), {"batch": np.zeros(rows, np.int64), "place": np.arange(rows), "__len__": lambda _: rows})()
    about = np.zeros(rows, np.int64), np.zeros(rows, np.int64), np.arange(rows)
    asked = Request("reduced", V, top_k=K)

    def whole(hidden, head):
        with torch.inference_mode():
            return torch.log_softmax(hidden[0] @ head.T, dim=-1).topk(K)

    def fused(hidden, head):
        return _torch.reduce(_torch.source((hidden, head), places), *about, asked)

    way = {"whole": whole, "fused": fused}[name]
    small = hidden[:, :8], head[:8192]
    torch.log_softmax(small[0][0] @ small[1].T, dim=-1).topk(K)  # Libraries load what they need.
    Path("/proc/self/clear_refs").write_text("5")  # The peak begins anew.
    before = high()
    begun = time.monotonic()
    way(hidden, head)
    seconds = time.monotonic() - begun
    memory = high() - before
    again = time.monotonic()
    way(hidden, head)
    pipe.send((memory, min(seconds, time.monotonic() - again)))


def reduce(rows):
    found = {}
    for name in ("whole", "fused"):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=peak, args=(name, rows, theirs))
        process.start()
        found[name] = ours.recv()
        process.join()
        print(f"{name}: {found[name][0] / 1e6:,.0f} MB above, {found[name][1]:.2f} s for {rows} rows", flush=True)
    memory, seconds = (found["fused"][i] / found["whole"][i] for i in range(2))
    print(f"fused over whole: memory {memory:.3f}, time {seconds:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["wire", "reduce"], choices=["wire", "reduce"])
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rows", type=int, default=1024)
    words = parser.parse_args()
    if "wire" in words.what:
        wire(words.seconds, words.threads)
    if "reduce" in words.what:
        reduce(words.rows)
