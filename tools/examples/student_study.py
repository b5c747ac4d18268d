# SPDX-License-Identifier: Apache-2.0
"""What a student learns from each statistic: held-out loss against bytes a token, at equal steps, over three seeds.

    ./stillhouse extract --corpus testdata/moby-dick --teacher onnx:testdata/minigpt/model.onnx,context=512 \\
        --statistic top-k:16 --sequence-length 256 --out study/top --layout planes   # and with the two others below
    python student_study.py --data study --teacher testdata/minigpt/model.onnx --out study/runs.jsonl
    python student_study.py --out study/runs.jsonl --plot docs/design/students.svg

`study` needs `top` (top-k:16), `draws` (sample:16), `both` (top-k:8+sample:8), and `held-out` (any statistic). Runs that
the file has are not repeated, so it may be interrupted. Needs torch, stillhouse, onnxruntime; matplotlib for the plot.
"""

import argparse
import json
import statistics
import time
from pathlib import Path

import numpy as np
import torch
from train_student import Student

import stillhouse
from stillhouse import losses

COLUMNS = ["tokens", "segments", "positions", "targets", "loss_mask"]
ENTRIES = ["ids", "log_probs"]
TOKEN_BYTES = 2  # of what hard labels need: ids below 65,536
FLOAT_BYTES = 2  # of a dense teacher, had one stored it


class DenseTeacher:
    """The teacher itself: log-probs of all ids for a batch, each text read from its own first token."""

    def __init__(self, model):
        import onnxruntime

        self.session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])

    def log_probs(self, batch):
        tokens, segments = batch["tokens"].numpy(), batch["segments"].numpy()
        logits = None
        for row in range(len(tokens)):
            for segment in range(segments[row].max() + 1):
                at = np.flatnonzero(segments[row] == segment)
                said = self.session.run(["logits"], {"input_ids": tokens[row, at][None].astype(np.int64)})[0][0]
                if logits is None:
                    logits = torch.zeros(*tokens.shape, said.shape[-1])
                logits[row, at] = torch.from_numpy(said)
        return torch.log_softmax(logits, -1)


def dense_kl(logits, teacher):
    return (teacher.exp() * (teacher - torch.log_softmax(logits, -1))).sum(-1)


def renormalised(logits, batch, _):
    return losses.forward_kl_renormalised(logits, batch["ids"], batch["log_probs"])


def with_tail(logits, batch, _):
    return losses.forward_kl(logits, batch["ids"], batch["log_probs"], batch["log_tail"])


def draws(logits, batch, count):
    return losses.sampled_cross_entropy(logits, batch["ids"], batch["log_probs"], batch["counts"], count)


def both(logits, batch, count):
    return losses.union_cross_entropy(
        logits, batch["ids"], batch["log_probs"], batch["reasons"], batch["counts"], count
    )


ARMS = {  # name: dataset, columns, loss, draws a position
    "hard labels": ("top", [], lambda logits, batch, _: losses.cross_entropy(logits, batch["targets"]), 0),
    "top 16, renormalised": ("top", ENTRIES, renormalised, 0),
    "top 16 and tail": ("top", [*ENTRIES, "log_tail"], with_tail, 0),
    "16 draws": ("draws", [*ENTRIES, "counts"], draws, 16),
    "top 8 and 8 draws": ("both", [*ENTRIES, "counts", "reasons"], both, 8),
    "dense teacher": ("top", [], None, 0),
}


def bytes_per_token(arm, info):
    if arm == "hard labels":
        return TOKEN_BYTES
    return FLOAT_BYTES * info["vocabulary"] if arm == "dense teacher" else info["bytes"] / info["positions"]


def train(arm, seed, data, held_out, teacher, asked):
    name, columns, loss, count = ARMS[arm]
    info = data[name].info
    torch.manual_seed(seed)
    student = Student(info["vocabulary"], info["sequenceLength"])
    optimiser = torch.optim.AdamW(student.parameters(), lr=asked.rate)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, asked.rate, total_steps=asked.steps, pct_start=0.1)
    steps = data[name].dataset(asked.batch, seed=seed, columns=[*COLUMNS, *columns], integers="int64")
    start, done = time.time(), 0
    while done < asked.steps:
        for batch in steps:
            logits = student.head(student(batch))
            if loss is None:
                values = dense_kl(logits, teacher.log_probs(batch))
            else:
                values = loss(logits, batch, count)
            optimiser.zero_grad()
            losses.mean(values, batch["loss_mask"]).backward()
            optimiser.step()
            rates.step()
            done += 1
            if done == asked.steps:
                break
    seconds = time.time() - start
    return {**judge(student, held_out, teacher, asked.judged), "bytes": bytes_per_token(arm, info), "seconds": seconds}


