"""What can be set, where it came from, and whether it makes sense.

A value is the default, or the settings file's (TOML, ``settings.toml`` in CHUSHEN_HOME, or the file CHUSHEN_SETTINGS names), or that
of its CHUSHEN_… variable, the later winning. An unknown name in the file is refused: a typo that silently keeps the default
would be found out at the worst time.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from schemas.base import Frozen

Engine = Literal["auto", "prefect", "local"]
PictureCheck = Literal["deciding", "doubtful", "off"]
Isolation = Literal["basic", "seccomp", "full"]
Switch = Literal["on", "off"]


class SettingsError(Exception):
    """A setting cannot be used; the message is Chinese and names it."""


class Settings(Frozen):
    """Everything that can be set. Each description is what ``chushen settings`` prints."""

    home: Path = Field(description="本系统存放数据、日志的文件夹")
    engine: Engine = Field("auto", description="执行方式：auto（自动）、prefect（任务流）、local（本机直接执行）")
    picture_check: PictureCheck = Field(
        "deciding", description="文字层的数与画面核对：deciding（决定条款的）、doubtful（只核对有疑点的）、off（不核对）"
    )
    workers: int = Field(0, ge=0, le=256, description="同时处理的申报包数；0 表示按处理器核数")
    prefect_from: int = Field(50, ge=2, description="auto 时，一批达到多少个申报包起改用任务流")
    shard: int = Field(100, ge=1, le=1000, description="任务流中每一分片的申报包数")
    worker_packages: int = Field(50, ge=1, description="一个处理进程处理多少个申报包后更换")
    package_seconds: int = Field(900, ge=5, description="一个申报包最多处理多少秒，超过即中止并记录")
    file_seconds: int = Field(90, ge=5, description="解析一个文件（或画出其一页）最多用多少秒，超过即中止，该文件放在一边")
    file_memory_mb: int = Field(2048, ge=512, description="解析一个文件最多用多少内存（MB）")
    isolation: Isolation = Field(
        "basic",
        description="解析隔离的最低要求：basic（超时、内存、整组终止）、seccomp（另加系统调用过滤）、full（再加文件访问限制）；不足则不启动",
    )
    max_file_mb: int = Field(100, ge=1, description="单个文件的大小上限（MB）")
    max_package_mb: int = Field(1000, ge=1, description="一个申报包解压后的总大小上限（MB）")
    max_files: int = Field(2000, ge=1, description="一个申报包解压后的文件数上限")
    max_depth: int = Field(3, ge=1, le=10, description="压缩包嵌套的层数上限")
    records: Switch = Field("on", description="是否留存记录（原件、报告、经过）：on（留存）、off（不留，只用于试用）")
    database: str = Field("", description="记录存入哪个数据库；空为 home 下的 SQLite，或 postgresql://用户:口令@主机/库名")
    witness: Path | None = Field(None, description="见证文件：每个检查点在此留一行，宜放在另一台机器的共享文件夹；空为 home 下")
    signer: Path | None = Field(None, description="签名进程的套接字；空则密钥在 home 下，由本系统自己签名")
    records_wait: int = Field(60, ge=0, description="记录暂时写不进去时最多等多少秒")
    retention_years: int = Field(10, ge=1, description="一件申报办结后，内容保存多少年才可用 records expire 清除")


@dataclass(frozen=True)
class Loaded:
    """``origins`` says for each setting where its value came from, in Chinese."""

    settings: Settings
    origins: Mapping[str, str]
    file: Path


def load(environ: Mapping[str, str] | None = None) -> Loaded:
    """Raises ``SettingsError``."""
    env = os.environ if environ is None else environ
    home = _home(env)
    file = Path(env["CHUSHEN_SETTINGS"]).expanduser() if env.get("CHUSHEN_SETTINGS") else home / "settings.toml"
    values: dict[str, Any] = {"home": home}
    origins = dict.fromkeys(Settings.model_fields, "默认")
    if env.get("CHUSHEN_HOME"):
        origins["home"] = "环境变量 CHUSHEN_HOME"
    for name, value in _from_file(file, required="CHUSHEN_SETTINGS" in env).items():
        values[name], origins[name] = value, f"设置文件 {file}"
    for name in Settings.model_fields:
        variable = f"CHUSHEN_{name.upper()}"
        if name != "home" and env.get(variable):
            values[name], origins[name] = env[variable], f"环境变量 {variable}"
    try:
        return Loaded(Settings(**values), origins, file)
    except ValidationError as error:
        raise SettingsError(_explain(error.errors()[0], origins)) from error


def lines(loaded: Loaded) -> tuple[str, ...]:
    """What ``chushen settings`` prints: one line a setting."""
    shown = {name: _shown(name, getattr(loaded.settings, name)) for name in Settings.model_fields}
    wide, long = max(map(len, shown)), max(len(value) for name, value in shown.items() if name != "home")
    body = [
        f"{name:<{wide}}  {value:<{long}}  [{loaded.origins[name]}]  {Settings.model_fields[name].description}"
        for name, value in shown.items()
    ]
    state = "" if loaded.file.is_file() else "（尚未建立，均为默认值亦可）"
    return (*body, "", f"设置文件：{loaded.file}{state}", "环境变量：CHUSHEN_ 加大写名称，例如 CHUSHEN_WORKERS=4")


def _shown(name: str, value: Any) -> str:
    """A database's password is nobody's business."""
    if name == "database":
        return re.sub(r"(?<=:)[^:@/]*(?=@)", "***", value)
    return "" if value is None else str(value)


def _home(env: Mapping[str, str]) -> Path:
    if env.get("CHUSHEN_HOME"):
        return Path(env["CHUSHEN_HOME"]).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("chushen", appauthor=False))


def _from_file(file: Path, *, required: bool) -> dict[str, Any]:
    if not file.is_file():
        if required:
            raise SettingsError(f"找不到 CHUSHEN_SETTINGS 指定的设置文件：{file}")
        return {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"设置文件无法读取：{file}（{error}）") from error
    for name in values:
        if name not in Settings.model_fields or name == "home":
            known = "、".join(key for key in Settings.model_fields if key != "home")
            raise SettingsError(f"设置文件 {file} 中的“{name}”不是可设置的项目。可设置：{known}")
    return values


def _explain(error: ErrorDetails, origins: Mapping[str, str]) -> str:
    name = str(error["loc"][0])
    context = error.get("ctx", {})
    bounds = [f"不小于 {context['ge']}"] if "ge" in context else []
    bounds += [f"不大于 {context['le']}"] if "le" in context else []
    bounds += [f"为 {context['expected']} 之一"] if "expected" in context else []
    need = "应" + "、".join(bounds) if bounds else "应为整数" if "int" in error["type"] else "格式不对"
    return f"设置项“{name}”的值 {error['input']!r} 不能用，{need}（{origins.get(name, '')}）"
