# SPDX-License-Identifier: Apache-2.0
"""Trains a small GPT on what a teacher said, on any number of ranks; it may be killed at any step and goes on.

    python train_student.py my-dataset --checkpoint run.pt --steps 40
    torchrun --nproc-per-node 2 train_student.py my-dataset --checkpoint run.pt --steps 80

The second command goes on from the first one's checkpoint with twice the ranks. Both together see what one
undisturbed run sees, in its order; losses differ by float noise alone. Needs torch and stillhouse.
"""

import argparse
import itertools
import json
import os
import signal
from pathlib import Path

import torch
import torch.distributed as dist
from torch.nn import functional

import stillhouse
from stillhouse import losses

COLUMNS = ["tokens", "segments", "positions", "targets", "loss_mask", "ids", "log_probs", "log_tail"]


class Block(torch.nn.Module):
    """Attention within a text, then a feed-forward layer."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norms = torch.nn.ModuleList(torch.nn.LayerNorm(width) for _ in range(2))
        self.mix, self.out = torch.nn.Linear(width, 3 * width), torch.nn.Linear(width, width)
        self.forth, self.back = torch.nn.Linear(width, 4 * width), torch.nn.Linear(4 * width, width)

    def forward(self, x, mask):
        q, k, v = (
            part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in self.mix(self.norms[0](x)).chunk(3, -1)
        )
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = x + self.out(seen.transpose(1, 2).flatten(2))
        return x + self.back(functional.gelu(self.forth(self.norms[1](x))))


class Student(torch.nn.Module):
    """A GPT whose texts do not see each other within a packed sequence. ``forward`` returns hidden states."""

    def __init__(self, vocabulary, length, width=64, layers=2, heads=4):
        super().__init__()
        self.token, self.place = torch.nn.Embedding(vocabulary, width), torch.nn.Embedding(length, width)
        self.blocks = torch.nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = torch.nn.LayerNorm(width)
        self.head = torch.nn.Linear(width, vocabulary, bias=False)
        for parameter in (self.token.weight, self.place.weight, self.head.weight):
            torch.nn.init.normal_(parameter, std=0.02)

    def forward(self, batch):
        segments = batch["segments"]
        mask = (segments[:, :, None] == segments[:, None, :]).tril()[:, None]
        x = self.token(batch["tokens"]) + self.place(batch["positions"])
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x)


def loss_of(student, batch):
    """The sum over positions of the divergence from the teacher, in nats. Logits are not shifted."""
    values = losses.chunked(
        student.head, student(batch), losses.forward_kl, batch["ids"], batch["log_probs"], batch["log_tail"]
    )
    return torch.where(batch["loss_mask"] > 0, values, 0).sum()


def train(dataset, asked, rank, world_size):
    info = dataset.info
    torch.manual_seed(asked.seed)  # All ranks begin with the same weights.
    student = Student(info["vocabulary"], info["sequenceLength"])
    optimiser = torch.optim.AdamW(student.parameters(), lr=asked.rate)
    data = dataset.dataset(
        asked.batch, seed=asked.seed, rank=rank, world_size=world_size, k=asked.k, columns=COLUMNS, integers="int64"
    )
    curve = []
    if asked.checkpoint.exists():
        saved = torch.load(asked.checkpoint, weights_only=True)
        student.load_state_dict(saved["student"])
        optimiser.load_state_dict(saved["optimiser"])
        data.load_state_dict(saved["data"])
        curve = saved["curve"]
        if rank == 0:
            print(f"goes on after step {len(curve)}, ranks: {world_size}", flush=True)
    while len(curve) < asked.steps:
        for batch in itertools.islice(torch.utils.data.DataLoader(data, batch_size=None), asked.steps - len(curve)):
            if len(curve) == asked.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            optimiser.zero_grad()
            total = torch.stack([loss_of(student, batch), batch["loss_mask"].sum().float()])
            total[0].backward()
            total = all_reduced(total.detach())  # nats, positions
            for parameter in student.parameters():
                parameter.grad = all_reduced(parameter.grad) / total[1]
            optimiser.step()
            curve.append((total[0] / total[1]).item())
            if rank == 0:
                print(f"step {len(curve):4}  {curve[-1]:.6f} nats a position", flush=True)
            if len(curve) % asked.save_every == 0 or len(curve) == asked.steps:
                save(asked.checkpoint, student, optimiser, data.gathered_state_dict(), curve, rank)
    return curve


def all_reduced(values):
    if dist.is_initialized():
        dist.all_reduce(values)
    return values


def save(place, student, optimiser, data, curve, rank):
    """Writes a checkpoint whole or not at all, on rank 0."""
    if rank == 0:
        learnt = {"student": student.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**learnt, "data": data, "curve": curve}, place.with_suffix(".part"))
        os.replace(place.with_suffix(".part"), place)


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("dataset", help="a path, s3://bucket/prefix, or a server, grpc+tls://host:port (STILLHOUSE_TOKEN)")
    words.add_argument("--checkpoint", type=Path, required=True, help="where the run is kept, and goes on from")
    words.add_argument("--steps", type=int, default=40)
    words.add_argument("--batch", type=int, default=8, help="sequences of a step, all ranks together")
    words.add_argument("--k", type=int, default=None, help="entries of a position (default: all that are kept)")
    words.add_argument("--rate", type=float, default=3e-3)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--save-every", type=int, default=5)
    words.add_argument("--kill-at", type=int, default=None, help="steps after which the process kills itself")
    asked = words.parse_args()
    rank, world_size = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
    if world_size > 1:
        dist.init_process_group("gloo")
    served = asked.dataset.startswith("grpc")
    options = {"token": os.environ.get("STILLHOUSE_TOKEN")} if served else {}
    with (stillhouse.connect if served else stillhouse.open)(asked.dataset, **options) as dataset:
        curve = train(dataset, asked, rank, world_size)
    if rank == 0:
        asked.checkpoint.with_suffix(".json").write_text(json.dumps(curve))


if __name__ == "__main__":
    main()
