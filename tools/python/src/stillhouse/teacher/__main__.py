# SPDX-License-Identifier: Apache-2.0
"""The command line of the teacher's server."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from ..errors import StillhouseError, UsageError
from ._models import Model, of_module, of_transformers
from ._server import TeacherServer


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stillhouse.teacher",
        description="Serves a model as a teacher: stillhouse extract --teacher flight:HOST:PORT asks it. "
        "The first word that it prints is that name.",
    )
    model = parser.add_mutually_exclusive_group(required=True)
    model.add_argument("--model", metavar="DIR|NAME", help="a causal model of transformers")
    model.add_argument(
        "--module",
        metavar="FILE.py:NAME",
        help="a function: int64 ids [B,T] to logits [B,T,V], or to hidden states [B,T,H] and a head [V,H]",
    )
    parser.add_argument("--weights", nargs="*", default=[], type=Path, help="files that decide what --module answers")
    parser.add_argument("--arrays", choices=["numpy", "torch"], help="what --module takes (default: torch if it imports it)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, cuda:1, mps (default: %(default)s)")
    parser.add_argument("--dtype", default="auto", choices=["auto", "float32", "bfloat16", "float16"])
    parser.add_argument("--context", type=int, help="max tokens of a prompt (default: what the model says)")
    parser.add_argument("--bos", type=int, metavar="ID", help="token that goes before every prompt")
    parser.add_argument(
        "--max-tokens", type=int, default=16384, help="tokens of one forward pass, padding included (default: %(default)s)"
    )
    parser.add_argument("--host", default="127.0.0.1", help="(default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="(default: any free one)")
    parser.add_argument("--token-file", type=Path, help="holds the token that clients must send")
    parser.add_argument("--tls-certificate", type=Path, help="PEM file")
    parser.add_argument("--tls-key", type=Path, help="PEM file")
    return parser


def _read(option: str, file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as e:
        raise UsageError(f"{option} {file}: cannot be read: {e.strerror}") from None


def _loopback(host: str) -> bool:
    return host in ("localhost", "::1", "[::1]") or host.startswith("127.")


def _serve(arguments: argparse.Namespace) -> int:
    if bool(arguments.tls_certificate) != bool(arguments.tls_key):
        raise UsageError("--tls-certificate and --tls-key belong together")
    if not _loopback(arguments.host) and not (arguments.tls_key and arguments.token_file):
        raise UsageError(f"--host {arguments.host}: other machines need --tls-certificate, --tls-key and --token-file")
    if arguments.max_tokens < 1 or (arguments.context is not None and arguments.context < 2):
        raise UsageError("need --max-tokens of 1 or more, and --context of 2 or more")
    token = _read("--token-file", arguments.token_file).decode().strip() if arguments.token_file else None
    if token == "":
        raise UsageError(f"--token-file {arguments.token_file}: is empty")
    tls = None
    if arguments.tls_key:
        tls = _read("--tls-certificate", arguments.tls_certificate), _read("--tls-key", arguments.tls_key)
    if arguments.module:
        model = of_module(arguments.module, arguments.weights, arguments.arrays, arguments.device, arguments.context)
    else:
        model = of_transformers(arguments.model, arguments.device, arguments.dtype, arguments.context)
    model.first_token = arguments.bos
    _listen(model.probe(), arguments, token, tls)
    return 0


def _listen(model: Model, arguments: argparse.Namespace, token: str | None, tls: tuple[bytes, bytes] | None) -> None:
    server = TeacherServer(
        model, host=arguments.host, port=arguments.port, max_tokens=arguments.max_tokens, token=token, tls=tls
    )
    told = {name: value for name, value in server.hello.items() if name not in ("v", "fingerprint")}
    print(f"flight:{arguments.host}:{server.port}", model.name, told, flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve()


def main(words: list[str]) -> int:
    """Serves until a signal; returns the exit code."""
    try:
        return _serve(_parser().parse_args(words))
    except StillhouseError as e:
        print(f"stillhouse.teacher: {e}", file=sys.stderr)
        return 2 if isinstance(e, UsageError) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
