"""What an applicant handed in, as it lay there: every file with its name's own bytes, into the vault, and the list of them.

Nothing is unpacked or opened here: an archive is kept as the archive it is. Links and what is no file are listed without bytes. From the list and
the vault the same folder can be laid out again.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.intake import Submission, is_litter, shown
from records import canonical
from records.vault import Vault


@dataclass(frozen=True)
class Item:
    """``parts`` are names as the file system has them; ``absent`` says why there are no bytes."""

    parts: tuple[str, ...]
    path: Path
    absent: str = ""


@dataclass(frozen=True)
class HandedIn:
    """``data`` is the list as it lies in the vault, ``content`` a digest over the files alone, whatever their names."""

    data: bytes
    manifest: str
    content: str
    files: tuple[tuple[str, int], ...]


def keep(submission: Submission, vault: Vault, leave_out: Path) -> HandedIn:
    """Raises ``OSError`` where the vault cannot take the files."""
    items = list(_items(Path(submission.path), leave_out))
    kept = vault.put_files([item.path for item in items if not item.absent])
    digests = iter(kept)
    listed: list[dict[str, Any]] = []
    files: list[tuple[str, int]] = []
    for item in items:
        one = None if item.absent else next(digests)
        entry: dict[str, Any] = {"path": [_name(part) for part in item.parts]}
        if one is None:
            listed.append(entry | {"absent": item.absent or "unreadable"})
        else:
            listed.append(entry | {"sha256": one.sha256, "size": one.size})
            files.append((one.sha256, one.size))
    whole = Path(submission.path)
    told = {
        "v": 1,
        "id": submission.id,
        "name": submission.name,
        "root": _name(whole.absolute().name),
        "folder": whole.is_dir(),
        "files": sorted(listed, key=lambda one: canonical.dumps(one["path"])),
    }
    data = canonical.dumps(told)
    counted = sorted(one["sha256"] for one in listed if "sha256" in one and not is_litter(_shown(one["path"])))
    return HandedIn(data, canonical.sha256(data), canonical.digest(counted), tuple(sorted(files)))


def lay_out(manifest: bytes, vault: Vault, folder: Path) -> tuple[Submission, list[str]]:
    """The submission as it lay there, below ``folder``, and the names of what cannot be laid out. Raises ``VaultError``, ``OSError``."""
    told = canonical.loads(manifest)
    root = folder / _raw(told["root"])
    lacking = []
    if told["folder"]:
        root.mkdir(parents=True)
    for entry in told["files"]:
        target = root.joinpath(*map(_raw, entry["path"]))
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ValueError("a name that leaves its folder")
        if "absent" in entry:
            lacking.append(_shown(entry["path"]))
        else:
            vault.copy_to(entry["sha256"], target)
    return Submission(id=told["id"], name=told["name"], path=str(root)), lacking


def top_names(manifest: bytes) -> frozenset[str]:
    """The paths under which a report lists these files themselves, and not what is packed in them."""
    return frozenset(path for path, _, _ in shown_files(manifest))


def shown_files(manifest: bytes) -> list[tuple[str, str, int]]:
    """(path as shown, digest, size) of everything with bytes; the single file of a submission has its own name."""
    told = canonical.loads(manifest)
    return [
        (_shown(one["path"]) or _shown([told["root"]]), one["sha256"], one["size"]) for one in told["files"] if "sha256" in one
    ]


def _items(root: Path, leave_out: Path) -> Iterator[Item]:
    if not root.is_dir():
        yield Item((), root, "" if root.is_file() else "special")
        return
    own = leave_out.resolve()
    inside = root.resolve()
    for folder, folders, files in os.walk(root):
        here = Path(folder)
        parts = here.relative_to(root).parts
        for name in sorted(name for name in folders if (here / name).is_symlink()):
            yield Item((*parts, name), here / name, "link")
        folders[:] = sorted(name for name in folders if (here / name).resolve() != own)
        for name in sorted(files):
            path = here / name
            if path.is_symlink() and not path.resolve().is_relative_to(inside):
                yield Item((*parts, name), path, "link")
            else:
                yield Item((*parts, name), path, "" if path.is_file() else "special")


def _name(part: str) -> str | dict[str, str]:
    """A name as text, or its bytes in hex where they are no UTF-8."""
    raw = os.fsencode(part)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return {"hex": raw.hex()}


def _raw(part: str | dict[str, str]) -> str:
    name = part if isinstance(part, str) else os.fsdecode(bytes.fromhex(part["hex"]))
    if name in ("", ".", "..") or "/" in name or "\0" in name:
        raise ValueError("not a name")
    return name


def _shown(parts: list[str | dict[str, str]]) -> str:
    return "/".join(shown(_raw(part)) for part in parts)
