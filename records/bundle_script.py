#!/usr/bin/env python3
"""核验“初审”导出的记录包。只用 Python 3.8 以上自带的功能，不需要本系统，不联网，不写任何文件。

    python3 verify.py 记录包.zip [--key 公钥文件或64位十六进制]

检查：压缩包逐字节未动；清单中每个文件的摘要；导出这件事和每一条记录都在签了名的检查点之内（RFC 9162 包含证明）；检查点的 Ed25519 签名；
原件、报告与记录写明的摘要一致。退出状态：0 相符，1 被改动（写明哪一处），3 无法核验。没有给出另行保存的公钥时，只能证明包内各部分彼此相符。

It is also what ``chushen audit verify BUNDLE`` runs, so the two cannot disagree. Ed25519 follows RFC 8032, 5.1.7.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import zipfile
from typing import Any, Sequence

OK, TAMPERED, CANNOT = 0, 1, 3
CONTEXT = b"chushen checkpoint v1\n"
OWN = ("contents.json", "proof.json")

# --- Ed25519 ---

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a: Any, b: Any) -> Any:
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    c = 2 * a[3] * b[3] * D % P
    d = 2 * a[2] * b[2] % P
    e, f, g, h = y - x, d - c, d + c, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, point: Any) -> Any:
    found = (0, 1, 1, 0)
    while n:
        if n & 1:
            found = add(found, point)
        point = add(point, point)
        n >>= 1
    return found


def point(data: bytes) -> Any:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * ROOT % P
    if (x * x - x2) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = times(s, BASE), add(r, times(h, a))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# --- RFC 9162, 2.1.3.2 ---


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    if not 0 <= index < size:
        return False
    at, last = index, size - 1
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            leaf = hashlib.sha256(b"\1" + step + leaf).digest()
            while not at & 1 and at:
                at >>= 1
                last >>= 1
        else:
            leaf = hashlib.sha256(b"\1" + leaf + step).digest()
        at >>= 1
        last >>= 1
    return last == 0 and leaf == root


# --- the bundle ---


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def whole(path: str) -> bool:
    """The last 64 bytes are the digest of all before them, so no byte of the archive itself can change unseen."""
    digest, held = hashlib.sha256(), b""
    with open(path, "rb") as stream:
        while True:
            chunk = stream.read(1 << 20)
            if not chunk:
                break
            held += chunk
            digest.update(held[:-64])
            held = held[-64:]
    return digest.hexdigest().encode() == held


def file_digest(bundle: zipfile.ZipFile, name: str) -> Any:
    digest, size = hashlib.sha256(), 0
    with bundle.open(name) as stream:
        while True:
            chunk = stream.read(1 << 20)
            if not chunk:
                break
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def verify(path: str, keys: Sequence[bytes] = ()) -> Any:
    """(exit status, sentences). ``keys`` are public keys kept elsewhere, 32 bytes each."""
    faults: list[str] = []
    told: list[str] = []
    if not whole(path):
        faults.append("压缩包的字节被改动，或不是本系统导出的记录包")
    with zipfile.ZipFile(path) as bundle:
        names = [info.filename for info in bundle.infolist()]
        if len(names) != len(set(names)):
            faults.append("压缩包中有同名文件")
        contents_bytes = bundle.read("contents.json")
        contents, proof = json.loads(contents_bytes), json.loads(bundle.read("proof.json"))
        listed = {name: (digest, size) for name, digest, size in contents["files"]}
        faults += ["多出的文件：%s" % name for name in names if name not in listed and name not in OWN]
        faults += ["缺少文件：%s" % name for name in listed if name not in names]
        there: dict[str, str] = {}
        for name in [name for name in listed if name in names]:
            try:
                found = file_digest(bundle, name)
            except Exception:
                found = ("", -1)
            there[found[0]] = name
            if found != listed[name]:
                faults.append("文件内容被改动：%s" % name)
        faults += check_proof(proof, contents_bytes, keys)
        try:
            lines = bundle.read("trail.jsonl").split(b"\n")[:-1]
        except Exception:
            lines = []
            faults.append("记录摘录 trail.jsonl 无法读取")
        faults += check_trail(lines, proof, there, told)
    point = json.loads(proof["checkpoint"])
    told.append("检查点：第%s号，共%s条记录，签于%s" % (point["number"], point["entries"], point["at"]))
    told.append("公钥：%s（与另行保存的公钥比对）" % proof["public"])
    if faults:
        return TAMPERED, faults
    if not keys:
        told.append("注意：没有给出另行保存的公钥（--key），以上只说明包内各部分彼此相符，不能排除整包另造")
    return OK, told


def check_proof(proof: Any, contents_bytes: bytes, keys: Sequence[bytes]) -> list[str]:
    faults: list[str] = []
    body, signature = proof["checkpoint"].encode(), bytes.fromhex(proof["signature"])
    point, public = json.loads(body), bytes.fromhex(proof["public"])
    if keys and public not in keys:
        faults.append("签名所用的公钥不是另行保存的公钥")
    if hashlib.sha256(public).hexdigest()[:16] != point["key"]:
        faults.append("公钥与检查点写明的密钥不符")
    if canonical(point) != body or not signed_by(public, CONTEXT + body, signature):
        faults.append("检查点的签名不成立")
    entry = json.loads(proof["exported"])
    if not entry_included(proof["exported"].encode(), proof, point):
        faults.append("导出记录（第%s条）不在检查点之内" % entry.get("seq"))
    if entry["event"].get("contents") != hashlib.sha256(contents_bytes).hexdigest():
        faults.append("文件清单 contents.json 与导出时不符")
    return faults


def entry_included(body: bytes, proof: Any, point: Any) -> bool:
    seq = json.loads(body)["seq"]
    path = [bytes.fromhex(step) for step in proof["paths"].get(str(seq), ["00"])]
    leaf = hashlib.sha256(b"\0" + body).digest()
    return included(leaf, seq - 1, point["entries"], path, bytes.fromhex(point["root"]))


def check_trail(lines: Sequence[bytes], proof: Any, there: Any, told: list[str]) -> list[str]:
    """Each entry is in the checkpoint; what entries say the vault held is here, unless it expired."""
    faults: list[str] = []
    wanted: dict[str, int] = {}
    before: Any = None
    point = json.loads(proof["checkpoint"])
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            if canonical(entry) != line or not entry_included(line, proof, point):
                faults.append("第%s条记录（trail.jsonl 第%d行）不在检查点之内" % (entry.get("seq"), number))
            leaf = hashlib.sha256(b"\0" + line).hexdigest()
            if before is not None and (
                entry["seq"] <= before[0] or (entry["seq"] == before[0] + 1 and entry["prev"] != before[1])
            ):
                faults.append("第%s条记录与前一条不相连" % entry["seq"])
            before = (entry["seq"], leaf)
            for digest in entry["event"].get("objects", ()):
                wanted[digest] = entry["seq"]
            for digest in entry["event"].get("gone", ()):
                wanted.pop(digest, None)
        except Exception:
            faults.append("trail.jsonl 第%d行不是一条记录" % number)
    faults += ["第%s条记录写明的文件不在包中：%s" % (seq, digest) for digest, seq in wanted.items() if digest not in there]
    told.append("记录 %d 条，原件和报告 %d 个，都与检查点相符" % (len(lines), len(wanted)))
    return faults


def read_key(text: str) -> bytes:
    """A public key from hex, or from a PEM file (the last 32 bytes of its content)."""
    if len(text) == 64:
        return bytes.fromhex(text)
    with open(text, encoding="ascii") as stream:
        lines = [line.strip() for line in stream if "-----" not in line]
    return base64.b64decode("".join(lines))[-32:]


def main(arguments: list[str]) -> int:
    keys = [read_key(key) for flag, key in zip(arguments, arguments[1:]) if flag == "--key"]
    paths = [one for at, one in enumerate(arguments) if not one.startswith("--") and (at == 0 or arguments[at - 1] != "--key")]
    if len(paths) != 1:
        print(__doc__)
        return CANNOT
    try:
        status, told = verify(paths[0], keys)
    except Exception as error:
        print("无法核验：%s（%s）" % (type(error).__name__, error))
        return CANNOT
    print("相符。" if status == OK else "被改动：")
    print("\n".join(told))
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
