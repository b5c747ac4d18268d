# SPDX-License-Identifier: Apache-2.0
"""The dataset of a DataLoader: nothing is lost or doubled, whoever reads and whenever it stops."""

import json

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: its dataset is not tested")

from torch.utils.data import DataLoader  # noqa: E402

import stillhouse  # noqa: E402


@pytest.fixture(scope="module")
def ds(place):
    with stillhouse.open(place) as opened:
        yield opened


def numbers(steps):
    """Sequence numbers of steps, without padding."""
    return [n for step in steps for n in step["sequences"].tolist() if n >= 0]


COLUMNS = ["sequences", "tokens", "ids", "log_probs"]


def expected(ds, epoch, seed=5):
    return numbers(b.torch() for b in ds.batches(8, seed=seed, epoch=epoch, columns=COLUMNS))


def test_a_pass_is_an_epoch(ds):
    steps = ds.dataset(8, seed=5, columns=COLUMNS)
    for epoch in range(3):
        seen = numbers(DataLoader(steps, batch_size=None))
        assert seen == expected(ds, epoch)
        assert len(set(seen)) == ds.info["sequences"]


def test_tensors_have_the_types_that_were_asked_for(ds):
    first = next(iter(ds.dataset(8, seed=5, k=4, floats="bfloat16", integers="int64")))
    assert first["log_probs"].dtype == torch.bfloat16 and first["ids"].dtype == torch.int64
    assert first["log_probs"].shape == (8, 256, 4)
    assert json.loads(first["cursor"])["samples"] == 8


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_neither_double_nor_lose(ds, workers):
    steps = ds.dataset(8, seed=5, columns=COLUMNS)
    loader = DataLoader(steps, batch_size=None, num_workers=workers, multiprocessing_context="spawn")
    assert numbers(loader) == expected(ds, 0)


def test_a_forked_worker_is_told_what_to_do(ds):
    assert ds.names()  # The connection is in use.
    loader = DataLoader(ds.dataset(8), batch_size=None, num_workers=1, multiprocessing_context="fork")
    with pytest.raises(stillhouse.UsageError, match="multiprocessing_context='spawn'"):
        next(iter(loader))


