"""What an officer is told when the records cannot be used, and whose name stands in them. Imports nothing heavy: the command line begins here."""

import getpass
import os


class RecordsError(Exception):
    """The records cannot be used; the message is Chinese and says what to do."""


def actor() -> str:
    """Who is recorded as having done it: the operating system's user."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"


def trouble(error: BaseException) -> str:
    """What an officer can do something about, without paths or parameters of the database."""
    if type(error).__name__ == "SignerError":
        return str(error)
    words = str(getattr(error, "orig", None) or error)
    number = getattr(error, "errno", None)
    if number == 28 or "full" in words:
        return "记录库所在的磁盘已满，请清理"
    if number in (30, 13) or "readonly" in words or "read-only" in words:
        return "记录库所在的文件夹不能写入，请检查权限"
    if "locked" in words or "busy" in words:
        return "记录库正被其他程序占用"
    return f"记录库暂时不能使用（{words.splitlines()[0][:120] if words else type(error).__name__}）"
