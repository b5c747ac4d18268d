# SPDX-License-Identifier: Apache-2.0
"""Runs every block of Python in README and docs as a reader who pastes it beside ``my-dataset``."""

import re

import numpy as np
import pytest
from conftest import ROOT, TEXT, command

PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")), ROOT / "tools/python/README.md"]


def blocks():
    """Returns each block with its page and first line; one that begins with ``# not run`` is compiled alone."""
    for page in PAGES:
        text = page.read_text()
        for found in re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            line = text.count("\n", 0, found.start(1))
            yield pytest.param(found.group(1), line, id=f"{page.relative_to(ROOT)}:{line + 1}")


@pytest.fixture(scope="module")
def pasted(tmp_path_factory):
    """A folder with ``my-dataset``, in the layout of the tutorial."""
    folder = tmp_path_factory.mktemp("pasted")
    command(
        "extract", "--corpus", TEXT, "--max-documents", 2, "--teacher", "ngram", "--statistic", "top-k:16",
        "--layout", "columns", "--sequence-length", 32, "--out", "my-dataset", cwd=folder,
    )  # fmt: skip
    return folder


@pytest.mark.parametrize(("code", "line"), list(blocks()))
def test_runs_as_pasted(code, line, pasted, monkeypatch, request):
    compiled = compile("\n" * line + code, request.node.callspec.id, "exec")
    monkeypatch.chdir(pasted)
    if not code.startswith("# not run"):
        exec(compiled, {"your_model": lambda ids: np.zeros((len(ids), 50257), np.float16)})


def test_the_front_page_has_a_student():
    assert any(p.id.startswith("README.md:") and "stillhouse.open(" in p.values[0] for p in blocks())
