"""Bundles: one file for a package, a case or a batch, to be checked by anybody with the small script that lies in it (``bundle_script``).

The list of contents is named by an entry of the trail, the entry is in a signed checkpoint, and each other entry comes with its proof: so neither the server nor
this software is needed, only the public key that was deposited before.
"""

import hashlib
import os
import re
import secrets
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from records import bundle_script, canonical, checkpoint, database
from records.merkle import Tree
from records.store import Store, known_keys
from schemas.personal import mask
from schemas.trail import Exported

README = """这是“初审”系统导出的记录包：{what}。

documents/   申报单位交来的原件（压缩包未解开）
reports/     初审报告
manifests/   原件清单：名称、摘要、大小
policies/    所依据的政策文本
trail.jsonl  有关的记录，每行一条
proof.json   检查点、签名、各条记录的包含证明
verify.py    核验程序，只需 Python 3.8 以上：python3 verify.py 本文件 --key 另行保存的公钥

公钥须从导出单位之外的保存处取得（如上级部门、公告、盖章的纸件）；包中的 public-key.pem 只供比对。
核验能证明的：自检查点签署起，这些文件和记录没有被改动。不能证明的：材料本身属实、审核人没有受到胁迫、检查点之前的时间准确。
"""


class BundleError(Exception):
    """Nothing can be exported; the message is Chinese."""


@dataclass(frozen=True)
class Chosen:
    """What goes in: packages by key with their rows, and how people call it."""

    packages: tuple[tuple[str, Mapping[str, Any]], ...]
    what: str
    batch: bool = False


def choose(store: Store, name: str) -> Chosen:
    """By the key of a package, a case or a batch, or the start of one. Raises ``BundleError``."""
    rows = store.rows("packages")
    case = [(key, row) for key, row in rows if row["case"] == name]
    batch = [(key, row) for key, row in rows if len(name) >= 6 and str(row["batch"]).startswith(name)]
    package = [(key, row) for key, row in rows if len(name) >= 6 and key.startswith(name)]
    for found, what in ((case, f"案件 {name}"), (package, f"申报包 {name}"), (batch, f"批次 {name}")):
        if found:
            return Chosen(tuple(found), what, batch=found is batch)
    raise BundleError(f"记录中没有“{name}”。用 chushen records list 查看案件、申报包和批次")


def export(store: Store, name: str, target: Path, actor: str, names: Callable[[bytes], Iterable[tuple[str, str, int]]]) -> str:
    """Write the bundle; the export itself goes into the trail. Returns the digest of the contents. Raises ``BundleError``, ``VaultError``.

    ``names`` reads a manifest: (path, digest, size).
    """
    chosen = choose(store, name)
    entries = list(_entries(store, chosen))
    temporary = target.with_name(f".{secrets.token_hex(4)}.zip")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED, strict_timestamps=False) as bundle:
            listed = _Listed(bundle)
            _contents(store, chosen, entries, listed, names)
            contents = canonical.dumps({"v": 1, "what": chosen.what, "files": listed.files})
            digest = canonical.sha256(contents)
            cases = {row["case"] for _, row in chosen.packages}
            event = Exported(
                package=chosen.packages[0][0] if len(chosen.packages) == 1 else None,
                case=cases.pop() if len(cases) == 1 else None,
                contents=digest,
                what=chosen.what,
            )
            exported = store.append([event], actor)[-1]
            _write(bundle, "contents.json", contents)
            _write(
                bundle, "proof.json", canonical.dumps(_proof(store, [*(seq for seq, _ in entries), exported.seq], exported.body))
            )
            bundle.comment = b"sha256:" + b"0" * 64
        _seal(temporary)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return digest


class _Listed:
    """Writes files into the bundle and remembers them."""

    def __init__(self, bundle: zipfile.ZipFile) -> None:
        self._bundle = bundle
        self.files: list[list[Any]] = []
        self._taken: set[str] = set()

    def add(self, name: str, data: bytes) -> None:
        name = self._free(name)
        _write(self._bundle, name, data)
        self.files.append([name, canonical.sha256(data), len(data)])

    def copy(self, name: str, store: Store, digest: str) -> None:
        name = self._free(name)
        size = 0
        with store.vault.path(digest).open("rb") as source, self._bundle.open(_info(name), "w", force_zip64=True) as stream:
            hasher = hashlib.sha256()
            while chunk := source.read(1 << 20):
                hasher.update(chunk)
                stream.write(chunk)
                size += len(chunk)
        if hasher.hexdigest() != digest:
            raise BundleError(f"原件库中的 {digest} 已被改动，不能导出。请先运行 chushen audit verify")
        self.files.append([name, digest, size])

    def _free(self, name: str) -> str:
        stem, dot, ending = name.rpartition(".")
        base, number = name, 2
        while name.casefold() in self._taken:
            name = f"{stem}-{number}{dot}{ending}" if stem else f"{base}-{number}"
            number += 1
        self._taken.add(name.casefold())
        return name