@pytest.mark.parametrize("rows", [False, True])
@pytest.mark.parametrize("stop", [1, 4, 14, 15])
def test_goes_on_where_it_was(ds, rows, stop):
    """A state of JSON after some items, in a new object, over the end of an epoch."""
    whole = expected(ds, 0) + expected(ds, 1)
    one = ds.dataset(8, rows=rows, seed=5, columns=COLUMNS)
    items = iter(one)
    seen = [next(items) for _ in range(stop)]
    state = json.loads(json.dumps(one.state_dict()))
    next(items, None)  # What was read after it does not count.
    two = ds.dataset(8, rows=rows, seed=5, columns=COLUMNS)
    two.load_state_dict(state)
    if rows:
        seen = [int(row["sequences"]) for row in (*seen, *two, *two)]
        assert sorted(seen[: len(whole) // 2]) == sorted(whole[: len(whole) // 2])
        assert seen[len(whole) // 2 :][: len(whole) // 2] == whole[len(whole) // 2 :]
    else:
        ended = stop == 15
        seen = numbers([*seen, *two]) if ended else numbers([*seen, *two, *two])
        assert seen == whole


def test_goes_on_with_another_world_size(ds):
    one = ds.dataset(8, seed=5, columns=COLUMNS)
    items = iter(one)
    seen = numbers(next(items) for _ in range(5))
    for rank in range(3):
        part = ds.dataset(8, seed=5, columns=COLUMNS, rank=rank, world_size=3)
        part.load_state_dict(one.state_dict())
        seen += numbers(part)
    assert sorted(seen) == sorted(expected(ds, 0))
    rows = ds.dataset(8, rows=True, seed=5, columns=COLUMNS)
    next(iter(rows))
    with pytest.raises(stillhouse.UsageError, match="1 rows into a step of rank 0 of 1"):
        ds.dataset(8, rows=True, rank=1, world_size=3).load_state_dict(rows.state_dict())


@pytest.mark.parametrize("after", [1, 2, 3])
def test_several_ranks_go_on_as_any_number(ds, after):
    """Each rank's own state is a part; together they are the state of one rank that read all."""
    parts = [ds.dataset(8, seed=5, columns=COLUMNS, rank=rank, world_size=2) for rank in range(2)]
    seen = []
    for part in parts:
        items = iter(part)
        seen += numbers(next(items) for _ in range(4))
    one = ds.dataset(8, seed=5, columns=COLUMNS)
    items = iter(one)
    assert sorted(numbers(next(items) for _ in range(4))) == sorted(seen)
    state = parts[0].merged_state_dict([part.state_dict() for part in parts])
    assert state == one.state_dict()
    for rank in range(after):
        on = ds.dataset(8, seed=5, columns=COLUMNS, rank=rank, world_size=after)
        if after != 2 or rank != 0:
            with pytest.raises(stillhouse.UsageError, match="rank 0 of 2 alone.*gathered_state_dict"):
                on.load_state_dict(parts[0].state_dict())
        on.load_state_dict(state)
        seen += numbers(on)
    assert sorted(seen) == sorted(expected(ds, 0))
    with pytest.raises(stillhouse.UsageError, match="torch.distributed is not initialised"):
        parts[0].gathered_state_dict()


@pytest.mark.parametrize("workers", [0, 2])
def test_stateful_data_loader(ds, workers):
    torchdata = pytest.importorskip("torchdata.stateful_dataloader", reason="torchdata is not installed")
    options = {"num_workers": workers, "multiprocessing_context": "spawn"} if workers else {}

    def loader():
        return torchdata.StatefulDataLoader(ds.dataset(8, seed=5, columns=COLUMNS), batch_size=None, **options)

    one = loader()
    items = iter(one)
    seen = [next(items) for _ in range(6)]
    state = one.state_dict()
    del items
    two = loader()
    two.load_state_dict(state)
    assert numbers([*seen, *two]) == expected(ds, 0)


def test_trainer_keeps_the_columns(ds, tmp_path):
    """Hugging Face's Trainer removes what the model's forward does not name, unless told; ours stay."""
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    pytest.importorskip("accelerate", reason="accelerate is not installed")
    from stillhouse import losses

    seen = []

    class Student(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.head = torch.nn.Embedding(50257, 8), torch.nn.Linear(8, 50257)

        def forward(self, input_ids):
            return self.head(self.embed(input_ids))

    class Distiller(transformers.Trainer):
        def compute_loss(self, model, inputs, return_outputs=False, **_):
            seen.extend(inputs["sequences"].tolist())
            logits = model(input_ids=inputs["tokens"])
            loss = losses.forward_kl(logits, inputs["ids"], inputs["log_probs"], inputs["log_tail"])
            return losses.mean(loss, inputs["loss_mask"])

    columns = [*COLUMNS, "log_tail", "loss_mask"]
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path), max_steps=6, per_device_train_batch_size=3, report_to=[], save_strategy="no",
        use_cpu=True, disable_tqdm=True,
    )  # fmt: skip
    data = ds.dataset(8, rows=True, seed=5, columns=columns, integers="int64", k=4)
    assert arguments.remove_unused_columns
    Distiller(model=Student(), args=arguments, train_dataset=data).train()
    assert seen[:18] == expected(ds, 0)[:18]


def test_lightning(ds):
    lightning = pytest.importorskip("lightning", reason="lightning is not installed")
    seen = []

    class Student(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def training_step(self, batch):
            seen.append(batch)
            return self.weight.sum()

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), lr=0.1)

    trainer = lightning.Trainer(
        max_epochs=2, accelerator="cpu", logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False,
    )  # fmt: skip
    trainer.fit(Student(), DataLoader(ds.dataset(8, seed=5, columns=COLUMNS), batch_size=None))
    assert numbers(seen) == expected(ds, 0) + expected(ds, 1)
