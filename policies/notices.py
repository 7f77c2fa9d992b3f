"""Reading the small file in which a bureau writes down its call for applications, and saying in Chinese what is wrong with it."""

from pathlib import Path
from typing import Any, Final

import yaml
from pydantic import ValidationError

from schemas.notice import CONDITIONS, Notice

#: A call is a page; anything longer is another file.
LARGEST: Final = 200_000
_FIELDS: Final = "通知、文号、截止日期、起算日、材料"
_OF_MATERIAL: Final = "名称、任一、条件"


class NoticeError(ValueError):
    """The file cannot be used; the message is Chinese and says what to change."""


def load_notice(path: Path) -> Notice:
    """Raises ``NoticeError``."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoticeError(f"无法读取通知文件 {path.name}（{error.strerror}）") from error
    if len(data) > LARGEST:
        raise NoticeError(f"通知文件 {path.name} 过大，它应是一个几十行的文本文件")
    try:
        content = yaml.safe_load(_text(data, path.name))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第{mark.line + 1}行附近" if mark is not None else ""
        raise NoticeError(f"通知文件 {path.name} {where}写法有误，请检查冒号后是否有空格、各行缩进是否对齐") from error
    return notice_of(content, path.name)


def _text(data: bytes, name: str) -> str:
    """UTF-8, or GBK as an older Notepad writes it; the word every such file holds tells which."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "通知" in text:
            return text
    raise NoticeError(f"通知文件 {name} 中没有“通知”一栏，或不是 UTF-8 编码，请用记事本另存为 UTF-8")


def notice_of(content: Any, name: str = "") -> Notice:
    """The call in a file's content. Raises ``NoticeError``."""
    if not isinstance(content, dict):
        raise NoticeError(f"通知文件 {name} 应由“栏目: 内容”组成，可写的栏目：{_FIELDS}")
    materials = content.get("材料")
    if isinstance(materials, list):
        content = {**content, "材料": [{"名称": one} if isinstance(one, str) else one for one in materials]}
    try:
        return Notice.model_validate(content)
    except ValidationError as error:
        problems = "；".join(dict.fromkeys(_problem(one) for one in error.errors()))
        raise NoticeError(f"通知文件 {name} 不能用：{problems}") from error


def _problem(error: Any) -> str:
    place = [part for part in error["loc"] if not str(part).startswith(("function", "literal"))]
    where = "".join(f"第{part + 1}项" if isinstance(part, int) else f"“{part}”" for part in place)
    match error["type"]:
        case "missing":
            return f"缺少{where}"
        case "extra_forbidden":
            return f"{where}不是可写的栏目，可写：{_OF_MATERIAL if len(place) > 1 else _FIELDS}"
        case "literal_error":
            return f"{where}只能是：{'、'.join(CONDITIONS)}"
        case kind if kind.startswith("date"):
            return f"{where}应为日期，写成 2026-04-30 这样"
        case "string_too_short" | "string_too_long":
            return f"{where}太短或太长"
        case "model_type" | "dict_type":
            return f"{where}应由“栏目: 内容”组成，可写：{_OF_MATERIAL}"
        case _:
            return f"{where}的内容不合要求"
