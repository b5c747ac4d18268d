# SPDX-License-Identifier: Apache-2.0
"""Peak memory and time of the top-k loss against the naive form, which keeps a log-softmax of everything.

    python loss_memory.py [--positions 4096] [--vocabulary 151936] [--k 64]

"From logits" is the loss alone; "from hidden states" is the student's last layer too, whose width is that of
SmolLM2-135M. Each form runs in a process of its own; its peak is the resident memory beyond what was there before.
"""

import argparse
import multiprocessing
import re
import sys
import time
from pathlib import Path

WIDTH = 576


def memory(what):
    """Returns a figure of this process in KiB, as Linux tells it."""
    return int(re.search(what + r":\s+(\d+)", Path("/proc/self/status").read_text()).group(1))


def naive(logits, ids, log_probs, log_tail):
    """What tools do: a log-softmax that autograd keeps, and a gather from it."""
    import torch

    log_p = torch.log_softmax(logits, -1).gather(-1, ids)
    outside = torch.log1p(-log_p.exp().sum(-1).clamp(max=1 - 1e-6))
    t, tail = log_probs.exp(), log_tail.exp()
    return (t * (log_probs - log_p)).sum(-1) + tail * (log_tail - outside)


def measure(loss_name, source, rows, vocabulary, k, told):
    import torch

    from stillhouse import losses

    torch.manual_seed(0)
    teacher = torch.log_softmax(torch.randn(rows, k), -1) - 0.1
    ids = torch.stack([torch.randperm(vocabulary)[:k] for _ in range(rows)])
    columns = (ids, teacher, torch.log1p(-teacher.exp().sum(-1)))
    loss = naive if loss_name == "naive" else losses.forward_kl
    loss(torch.randn(8, vocabulary, requires_grad=True), *(c[:8] for c in columns)).sum().backward()
    head = torch.nn.Linear(WIDTH, vocabulary, bias=False)
    hidden = torch.randn(rows, WIDTH, requires_grad=True)
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # The peak starts anew.
    if source == "logits":
        logits = torch.randn(rows, vocabulary, requires_grad=True)
    start = time.perf_counter()
    if loss_name == "chunked":
        values = losses.chunked(head, hidden, loss, *columns)
    else:
        if source == "hidden states":
            logits = head(hidden)  # A model's output holds it to the end.
        values = loss(logits, *columns)
    values.sum().backward()
    told.put((time.perf_counter() - start, (memory("VmHWM") - before) / 1024))


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--positions", type=int, default=4096)
    words.add_argument("--vocabulary", type=int, default=151_936)
    words.add_argument("--k", type=int, default=64)
    words.add_argument("--repeats", type=int, default=3)
    asked = words.parse_args()
    spawn = multiprocessing.get_context("spawn")
    for source, forms in (("logits", ("naive", "ours")), ("hidden states", ("naive", "ours", "chunked"))):
        base = None
        print(f"from {source}, {asked.positions:,} x {asked.vocabulary:,}, k={asked.k}:")
        for form in forms:
            runs = []
            for _ in range(asked.repeats):
                told = spawn.Queue()
                words = (form, source, asked.positions, asked.vocabulary, asked.k, told)
                process = spawn.Process(target=measure, args=words)
                process.start()
                process.join()
                if process.exitcode:
                    sys.exit(f"{form} failed")  # A queue that nothing was put into is waited for without end.
                runs.append(told.get())
            seconds, mebibytes = min(s for s, _ in runs), min(m for _, m in runs)
            base = base or (seconds, mebibytes)
            print(
                f"  {form:8} {seconds:7.2f} s ({seconds / base[0]:.2f})"
                f"  {mebibytes:8,.0f} MiB ({mebibytes / base[1]:.2f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
