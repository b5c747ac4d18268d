# SPDX-License-Identifier: Apache-2.0
"""Other tools' loaders, each over the same sequences in its own form; see loaders.py.

A loader has ``batches``, which gives lists of tensors from a state on, and ``state``, where that is. ``prepare`` writes its form.
"""

import itertools
import multiprocessing

import numpy as np

BATCH = 32
SEED = 1
COLUMNS = ["tokens", "ids", "log_probs", "log_tail"]


def torch_of(arrays):
    import torch

    return [torch.from_numpy(a) for a in arrays]


def stacked(rows, shapes):
    """Tensors of a batch from rows of flat arrays, which is what the rivals hand over."""
    return torch_of(np.stack([np.asarray(row[name]).reshape(shapes[name][1]) for row in rows]) for name in COLUMNS)


def batched(rows, shapes):
    rows = iter(rows)
    while chunk := list(itertools.islice(rows, BATCH)):
        yield stacked(chunk, shapes)


class PlainFlight:
    """A Flight server in Python that has ready batches in memory: what the transport alone can do."""

    package = "pyarrow"

    def __init__(self, dataset, work, shapes):
        self.work, self.shapes = work, shapes

    @staticmethod
    def prepare(sequences, shapes, work):
        np.savez(work / "ready.npz", **{name: np.stack([s[name] for s in sequences]) for name in COLUMNS})

    @staticmethod
    def serve(work, port):
        import pyarrow as pa
        import pyarrow.flight as flight

        arrays = dict(np.load(work / "ready.npz"))
        table = []
        for at in range(0, len(arrays["tokens"]), BATCH):
            part = [arrays[name][at : at + BATCH].reshape(min(BATCH, len(arrays["tokens"]) - at), -1) for name in COLUMNS]
            columns = [pa.FixedSizeListArray.from_arrays(pa.array(a.ravel()), a.shape[1]) for a in part]
            table.append(pa.record_batch(columns, COLUMNS))

        class Server(flight.FlightServerBase):
            def do_get(self, context, ticket):
                return flight.GeneratorStream(table[0].schema, iter(table[int(ticket.ticket) :]))

        server = Server("grpc+tcp://127.0.0.1:0")
        port.put(server.port)
        server.serve()

    def batches(self, state=0, epochs=1):
        import pyarrow.flight as flight

        port = multiprocessing.get_context("spawn").Queue()
        process = multiprocessing.get_context("spawn").Process(target=self.serve, args=(self.work, port), daemon=True)
        process.start()
        client = flight.connect(f"grpc+tcp://127.0.0.1:{port.get()}")
        for _ in range(epochs):
            for chunk in client.do_get(flight.Ticket(str(state or 0).encode())):
                batch, rows = chunk.data, chunk.data.num_rows
                yield torch_of(
                    batch.column(name).flatten().to_numpy().reshape(rows, *self.shapes[name][1]) for name in COLUMNS
                )
        process.terminate()
        process.join()

    def state(self, step):
        return step


class MemoryMap:
    """Arrays in files, whole sequences by a permutation: no checks, no compression, no replicas."""

    package = "numpy"

    def __init__(self, dataset, work, shapes):
        self.arrays = [np.load(work / f"{name}.npy", mmap_mode="r") for name in COLUMNS]

    @staticmethod
    def prepare(sequences, shapes, work):
        for name in COLUMNS:
            np.save(work / f"{name}.npy", np.stack([s[name] for s in sequences]))

    def batches(self, state=0):
        order = np.random.default_rng(SEED).permutation(len(self.arrays[0]))
        for at in range((state or 0) * BATCH, len(order), BATCH):
            yield torch_of(a[np.sort(order[at : at + BATCH])] for a in self.arrays)

    def state(self, step):
        return step


class OwnLoader:
    """A tool whose loader stands in for torch's, and keeps its own place; ``open`` makes it."""

    def batches(self, state=None):
        self.loader = self.open()
        if state:
            self.loader.load_state_dict(state)
        for batch in self.loader:
            yield [batch[name] for name in COLUMNS]

    def state(self, step):
        return self.loader.state_dict()


