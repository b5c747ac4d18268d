# SPDX-License-Identifier: Apache-2.0
"""Losses against dense distillation in float64, value and gradient."""

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: its losses are not tested")

from stillhouse import losses  # noqa: E402

V, K, SHAPE = 61, 7, (3, 5)
GOLDEN = Path(__file__).resolve().parents[3] / "testdata" / "losses" / "golden.json"


@pytest.fixture
def case():
    torch.manual_seed(3)
    teacher = torch.log_softmax(3 * torch.randn(*SHAPE, V, dtype=torch.float64), -1)
    log_probs, ids = teacher.topk(K, -1)
    student = (2 * torch.randn(*SHAPE, V, dtype=torch.float64)).requires_grad_()
    log_tail = torch.log1p(-log_probs.exp().sum(-1))
    return teacher, ids, log_probs, log_tail, student


def kept(ids):
    return torch.zeros(*SHAPE, V, dtype=torch.bool).scatter_(-1, ids, True)


def same(ours, dense, student):
    """Value and gradient, each position with a weight of its own."""
    torch.testing.assert_close(ours, dense)
    weights = torch.arange(1, 16, dtype=ours.dtype).reshape(SHAPE)
    (one,) = torch.autograd.grad((ours * weights).sum(), student, retain_graph=True)
    (two,) = torch.autograd.grad((dense * weights).sum(), student, retain_graph=True)
    torch.testing.assert_close(one, two)


def test_renormalised(case):
    teacher, ids, log_probs, _, student = case
    u = torch.zeros_like(teacher).scatter(-1, ids, torch.softmax(log_probs, -1))
    dense = torch.special.xlogy(u, u).sum(-1) - (u * torch.log_softmax(student, -1)).sum(-1)
    same(losses.forward_kl_renormalised(student, ids, log_probs), dense, student)


def test_tail_bucket(case):
    teacher, ids, log_probs, log_tail, student = case
    log_p = torch.log_softmax(student, -1)
    outside = log_p.masked_fill(kept(ids), -torch.inf).logsumexp(-1)
    inside = (log_probs.exp() * (log_probs - log_p.gather(-1, ids))).sum(-1)
    dense = inside + log_tail.exp() * (log_tail - outside)
    ours = losses.forward_kl(student, ids, log_probs, log_tail)
    same(ours, dense, student)
    full = (teacher.exp() * (teacher - log_p)).sum(-1)
    assert (ours <= full).all()


def test_everything_kept_is_full_distillation(case):
    teacher, _, _, _, student = case
    log_probs, ids = teacher.topk(V, -1)
    full = (teacher.exp() * (teacher - torch.log_softmax(student, -1))).sum(-1)
    log_tail = torch.full(SHAPE, losses.LOG_ZERO, dtype=torch.float64)
    same(losses.forward_kl(student, ids, log_probs, log_tail), full, student)


def test_reverse_and_jensen_shannon_are_below_the_full_value(case):
    teacher, ids, log_probs, log_tail, student = case
    log_p = torch.log_softmax(student, -1)
    bound = torch.minimum(log_probs[..., -1], log_tail)
    assert torch.equal(losses.log_bound(log_probs, log_tail), bound)
    t = torch.where(kept(ids), teacher, bound.unsqueeze(-1))
    dense = (log_p.exp() * (log_p - t)).sum(-1)
    ours = losses.reverse_kl(student, ids, log_probs, log_tail)
    same(ours, dense, student)
    assert (ours <= (log_p.exp() * (log_p - teacher)).sum(-1) + 1e-12).all()

    outside = log_p.masked_fill(kept(ids), -torch.inf).logsumexp(-1)
    a = torch.cat([log_probs, log_tail.unsqueeze(-1)], -1)
    b = torch.cat([log_p.gather(-1, ids), outside.unsqueeze(-1)], -1)
    m = ((a.exp() + b.exp()) / 2).log()
    bucketed = ((a.exp() * (a - m)).sum(-1) + (b.exp() * (b - m)).sum(-1)) / 2
    js = losses.jensen_shannon(student, ids, log_probs, log_tail)
    same(js, bucketed, student)
    m = ((teacher.exp() + log_p.exp()) / 2).log()
    full = ((teacher.exp() * (teacher - m)).sum(-1) + (log_p.exp() * (log_p - m)).sum(-1)) / 2
    assert (js <= full + 1e-12).all()


