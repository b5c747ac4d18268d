# SPDX-License-Identifier: Apache-2.0
"""Errors, with the message of the server as it is."""

from __future__ import annotations

import re
from typing import NoReturn

import pyarrow.flight as flight

# What pyarrow adds behind the server's message.
_NOISE = re.compile(r"\. (?:gRPC client debug context|Client context|Detail): .*", re.DOTALL)


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


def translate(error: Exception, address: str, cursor: str | None = None) -> StillhouseError:
    """Returns an error of pyarrow as one of ours."""
    message = _NOISE.sub("", str(error)).strip()
    message = re.sub(r"^(?:Flight (?:error|returned [\w ]+ error)[:,] ?(?:with message: )?)+", "", message)
    if isinstance(error, flight.FlightUnauthenticatedError):
        return UsageError(f"{address}: {message}", cursor)
    if isinstance(error, (flight.FlightUnavailableError, flight.FlightTimedOutError)):
        return NotReachedError(f"{address}: {message}", cursor)
    if isinstance(error, flight.FlightInternalError):
        return DataError(message, cursor)
    if "INVALID_ARGUMENT" in str(error) or type(error).__name__ == "ArrowInvalid":
        return UsageError(message, cursor)
    return ServerError(f"{address}: {message}", cursor)


def raise_translated(error: Exception, address: str, cursor: str | None = None) -> NoReturn:
    """Raises an error of pyarrow as one of ours, without its own trace."""
    raise translate(error, address, cursor) from None
