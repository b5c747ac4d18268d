# SPDX-License-Identifier: Apache-2.0
"""A model as the server sees it: token ids in, rows out."""

from __future__ import annotations

import hashlib
import importlib.util
import platform
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Iterable

import numpy as np

from ..errors import UsageError


@dataclass
class Model:
    """A model. ``call`` takes int64 ids ``[B, T]``, padded with 0 at their ends, and the number of ids of each row.

    It returns logits ``[B, T, V]``, or hidden states ``[B, T, H]`` and a head ``[V, H]``.
    """

    name: str
    call: Callable[[np.ndarray, np.ndarray], Any]
    weights: str  # A hash.
    arrays: str = "numpy"
    device: str = "cpu"
    context: int | None = None
    first_token: int | None = None
    dtype: str = ""
    vocabulary: int = 0
    fused: bool = False
    versions: dict[str, str] = field(default_factory=dict)

    def probe(self) -> "Model":
        """Asks for one row, to learn the vocabulary and the type."""
        rows = self.call(np.zeros((1, 1), dtype=np.int64), np.ones(1, dtype=np.int64))
        self.fused = isinstance(rows, tuple)
        shaped, wide = (rows[0], rows[1].shape[0]) if self.fused else (rows, rows.shape[-1])
        if len(shaped.shape) != 3 or tuple(shaped.shape[:2]) != (1, 1):
            raise UsageError(f"{self.name}: for ids [1, 1] it gave {list(shaped.shape)}; need [1, 1, V], or [1, 1, H] and a head")
        self.vocabulary = int(wide)
        self.dtype = str(shaped.dtype).replace("torch.", "")
        self.versions = {"python": platform.python_version(), "numpy": np.__version__}
        for library in ("torch", "transformers"):
            if library in sys.modules and self.arrays == "torch":
                self.versions[library] = str(sys.modules[library].__version__)
        return self

    def run(self, prompts: list[np.ndarray]) -> Any:
        """Returns what the model says of some prompts."""
        before = 0 if self.first_token is None else 1
        lengths = np.array([len(ids) + before for ids in prompts], dtype=np.int64)
        ids = np.zeros((len(prompts), int(lengths.max())), dtype=np.int64)
        for i, prompt in enumerate(prompts):
            ids[i, before : lengths[i]] = prompt
            if before:
                ids[i, 0] = self.first_token
        return self.call(ids, lengths)


def sha256(files: Iterable[Path]) -> str:
    """Returns the hash of files' names and bytes, whatever their folder and order."""
    together = hashlib.sha256()
    for file in sorted(files, key=lambda path: path.name):
        with open(file, "rb") as opened:
            digest = hashlib.sha256()
            while block := opened.read(4 << 20):
                digest.update(block)
        together.update(f"{file.name} {digest.hexdigest()}\n".encode())
    return together.hexdigest()


def of_module(text: str, weights: list[Path], arrays: str | None, device: str, context: int | None) -> Model:
    """Returns the model of ``FILE.py:NAME``; its answers are decided by that file and by ``weights``."""
    file, _, name = text.rpartition(":")
    path = Path(file)
    if not file or not path.is_file():
        raise UsageError(f"--module {text}: need FILE.py:NAME, and there is no file '{file or text}'")
    for weight in weights:
        if not weight.is_file():
            raise UsageError(f"--weights {weight}: there is no such file")
    spec = importlib.util.spec_from_file_location("stillhouse_model", path)
    if spec is None or spec.loader is None:
        raise UsageError(f"--module {text}: '{file}' is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    function = getattr(module, name, None)
    if not callable(function):
        raise UsageError(f"--module {text}: '{file}' has no function '{name}'")
    kind = arrays or ("torch" if "torch" in sys.modules else "numpy")
    model = Model(f"{path.name}:{name}", lambda ids, lengths: function(ids), sha256([path, *weights]), kind, device, context)
    if kind == "torch":
        model.call = _in_torch(function, device)
    return model


def _in_torch(function: Callable[..., Any], device: str) -> Callable[[np.ndarray, np.ndarray], Any]:
    import torch

    def call(ids: np.ndarray, lengths: np.ndarray) -> Any:
        with torch.inference_mode():
            return function(torch.from_numpy(ids).to(device))

    return call


def of_transformers(place: str, device: str, dtype: str, context: int | None) -> Model:
    """Returns a causal model of transformers: a directory, or a name that its cache or hub has."""
    try:
        import torch
        import transformers
    except ImportError as e:
        raise UsageError(f"--model needs torch and transformers: {e.name} is not installed") from None
    folder = Path(place)
    if not folder.is_dir():
        from huggingface_hub import snapshot_download

        patterns = ["*.json", "*.safetensors", "*.bin", "*.py", "*.model"]
        folder = Path(snapshot_download(place, allow_patterns=patterns))
    kind = None if dtype == "auto" else getattr(torch, dtype)
    loaded = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=kind or "auto").to(device).eval()
    head = loaded.get_output_embeddings()
    body = getattr(loaded, loaded.base_model_prefix, None)
    plain = head is not None and getattr(head, "bias", None) is None and body is not None and not _changed(loaded.config)
    place_ids = torch.arange

    def call(ids: np.ndarray, lengths: np.ndarray) -> Any:
        tokens = torch.from_numpy(ids).to(device)
        known = torch.from_numpy(lengths).to(device)
        mask = (place_ids(tokens.shape[1], device=device)[None, :] < known[:, None]).long()
        with torch.inference_mode():
            if plain:
                return body(input_ids=tokens, attention_mask=mask, use_cache=False).last_hidden_state, head.weight
            return loaded(input_ids=tokens, attention_mask=mask, use_cache=False).logits

    found = [*folder.glob("*.safetensors")] or [*folder.glob("*.bin")]
    if not found:
        raise UsageError(f"--model {place}: no *.safetensors or *.bin there")
    most = context or getattr(loaded.config, "max_position_embeddings", None)
    return Model(folder.name, call, sha256([*found, folder / "config.json"]), "torch", device, most)


def _changed(config: Any) -> bool:
    """Returns whether logits are more than hidden states times the head, so that the model must make them itself."""
    names = ("final_logit_softcapping", "logit_scale", "logits_scaling", "lm_head_multiplier", "output_multiplier_scale")
    return any(getattr(config, name, None) not in (None, 1, 1.0) for name in names)