def test_draws_are_right_on_average(case):
    teacher, _, _, _, student = case
    full = -(teacher.exp() * torch.log_softmax(student, -1)).sum(-1)
    for temperature in (1.0, 1.5):
        q = torch.log_softmax(teacher / temperature, -1)
        drawn = torch.multinomial(q.exp().reshape(-1, V), 40_000, replacement=True)
        counts = torch.stack([row.bincount(minlength=V) for row in drawn]).reshape(*SHAPE, V)
        ids = torch.arange(V).expand(*SHAPE, V)
        ours = losses.sampled_cross_entropy(student, ids, teacher, counts, 40_000, q if temperature != 1 else None)
        torch.testing.assert_close(ours, full, rtol=0.03, atol=0.03)
        certain = (torch.arange(V) < 9).to(torch.uint8).expand(*SHAPE, V) + 2
        union = losses.union_cross_entropy(student, ids, teacher, certain, counts, 40_000, q)
        torch.testing.assert_close(union, full, rtol=0.03, atol=0.03)


def test_hard_labels(case):
    student = case[-1]
    targets = torch.randint(0, V, SHAPE)
    targets[0, 1] = -100
    dense = torch.nn.functional.cross_entropy(student.reshape(-1, V), targets.reshape(-1), reduction="none")
    same(losses.cross_entropy(student, targets), dense.reshape(SHAPE), student)


def test_absent_entries_and_padding_have_no_part(case):
    """Dense batches fill up with id 0 at -10,000; whole rows of them are padding."""
    _, ids, log_probs, log_tail, student = case
    for there in (K - 3, 1):
        short = log_probs.clone()
        short[..., there:] = losses.LOG_ZERO
        filled = ids.clone()
        filled[..., there:] = 0
        tail = torch.log1p(-log_probs[..., :there].exp().sum(-1))
        same(
            losses.forward_kl(student, filled, short, tail),
            losses.forward_kl(student, ids[..., :there], log_probs[..., :there], tail),
            student,
        )
        same(
            losses.reverse_kl(student, filled, short, tail),
            losses.reverse_kl(student, ids[..., :there], log_probs[..., :there], tail),
            student,
        )
    nothing = torch.full_like(log_probs, losses.LOG_ZERO)
    none = losses.forward_kl(student, torch.zeros_like(ids), nothing, torch.full_like(log_tail, losses.LOG_ZERO))
    mask = torch.zeros(SHAPE)
    total = losses.mean(none, mask)
    (gradient,) = torch.autograd.grad(total, student)
    assert total == 0 and (gradient == 0).all()


def test_a_shift_by_one_position_is_seen(case):
    """Whoever hands over shifted logits, as hard labels want them, trains on the wrong positions."""
    teacher, ids, log_probs, log_tail, _ = case
    right = losses.forward_kl(teacher.clone(), ids, log_probs, log_tail)
    torch.testing.assert_close(right, torch.zeros(SHAPE, dtype=torch.float64), atol=1e-12, rtol=0)
    shifted = losses.forward_kl(teacher[:, :-1], ids[:, 1:], log_probs[:, 1:], log_tail[:, 1:])
    assert (shifted > 0.1).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_narrow_logits_and_chunks(case, dtype, monkeypatch):
    monkeypatch.setattr(losses, "_CHUNK_BYTES", 4 * V * 2)  # two positions
    _, ids, log_probs, log_tail, student = case
    narrow = student.detach().to(dtype).requires_grad_()
    for loss in (losses.forward_kl, losses.reverse_kl, losses.jensen_shannon):
        wide = narrow.detach().double().requires_grad_()
        ours = loss(narrow, ids.int(), log_probs.half(), log_tail.half())
        dense = loss(wide, ids, log_probs.half().double(), log_tail.half().double())
        torch.testing.assert_close(ours.double(), dense, rtol=1e-4, atol=1e-5)
        ours.sum().backward()
        dense.sum().backward()
        torch.testing.assert_close(narrow.grad.double(), wide.grad, rtol=2e-2, atol=2e-3)
        narrow.grad = None


def test_chunks_of_hidden_states(case):
    _, ids, log_probs, log_tail, _ = case
    head = torch.nn.Linear(8, V, dtype=torch.float64)
    hidden = torch.randn(*SHAPE, 8, dtype=torch.float64, requires_grad=True)
    whole = losses.forward_kl(head(hidden), ids, log_probs, log_tail)
    parts = losses.chunked(head, hidden, losses.forward_kl, ids, log_probs, log_tail, positions=4)
    torch.testing.assert_close(parts, whole)
    wanted = [hidden, *head.parameters()]
    for one, two in zip(torch.autograd.grad(parts.sum(), wanted), torch.autograd.grad(whole.sum(), wanted)):
        torch.testing.assert_close(one, two)


