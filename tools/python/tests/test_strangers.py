# SPDX-License-Identifier: Apache-2.0
"""What is reached may be another service, or another release. Each error says what, where, and what to do."""

import http.server
import json
import os
import socket
import socketserver
import threading

import pyarrow as pa
import pyarrow.flight as flight
import pytest

import stillhouse
from stillhouse import _client, _java


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(4096):
            self.request.sendall(data)


@pytest.mark.parametrize("service", ["echo", "http"])
def test_another_service_is_told(service):
    made = {
        "echo": lambda: socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo),
        "http": lambda: http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler),
    }[service]()
    made.daemon_threads = True
    with made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        address = f"grpc+tcp://127.0.0.1:{made.server_address[1]}"
        with pytest.raises(stillhouse.NotReachedError, match="another service listens there") as caught:
            stillhouse.connect(address, timeout=20)
        assert address in str(caught.value)
        made.shutdown()


def test_a_service_that_says_nothing_is_left_after_the_timeout():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with pytest.raises(stillhouse.NotReachedError, match="no answer in time"):
            stillhouse.connect(f"grpc+tcp://127.0.0.1:{listener.getsockname()[1]}", timeout=2)


class Stranger(flight.FlightServerBase):
    """Answers as another release of the server would, or as none."""

    def __init__(self, metadata):
        super().__init__("grpc+tcp://127.0.0.1:0")
        self.metadata = metadata

    def get_flight_info(self, context, descriptor):
        return flight.FlightInfo(pa.schema([]), descriptor, [], -1, -1, app_metadata=self.metadata)


@pytest.mark.parametrize(
    "metadata, message",
    [
        (b'{"v":2,"more":1}', "version 2 of the protocol, this package version 1: use .* of one release"),
        (b"", "a Flight server, but none of Stillhouse"),
        (b"[]", "a Flight server, but none of Stillhouse"),
    ],
)
def test_another_release_of_the_server_is_told(metadata, message):
    with Stranger(metadata) as server:
        address = f"grpc+tcp://127.0.0.1:{server.port}"
        with stillhouse.connect(address, "d", timeout=20) as ds:
            for call in (lambda: ds.info, ds.batches):
                with pytest.raises(stillhouse.ServerError, match=message) as caught:
                    call()
                assert address in str(caught.value)


def test_another_release_of_the_package_is_told(place, monkeypatch):
    with stillhouse.open(place) as ds:
        monkeypatch.setattr(_client, "PROTOCOL", 2)
        with pytest.raises(stillhouse.DataError, match="v is 2; this server speaks version 1: use .* of one release"):
            ds.batches(4)
        monkeypatch.undo()
        assert next(ds.batches(4)).samples == 4


def test_forged_tickets_and_tickets_of_another_server_are_refused(place):
    with stillhouse.open(place) as one, stillhouse.open(place) as two:
        command = flight.FlightDescriptor.for_command(json.dumps({"v": 1, "dataset": "books"}).encode())
        ticket = one._info(command).endpoints[0].ticket.ticket
        for ds, bad, message in [
            (two, ticket, "of another server"),
            (one, ticket[:-3] + bytes([ticket[-3] ^ 1]) + ticket[-2:], "was changed"),
            (one, b"abc", "has 3 bytes"),
        ]:
            with pytest.raises(flight.FlightError, match=message):
                ds._connection().do_get(flight.Ticket(bad), ds._options(20)).read_chunk()
            assert next(ds.batches(4)).samples == 4


def fake_java(folder, version, release_file):
    """A java that prints its version and runs nothing else."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2020-01-01' >&2\n")
    java.chmod(0o755)
    if release_file:
        (folder / "release").write_text(f'JAVA_VERSION="{version}"\n')
    return java


@pytest.mark.parametrize("release_file", [True, False])
def test_an_old_java_on_the_path_is_told(tmp_path, monkeypatch, release_file):
    java = fake_java(tmp_path / "jdk-11", "11.0.2", release_file)
    monkeypatch.setenv("PATH", str(java.parent) + os.pathsep + "/usr/bin:/bin")
    for name in ("JAVA_HOME", "STILLHOUSE_JAVA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STILLHOUSE_JDK_PLACES", "")
    with pytest.raises(stillhouse.ServerError, match="no Java 17 or newer found; the newest here is Java 11: install"):
        stillhouse.open(tmp_path)
    monkeypatch.setenv("STILLHOUSE_JAVA", str(java.parent.parent))
    with pytest.raises(stillhouse.ServerError, match="holds Java 11; need 17 or newer"):
        stillhouse.open(tmp_path)


def test_a_java_without_a_release_file_is_asked(tmp_path):
    fake_java(tmp_path / "jdk", "21.0.1", False)
    assert _java.release_of(tmp_path / "jdk") == 21
    fake_java(tmp_path / "old", "1.8.0_392", False)
    assert _java.release_of(tmp_path / "old") == 8
