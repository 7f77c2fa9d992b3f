"""``chushen``: the command line. It reads the call, says in Chinese what is wrong with it, and shows how the work goes.

argparse, not typer: its errors are ours to word, and ``--help`` must not wait for anything. Rooms are imported where they are used.
"""

import argparse
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from flows import records_command
from flows.settings import Loaded, SettingsError, lines, load
from flows.trouble import RecordsError
from sandbox import layers

if TYPE_CHECKING:
    from schemas.notice import Notice

OK, NOT_SCREENED, WRONG_CALL = 0, 1, 2


class CallError(Exception):
    """The call is wrong; the message is Chinese and says what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 everything was screened, 1 something could not be, 2 the call is wrong."""
    _speak_utf8()
    try:
        call = _parser().parse_args(_tidy(sys.argv[1:] if arguments is None else arguments))
        run: Callable[[argparse.Namespace], int] = call.run
        return run(call)
    except (CallError, SettingsError, RecordsError) as error:
        from reports.words import visible

        print(f"错误：{visible(str(error))}", file=sys.stderr)  # noqa: T201
        return WRONG_CALL
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)  # noqa: T201
        return NOT_SCREENED


def start() -> NoReturn:
    """The console script."""
    sys.exit(main())


class _Parser(argparse.ArgumentParser):
    """Chinese headings and errors."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawTextHelpFormatter)
        kwargs["add_help"] = False
        kwargs["allow_abbrev"] = False
        super().__init__(*args, **kwargs)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示本说明")

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        raise CallError(f"{_in_chinese(message)}\n查看用法：{self.prog} --help")


WORDS = (
    (r"the following arguments are required: (.*)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的参数：\1"),
    (r"argument (\S+): expected one argument", r"\1 后面缺少内容"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 与 \2 不能同时使用"),
    (r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.*)\)", r"“\1”不能是“\2”，可选：\3"),
    (r"argument (\S+): (.*)", r"\1：\2"),
)


def _in_chinese(message: str) -> str:
    for pattern, words in WORDS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return match.expand(words).replace("PATH", "申报材料所在的路径（PATH）").replace("COMMAND", "命令（COMMAND）")
    return message


def _parser() -> argparse.ArgumentParser:
    top = _Parser(
        prog="chushen",
        description="初审：概念验证中心、中试平台申报材料的区县初审。\n读取申报材料，逐条对照政策，标出每个数字的出处，供人工确认。全程离线。",
        epilog="示例：\n  chushen screen 申报材料 --policy kunming-poc\n  chushen policy list\n各命令的说明：chushen screen --help",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="显示版本")
    commands = top.add_subparsers(title="命令", dest="command", metavar="COMMAND", required=True, parser_class=_Parser)
    _screen_parser(commands)
    _policy_parser(commands)
    records_command.add_parsers(commands, _Parser)
    quantities = commands.add_parser(
        "quantities",
        help="单独试用数量识别：每行一个 JSON，逐行输出识别结果",
        description='从标准输入逐行读取 JSON {"id","text"}，每行输出该文字中数量的 JSON 列表。',
        epilog='示例：\n  echo \'{"id": "1", "text": "场地面积350平方米"}\' | chushen quantities',
    )
    quantities.set_defaults(run=_quantities)
    settings = commands.add_parser(
        "settings",
        help="显示各项设置及其来源",
        description="显示各项设置的当前值、来源和含义。",
        epilog="示例：\n  chushen settings",
    )
    settings.set_defaults(run=_settings)
    return top


def _screen_parser(commands: Any) -> None:
    screen = commands.add_parser(
        "screen",
        help="初审一个或一批申报包",
        description="初审申报材料，为每个申报包生成报告，为整批生成汇总表。",
        epilog=(
            "示例：\n"
            "  chushen screen 2026年申报材料 --policy kunming-poc --out 初审结果\n"
            "  chushen screen 某公司申报材料.zip --policy urumqi-poc-create\n\n"
            "PATH 是文件或压缩包：一个申报包。\n"
            "PATH 是文件夹，里面都是文件夹或压缩包：一批，每一项是一个申报包。\n"
            "PATH 是文件夹，里面都是文件：一个申报包。\n"
            "既有文件又有文件夹：须用 --one 或 --batch 说明。\n\n"
            "退出状态：0 全部完成初审；1 有申报包未能初审（仍有报告说明原因）；2 命令写法有误。"
        ),
    )
    screen.add_argument("path", metavar="PATH", help="申报材料：文件、压缩包或文件夹")
    screen.add_argument("--policy", metavar="POLICY", required=True, help="政策，见 chushen policy list")
    screen.add_argument("--out", metavar="DIR", default="chushen-out", help="报告存放的文件夹（默认 chushen-out）")
    screen.add_argument("--as-of", metavar="YYYY-MM-DD", help="以哪一天为准计算上年度、近两年等（默认今天）")
    screen.add_argument(
        "--notice", metavar="FILE", help="本次申报通知：截止日期、起算日和须提交的材料（写法见 docs/operations.md）"
    )
    shape = screen.add_mutually_exclusive_group()
    shape.add_argument("--one", action="store_true", help="整个文件夹是一个申报包")
    shape.add_argument("--batch", action="store_true", help="文件夹中每一项各是一个申报包")
    screen.add_argument("--outputs", metavar="LIST", help="生成哪些文件：json,html,xlsx,docx（默认全部）")
    screen.add_argument(
        "--engine",
        choices=("auto", "prefect", "local"),
        default="auto",
        help="执行方式：auto（默认）、prefect（任务流）、local（直接执行）",
    )
    screen.add_argument(
        "--picture-check",
        choices=("deciding", "doubtful", "off"),
        help="文字层的数与画面核对：deciding（默认，决定条款的数）、doubtful（只核对有疑点的）、off（不核对）",
    )
    screen.add_argument("--against-records", action="store_true", help="还与以前初审过的申报包比较（须留有记录；同一单位的不比）")
    screen.add_argument("--again", action="store_true", help="重新初审，不取用记录中做过的（例如上次因机器忙而有文件没读完）")
    screen.add_argument("--no-records", action="store_true", help="不留存记录（试用）；平时每次初审都留存原件、报告和经过")
    screen.set_defaults(run=_screen)


def _policy_parser(commands: Any) -> None:
    policy = commands.add_parser(
        "policy",
        help="查看政策及其条款",
        description="查看本系统收录的政策，或检查自己编写的政策文件。",
        epilog="示例：\n  chushen policy list\n  chushen policy show kunming-poc\n  chushen policy check 政策/policy.yaml",
    )
    actions = policy.add_subparsers(title="操作", dest="action", metavar="ACTION", required=True, parser_class=_Parser)
    actions.add_parser("list", help="列出政策", description="列出本系统收录的政策。").set_defaults(run=_policy_list)
    show = actions.add_parser("show", help="显示一项政策的全部条款", description="显示一项政策的全部条款、原文和读法。")
    show.add_argument("policy", metavar="POLICY", help="政策，见 chushen policy list")
    show.set_defaults(run=_policy_show)
    check = actions.add_parser(
        "check", help="检查政策文件", description="检查政策文件是否能用：引文是否在原文中、数字是否在引文中，等等。"
    )
    check.add_argument("file", metavar="FILE", help="policy.yaml")
    check.set_defaults(run=_policy_check)


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        from importlib.metadata import version

        print(f"chushen {version('chushen')}")  # noqa: T201
        parser.exit()


def _screen(call: argparse.Namespace) -> int:
    from flows import batch, intake
    from flows.batch import Plan
    from flows.software import below_floors

    loaded = load()
    path, out = Path(call.path).expanduser(), Path(call.out).expanduser().absolute()
    notice = _notice(call.notice)
    anchor = notice.anchor if notice is not None and call.as_of is None else None
    outputs, as_of = _outputs(call.outputs), anchor or _day(call.as_of)
    policy, entry = _policy(call.policy, as_of)
    mode: intake.Mode = "one" if call.one else "batch" if call.batch else "auto"
    try:
        survey = intake.survey(path, mode, leave_out=out)
    except (intake.IntakeError, OSError) as error:
        raise CallError(str(error)) from error
    _can_write(out)
    _can_write(loaded.settings.home)
    there = layers()
    if not there.enough(loaded.settings.isolation):
        raise CallError(
            f"{there.told()}，达不到设置项 isolation 要求的 {loaded.settings.isolation}。请换用较新的系统，或降低该项要求。"
        )
    if weak := below_floors():
        raise CallError("；".join(weak) + "。请按 docs/operations.md 重新安装")
    engine = batch.choose(call.engine, len(survey.submissions), loaded.settings, os.environ)
    pictures = call.picture_check or loaded.settings.picture_check
    if call.against_records and (call.no_records or loaded.settings.records == "off"):
        raise CallError("--against-records 须与留存的记录比较，不能同时不留记录")
    settings = loaded.settings.model_copy(update={"records": "off"}) if call.no_records else loaded.settings
    plan = Plan(
        survey=survey,
        policy=policy,
        entry=entry,
        as_of=as_of,
        out=out,
        outputs=outputs,
        picture_check=pictures,
        notice=notice,
        again=call.again,
        against_records=call.against_records,
    )

    from flows.terminal import Terminal

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Terminal(sys.stderr, len(survey.submissions)) as terminal:
        if there.level != "full":
            terminal.warn(there.told())
        (report,) = batch.screen_batches([plan], settings, engine, terminal.watch(), terminal.warn)
    terminal.tell(plan, report)
    return NOT_SCREENED if report.counts["failed"] else OK


def _outputs(wanted: str | None) -> tuple[str, ...]:
    from flows.job import OUTPUTS

    if wanted is None:
        return OUTPUTS
    names = tuple(name.strip().lower() for name in wanted.split(",") if name.strip())
    unknown = [name for name in names if name not in OUTPUTS]
    if unknown or not names:
        raise CallError(f"--outputs 不能是“{wanted}”，可选 {'、'.join(OUTPUTS)}，以逗号分隔，例如 --outputs json,html")
    return tuple(name for name in OUTPUTS if name in names or name == "json")


def _day(text: str | None) -> date:
    if text is None:
        return date.today()  # noqa: DTZ011  (the officer's own calendar day; the one clock reading of a run)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CallError(f"--as-of 应为日期，写成 2026-03-01 这样，而不是“{text}”") from error


def _policy(name: str, as_of: date) -> tuple[str, Any]:
    import policies

    if name.endswith((".yaml", ".yml")):
        file = Path(name).expanduser().absolute()
        problems = policies.check_file(file) if file.is_file() else ("找不到这个文件",)
        if problems:
            raise CallError(f"政策文件 {file} 不能用：" + "；".join(problems))
        return str(file), policies.status_on(policies.load_file(file), as_of)
    known = policies.available()
    if name not in known:
        raise CallError(f"没有名为“{name}”的政策。可选：{'、'.join(known)}（见 chushen policy list）")
    return name, policies.status_on(policies.load(name), as_of)


def _notice(file: str | None) -> "Notice | None":
    from policies.notices import NoticeError, load_notice

    try:
        return load_notice(Path(file).expanduser()) if file else None
    except NoticeError as error:
        raise CallError(str(error)) from error


def _can_write(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CallError(f"不能写入 {folder}（{error.strerror}）。请换一个位置或检查权限。") from error
    if not os.access(folder, os.W_OK):
        raise CallError(f"不能写入 {folder}。请换一个位置或检查权限。")


def _policy_list(_: argparse.Namespace) -> int:
    import policies

    for name in policies.available():
        entry = policies.status_on(policies.load(name), _day(None))
        print(f"{name:<22}{entry.title}{'（' + entry.notice + '）' if entry.notice else ''}")  # noqa: T201
    return OK


def _policy_show(call: argparse.Namespace) -> int:
    import policies

    name, _ = _policy(call.policy, _day(None))
    print(policies.show(policies.load_file(Path(name)) if name.endswith((".yaml", ".yml")) else policies.load(name)))  # noqa: T201
    return OK


def _policy_check(call: argparse.Namespace) -> int:
    import policies

    file = Path(call.file).expanduser()
    if not file.is_file():
        raise CallError(f"找不到政策文件：{file}")
    problems = policies.check_file(file)
    for problem in problems:
        print(problem)  # noqa: T201
    if not problems:
        print("没有发现问题。")  # noqa: T201
    return NOT_SCREENED if problems else OK


def _quantities(_: argparse.Namespace) -> int:
    return stream_quantities(sys.stdin, sys.stdout, sys.stderr)


def stream_quantities(source: TextIO, target: TextIO, errors: TextIO) -> int:
    """One JSON list a line for each line that is not empty, at once; a line that is no such object gives ``[]`` and exit status 2."""
    from extractors.quantities import quantities, to_json

    status = OK
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
            found = [to_json(one) for one in quantities(text if isinstance(text, str) else _not_text())]
        except (ValueError, KeyError, TypeError):
            print(f'第 {number} 行不是 {{"id","text"}} 形式的 JSON', file=errors)
            found, status = [], WRONG_CALL
        target.write(json.dumps(found, ensure_ascii=False, default=str) + "\n")
        target.flush()
    return status


def _not_text() -> NoReturn:
    raise TypeError


def _settings(_: argparse.Namespace) -> int:
    loaded: Loaded = load()
    print("\n".join((*lines(loaded), layers().told())))  # noqa: T201
    return OK


def _speak_utf8() -> None:
    """A terminal or pipe with a narrower encoding gets ``?`` for what it lacks, never an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))
    if hasattr(sys.stdin, "reconfigure") and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8-sig")


def _tidy(arguments: Sequence[str]) -> list[str]:
    """A full-width or long dash before an option, as Chinese input methods type it."""
    return [re.sub(r"^(—|——|–|－－|－)(?=[a-z])", "--", argument) for argument in arguments]


if __name__ == "__main__":
    start()
