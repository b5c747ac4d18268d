# SPDX-License-Identifier: Apache-2.0
"""Datasets of a server."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Sequence

import pyarrow as pa
import pyarrow.flight as flight

from ._address import check_address, pem
from ._batches import Batches
from ._position import Position
from ._server import PROTOCOL, ChildServer
from .errors import ServerError, StillhouseError, UsageError, translate

if TYPE_CHECKING:
    from ._torch import StepDataset

_connected_in: int | None = None  # the process whose gRPC threads serve its connections; a fork has none


def open(  # noqa: A001 (the name that a user looks for)
    dataset: str | os.PathLike[str] | Mapping[str, str | os.PathLike[str]],
    *,
    region: str | None = None,
    home: str | None = None,
    policy: str | float | None = None,
    topology: str | os.PathLike[str] | None = None,
    cache: str | os.PathLike[str] | None = None,
    cache_bytes: int | None = None,
    in_flight: int | None = None,
    java_options: Sequence[str] = (),
    timeout: float = 60.0,
) -> "Dataset":
    """Opens a dataset: starts a server for it, which ends with ``close`` or with this process.

    ``dataset`` is a path or ``s3://bucket/prefix``; or several by name, to be joined or mixed. ``region`` says where
    this program runs, as in "nrt": each read then goes to the replica that is best by ``policy``, which is "time",
    "dollars", or the dollars an hour of waiting is worth. ``home`` is the region of the dataset's home, ``topology`` a
    file of regions, distances and prices in place of the published ones. ``cache`` is a directory that keeps what was
    fetched, of at most ``cache_bytes``; programs may share it. ``in_flight`` bounds the requests of a read.
    ``java_options`` go to the server's JVM, as in ``["-Xmx4g"]``. ``timeout`` bounds each call, in seconds.
    """
    if isinstance(dataset, Mapping):
        places = {name: os.fspath(place) for name, place in dataset.items()}
    else:
        place = os.fspath(dataset)
        places = {Path(place.rstrip("/")).name or place: place}
    if not places:
        raise UsageError("no dataset is named")
    for name, place in places.items():
        if not name or not place:
            raise UsageError(f"dataset '{place}', called '{name}': a name is empty")
    reader = {
        "region": region,
        "home": home,
        "policy": None if policy is None else str(policy),
        "topology": None if topology is None else os.fspath(topology),
        "inFlight": in_flight,
        "cache": None if cache is None else os.fspath(cache),
        "cacheBytes": cache_bytes,
    }
    reader = {name: value for name, value in reader.items() if value is not None}
    server = ChildServer(places, reader, list(java_options), timeout)
    return Dataset(f"grpc+tcp://127.0.0.1:{server.port}", server.token, None, next(iter(places)), timeout, server)


def connect(
    address: str,
    dataset: str | None = None,
    *,
    token: str | None = None,
    tls_roots: bytes | str | os.PathLike[str] | None = None,
    timeout: float = 60.0,
) -> "Dataset":
    """Uses a server that runs: ``connect("grpc+tls://host:8815", token=...)``.

    ``dataset`` may be left out where the server has one. ``tls_roots`` is a PEM file, or its bytes, of who signed the
    server's certificate, where that is not known to the system.
    """
    check_address(address, token)
    opened = Dataset(address, token, pem(tls_roots), dataset or "", timeout, None)
    if not dataset:
        names = opened.names()
        if len(names) != 1:
            opened.close()
            raise UsageError(f"{address} serves {', '.join(names) or 'nothing'}: name one of them")
        opened.name = names[0]
    return opened


class Dataset:
    """A dataset of a server. Use it in ``with``, or ``close`` it."""

    def __init__(
        self,
        address: str,
        token: str | None,
        roots: bytes | None,
        name: str,
        timeout: float,
        server: ChildServer | None,
    ):
        self.address = address
        self.name = name
        self.timeout = timeout
        self._token = token
        self._roots = roots
        self._server = server
        self._client: flight.FlightClient | None = None
        self._pid = os.getpid()

    def __enter__(self) -> "Dataset":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_server", None) is not None and self._pid == os.getpid():
            self.close()

    def __getstate__(self) -> dict[str, Any]:
        """Another process uses the same server, by a connection of its own."""
        return {**self.__dict__, "_server": None, "_client": None, "_pid": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._pid = os.getpid()

    def close(self) -> None:
        """Ends the connection, and the server if ``open`` started it."""
        client, self._client = self._client, None
        server, self._server = self._server, None
        if client is not None:
            client.close()
        if server is not None:
            server.close()

    def _connection(self) -> flight.FlightClient:
        global _connected_in
        if _connected_in is not None and _connected_in != os.getpid():
            raise UsageError(
                "this process was forked after a dataset was used, and gRPC does not work in such a child: start "
                "processes with 'spawn' (DataLoader: multiprocessing_context='spawn'), or use datasets in the child "
                "alone"
            )
        _connected_in = os.getpid()
        if self._pid != os.getpid():
            self._pid, self._server = os.getpid(), None  # The parent ends its server.
        if self._client is None:
            # Of the 64 KiB that is the default, a step of some megabytes takes a hundred frames.
            options: dict[str, Any] = {"generic_options": [("grpc.http2.max_frame_size", 4 << 20)]}
            if self._roots is not None:
                options["tls_root_certs"] = self._roots
            self._client = flight.FlightClient(self.address, **options)
        return self._client

    def _options(self, timeout: float | None = None) -> flight.FlightCallOptions:
        headers = [(b"authorization", b"Bearer " + self._token.encode())] if self._token else []
        return flight.FlightCallOptions(timeout=timeout, headers=headers)

    def _told(self, error: Exception, cursor: str | None = None) -> StillhouseError:
        died = self._server.died() if self._server is not None else None
        return ServerError(died, cursor) if died else translate(error, self.address, cursor)

    def _info(self, descriptor: flight.FlightDescriptor) -> flight.FlightInfo:
        try:
            return self._connection().get_flight_info(descriptor, self._options(self.timeout))
        except (flight.FlightError, pa.ArrowException) as e:
            raise self._told(e) from None

    def _answer(self, info: flight.FlightInfo) -> dict[str, Any]:
        try:
            told = json.loads(bytes(info.app_metadata))
            version = told["v"]
        except (ValueError, KeyError, TypeError):
            raise ServerError(
                f"{self.address}: a Flight server, but none of Stillhouse: what it says of '{self.name}' is not JSON "
                "with a version; check the port"
            ) from None
        if version != PROTOCOL:
            raise ServerError(
                f"{self.address}: the server speaks version {version} of the protocol, this package version {PROTOCOL}: "
                "use a server and a package of one release"
            )
        return told

    def names(self) -> list[str]:
        """Returns the names of all datasets that the server has."""
        try:
            return [
                "/".join(part.decode() for part in info.descriptor.path)
                for info in self._connection().list_flights(options=self._options(self.timeout))
            ]
        except (flight.FlightError, pa.ArrowException) as e:
            raise self._told(e) from None

    def named(self, name: str) -> "Dataset":
        """Returns another dataset of the same server, which stays this one's to end."""
        if name not in self.names():
            raise UsageError(f"{self.address} has no dataset {name}; it serves {', '.join(self.names())}")
        return Dataset(self.address, self._token, self._roots, name, self.timeout, None)

    @property
    def info(self) -> dict[str, Any]:
        """What the dataset is: ``version``, ``statistic``, ``sequences``, ``sequenceLength``, ``vocabulary`` ..."""
        found = self._info(flight.FlightDescriptor.for_path(self.name))
        return self._answer(found)["datasets"][0]

    def _act(self, action: str, body: dict[str, Any]) -> dict[str, Any]:
        """Does an action of the server: JSON in, JSON out."""
        asked = flight.Action(action, json.dumps({"v": PROTOCOL, **body}).encode())
        try:
            answer = next(iter(self._connection().do_action(asked, self._options(self.timeout))))
        except (flight.FlightError, pa.ArrowException) as e:
            raise self._told(e) from None
        return json.loads(answer.body.to_pybytes())

    def position(self, sequence: int, position: int, *, version: int | None = None) -> Position:
        """Returns what the teacher said at one position: print it, or take its ``ids`` and ``log_probs``."""
        body = {"dataset": self.name, "sequence": sequence, "position": position}
        return Position(self._act("position", body if version is None else {**body, "version": version}))

    def ledger(self) -> list[dict[str, Any]]:
        """Returns what reading has cost so far, by region: requests, bytes, seconds, dollars."""
        return self._act("ledger", {"dataset": self.name})["entries"]

    def merge(self, cursors: Sequence[str]) -> str:
        """Returns the cursor of a step from those of all its ranks: its digests are those of one rank that read all."""
        merged = self._act("merge", {"cursors": list(cursors)})
        return json.dumps(merged, separators=(",", ":"))

    def batches(
        self,
        batch_size: int | None = None,
        *,
        seed: int | None = None,
        rank: int = 0,
        world_size: int = 1,
        k: int | None = None,
        columns: Sequence[str] | None = None,
        integers: str = "int32",
        floats: str = "float32",
        shuffle: str | None = None,
        epoch: int | None = None,
        epochs: int | None = None,
        stop_after: int | None = None,
        cursor: str | Mapping[str, Any] | None = None,
        version: int | None = None,
        mix: str | None = None,
        joined: Sequence[str] = (),
    ) -> "Batches":
        """Returns the batches of one rank, in the order that seed and epoch give.

        ``batch_size`` counts sequences of a step, all ranks together. ``k`` bounds the entries of a position.
        ``columns`` names what is read (default: nine). ``integers`` is int32 or int64; ``floats`` is float32,
        float16 or bfloat16. ``cursor`` goes on from a batch's cursor, with any ``world_size``. ``mix``
        ("a:0.7,b:0.3") reads several datasets, ``joined`` other teachers of the same sequences.
        """
        request: dict[str, Any] = {"v": PROTOCOL}
        if mix is None:
            request["dataset"] = self.name
        given = {
            "batch": batch_size,
            "seed": seed,
            "rank": rank,
            "worldSize": world_size,
            "k": k,
            "columns": None if columns is None else list(columns),
            "integers": integers,
            "floats": floats,
            "shuffle": shuffle,
            "epoch": epoch,
            "epochs": epochs,
            "stopAfter": stop_after,
            "cursor": json.dumps(cursor) if isinstance(cursor, Mapping) else cursor,
            "version": version,
            "mix": mix,
            "with": list(joined) or None,
        }
        for name, value in given.items():
            if isinstance(value, int) and value < 0:
                raise UsageError(f"{name} {value}: need 0 or more")
            if value is not None:
                request[name] = value
        return Batches(self, request)

    def dataset(self, batch_size: int | None = None, *, rows: bool = False, **options: Any) -> "StepDataset":
        """Returns a ``torch.utils.data.IterableDataset`` of the same batches, with ``state_dict``; needs torch.

        ``options`` are those of :meth:`batches`. Its items are steps: dicts of tensors, and the step's ``cursor``; hand
        it over as ``DataLoader(dataset, batch_size=None)``. With ``rows`` they are single sequences, for a loader or a
        trainer that makes batches itself; then all that ``batch_size`` changes is how many are read at once.
        """
        from ._torch import StepDataset

        return StepDataset(self, rows, {"batch_size": batch_size, "rank": 0, "world_size": 1, **options})

    def __repr__(self) -> str:
        try:
            info = self.info
        except StillhouseError as e:
            return f"Dataset({self.name!r} at {self.address}: {e})"
        return (
            f"Dataset({self.name!r}, version {info['version']}: {info['sequences']:,} sequences of "
            f"{info['sequenceLength']}, {info['statistic']}, {info['layout']}, {info['bytes'] / 1e6:,.1f} MB)"
        )
