# SPDX-License-Identifier: Apache-2.0
"""Servers that other machines reach: real certificates, made by the JDK's keytool, and tokens."""

import contextlib
import json
import subprocess

import pytest
from conftest import ROOT, command_line

import stillhouse
from stillhouse import _java

MAKE = ROOT / "tools/serve/src/test/java/dev/stillhouse/serve/TestCertificates.java"
TOKEN = "0123456789abcdef-test"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    made = tmp_path_factory.mktemp("certificates")
    subprocess.run([_java.find()[0] / "bin/java", MAKE, made], check=True, timeout=240)
    (made / "token").write_text(TOKEN + "\n")
    return made


@contextlib.contextmanager
def served(place, certificates, name):
    """Runs ``stillhouse serve`` with a certificate and gives its port."""
    words = ["--port", 0, "--token-file", certificates / "token"]
    words += ["--tls-certificate", certificates / f"{name}.pem", "--tls-key", certificates / f"{name}.key"]
    with subprocess.Popen(
        command_line("serve", place, *words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            yield json.loads(server.stdout.readline())["port"]
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def good(place, certificates):
    with served(place, certificates, "good") as port:
        yield f"grpc+tls://localhost:{port}"


def test_the_right_root_and_token_read(good, certificates):
    root = certificates / "ca.pem"
    for roots in (root, str(root), root.read_bytes()):
        with stillhouse.connect(good, token=TOKEN, tls_roots=roots) as ds:
            assert ds.name == "books"
            assert next(ds.batches(4)).samples == 4


def test_an_unknown_authority_is_refused(good, certificates):
    for roots in (certificates / "unknown.pem", None):
        with pytest.raises(stillhouse.NotReachedError, match="authority known here: give .* tls_roots") as caught:
            stillhouse.connect(good, token=TOKEN, tls_roots=roots)
        assert good in str(caught.value)


def test_a_token_is_needed_and_the_server_goes_on(good, certificates):
    root = certificates / "ca.pem"
    with pytest.raises(stillhouse.UsageError, match="this server needs a token.*token=") as caught:
        stillhouse.connect(good, tls_roots=root)
    assert good in str(caught.value)
    with pytest.raises(stillhouse.UsageError, match="not this server's") as caught:
        stillhouse.connect(good, token=TOKEN + "x", tls_roots=root)
    assert TOKEN not in str(caught.value)
    with stillhouse.connect(good, token=TOKEN, tls_roots=root) as ds:
        assert next(ds.batches(4)).samples == 4


def test_a_client_without_tls_is_told(good):
    with pytest.raises(stillhouse.NotReachedError, match=r"server with TLS, grpc\+tls"):
        stillhouse.connect(good.replace("+tls", "+tcp"), token=TOKEN)


def test_a_client_with_tls_of_a_server_without_is_told(place, certificates):
    with stillhouse.open(place) as ds:
        with pytest.raises(stillhouse.NotReachedError, match="does not speak TLS"):
            stillhouse.connect(ds.address.replace("+tcp", "+tls"), tls_roots=certificates / "ca.pem")
        assert next(ds.batches(4)).samples == 4


@pytest.mark.parametrize(
    "name, why",
    [("expired", "certificate has expired: it needs a new one"), ("elsewhere", "of another host: use the name")],
)
def test_a_certificate_that_is_expired_or_of_another_host_is_refused(place, certificates, name, why):
    with served(place, certificates, name) as port:
        with pytest.raises(stillhouse.NotReachedError, match=why):
            stillhouse.connect(f"grpc+tls://127.0.0.1:{port}", token=TOKEN, tls_roots=certificates / "ca.pem")


@pytest.mark.parametrize(
    "address, given, message",
    [
        ("127.0.0.1:8815", {}, r"need grpc\+tls://HOST:PORT"),
        ("http://localhost:80", {}, r"need grpc\+tls://HOST:PORT"),
        ("grpc+tls://host:0", {}, r"need grpc\+tls://HOST:PORT"),
        ("grpc+tcp://elsewhere.example:1", {"token": TOKEN}, "only sent to another machine by TLS"),
        ("grpc+tls://elsewhere.example:1", {"token": "of a file\n"}, "line ends"),
        ("grpc+tls://elsewhere.example:1", {"tls_roots": b"none"}, "no 'BEGIN CERTIFICATE'"),
        ("grpc+tls://elsewhere.example:1", {"tls_roots": "no/such.pem"}, "no/such.pem: cannot be read"),
    ],
)
def test_what_cannot_be_right_is_told_before_anything_is_sent(address, given, message):
    with pytest.raises(stillhouse.UsageError, match=message):
        stillhouse.connect(address, **given)
