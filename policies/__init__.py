"""Policies as data: one folder each, ``source.txt`` (the policy's own text), ``policy.yaml`` and ``cases.yaml``. The code only loads them.

A clause is refused when its words are not in the article it cites, when its number, window or comparator is not in its words, or when
words of the articles it covers are left without a clause. So a typing slip in a threshold cannot survive loading.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from policies import refusals
from policies.source import Source, chinese_day, one_line
from schemas.policy import Policy, in_words
from schemas.report import PolicyEntry
from schemas.vocabulary import ROLE_NAMES, PolicyStatus

HOME: Final = Path(__file__).parent


class PolicyError(ValueError):
    """A policy that must not be used, with every reason (Chinese) in ``problems``."""

    def __init__(self, where: str, problems: tuple[str, ...]) -> None:
        super().__init__(f"{where}：\n" + "\n".join(f"  · {problem}" for problem in problems))
        self.problems = problems


# --- the public face ---------------------------------------------------------------------------------------------------------------


def available() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in HOME.glob("*/policy.yaml")))


@cache
def load(policy_id: str) -> Policy:
    """One of ``available()``. Raises ``KeyError`` for another id and ``PolicyError`` for data that does not hold."""
    if policy_id not in available():
        raise KeyError(policy_id)
    return load_file(HOME / policy_id)


def source_text(policy: str) -> str:
    """The policy's own words: of one of ours by its id, or beside a policy file."""
    folder = Path(policy).parent if policy.endswith((".yaml", ".yml")) else HOME / policy
    return (folder / "source.txt").read_text(encoding="utf-8-sig")


def load_file(path: Path) -> Policy:
    """``path`` is a ``policy.yaml`` or its folder; ``source.txt`` lies beside it. Raises ``PolicyError``, ``OSError``."""
    file = path / "policy.yaml" if path.is_dir() else path
    policy, problems = _read(file)
    if policy is None or problems:
        raise PolicyError(str(file), problems)
    return policy


def check_file(path: Path) -> tuple[str, ...]:
    """Every reason (Chinese) why the policy at ``path`` would be refused; empty when it holds."""
    file = path / "policy.yaml" if path.is_dir() else path
    try:
        return _read(file)[1]
    except OSError as error:
        return (f"读不到文件：{error.filename or file}",)


def status_on(policy: Policy, day: date) -> PolicyEntry:
    """The policy's standing on a day (both ends of its validity included) and the notice every output then prints."""
    status, notice = _standing(policy, day)
    return PolicyEntry(
        id=policy.id,
        version=policy.version,
        title=policy.title,
        status=status,
        simulation=status is not PolicyStatus.IN_FORCE,
        notice=notice,
    )


def _standing(policy: Policy, day: date) -> tuple[PolicyStatus, str]:
    name = f"《{policy.document}》"
    if policy.draft:
        return PolicyStatus.DRAFT, f"{name}尚未正式印发，没有施行日期。本结果仅供模拟，不作为审核依据。"
    if policy.effective_from and day < policy.effective_from:
        return (
            PolicyStatus.NOT_YET_IN_FORCE,
            f"{name}自{chinese_day(policy.effective_from)}起施行，{chinese_day(day)}尚未施行。本结果仅供模拟。",
        )
    if policy.effective_to and day > policy.effective_to:
        return (
            PolicyStatus.EXPIRED,
            f"{name}有效期至{chinese_day(policy.effective_to)}，{chinese_day(day)}已不在有效期内。本结果仅供模拟。",
        )
    return PolicyStatus.IN_FORCE, ""


