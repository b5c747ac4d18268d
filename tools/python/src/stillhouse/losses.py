# SPDX-License-Identifier: Apache-2.0
"""A student's losses from stored statistics, in torch.

Every loss takes the student's ``logits`` [..., V] and the batch's ``ids`` and ``log_probs`` [..., k], and returns nats
for each position [...]; :func:`mean` reduces them. What a loss needs of the vocabulary (log-sum-exp, the mass outside
the kept ids) is reduced in chunks of positions, and the backward pass writes the gradient of the logits once: no
tensor of [..., V] is kept beside them, and none of the teacher's is ever made. The definitions, in double, are
``dev.stillhouse.storage.losses`` in Java; t is the teacher, p the student, K the kept ids.

The statistic at position t is of token t+1: hand the logits over as the model gives them, without a shift.
"""

from __future__ import annotations

from typing import Callable, NamedTuple

import torch
from torch.utils.checkpoint import checkpoint

LOG_ZERO = -10_000.0
"""Stands for minus infinity in dense batches."""

_CHUNK_BYTES = 4 << 20  # of one float32 temporary; more leaves the caches of a CPU
_MOST_RATIO = 80.0  # nats; beyond it the mass outside is 0 in float32


class Reduced(NamedTuple):
    """What losses need of a student's logits, [...] or [..., k]."""

    log_probs: torch.Tensor
    """log p of each kept id."""
    log_outside: torch.Tensor
    """log of the mass outside the kept ids."""
    negative_entropy: torch.Tensor
    """sum of p log p over all ids, if asked for."""


class _Reduce(torch.autograd.Function):
    """(log-sum-exp, logits at ids, log-sum-exp outside ids, sum of p z or 0) of rows, in chunks."""

    @staticmethod
    def forward(ctx, logits, ids, valid, once, entropy):
        rows, k = ids.shape
        wide = torch.float64 if logits.dtype == torch.float64 else torch.float32
        lse, outside = (torch.empty(rows, dtype=wide, device=logits.device) for _ in range(2))
        spread = torch.zeros(rows, dtype=wide, device=logits.device)
        kept = torch.empty(rows, k, dtype=wide, device=logits.device)
        for part in _chunks(rows, logits.shape[1]):
            z = logits[part].to(wide, copy=True)
            inside = z.gather(1, ids[part])
            its = torch.where(valid[part], -torch.inf, inside)
            kept[part] = inside
            z.scatter_(1, ids[part], its)
            outside[part] = z.logsumexp(1)
            inside = torch.where(once[part], inside, -torch.inf)
            lse[part] = torch.logaddexp(outside[part], inside.logsumexp(1))
            if entropy:
                z = logits[part].to(wide)
                p = (z - lse[part, None]).exp_()
                spread[part] = torch.einsum("nv,nv->n", p, torch.where(p > 0, z, 0))
        ctx.entropy = entropy
        ctx.save_for_backward(logits, ids, valid, lse, outside, spread)
        return lse, kept, outside, spread

    @staticmethod
    def backward(ctx, of_lse, of_kept, of_outside, of_spread):
        logits, ids, valid, lse, outside, spread = ctx.saved_tensors
        gradient = torch.empty_like(logits)
        none_outside = torch.isneginf(outside)
        of_outside = torch.where(none_outside, 0, of_outside)
        ratio = torch.where(none_outside, 0, lse - outside).clamp(max=_MOST_RATIO).exp()
        for part in _chunks(*logits.shape):
            at = ids[part]
            z = logits[part].to(lse.dtype)
            p = (z - lse[part, None]).exp_()
            everywhere = of_lse[part, None]
            if ctx.entropy:
                everywhere = everywhere + of_spread[part, None] * (1 + torch.where(p > 0, z, 0) - spread[part, None])
                inside = p.gather(1, at) * everywhere.gather(1, at)
            else:
                inside = p.gather(1, at) * everywhere
            outer = (of_outside * ratio)[part, None]
            apart = p.gather(1, at) * outer
            p.mul_(everywhere + outer)
            p.scatter_(1, at, torch.where(valid[part], inside, inside + apart))
            p.scatter_add_(1, at, torch.where(valid[part], of_kept[part], 0))
            gradient[part] = p
        return gradient, None, None, None, None


