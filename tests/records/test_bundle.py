"""A bundle by the script that lies in it: untouched it holds, and no byte of it can change unseen. Ed25519 in plain Python agrees with the library."""

import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from flows.handed_in import shown_files
from records import bundle, bundle_script, canonical
from records.store import Store
from schemas.trail import Viewed
from tests.records.fill import SETTINGS, decided, fill, opened


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Path]:
    folder = tmp_path_factory.mktemp("bundle")
    store = opened(folder)
    fill(store, 8)
    store.append([decided(store, 3)], "张三")
    target = folder / "案件.zip"
    (case,) = (key for key, row in store.rows("cases") if row["state"] == "decided")
    bundle.export(store, case, target, "张三", names)
    return store, target


def names(manifest: bytes) -> list[tuple[str, str, int]]:
    return [(f"附件/{number}.txt", digest, 0) for number, digest in enumerate(canonical.loads(manifest)["files"])]


def test_a_bundle_holds_by_the_script_inside_it_and_the_deposited_key(exported: tuple[Store, Path], tmp_path: Path) -> None:
    store, target = exported
    with zipfile.ZipFile(target) as archive:
        (tmp_path / "verify.py").write_bytes(archive.read("verify.py"))
    call = [
        sys.executable,
        "-I",
        "-S",
        str(tmp_path / "verify.py"),
        str(target),
        "--key",
        str(store.home / "keys" / "signing.pub"),
    ]
    done = subprocess.run(call, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "相符。")
    assert "注意" not in done.stdout


def test_what_is_in_a_bundle(exported: tuple[Store, Path]) -> None:
    with zipfile.ZipFile(exported[1]) as archive:
        found = sorted(name.split("/")[0] for name in archive.namelist())
        trail = [canonical.loads(line)["event"]["kind"] for line in archive.read("trail.jsonl").splitlines()]
    assert found == [
        "contents.json",
        "documents",
        "documents",
        "manifests",
        "proof.json",
        "public-key.pem",
        "reports",
        "reports",
        "trail.jsonl",
        "verify.py",
        "说明.txt",
    ]
    assert trail == ["opened", "key", "received", "read", "extracted", "checked", "decided"]


def test_another_key_is_told(exported: tuple[Store, Path]) -> None:
    status, told = bundle_script.verify(str(exported[1]), [bytes(32)])
    assert (status, told) == (1, ["签名所用的公钥不是另行保存的公钥"])


@pytest.mark.parametrize("seed", range(40))
def test_no_byte_of_a_bundle_changes_unseen(exported: tuple[Store, Path], tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(exported[1].read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    (tmp_path / "b.zip").write_bytes(data)
    assert bundle_script.main([str(tmp_path / "b.zip")]) in (1, 3)


def rewritten(source: Path, target: Path, change: dict[str, bytes | None]) -> None:
    """A bundle put together again by somebody who knows its form, with the outer digest right."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name in change.keys() - set(old.namelist()):
            new.writestr(name, change[name] or b"")
        new.comment = b"sha256:" + b"0" * 64
    bundle._seal(target)


def test_a_bundle_put_together_again_is_found_out_at_its_place(exported: tuple[Store, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(exported[1]) as archive:
        report = next(name for name in archive.namelist() if name.endswith("report.json"))
        contents, trail = archive.read("contents.json"), archive.read("trail.jsonl")
        changed = archive.read(report) + b" "
        listed = contents.replace(canonical.sha256(archive.read(report)).encode(), canonical.sha256(changed).encode())
    cases: list[tuple[dict[str, bytes | None], str]] = [
        ({report: changed}, f"文件内容被改动：{report}"),
        ({report: None}, f"缺少文件：{report}"),
        ({"documents/新.pdf": b"x"}, "多出的文件：documents/新.pdf"),
        ({report: changed, "contents.json": listed}, "文件清单 contents.json 与导出时不符"),
        ({"trail.jsonl": trail.replace(b"confirmed", b"dismissed")}, "不在检查点之内"),
        ({"trail.jsonl": b"".join(trail.splitlines(keepends=True)[:-1])}, "文件内容被改动：trail.jsonl"),
    ]
    for change, said in cases:
        rewritten(exported[1], tmp_path / "b.zip", change)
        status, told = bundle_script.verify(str(tmp_path / "b.zip"))
        assert status == 1, change.keys()
        assert any(said in one for one in told), told


def test_what_expired_before_the_export_is_not_missed(exported: tuple[Store, Path], tmp_path: Path) -> None:
    from schemas.trail import Expired

    store, _ = exported
    key, row = store.rows("packages")[5]
    files = shown = [
        digest
        for one in store.entries()
        for digest in canonical.loads(one.body)["event"].get("objects", ())
        if canonical.loads(one.body)["event"].get("package") == key
    ]
    store.append([Expired(case=row["case"], reason="保存期满", gone=tuple(files))], "张三")
    store.vault.remove(shown)
    bundle.export(store, row["case"], tmp_path / "b.zip", "张三", names)
    assert bundle_script.verify(str(tmp_path / "b.zip"))[0] == 0


def test_a_view_of_the_case_goes_along(exported: tuple[Store, Path], tmp_path: Path) -> None:
    store, _ = exported
    key, row = store.rows("packages")[6]
    store.append([Viewed(package=key, case=row["case"], saw=SETTINGS, unmasked=("id_number",), reason="核对身份")], "李四")
    bundle.export(store, key, tmp_path / "b.zip", "张三", names)
    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        assert b'"kind":"viewed"' in archive.read("trail.jsonl")


def test_signatures_in_plain_python_agree_with_the_library() -> None:
    for number in range(20):
        key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        message = bytes(range(number))
        signature, public = key.sign(message), key.public_key().public_bytes_raw()
        assert bundle_script.signed_by(public, message, signature)
        assert not bundle_script.signed_by(public, message + b"x", signature)
        assert not bundle_script.signed_by(public, message, signature[:-1] + bytes([signature[-1] ^ 1]))


def test_the_script_runs_on_old_pythons_grammar() -> None:
    import ast

    ast.parse(Path(bundle_script.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_manifest_of_screening_is_read(tmp_path: Path) -> None:
    from flows.handed_in import keep
    from flows.intake import survey

    (tmp_path / "甲").mkdir()
    (tmp_path / "甲" / "申报书.txt").write_text("x", encoding="utf-8")
    (one,) = survey(tmp_path / "甲").submissions
    kept = keep(one, opened(tmp_path).vault, tmp_path / "out")
    assert [(path, size) for path, _, size in shown_files(kept.data)] == [("申报书.txt", 1)]
