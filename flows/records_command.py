"""``chushen audit`` and ``chushen records``: what the records say, whether they hold, and what is done with them."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.settings import Settings, load
from flows.trouble import RecordsError, actor, trouble
from schemas.personal import mask

OK, DIFFERS, WRONG_CALL, CANNOT = 0, 1, 2, 3
#: So many problems are printed; a cut trail makes thousands.
SHOWN = 50
GAPS = {
    "closed": "已解决",
    "opened": "新出现",
    "verdict": "结论变化",
    "fact": "数据变化",
    "document": "文件",
    "recommendation": "初审建议",
}


def add_parsers(commands: Any, make: Callable[..., argparse.ArgumentParser]) -> None:
    _audit_parsers(commands, make)
    _records_parsers(commands, make)


def _audit_parsers(commands: Any, make: Callable[..., argparse.ArgumentParser]) -> None:
    audit = commands.add_parser(
        "audit",
        help="核验记录、导出记录包、重做对照",
        description="核验记录有没有被改动，导出任何人都能核验的记录包，从原件重做初审并对照。",
        epilog="示例：\n  chushen audit verify\n  chushen audit verify 记录包.zip --key 公钥.pem\n  chushen audit export 案件 --out 记录包.zip",
    )
    actions = audit.add_subparsers(title="操作", dest="action", metavar="ACTION", required=True, parser_class=make)
    verify = actions.add_parser(
        "verify",
        help="核验全部记录，或一个记录包",
        description="逐条重算，凡被改动、删去、插入、调换、截断的，写明在哪一处。",
        epilog="退出状态：0 相符；1 被改动；2 相符，但末尾的记录还没有检查点证明（写明几条）；3 无法核验。",
    )
    verify.add_argument("bundle", metavar="BUNDLE", nargs="?", help="导出的记录包；不写则核验全部记录")
    verify.add_argument("--key", action="append", default=[], metavar="KEY", help="另行保存的公钥：文件，或64位十六进制；可多次")
    verify.add_argument("--witness", action="append", default=[], metavar="FILE", help="另行保存的见证文件；可多次")
    verify.add_argument("--printed", action="append", default=[], metavar="TEXT", help="文书上印的检查点（CHUSHEN1:…）；可多次")
    verify.set_defaults(run=_verify)
    export = actions.add_parser(
        "export", help="导出记录包", description="把一个案件、申报包或批次的原件、报告、记录和证明导出为一个文件。"
    )
    export.add_argument("name", metavar="NAME", help="案件、申报包或批次，见 chushen records list")
    export.add_argument("--out", metavar="FILE", required=True, help="导出到哪个文件")
    export.set_defaults(run=_export)
    replay = actions.add_parser(
        "replay", help="从原件重做初审并对照", description="用当时的政策和设置，从留存的原件重做初审，与当时的报告对照。"
    )
    replay.add_argument("name", metavar="NAME", help="案件、申报包或批次")
    replay.set_defaults(run=_replay)
    key = actions.add_parser("key", help="显示公钥", description="显示签署检查点的公钥，供交存别处。")
    key.set_defaults(run=_key)
    digest = actions.add_parser("digest", help="显示最近的检查点", description="显示最近的检查点，供印在文书上或抄录保存。")
    digest.add_argument("--qr", metavar="FILE", help="把二维码写入这个 SVG 文件")
    digest.set_defaults(run=_digest)


def _records_parsers(commands: Any, make: Callable[..., argparse.ArgumentParser]) -> None:
    records = commands.add_parser(
        "records",
        help="查看、备份、恢复、到期清除记录",
        description="查看留存的案件，备份和恢复，清除到期的内容。",
        epilog="示例：\n  chushen records list\n  chushen records show kunming-poc/91530100MA…\n  chushen records backup /备份/初审",
    )
    actions = records.add_subparsers(title="操作", dest="action", metavar="ACTION", required=True, parser_class=make)
    listing = actions.add_parser(
        "list", help="列出案件和申报包", description="列出留存的案件；给出词语时，列出名称、代码、政策中含有这些词语的。"
    )
    listing.add_argument("words", metavar="WORDS", nargs="*", help="要找的词语")
    listing.set_defaults(run=_list)
    show = actions.add_parser(
        "show", help="显示一个案件的各个版本", description="显示案件各版本的变化：数据、结论、已解决和新出现的问题。"
    )
    show.add_argument("case", metavar="CASE", help="案件")
    show.add_argument("--json", action="store_true", help="以 JSON 输出")
    show.set_defaults(run=_show)
    expire = actions.add_parser("expire", help="清除到期的内容", description="删除到期案件的原件和报告；经过仍在，仍可核验。")
    expire.add_argument("case", metavar="CASE", nargs="*", help="案件；不写则为超过保存年限的全部案件")
    expire.add_argument("--reason", metavar="TEXT", default="保存期满", help="原因")
    expire.add_argument("--yes", action="store_true", help="确认删除；不写则只列出")
    expire.set_defaults(run=_expire)
    backup = actions.add_parser(
        "backup", help="备份", description="备份全部记录（不含私钥），随即读回核对。初审进行中也可以备份。"
    )
    backup.add_argument("folder", metavar="DIR", help="备份到哪个文件夹；已有上次的备份时只补新的")
    backup.set_defaults(run=_backup)
    restore = actions.add_parser(
        "restore", help="恢复", description="从备份恢复到空的 CHUSHEN_HOME（和空的数据库），恢复一事记入记录。"
    )
    restore.add_argument("folder", metavar="DIR", help="备份所在的文件夹")
    restore.set_defaults(run=_restore)
    signer = actions.add_parser(
        "signer",
        help="运行签名进程",
        description="由另一个用户运行：私钥只有它能读，并记得签过什么，拒绝替被改写或退回的记录重新签名。一直运行，Ctrl-C 结束。",
        epilog="示例（另一个用户，同组）：\n  CHUSHEN_HOME=/srv/signer chushen records signer --socket /run/chushen/signer\n"
        '本系统的 settings.toml 中写：signer = "/run/chushen/signer"',
    )
    signer.add_argument("--socket", metavar="PATH", required=True, help="在哪里应答（Unix 套接字；同组用户可用）")
    signer.set_defaults(run=_signer)
    receipt = actions.add_parser(
        "receipt",
        help="出具收件回执",
        description="出具一个案件（或申报包）的收件回执：各文件的摘要，和记录此刻的检查点（文字和二维码），供申报单位和经办人保存。",
        epilog="示例：\n  chushen records receipt kunming-poc/91530100MA… --out 回执.docx",
    )
    receipt.add_argument("name", metavar="NAME", help="案件或申报包，见 chushen records list；案件取最近一次提交")
    receipt.add_argument("--out", metavar="FILE", required=True, help="写到哪个文件（.docx）")
    receipt.set_defaults(run=_receipt)
    weak = actions.add_parser(
        "advisories",
        help="核对所用软件的已知漏洞",
        description="用带入的 OSV 漏洞数据（PyPI 的 all.zip，30 天内）逐个核对已安装的软件包，不联网。",
        epilog="退出状态：0 没有已知漏洞；1 有；3 无法核对（没有数据、数据过期）。\n示例：\n  chushen records advisories all.zip",
    )
    weak.add_argument("snapshot", metavar="FILE", help="OSV 数据")
    weak.set_defaults(run=_advisories)
    bill = actions.add_parser("software", help="列出所用软件", description="以 JSON 列出安装的全部软件包及版本（软件物料清单）。")
    bill.set_defaults(run=_software)


def _say(*lines: str) -> None:
    from reports.words import visible

    for line in lines:
        print(mask(visible(line)))  # noqa: T201


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        print(line, file=sys.stderr)  # noqa: T201


@contextmanager
def _reading(settings: Settings) -> Any:
    """The store for looking only. Raises ``RecordsError``."""
    from sqlalchemy.exc import SQLAlchemyError

    from records import database, store

    try:
        found = store.read_store(settings.home, settings.database, witness=settings.witness)
    except (store.StoreError, database.DatabaseError) as error:
        raise RecordsError(str(error)) from error
    except (OSError, SQLAlchemyError) as error:
        raise RecordsError(trouble(error)) from error
    try:
        yield found
    finally:
        found.engine.dispose()


# --- audit --------------------------------------------------------------------------------------------------------------------------


def _verify(call: argparse.Namespace) -> int:
    from sqlalchemy.exc import SQLAlchemyError

    from records import audit, bundle_script

    try:
        keys = tuple(bundle_script.read_key(key) for key in call.key)
        if call.bundle:
            return _verify_bundle(Path(call.bundle), keys)
        outside = audit.Outside(keys, tuple(map(Path, call.witness)), tuple(call.printed))
        with _reading(load().settings) as store:
            verdict = audit.verify(store, outside, _tell)
    except (RecordsError, OSError, ValueError, SQLAlchemyError) as error:
        _say(f"无法核验：{trouble(error) if isinstance(error, SQLAlchemyError) else error}")
        return CANNOT
    _say(
        f"记录 {verdict.entries} 条，检查点 {verdict.checkpoints} 个，原件和报告 {verdict.files} 个（{verdict.bytes / 1e6:.1f} MB）"
    )
    _say(*(f"说明：{note}" for note in verdict.notes))
    if verdict.count:
        _say(f"被改动，共 {verdict.count} 处：", *(f"  {one.place}：{one.told}" for one in verdict.problems[:SHOWN]))
        if verdict.count > SHOWN:
            _say(f"  ……其余 {verdict.count - SHOWN} 处略")
    elif verdict.unattested:
        _say(f"相符；但最后 {verdict.unattested} 条记录还没有检查点证明，如被改写，本次核验看不出来。")
    elif verdict.unwitnessed:
        _say(f"相符；但最后 {verdict.unwitnessed} 个检查点还没有写入见证文件。")
    else:
        _say("相符：没有发现改动。")
    if verdict.last and not verdict.count:
        _say(f"最近的检查点：{verdict.last}")
    return verdict.status


def _verify_bundle(path: Path, keys: tuple[bytes, ...]) -> int:
    from records import bundle_script

    try:
        status, told = bundle_script.verify(str(path), keys)
    except Exception as error:
        _say(f"无法核验：{path} 不是记录包，或已损坏（{type(error).__name__}）")
        return CANNOT
    _say("相符。" if status == OK else "被改动：", *told)
    return int(status)


def _export(call: argparse.Namespace) -> int:
    from flows import handed_in
    from records import bundle, vault

    target = Path(call.out).expanduser().absolute()
    if target.exists():
        raise RecordsError(f"{target} 已经存在，没有覆盖")
    with _writing(load().settings) as store:
        try:
            digest = bundle.export(store, call.name, target, actor(), handed_in.shown_files)
        except (bundle.BundleError, vault.VaultError, OSError) as error:
            raise RecordsError(str(error)) from error
    _say(
        f"已导出：{target}",
        f"清单摘要：{digest}",
        f"核验：chushen audit verify {target.name}，或用包中的 verify.py，不需要本系统",
    )
    return OK


def _replay(call: argparse.Namespace) -> int:
    from flows.replaying import replay
    from records import bundle

    settings = load().settings
    with _writing(settings) as store:
        try:
            chosen = bundle.choose(store, call.name)
        except bundle.BundleError as error:
            raise RecordsError(str(error)) from error
        outcomes = replay(store, settings, chosen.packages, actor())
    status = OK
    for one in outcomes:
        if one.failure:
            _say(f"{one.name}（{one.package[:12]}）：不能重做：{one.failure}")
            status = CANNOT
        elif not one.differences:
            _say(f"{one.name}（{one.package[:12]}）：报告完全相同")
        else:
            _say(f"{one.name}（{one.package[:12]}）：{len(one.differences)} 处不同")
            _say(
                *(
                    f"  {change.what}：当时 {change.before or '（无）'}，现在 {change.after or '（无）'}"
                    for change in one.differences[:SHOWN]
                )
            )
            _say(*(f"  可能的原因：{reason}" for reason in one.reasons or ("设置、政策、软件都与当时相同：请报告开发者",)))
            status = max(status, DIFFERS)
    return status


def _key(_: argparse.Namespace) -> int:
    from records import keys, signing, signing_process

    settings = load().settings
    signer: signing.Signing = keys.signer(settings.home) if settings.signer is None else signing_process.remote(settings.signer)
    _say(f"密钥标识：{signer.id}", f"公钥：{signer.public.hex()}", signing.pem(signer.public).strip())
    _say("请把以上公钥交存到本机以外（上级部门、公告、盖章的纸件）。私钥只在本机 CHUSHEN_HOME/keys（或签名进程处），不要外传。")
    return OK


def _digest(call: argparse.Namespace) -> int:
    from records import checkpoint

    with _reading(load().settings) as store:
        last = store.last_checkpoint()
    if last is None:
        raise RecordsError("还没有检查点")
    words = checkpoint.printed(last)
    _say(words)
    if call.qr:
        import segno

        segno.make(words, error="m").save(call.qr, kind="svg", scale=4)
        _say(f"二维码：{call.qr}")
    return OK


# --- records ------------------------------------------------------------------------------------------------------------------------


@contextmanager
def _writing(settings: Settings) -> Any:
    from flows.recording import open_records

    store = open_records(settings)
    try:
        yield store
    finally:
        store.engine.dispose()


def _receipt(call: argparse.Namespace) -> int:
    from flows import handed_in, writing
    from records import bundle, canonical, checkpoint
    from reports import receipt
    from schemas.trail import Receipt

    target = Path(call.out).expanduser().absolute()
    if target.exists():
        raise RecordsError(f"{target} 已经存在，没有覆盖")
    with _writing(load().settings) as store:
        try:
            chosen = bundle.choose(store, call.name)
        except bundle.BundleError as error:
            raise RecordsError(str(error)) from error
        if chosen.batch:
            raise RecordsError(f"“{call.name}”是一个批次。回执按案件或申报包出具")
        key, row = max(chosen.packages, key=lambda one: one[1]["received_seq"])
        if not store.vault.holds(row["manifest"]):
            raise RecordsError("这个申报包的原件已到期清除，不能再出具回执")
        files = [
            receipt.Received(mask(name), size, digest)
            for name, digest, size in handed_in.shown_files(store.vault.get(row["manifest"]))
        ]
        store.sign("receipt")
        last = store.last_checkpoint()
        assert last is not None, "a store that was opened has one"
        at = datetime.fromisoformat(store.entry_time(row["received_seq"])).astimezone()
        paper = receipt.render(
            receipt.Told(
                case=row["case"] or f"申报包 {key[:12]}",
                applicant=mask(row["applicant"]),
                submission=mask(row["name"]),
                version=row["version"],
                at=f"{at:%Y年%m月%d日 %H:%M}",
                files=files,
                checkpoint=checkpoint.printed(last),
            )
        )
        store.append([Receipt(package=key, case=row["case"], paper=canonical.sha256(paper))], actor())
        writing.write_bytes(target, paper)
    _say(f"已出具：{target}", checkpoint.printed(last))
    return OK


def _advisories(call: argparse.Namespace) -> int:
    from flows import advisories, software

    installed = software.components()
    try:
        audited = advisories.audit(Path(call.snapshot).expanduser(), installed, datetime.now(UTC))
    except advisories.AdvisoriesError as error:
        _say(f"无法核对：{error}")
        return CANNOT
    _say(
        f"已核对 {audited.packages} 个软件包（共装 {len(installed)} 个），漏洞数据 {audited.advisories} 条，截至 {audited.date:%Y-%m-%d}"
    )
    if audited.packages != len({name for name, _ in installed}):
        _say("无法核对：有的软件包没有核对到")
        return CANNOT
    _say(*(f"  {one.package} {one.version}：{one.id}  {one.summary}" for one in audited.found))
    _say("没有已知漏洞。" if not audited.found else f"有已知漏洞 {len(audited.found)} 条，请升级或评估。")
    return DIFFERS if audited.found else OK


def _signer(call: argparse.Namespace) -> int:
    from records import keys, signing_process

    path = Path(call.socket).expanduser().absolute()

    def ready(key: str) -> None:
        _say(f"签名进程已就绪：密钥 {key}，{path}")
        sys.stdout.flush()

    try:
        signing_process.serve(path, load().settings.home, ready)
    except KeyboardInterrupt:
        return OK
    except (keys.BadKeyError, OSError, AttributeError) as error:
        raise RecordsError(f"签名进程不能启动：{error}") from error
    return OK


def _list(call: argparse.Namespace) -> int:
    with _reading(load().settings) as store:
        if call.words:
            for key, row in store.search(" ".join(call.words)):
                _say(
                    f"{key[:12]}  {row['case'] or '（未完成）'}  第{row['version']}版  {row['name']}  {row['state']}  {row['at'][:10]}"
                )
            return OK
        for key, row in store.rows("cases"):
            state = "内容已清除" if row["expired"] else row["decision"] or row["state"]
            _say(f"{key}  {row['applicant'] or '（申报单位未明）'}  {len(row['contents'])}个版本  {state}  {row['at'][:10]}")
    return OK


def _show(call: argparse.Namespace) -> int:
    from records.versions import compare

    with _reading(load().settings) as store:
        case = store.row("cases", call.case)
        if case is None:
            raise RecordsError(f"记录中没有案件“{call.case}”。用 chushen records list 查看")
        versions = [(key, store.row("packages", key)) for key in case["packages"]]
        reports = [json.loads(store.vault.get(row["final"])) if store.vault.holds(row["final"]) else None for _, row in versions]
    told = []
    for at, ((key, row), report) in enumerate(zip(versions, reports, strict=True)):
        changes: tuple[dict[str, Any], ...] = ()
        if at and report is not None and (before := reports[at - 1]) is not None:
            changes = tuple(change.model_dump() for change in compare(before, report))
        told.append(
            {
                "package": key,
                **{name: row[name] for name in ("version", "name", "at", "as_of", "recommendation", "findings", "policy_digest")},
                "changes": changes,
            }
        )
    if call.json:
        print(mask(json.dumps(told, ensure_ascii=False, indent=1)))  # noqa: T201
        return OK
    _say(f"{call.case}  {case['applicant']}")
    for one in told:
        _say(
            f"第{one['version']}版  {one['at'][:10]}  {one['name']}  申报包 {one['package'][:12]}  {_words(one['recommendation'])}  发现 {one['findings']} 个"
        )
        for change in one["changes"]:
            before, after = _words(change["before"]) or "（无）", _words(change["after"]) or "（无）"
            _say(f"    {GAPS[change['kind']]}  {_words(change['what'])}：{before} → {after}")
    return OK


def _words(code: str) -> str:
    """The Chinese for a code of the closed lists, or the words themselves."""
    from schemas.vocabulary import FACTS, FINDINGS, RECOMMENDATION_NAMES, VERDICT_NAMES

    names: dict[str, str] = {
        **{str(one): name for one, name in RECOMMENDATION_NAMES.items()},
        **{str(one): name for one, name in VERDICT_NAMES.items()},
        **{str(one): name for one, (_, name) in FACTS.items()},
        **{str(one): names[0] for one, names in FINDINGS.items()},
    }
    head, _, rest = code.partition(" ")
    return f"{names[head]} {rest}".strip() if head in names else names.get(code, code)


def _expire(call: argparse.Namespace) -> int:
    from records import expiry

    settings = load().settings
    now = datetime.now(UTC)
    with _writing(settings) as store:
        cases: Sequence[str] = call.case or expiry.due(store.rows("cases"), now - timedelta(days=366 * settings.retention_years))
        if not cases:
            _say(f"没有超过 {settings.retention_years} 年的案件。")
            return OK
        if not call.yes:
            _say("将清除以下案件的原件和报告（加 --yes 执行）：", *(f"  {case}" for case in cases))
            return OK
        try:
            gone = expiry.expire(store, cases, now, actor(), call.reason)
        except expiry.ExpiryError as error:
            raise RecordsError(str(error)) from error
    _say(f"已清除 {len(gone.cases)} 个案件的 {gone.files} 个文件；经过仍在，仍可核验。")
    return OK


def _backup(call: argparse.Namespace) -> int:
    from records import backup
    from records.store import StoreError

    with _reading(load().settings) as store:
        try:
            made = backup.backup(store, Path(call.folder).expanduser().absolute(), _tell)
        except (backup.BackupError, StoreError, OSError) as error:
            raise RecordsError(str(error)) from error
    _say(f"已备份并读回核对：记录 {made.entries} 条，文件 {made.files} 个（{made.bytes / 1e6:.1f} MB）。私钥不在备份中。")
    return OK


def _restore(call: argparse.Namespace) -> int:
    from records import backup
    from records.store import StoreError

    settings = load().settings
    try:
        store = backup.restore(
            Path(call.folder).expanduser().absolute(),
            settings.home,
            settings.database,
            actor(),
            witness=settings.witness,
            signing=settings.signer,
        )
    except (backup.BackupError, StoreError, OSError) as error:
        raise RecordsError(str(error)) from error
    store.engine.dispose()
    told = "签名换用新密钥，请把新的公钥（chushen audit key）交存别处，旧公钥继续保存。" if settings.signer is None else ""
    _say(f"已恢复，并记入记录。{told}")
    return OK


def _software(_: argparse.Namespace) -> int:
    from flows.software import identity

    print(identity().bill.decode())  # noqa: T201
    return OK