def _chunks(rows: int, vocabulary: int) -> list[slice]:
    step = max(1, _CHUNK_BYTES // (4 * vocabulary))
    return [slice(at, min(rows, at + step)) for at in range(0, rows, step)]


def reduce(logits: torch.Tensor, ids: torch.Tensor, valid: torch.Tensor, entropy: bool = False) -> Reduced:
    """Reduces a student's logits once. ``valid`` says which entries are there; each is there once in its position.

    Without ``entropy``, ``negative_entropy`` has no meaning.
    """
    shape, k = ids.shape[:-1], ids.shape[-1]
    flat, once = ids.reshape(-1, k).long(), valid.reshape(-1, k)
    if logits.shape[:-1] != shape:
        raise ValueError(f"logits {list(logits.shape)} and ids {list(ids.shape)}: need the same positions")
    # Absent entries point to an id that is there: what is written to it twice is the same.
    first = flat.gather(1, once.int().argmax(1, keepdim=True))
    flat = torch.where(once, flat, first)
    there = once | (once.any(1, keepdim=True) & (flat == first))
    lse, kept, outside, spread = _Reduce.apply(logits.reshape(-1, logits.shape[-1]), flat, there, once, entropy)
    return Reduced(
        (kept - lse[:, None]).reshape(*shape, k), (outside - lse).reshape(shape), (spread - lse).reshape(shape)
    )


def _entries(log_probs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Returns which entries are there, and their probabilities in the type that losses are computed in."""
    wide = torch.float64 if log_probs.dtype == torch.float64 else torch.float32
    log_probs = log_probs.to(wide)
    valid = log_probs > LOG_ZERO / 2
    return valid, torch.where(valid, log_probs, LOG_ZERO)


def _divergence(t: torch.Tensor, log_t: torch.Tensor, log_p: torch.Tensor) -> torch.Tensor:
    """t log(t/p), 0 where t is 0."""
    return torch.where(t > 0, t * (log_t - log_p), 0)


def forward_kl_renormalised(logits: torch.Tensor, ids: torch.Tensor, log_probs: torch.Tensor) -> torch.Tensor:
    """sum_K u log(u/p), u = t / sum_K t: what most tools do. Biased: kept ids become too likely."""
    valid, log_t = _entries(log_probs)
    log_u = log_t - log_t.logsumexp(-1, keepdim=True)
    u = torch.where(valid, log_u.exp(), 0)
    return _divergence(u, log_u, reduce(logits, ids, valid).log_probs).sum(-1)


def forward_kl(
    logits: torch.Tensor, ids: torch.Tensor, log_probs: torch.Tensor, log_tail: torch.Tensor
) -> torch.Tensor:
    """sum_K t log(t/p) + T log(T/P): all ids that were not kept count as one, of the teacher's mass T = exp(log_tail).

    It is never more than the divergence over the whole vocabulary.
    """
    valid, log_t = _entries(log_probs)
    student = reduce(logits, ids, valid)
    inside = _divergence(torch.where(valid, log_t.exp(), 0), log_t, student.log_probs).sum(-1)
    log_tail = log_tail.to(log_t.dtype)
    return inside + _divergence(log_tail.exp(), log_tail, student.log_outside)


def sampled_cross_entropy(
    logits: torch.Tensor,
    ids: torch.Tensor,
    log_probs: torch.Tensor,
    counts: torch.Tensor,
    draws: int,
    log_proposals: torch.Tensor | None = None,
) -> torch.Tensor:
    """-sum w log p, w = (count / draws) t / q: on average over draws, the full cross-entropy and its gradient.

    ``log_proposals`` (log q) is given where draws came from another temperature; else q = t.
    """
    valid, log_t = _entries(log_probs)
    w = counts.to(log_t.dtype) / draws
    if log_proposals is not None:
        w = torch.where(counts > 0, w * (log_t - log_proposals.to(log_t.dtype)).exp(), 0)
    student = reduce(logits, ids, valid).log_probs
    return -torch.where(valid & (w != 0), w * student, 0).sum(-1)


def union_cross_entropy(
    logits: torch.Tensor,
    ids: torch.Tensor,
    log_probs: torch.Tensor,
    reasons: torch.Tensor,
    counts: torch.Tensor,
    draws: int,
    log_proposals: torch.Tensor | None = None,
) -> torch.Tensor:
    """The same with w = t for ids that are not there by chance: top, forced or target. Less variance, no bias."""
    valid, log_t = _entries(log_probs)
    w = counts.to(log_t.dtype) / draws
    if log_proposals is not None:
        w = torch.where(counts > 0, w * (log_t - log_proposals.to(log_t.dtype)).exp(), 0)
    certain = (reasons & ~2) != 0
    w = torch.where(certain, log_t.exp(), w)
    student = reduce(logits, ids, valid).log_probs
    return -torch.where(valid & (w != 0), w * student, 0).sum(-1)


def log_bound(log_probs: torch.Tensor, log_tail: torch.Tensor) -> torch.Tensor:
    """Returns the most that log t of an id can be that was not kept: min(least kept, log tail).

    It holds for statistics whose entries are the best ones (top-k, top-p).
    """
    valid, log_t = _entries(log_probs)
    least = torch.where(valid, log_t, 0).amin(-1)
    return torch.minimum(least, log_tail.to(log_t.dtype))


def reverse_kl(
    logits: torch.Tensor, ids: torch.Tensor, log_probs: torch.Tensor, log_tail: torch.Tensor
) -> torch.Tensor:
    """sum p log(p/t), with :func:`log_bound` for ids that were not kept: never more than the full value.

    A position without entries says nothing, and has 0.
    """
    valid, log_t = _entries(log_probs)
    student = reduce(logits, ids, valid, entropy=True)
    p = torch.where(valid, student.log_probs.exp(), 0)
    outside = student.log_outside.exp()
    value = student.negative_entropy - (p * log_t).sum(-1) - outside * log_bound(log_probs, log_tail)
    return torch.where(valid.any(-1), value, 0)


def jensen_shannon(
    logits: torch.Tensor, ids: torch.Tensor, log_probs: torch.Tensor, log_tail: torch.Tensor
) -> torch.Tensor:
    """Half KL(t, m) and half KL(p, m), m = (t + p) / 2, ids that were not kept as one: never more than in full."""
    valid, log_t = _entries(log_probs)
    student = reduce(logits, ids, valid)
    log_t = torch.cat([log_t, log_tail.to(log_t.dtype).unsqueeze(-1)], -1)
    log_p = torch.cat([student.log_probs, student.log_outside.unsqueeze(-1)], -1)
    there = torch.cat([valid, torch.ones_like(valid[..., :1])], -1)
    log_p = torch.where(there, log_p, LOG_ZERO).clamp(min=LOG_ZERO)
    log_m = torch.logaddexp(log_t, log_p) - torch.log(torch.tensor(2.0, dtype=log_t.dtype))
    both = _divergence(log_t.exp(), log_t, log_m) + _divergence(log_p.exp(), log_p, log_m)
    return torch.where(there, both, 0).sum(-1) / 2


def cross_entropy(logits: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """-log p of the text's own next token; 0 where ``targets`` is -100."""
    there = targets >= 0
    at = torch.where(there, targets, 0).unsqueeze(-1)
    student = reduce(logits, at, torch.ones_like(at, dtype=torch.bool)).log_probs.squeeze(-1)
    return torch.where(there, -student, 0)


def entropy_weights(entropy: torch.Tensor, loss_mask: torch.Tensor, share: float) -> torch.Tensor:
    """Returns 1 for the ``share`` of positions at which the teacher is least sure, 0 for the others.

    After token routing by the teacher's uncertainty (arXiv 2509.01649).
    """
    there = loss_mask.bool()
    count = int(there.sum())
    if count == 0 or share >= 1:
        return there.to(entropy.dtype)
    values = torch.where(there, entropy.float(), -torch.inf).flatten()
    limit = values.topk(max(1, round(share * count))).values[-1]
    return (there & (entropy.float() >= limit)).to(entropy.dtype)


def mean(values: torch.Tensor, loss_mask: torch.Tensor, weights: torch.Tensor | None = None) -> torch.Tensor:
    """Returns the mean over positions that have a target, weighted if weights are given; 0 where there are none."""
    w = loss_mask.to(values.dtype)
    if weights is not None:
        w = w * weights.to(values.dtype)
    # Not by multiplication: what is masked out may be infinite.
    return torch.where(w > 0, values * w, 0).sum() / w.sum().clamp(min=1e-30)


def chunked(
    head: Callable[[torch.Tensor], torch.Tensor],
    hidden: torch.Tensor,
    loss: Callable[..., torch.Tensor],
    *columns: torch.Tensor,
    positions: int = 256,
) -> torch.Tensor:
    """Returns ``loss(head(hidden), *columns)`` by chunks of positions: no logits of all positions exist at any time.

    ``head`` is the student's last layer, ``hidden`` [..., H] what goes into it, ``columns`` those of the batch,
    [...] or [..., k]. The backward pass runs the head again, a chunk at a time.
    """
    shape = hidden.shape[:-1]
    rows = shape.numel()
    flat = hidden.reshape(rows, hidden.shape[-1])
    parts = [column.reshape(rows, *column.shape[len(shape) :]) for column in columns]

    def one(h: torch.Tensor, *its: torch.Tensor) -> torch.Tensor:
        return loss(head(h), *its)

    values = [
        checkpoint(one, flat[at : at + positions], *(p[at : at + positions] for p in parts), use_reentrant=False)
        for at in range(0, rows, positions)
    ]
    return torch.cat(values).reshape(shape)


def gather(
    ids: torch.Tensor, log_probs: torch.Tensor, log_tail: torch.Tensor, asked: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Returns the teacher's log-prob at ``asked`` ids [..., m], or its bound, and which are exact."""
    valid, log_t = _entries(log_probs)
    same = (asked.unsqueeze(-1) == ids.unsqueeze(-2)) & valid.unsqueeze(-2)
    exact = same.any(-1)
    found = torch.where(same, log_t.unsqueeze(-2), -torch.inf).amax(-1)
    return torch.where(exact, found, log_bound(log_probs, log_tail).unsqueeze(-1)), exact
