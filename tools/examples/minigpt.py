"""minigpt: a small decoder-only transformer over GPT-2's vocabulary, with tied and factorised embeddings.

Parts: RMSNorm (Zhang and Sennrich 2019), rotary positions (Su et al. 2021), SwiGLU (Shazeer 2020), a tied embedding
(Press and Wolf 2017) kept narrower than the model (Lan et al. 2019), because 50,257 rows would fill the file.
"""

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class Shape:
    """What a checkpoint must agree with."""

    vocabulary: int = 50257
    context: int = 512
    embedding: int = 96
    width: int = 256
    layers: int = 4
    heads: int = 4
    hidden: int = 608

    def as_dict(self) -> dict:
        return asdict(self)


def rms_norm(x: Tensor) -> Tensor:
    """Scales the last axis to a mean square of 1; in float32, without a weight of its own."""
    wide = x.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-6)).to(x.dtype)


def rotate(x: Tensor) -> Tensor:
    """Rotary positions: x is [batch, heads, positions, size], the first half of size turns against the second."""
    half = x.shape[-1] // 2
    turns = 10000.0 ** (-torch.arange(half, dtype=torch.float32, device=x.device) / half)
    angle = torch.arange(x.shape[2], dtype=torch.float32, device=x.device)[:, None] * turns
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x[..., :half], x[..., half:]
    return torch.cat((a * cos - b * sin, a * sin + b * cos), -1)


class Block(nn.Module):
    """Attention, then SwiGLU, each on the normalised stream and added to it."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.mix = nn.Linear(shape.width, shape.width, bias=False)
        self.up = nn.Linear(shape.width, 2 * shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        batch, positions, width = x.shape
        split = self.qkv(rms_norm(x)).view(batch, positions, 3, self.heads, width // self.heads)
        q, k, v = split.permute(2, 0, 3, 1, 4)
        q, k = rotate(rms_norm(q)), rotate(rms_norm(k))
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.mix(seen.transpose(1, 2).reshape(batch, positions, width))
        gate, value = self.up(rms_norm(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * value)


class MiniGpt(nn.Module):
    """Token ids [batch, positions] to logits [batch, positions, vocabulary]."""

    def __init__(self, shape: Shape = Shape()):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.embedding)
        self.widen = nn.Linear(shape.embedding, shape.width, bias=False)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.narrow = nn.Linear(shape.width, shape.embedding, bias=False)
        nn.init.normal_(self.embedding.weight, std=0.1)
        for block in self.blocks:
            nn.init.zeros_(block.mix.weight)
            nn.init.zeros_(block.down.weight)

    def features(self, ids: Tensor) -> Tensor:
        """What is multiplied with the embedding: [batch, positions, embedding]."""
        x = rms_norm(self.widen(self.embedding(ids)))
        for block in self.blocks:
            x = block(x)
        return self.narrow(rms_norm(x))

    def forward(self, ids: Tensor) -> Tensor:
        return self.features(ids) @ self.embedding.weight.T