def show(policy: Policy) -> str:
    """The whole policy in Chinese, clause by clause, for people."""
    if policy.draft:
        validity = "征求意见稿，没有施行日期，审查结果仅供模拟"
    else:
        ends = [chinese_day(day) if day else "未写明" for day in (policy.effective_from, policy.effective_to)]
        validity = f"{ends[0]}至{ends[1]}（首尾两日都在内），此外的审查仅供模拟"
    lines = [policy.title, f"依据：{policy.document}{'　' + policy.number if policy.number else ''}", f"效力：{validity}"]
    lines.append(f"区县职责：{policy.duty.quote}（{policy.duty.article}）")
    named = "；".join(f"{item.name}（{item.article}，{ROLE_NAMES[item.role]}）" for item in policy.materials)
    lines.append(f"条文列明的材料：{named or '条文未列明，以申报通知和附件清单为准'}")
    lines.append(f"条款：共{len(policy.clauses)}项")
    for clause in policy.clauses:
        lines += ["", f"[{clause.name}] {clause.title}　{clause.article}", f"  条文：{one_line(clause.quote)}"]
        lines.append(f"  要求：{in_words(clause.requirement)}")
        lines += [f"  例外：{waiver.effect}（“{waiver.quote}”）" for waiver in clause.waivers]
        if clause.reading:
            lines.append(f"  理解：{clause.reading.told()}")
    return "\n".join(lines)


# --- reading -----------------------------------------------------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """Refuses a key given twice, which YAML would silently let the later one win."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    twice = sorted({str(key) for key in keys if keys.count(key) > 1})
    if twice:
        raise yaml.constructor.ConstructorError(None, None, f"重复的键 {'、'.join(twice)}", node.start_mark)
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _read(file: Path) -> tuple[Policy | None, tuple[str, ...]]:
    try:
        source = (file.parent / "source.txt").read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return None, ("source.txt 不是UTF-8编码的文字",)
    try:
        raw = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return None, (f"不是能读的YAML：{one_line(str(error))}",)
    if not isinstance(raw, dict):
        return None, ("policy.yaml 应是一组“键: 值”",)
    try:
        policy = Policy.model_validate(raw)
    except ValidationError as error:
        return None, tuple(_told(item, raw) for item in error.errors())
    problems = list(refusals.problems(policy, Source(source)))
    if policy.id != file.parent.name:
        problems.insert(0, f"id {policy.id} 与文件夹名 {file.parent.name} 不同")
    return policy, tuple(problems)


_KINDS: Final = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项，可能是写错了名字",
    "enum": "不是已知的取值",
    "literal_error": "不是已知的取值",
    "union_tag_invalid": "不认识的形式",
    "union_tag_not_found": "没有写明形式（kind 或 test）",
    "decimal_parsing": "不是数字",
    "decimal_type": "不是数字",
    "int_parsing": "不是整数",
    "int_type": "不是整数",
    "int_from_float": "不是整数",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "string_type": "应为文字（数字样的文字要加引号）",
    "tuple_type": "应为列表（写在方括号里）",
    "too_short": "列表项数不够",
    "string_too_short": "不能是空的",
    "model_type": "应为一组“键: 值”",
    "model_attributes_type": "应为一组“键: 值”",
    "date_from_datetime_parsing": "不是日期（写成 2026-01-31）",
    "date_parsing": "不是日期（写成 2026-01-31）",
    "date_type": "不是日期（写成 2026-01-31）",
    "greater_than": "应大于零",
    "greater_than_equal": "不能是负数",
    "less_than": "太大",
}


def _told(item: Any, raw: dict[str, Any]) -> str:
    where = [str(part) for part in item["loc"]]
    name = ""
    if len(where) > 1 and where[0] == "clauses" and where[1].isdigit():
        clause = raw["clauses"][int(where[1])]
        name = f"条款 {clause.get('name', where[1]) if isinstance(clause, dict) else where[1]}："
        where = where[2:]
    got = f"（写的是 {item['input']!r}）" if isinstance(item["input"], str | int | float) else ""
    why = str(item["ctx"]["error"]) if item["type"] == "value_error" else _KINDS.get(item["type"], item["msg"])
    return f"{name}{'.'.join(where)} {why}{got}"