def _entries(store: Store, chosen: Chosen) -> Iterable[tuple[int, bytes]]:
    """Those of the packages and their cases, and of the policy, settings, software, key and store they rest on."""
    keys = {key for key, _ in chosen.packages}
    cases = {row["case"] for _, row in chosen.packages} - {None}
    # a batch's own files name all its applicants, so they go out with the batch alone
    batches = {row["batch"] for _, row in chosen.packages if chosen.batch}
    named = {row[name] for _, row in chosen.packages for name in ("policy_digest", "settings", "software")}
    for one in store.entries():
        event = canonical.loads(one.body)["event"]
        kind, package = event["kind"], event.get("package")
        own = package in keys if package else event.get("case") in cases
        base = kind in ("opened", "key") or (kind.startswith("batch_") and event["batch"] in batches)
        rests = event.get("digest", event.get("identity")) in named and kind in ("policy_loaded", "settings", "software")
        if own or base or rests:
            yield one.seq, one.body


def _contents(
    store: Store,
    chosen: Chosen,
    entries: Sequence[tuple[int, bytes]],
    listed: _Listed,
    names: Callable[[bytes], Iterable[tuple[str, str, int]]],
) -> None:
    listed.add("说明.txt", README.format(what=chosen.what).encode())
    listed.add("verify.py", Path(bundle_script.__file__).read_bytes())
    listed.add("public-key.pem", (store.home / "keys" / "signing.pub").read_bytes())
    listed.add("trail.jsonl", b"".join(body + b"\n" for _, body in entries))
    wanted = _wanted(entries)
    placed: set[str] = set()
    for number, (_, row) in enumerate(chosen.packages, 1):
        folder = f"{number:03d}-{_safe(row['submission'])}"
        if row["manifest"] in wanted:
            listed.copy(f"manifests/{folder}.json", store, row["manifest"])
            placed.add(row["manifest"])
            for path, digest, _ in names(store.vault.get(row["manifest"])):
                if digest in wanted:
                    listed.copy(f"documents/{folder}/{'/'.join(map(_safe, path.split('/')))}", store, digest)
                    placed.add(digest)
        for digest, name in ((row["final"], "report.json"), (row["final_page"], "report.html")):
            if digest in wanted and digest not in placed:
                listed.copy(f"reports/{folder}/{name}", store, digest)
                placed.add(digest)
    for digest, name in wanted.items():
        if digest not in placed:
            listed.copy(name, store, digest)


def _wanted(entries: Sequence[tuple[int, bytes]]) -> dict[str, str]:
    """Digest → where it goes when no better place is known."""
    wanted: dict[str, str] = {}
    for seq, body in entries:
        event = canonical.loads(body)["event"]
        policy = (
            {digest: f"policies/{seq}/{name}" for name, digest in event.get("files", ())}
            if event["kind"] == "policy_loaded"
            else {}
        )
        for digest in event.get("objects", ()):
            wanted.setdefault(digest, policy.get(digest, f"others/{seq}-{event['kind']}-{digest[:12]}"))
        for digest in event.get("gone", ()):
            wanted.pop(digest, None)
    return wanted


def _proof(store: Store, seqs: Sequence[int], exported: bytes) -> dict[str, Any]:
    signed = store.last_checkpoint()
    assert signed is not None
    told = checkpoint.opened(signed)
    size = told.entries
    with database.reading(store.engine) as connection:
        public = known_keys(connection)[told.key]
    tree = Tree([one.hash for one in store.entries(last=size)])
    return {
        "v": 1,
        "checkpoint": signed.body.decode(),
        "signature": signed.signature.hex(),
        "public": public.hex(),
        "exported": exported.decode(),
        "paths": {str(seq): [step.hex() for step in tree.inclusion(seq - 1, size)] for seq in seqs},
    }


def _seal(path: Path) -> None:
    """The digest of all but the last 64 bytes becomes the last 64 bytes."""
    with path.open("rb+") as stream:
        size = stream.seek(0, os.SEEK_END) - 64
        stream.seek(0)
        hasher, left = hashlib.sha256(), size
        while left:
            chunk = stream.read(min(left, 1 << 20))
            hasher.update(chunk)
            left -= len(chunk)
        stream.seek(size)
        stream.write(hasher.hexdigest().encode())
        stream.flush()
        os.fsync(stream.fileno())


def _write(bundle: zipfile.ZipFile, name: str, data: bytes) -> None:
    with bundle.open(_info(name), "w") as stream:
        stream.write(data)


def _info(name: str) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))


def _safe(name: str) -> str:
    cleaned = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', "_", mask(name)).strip(". ") or "_"
    return cleaned[:100]
