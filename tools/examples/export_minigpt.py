"""Exports a trained minigpt to ONNX: python3 export_minigpt.py OUT/checkpoint.pt DIRECTORY --text TEXT

Written: model.onnx (input_ids [batch, sequence] int64 -> logits [batch, sequence, 50257] float32) and golden.json.
Weights lie in the file as int8 with a float16 scale for each row of a matrix; the graph makes float32 of them, and all
arithmetic is float32. The export is refused where torch with the same weights and the ONNX Runtime differ by more than BOUND.
"""

import argparse
import copy
import json
import sys
from pathlib import Path

try:
    import numpy as np
    import onnx
    import onnxruntime
    import torch
    from tokenizers import Tokenizer
    from torch import Tensor, nn
except ImportError as missing:
    sys.exit(f"exporting needs more: {missing} (pip install torch onnx onnxscript onnxruntime tokenizers numpy)")

from minigpt import MiniGpt, Shape

BOUND = 1e-4  # largest difference of a logit
MOST = 8_000_000  # bytes
TEXTS = [
    "Call me Ishmael. Some years ago--never mind how long precisely--having little or no money in my purse, and nothing "
    "particular to interest me on shore, I thought I would sail about a little and see the watery part of the world.",
    "It was the best of times, it was the worst of times",
    "distillation, n. The teacher speaks; the student writes 64 numbers down. \u00bfQu\u00e9? \u2014 1,024 times.",
]


class Int8(nn.Module):
    """A matrix as int8 rows, each with its scale."""

    def __init__(self, matrix: Tensor):
        super().__init__()
        scale = (matrix.abs().amax(1, keepdim=True) / 127).clamp(min=2**-24).half()
        self.register_buffer("scale", scale)
        self.register_buffer("rows", (matrix / scale.float()).round().clamp(-127, 127).to(torch.int8))

    @property
    def weight(self) -> Tensor:
        return self.rows.float() * self.scale.float()


class Int8Linear(Int8):
    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight.T


class Int8Embedding(Int8):
    def forward(self, ids: Tensor) -> Tensor:
        return self.rows[ids].float() * self.scale[ids].float()


def quantised(model: MiniGpt) -> MiniGpt:
    """The model with every matrix as int8."""
    model = copy.deepcopy(model)
    for name, module in list(model.named_modules()):
        kind = {nn.Linear: Int8Linear, nn.Embedding: Int8Embedding}.get(type(module))
        if kind:
            model.set_submodule(name, kind(module.weight.detach()))
    return model.eval()


def plain(model: MiniGpt) -> MiniGpt:
    """The same numbers as float64 weights of the model that was trained."""
    doubled = MiniGpt(model.shape)
    state = {f"{name}.weight": module.weight for name, module in model.named_modules() if isinstance(module, Int8)}
    doubled.load_state_dict(state)
    return doubled.double().eval()


def load(path: Path) -> MiniGpt:
    if not path.exists():
        sys.exit(f"{path} is not there: train_minigpt.py writes it")
    saved = torch.load(path, map_location="cpu")
    shape = {name: saved["identity"][name] for name in Shape().as_dict()}
    if shape != Shape().as_dict():
        sys.exit(f"{path} is of another shape: {shape}, not {Shape().as_dict()}")
    model = MiniGpt()
    model.load_state_dict(saved["model"])
    return model


def export(model: MiniGpt, path: Path) -> None:
    sizes = {0: torch.export.Dim("batch", max=1024), 1: torch.export.Dim("sequence", max=model.shape.context)}
    program = torch.onnx.export(model, (torch.zeros(2, 7, dtype=torch.long),), dynamo=True, optimize=False, verbose=False,
                                input_names=["input_ids"], output_names=["logits"], dynamic_shapes=(sizes,), opset_version=20)
    proto = program.model_proto
    for node in proto.graph.node:
        node.ClearField("doc_string")
        node.ClearField("metadata_props")
    for value in (*proto.graph.value_info, *proto.graph.initializer, *proto.graph.input, *proto.graph.output):
        value.ClearField("metadata_props")
        value.ClearField("doc_string")
    del proto.graph.value_info[:]
    proto.ClearField("metadata_props")
    onnx.checker.check_model(proto)
    content = proto.SerializeToString()
    if len(content) > MOST:
        sys.exit(f"{path} would have {len(content):,} bytes; at most {MOST:,} are wanted")
    part = path.with_name(path.name + ".part")  # Whole or absent: a model that was cut may still load.
    part.write_bytes(content)
    part.replace(path)


def compare(model: MiniGpt, path: Path, rows: list[list[int]]) -> float:
    """The largest difference between torch in float64 and the runtime in float32."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = 0.0
    for ids in rows:
        given = np.array([ids], dtype=np.int64)
        there = session.run(["logits"], {"input_ids": given})[0]
        worst = max(worst, float(np.abs(there - model(torch.from_numpy(given)).numpy()).max()))
    return worst


@torch.no_grad()
def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("checkpoint", type=Path)
    arguments.add_argument("directory", type=Path)
    arguments.add_argument("--text", type=Path, required=True, help="what minigpt_text.py wrote, for the tokenizer")
    given = arguments.parse_args()
    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(given.text / "tokenizer.json"))
    trained = load(given.checkpoint)
    small = quantised(trained)
    exact = plain(small)
    given.directory.mkdir(parents=True, exist_ok=True)
    path = given.directory / "model.onnx"
    export(small, path)
    texts = [(text, tokenizer.encode(text).ids) for text in TEXTS]
    rows = [ids for _, ids in texts] + torch.randint(0, exact.shape.vocabulary, (3, 512)).tolist()
    worst = compare(exact, path, rows)
    if worst > BOUND:
        path.unlink()
        sys.exit(f"torch and the ONNX Runtime differ by {worst:.2e}, more than {BOUND:.0e}: {path} was not kept")
    print(f"{path}: {path.stat().st_size:,} bytes, at most {worst:.1e} from torch in float64")
    golden = {"model": "minigpt", "vocab_size": exact.shape.vocabulary, "arithmetic": "float64, torch, without model.onnx",
              "texts": [values(text, ids, exact(torch.tensor([ids]))[0]) for text, ids in texts]}
    part = given.directory / "golden.json.part"
    part.write_text(json.dumps(golden, separators=(",", ":")) + "\n", "utf-8")
    part.replace(given.directory / "golden.json")


def values(text: str, ids: list[int], logits: Tensor) -> dict:
    """Per position: the 8 best [id, logit], the log-sum-exp, and [next id, its logit]."""
    best, sums, positions = logits.topk(8), logits.logsumexp(-1), []
    for t in range(len(ids)):
        position = {"top": [[i, round(x, 7)] for i, x in zip(best.indices[t].tolist(), best.values[t].tolist())],
                    "lse": round(sums[t].item(), 7)}
        if t + 1 < len(ids):
            position["next"] = [ids[t + 1], round(logits[t, ids[t + 1]].item(), 7)]
        positions.append(position)
    return {"text": text, "ids": ids, "positions": positions}


if __name__ == "__main__":
    main()