class Mosaic(OwnLoader):
    package = "mosaicml-streaming"

    def __init__(self, dataset, work, shapes):
        self.work, self.shapes = work / "mds", shapes

    @staticmethod
    def prepare(sequences, shapes, work):
        from streaming import MDSWriter

        columns = {name: f"ndarray:{shapes[name][0]}:{','.join(map(str, shapes[name][1]))}" for name in COLUMNS}
        with MDSWriter(out=str(work / "mds"), columns=columns, compression="zstd", hashes=["sha1"]) as out:
            for sequence in sequences:
                out.write({name: sequence[name] for name in COLUMNS})

    def open(self):
        from streaming import StreamingDataLoader, StreamingDataset

        data = StreamingDataset(
            local=str(self.work), shuffle=True, shuffle_seed=SEED, batch_size=BATCH, num_canonical_nodes=1
        )
        return StreamingDataLoader(data, batch_size=BATCH)


class HuggingFace:
    package = "datasets"

    def __init__(self, dataset, work, shapes):
        self.work, self.shapes = work / "hf", shapes

    @staticmethod
    def prepare(sequences, shapes, work):
        import datasets

        columns = {
            name: datasets.Sequence(datasets.Value(shapes[name][0]), length=int(np.prod(shapes[name][1])))
            for name in COLUMNS
        }
        rows = ({name: sequence[name].ravel() for name in COLUMNS} for sequence in sequences)
        made = datasets.Dataset.from_list(list(rows), features=datasets.Features(columns))
        (work / "hf").mkdir()
        for shard in range(8):
            made.shard(8, shard).to_parquet(str(work / "hf" / f"{shard}.parquet"))

    def batches(self, state=None):
        import datasets

        self.data = datasets.load_dataset(
            "parquet", data_files=str(self.work / "*.parquet"), split="train", streaming=True
        )
        self.data = self.data.shuffle(seed=SEED, buffer_size=256).with_format("numpy")
        if state:
            self.data.load_state_dict(state)
        yield from batched(self.data, self.shapes)

    def state(self, step):
        return self.data.state_dict()


class Grain:
    package = "grain"

    def __init__(self, dataset, work, shapes):
        self.work, self.shapes = work, shapes

    def batches(self, state=None):
        import grain

        arrays = {name: np.load(self.work / f"{name}.npy", mmap_mode="r") for name in COLUMNS}

        class Source:
            def __len__(self):
                return len(arrays["tokens"])

            def __getitem__(self, at):
                return {name: np.asarray(array[at]) for name, array in arrays.items()}

        data = grain.MapDataset.source(Source()).shuffle(seed=SEED).to_iter_dataset().batch(BATCH)
        self.iterator = iter(data)
        if state:
            self.iterator.set_state(state)
        for batch in self.iterator:
            yield torch_of(batch[name] for name in COLUMNS)

    def state(self, step):
        return self.iterator.get_state()


class LitData(OwnLoader):
    package = "litdata"

    def __init__(self, dataset, work, shapes):
        self.work, self.shapes = work / "litdata", shapes

    @staticmethod
    def prepare(sequences, shapes, work):
        from litdata.streaming import Cache

        cache = Cache(str(work / "litdata"), chunk_bytes="32MB", compression="zstd")
        for at, sequence in enumerate(sequences):
            cache[at] = {name: sequence[name] for name in COLUMNS}
        cache.done()
        cache.merge()

    def open(self):
        import litdata

        data = litdata.StreamingDataset(str(self.work), shuffle=True, seed=SEED)
        return litdata.StreamingDataLoader(data, batch_size=BATCH)


class Lance:
    package = "pylance"

    def __init__(self, dataset, work, shapes):
        self.work, self.shapes = work / "lance", shapes

    @staticmethod
    def prepare(sequences, shapes, work):
        import lance
        import pyarrow as pa

        columns = []
        for name in COLUMNS:
            flat = np.stack([s[name].ravel() for s in sequences])
            columns.append(pa.FixedSizeListArray.from_arrays(pa.array(flat.ravel()), flat.shape[1]))
        lance.write_dataset(pa.table(columns, COLUMNS), str(work / "lance"))

    def batches(self, state=0):
        import lance

        data = lance.dataset(str(self.work))
        order = np.random.default_rng(SEED).permutation(data.count_rows())
        for at in range((state or 0) * BATCH, len(order), BATCH):
            table = data.take(np.sort(order[at : at + BATCH])).combine_chunks()
            yield torch_of(
                table[name].chunk(0).flatten().to_numpy().reshape(-1, *self.shapes[name][1]) for name in COLUMNS
            )

    def state(self, step):
        return step
