# SPDX-License-Identifier: Apache-2.0
"""Checks where a server is and how it is trusted, before anything is sent."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .errors import UsageError

_ADDRESS = re.compile(r"grpc(?:\+tcp|\+tls)?://(\[[0-9a-fA-F:]+\]|[^:/\[\]]+):([0-9]{1,5})/?")
_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]+){3}|\[::1\]")


def check_address(address: str, token: str | None) -> None:
    """Raises UsageError for an address that is none, or a token that would be sent in clear."""
    found = _ADDRESS.fullmatch(address)
    if not found or not 0 < int(found.group(2)) < 65536:
        raise UsageError(
            f"address '{address}': need grpc+tls://HOST:PORT, or grpc+tcp://HOST:PORT where there is no TLS"
        )
    if token is not None and not re.fullmatch(r"[!-~]+", token):
        raise UsageError("the token has spaces, line ends or other than printable ASCII: strip what a file added")
    if token and not address.startswith("grpc+tls:") and not _LOOPBACK.fullmatch(found.group(1)):
        raise UsageError(f"address '{address}': a token is only sent to another machine by TLS: use grpc+tls://")


def pem(roots: bytes | str | os.PathLike[str] | None) -> bytes | None:
    """Returns the certificates of a PEM file, or of its bytes."""
    if roots is None:
        return None
    where = "tls_roots" if isinstance(roots, bytes) else f"tls_roots {os.fspath(roots)}"
    try:
        content = roots if isinstance(roots, bytes) else Path(roots).read_bytes()
    except OSError as e:
        raise UsageError(f"{where}: cannot be read: {e.strerror}") from None
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise UsageError(f"{where}: no 'BEGIN CERTIFICATE': need a PEM file of who signed the server's certificate")
    return content