@torch.no_grad()
def judge(student, held_out, teacher, judged):
    """Held-out cross-entropy over all text, and divergence from the dense teacher over its first steps."""
    totals, apart = torch.zeros(2, dtype=torch.float64), torch.zeros(2, dtype=torch.float64)
    for number, batch in enumerate(held_out.dataset(8, shuffle="none", columns=COLUMNS, integers="int64")):
        logits, mask = student.head(student(batch)), batch["loss_mask"] > 0
        totals += torch.tensor([losses.cross_entropy(logits, batch["targets"])[mask].sum(), mask.sum()])
        if number < judged:
            apart += torch.tensor([dense_kl(logits, teacher.log_probs(batch))[mask].sum(), mask.sum()])
    return {"text": (totals[0] / totals[1]).item(), "teacher": (apart[0] / apart[1]).item()}


def read(place):
    return [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []


def table(runs):
    rows = ["| student learns from | bytes a token | held-out text, nats | spread | from the teacher, nats | spread |"]
    rows.append("|---|---|---|---|---|---|")
    for arm in ARMS:
        its = [run for run in runs if run["arm"] == arm]
        if its:
            text, apart = [run["text"] for run in its], [run["teacher"] for run in its]
            rows.append(
                f"| {arm} | {its[0]['bytes']:,.1f} | {statistics.mean(text):.3f} | {max(text) - min(text):.3f}"
                f" | {statistics.mean(apart):.3f} | {max(apart) - min(apart):.3f} |"
            )
    return "\n".join(rows)


def plot(runs, place):
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "stillhouse", "font.family": "sans-serif"})
    from matplotlib import pyplot

    grey = "#7a7a7a"  # It is read on light and on dark pages.
    figure, axes = pyplot.subplots(figsize=(7, 4))
    for number, arm in enumerate(ARMS):
        its = [run for run in runs if run["arm"] == arm]
        if its:
            axes.scatter([run["bytes"] for run in its], [run["teacher"] for run in its], s=22, color=f"C{number}")
            axes.annotate(
                arm, (its[0]["bytes"], statistics.mean(run["teacher"] for run in its)), (7, 5 if number % 2 else -11),
                textcoords="offset points", color=grey, fontsize=9,
            )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlim(1, 1e7)
    axes.set_xlabel("bytes a token", color=grey)
    axes.set_ylabel("held-out divergence from the teacher, nats", color=grey)
    axes.tick_params(colors=grey)
    for side in axes.spines.values():
        side.set_color(grey)
    figure.savefig(place, transparent=True, bbox_inches="tight", metadata={"Date": None})


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", type=Path)
    words.add_argument("--teacher", type=Path)
    words.add_argument("--out", type=Path, required=True)
    words.add_argument("--plot", type=Path)
    words.add_argument("--steps", type=int, default=120)
    words.add_argument("--batch", type=int, default=8)
    words.add_argument("--rate", type=float, default=3e-3)
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("--judged", type=int, default=3, help="held-out steps that are compared with the dense teacher")
    asked = words.parse_args()
    if asked.data is not None:
        places = {name: asked.data / name for name in ("top", "draws", "both", "held-out")}
        teacher = DenseTeacher(asked.teacher)
        with stillhouse.open(places) as first:
            data = {name: first.named(name) for name in places}
            for seed in range(asked.seeds):
                for arm in ARMS:
                    if not any(run["arm"] == arm and run["seed"] == seed for run in read(asked.out)):
                        run = {"arm": arm, "seed": seed, "steps": asked.steps}
                        run |= train(arm, seed, data, data["held-out"], teacher, asked)
                        with asked.out.open("a") as out:
                            out.write(json.dumps(run) + "\n")
                        print(run, flush=True)
    runs = read(asked.out)
    print(table(runs))
    if asked.plot:
        plot(runs, asked.plot)


if __name__ == "__main__":
    main()
