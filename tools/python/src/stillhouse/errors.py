# SPDX-License-Identifier: Apache-2.0
"""Errors, with the message of the server as it is."""

from __future__ import annotations

import re
from typing import NoReturn

import pyarrow.flight as flight

# What pyarrow adds behind the server's message.
_NOISE = re.compile(r"\. (?:gRPC client debug context|Client context|Detail): .*", re.DOTALL)
# What gRPC says of a connection that failed, and what a person can do about it.
_HINTS = [
    (r"verify.failed: certificate has expired", "the server's certificate has expired: it needs a new one"),
    (
        r"verify.failed",
        "the server's certificate is not signed by an authority known here: give the one that signed it as tls_roots",
    ),
    (r"is not in peer certificate", "the server's certificate is of another host: use the name that it is for"),
    (
        r"wrong.version.number|unexpected.message",
        "what listens there does not speak TLS: is it grpc+tcp://, or another service?",
    ),
    (r"failed to connect.*Socket closed", "the connection was closed at once: is it a server with TLS, grpc+tls://?"),
    (r"Failed parsing HTTP/2", "another service listens there, no Flight server: check the port"),
    (r"Deadline Exceeded", "no answer in time: a busy server (timeout=... allows more), or another service"),
    (r"Connection refused", "nothing listens there: start 'stillhouse serve', or check the port"),
    (r"address lookup failed|errors resolving", "there is no such host: check its name"),
]


class StillhouseError(Exception):
    """Something went wrong.

    ``cursor`` is the JSON text of the last good cursor, or None: ``batches(cursor=...)`` goes on from it.
    """

    def __init__(self, message: str, cursor: str | None = None):
        super().__init__(message)
        self.cursor = cursor


class UsageError(StillhouseError, ValueError):
    """A call was wrong; nothing was read."""


class DataError(StillhouseError):
    """Data are damaged, or do not belong together."""


class NotReachedError(StillhouseError, ConnectionError):
    """A store or the server gave no answer."""


class ServerError(StillhouseError):
    """The server failed, or cannot run."""


_KINDS = {"usage": UsageError, "data": DataError, "unreached": NotReachedError, "server": ServerError}


def of_kind(kind: str, message: str, cursor: str | None = None) -> StillhouseError:
    """Returns the error that a server told by its kind."""
    return _KINDS.get(kind, ServerError)(message, cursor)


def _hinted(message: str) -> str:
    last = message.rsplit("last error: ", 1)[-1]
    for pattern, hint in _HINTS:
        if re.search(pattern, message, re.IGNORECASE | re.DOTALL):
            return f"{hint} ({last})"
    return message


def translate(error: Exception, address: str, cursor: str | None = None) -> StillhouseError:
    """Returns an error of pyarrow as one of ours."""
    message = _NOISE.sub("", str(error)).strip()
    message = re.sub(r"^(?:Flight (?:error|returned [\w ]+ error)[:,] ?(?:with message: )?)+", "", message)
    if isinstance(error, flight.FlightUnauthenticatedError):
        return UsageError(f"{address}: {message} (in Python: token=...)", cursor)
    if isinstance(error, (flight.FlightUnavailableError, flight.FlightTimedOutError)):
        return NotReachedError(f"{address}: {_hinted(message)}", cursor)
    if isinstance(error, flight.FlightInternalError):
        return DataError(message, cursor)
    if "INVALID_ARGUMENT" in str(error) or type(error).__name__ == "ArrowInvalid":
        return UsageError(message, cursor)
    return ServerError(f"{address}: {message}", cursor)


def raise_translated(error: Exception, address: str, cursor: str | None = None) -> NoReturn:
    """Raises an error of pyarrow as one of ours, without its own trace."""
    raise translate(error, address, cursor) from None