def test_ids_that_a_student_cannot_say_have_no_gradient(case):
    _, ids, log_probs, log_tail, student = case
    masked = student.detach().masked_fill(~kept(ids) & (torch.arange(V) % 3 == 0), -torch.inf).requires_grad_()
    for loss in (losses.forward_kl, losses.reverse_kl, losses.jensen_shannon):
        (gradient,) = torch.autograd.grad(loss(masked, ids, log_probs, log_tail).sum(), masked)
        assert torch.isfinite(gradient).all()
        assert (gradient[torch.isinf(masked)] == 0).all()


def test_a_student_that_is_sure_has_finite_gradients(case):
    _, ids, log_probs, log_tail, _ = case
    sure = torch.full((*SHAPE, V), -200.0)
    sure.scatter_(-1, ids[..., :1], 200.0)
    for loss in (losses.forward_kl, losses.reverse_kl, losses.jensen_shannon):
        student = sure.clone().requires_grad_()
        loss(student, ids, log_probs.float(), log_tail.float()).sum().backward()
        assert torch.isfinite(student.grad).all()


def test_weights_and_gather(case):
    teacher, ids, log_probs, log_tail, _ = case
    entropy = -(teacher.exp() * teacher).sum(-1)
    mask = torch.ones(SHAPE)
    mask[0] = 0
    weights = losses.entropy_weights(entropy, mask, 0.3)
    assert weights.sum() == 3
    assert entropy[weights == 1].min() >= entropy[(weights == 0) & (mask == 1)].max()
    asked = torch.arange(V).expand(*SHAPE, V)
    found, exact = losses.gather(ids, log_probs, log_tail, asked)
    assert torch.equal(exact, kept(ids))
    assert torch.equal(found[exact], teacher[exact])
    assert (found[~exact] >= teacher[~exact]).all()


def test_java_says_the_same():
    """The file is written and checked by GoldenLossesTest of the Java definitions."""
    golden = json.loads(GOLDEN.read_text())
    logits = torch.tensor(golden["logits"], dtype=torch.float64, requires_grad=True)
    ids = torch.tensor(golden["ids"])
    log_probs = torch.tensor(golden["logProbs"], dtype=torch.float64)
    log_tail = torch.tensor(golden["logTail"], dtype=torch.float64)
    counts, proposals = torch.tensor(golden["counts"]), torch.tensor(golden["logProposals"], dtype=torch.float64)
    reasons = torch.tensor(golden["reasons"], dtype=torch.uint8)
    draws = golden["draws"]
    for name, loss in (
        ("tailBucket", losses.forward_kl(logits, ids, log_probs, log_tail)),
        ("renormalised", losses.forward_kl_renormalised(logits, ids, log_probs)),
        ("sampled", losses.sampled_cross_entropy(logits, ids, log_probs, counts, draws, proposals)),
        ("union", losses.union_cross_entropy(logits, ids, log_probs, reasons, counts, draws, proposals)),
    ):
        (gradient,) = torch.autograd.grad(loss.sum(), logits)
        torch.testing.assert_close(loss, torch.tensor(golden[name]["values"], dtype=torch.float64))
        torch.testing.assert_close(gradient, torch.tensor(golden[name]["gradients"], dtype=torch.float64))


def test_a_position_of_which_nothing_is_known_teaches_nothing() -> None:
    logits = torch.randn(3, 20, dtype=torch.float64, requires_grad=True)
    ids = torch.zeros(3, 4, dtype=torch.int32)
    log_probs = torch.full((3, 4), losses.LOG_ZERO, dtype=torch.float64)
    tail = torch.zeros(3, dtype=torch.float64)
    counts = torch.zeros(3, 4, dtype=torch.int32)
    of_each = [
        losses.forward_kl_renormalised(logits, ids, log_probs),
        losses.forward_kl(logits, ids, log_probs, tail),
        losses.reverse_kl(logits, ids, log_probs, tail),
        losses.jensen_shannon(logits, ids, log_probs, tail),
        losses.sampled_cross_entropy(logits, ids, log_probs, counts, 4),
    ]
    for loss in of_each:
        assert loss.abs().max() < 1e-12
        (gradient,) = torch.autograd.grad(loss.sum(), logits, retain_graph=True)
        assert gradient.abs().max() < 1e-12
