"""What a document says to a program rather than to a person, and figures written so that the two read different ones.

Run on every document once it is read, whatever its format. It changes no word and no figure: instructions and markup are only told. A figure with
something in it that cannot be seen, or too long to be one, is marked, and no value rests on it.

What surprised us: honest applications are full of 请按照以上要求 and 系统提示, and honest rules say 忽略上述要求的，不予受理. So a phrase counts only with its whole
construction: who is addressed, what is to be ignored, and no word that makes it a condition or a ban.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Final

from schemas.document import Document, Mark, ReaderWarning
from schemas.vocabulary import Outcome, WarningCode

#: Characters that take no place on the page, and those that turn its direction.
UNSEEN: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"
)
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")
_WIDE_LETTER: Final = re.compile("[Ａ-Ｚａ-ｚ＜＞]")
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_ALL: Final = "(?:以上|上述|上面|之前|此前|先前|前面|前述|所有|全部|一切|任何|原有|原来|既有|既定|系统|你的|你收到|你被)"
_ORDERS: Final = "(?:指令|指示|提示词|提示语|系统提示|命令|设定|规则|要求|约束|限制|prompt)"
_MODEL: Final = "(?:AI|人工智能|大语言模型|语言模型|大模型|智能体|聊天机器人|机器人|ChatGPT|GPT|LLM)"
_RULING: Final = (
    "(?:通过|合格|符合|满足|批准|同意|推荐|满分|达标|approved?|pass(?:ed)?|met|true)"
    "(?![”\"'」』]?\\s*(?:证|率|品|性|线|否|与否|或|/|、|的|不))"
)
_HELD: Final = "[：:\\s“”\"'「『]{0,3}"

#: Words of which one must be there (in small letters), and the construction that then counts. The words keep an honest document cheap.
_SPOKEN: Final[tuple[tuple[tuple[str, ...], str], ...]] = (
    (
        ("忽略", "无视", "忘记", "忘掉", "忘却", "理会", "遵守", "抛弃", "推翻"),
        rf"(?<!请勿)(?<!不要)(?<!不得)(?<!不可)(?<!不能)(?<!不应)(?<!切勿)(?<!严禁)(?<!禁止)(?<!不许)(?<!可以)(?<!不会)(?<!不宜)(?<![勿不])"
        rf"(?:忽略|无视|忘记|忘掉|忘却|不要理会|不用理会|无需理会|不必理会|不要遵守|不必遵守|抛弃|推翻)(?:掉|了)?"
        rf"[^。；;\n]{{0,8}}?{_ALL}[^。；;，,\n]{{0,8}}?{_ORDERS}(?!的|者|而|将|会|导致|造成|等|，?不予|，?一律不)",
    ),
    (
        ("你",),
        rf"你(?:现在|从现在起|将|是|要|应该?|必须|需要)?(?:就)?(?:是|扮演|充当|作为)(?:一(?:个|名|位))?[^。；，\n]{{0,6}}"
        rf"(?:审批员|审批人|审核员|审查员|评审员|评审专家|审核助手|评审助手|助手|{_MODEL})",
    ),
    (
        ("你",),
        rf"你(?:的任务|必须|只能|只需|务必|应当|应该|应|需|要)[^。；\n]{{0,12}}(?:输出|回复|回答|返回|判定|判断|标记|评定|给出)[^。；\n]{{0,10}}?{_RULING}",
    ),
    (
        ("输出", "返回", "标记", "标注", "判定", "判为", "评为", "打分", "打上"),
        rf"(?:请|务必|必须|直接|只|一律|统一)(?:直接|务必|一律|自动|只|仅|你)?(?:将|把|对)?[^。；，,、\n是否]{{0,16}}?"
        rf"(?:输出|返回|标记为?|标注为|判定为?|判为|评为|打分为?|打上)(?!是否){_HELD}(?:审查|审核|初审|全部|均为?|为|结果)?(?:结果|结论)?(?:为|是)?{_HELD}{_RULING}",
    ),
    (
        ("无论",),
        rf"无论[^。；\n]{{0,24}}(?:都|均|一律|请)(?:要|应|请)?(?:输出|回复|回答|返回|标记|判定为?)[^。；\n]{{0,6}}{_RULING}",
    ),
    (
        ("直接", "自动", "无条件", "立即"),
        r"(?:直接|自动|无条件|立即)(?:予以)?(?:批准|通过|判定通过)(?:本|该|此)?(?:次)?(?:申请|项目|申报|材料)?[，,]?(?:无需|不必|不要|不用)再?(?:审核|核对|检查|审查|核查|人工)",
    ),
    (("你是",), rf"(?:如果|若|假如)你是(?:一个|一名)?[^。；，\n]{{0,4}}(?:{_MODEL}|程序|模型|系统)"),
    (
        ("致",),
        rf"(?<![\u4e00-\u9fff])致(?:各位|本次|阅读本文的)?{_MODEL}(?:审核|审查|评审|初审|阅读)?(?:系统|助手|模型|程序)?[:：,，]",
    ),
    (("作为",), rf"作为(?:一个|一名)?{_MODEL}(?:模型|助手)?[,，]?你"),
    (
        ("请注意", "请忽略", "请直接", "输出"),
        rf"{_MODEL}(?:审核|审查|评审)?(?:系统|助手|模型)?(?:请注意|请忽略|请直接|必须输出|请输出)",
    ),
    (
        ("系统提示", "系统指令", "系统消息", "system prompt", "system message"),
        r"(?:系统提示词?|系统指令|系统消息|system prompt|system message)\s*[:：]\s*[\"“'「]?"
        r"(?:你(?:现在)?(?:是|必须|应|只能|要|的任务)|忽略|无视|忘记|请?直接(?:批准|通过|输出|判|推荐)|you\b|ignore|approve|always)",
    ),
    (
        ("系统提示", "初始指令", "system prompt"),
        r"(?:输出|泄露|打印|复述|告诉我)你的?(?:系统提示词?|初始指令|system prompt)|\b(?:your|reveal|print|show|repeat)\s+(?:the\s+)?system\s+prompt\b",
    ),
    (
        ("ignore", "disregard", "forget", "override", "bypass"),
        r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:\w+\s+){0,3}?(?:previous|prior|above|preceding|earlier|all|any|your|system|these|those)\s+"
        r"(?:\w+\s+){0,3}?(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|commands?|constraints?|checks?)\b",
    ),
    (
        ("you are", "act as", "pretend", "behave"),
        r"\b(?:you\s+are|act\s+as|pretend\s+to\s+be|behave\s+as)\s+(?:now\s+)?(?:an?\s+|the\s+)?(?:\w+\s+){0,2}?"
        r"(?:AI|assistant|language\s+model|chatgpt|gpt|reviewer|approver|evaluator|administrator|DAN)\b",
    ),
    (("as a",), r"\bas\s+an?\s+(?:AI|artificial\s+intelligence|(?:large\s+)?language\s+model)\b(?!-)"),
    (
        ("output", "respond", "reply", "return", "answer", "say", "write"),
        r"\b(?:output|respond|reply|return|answer|say|write)\s+(?:only\s+|with\s+|exactly\s+|just\s+){0,3}[\"'“‘]?"
        r"(?:approved?|pass(?:ed)?|accepted?|recommend(?:ed)?|compliant)\b",
    ),
    (
        ("mark ",),
        r"\bmark\s+(?:this|the|all|every|it)\s*(?:\w+\s+){0,4}?as\s+(?:approved|passed|met|compliant|accepted|qualified)\b",
    ),
    (
        ("approve", "verdict", "decision", "recommendation", "is_valid"),
        r"\b(?:approve[ds]?|verdict|decision|recommendation|is_valid)[\"']?\s*[=:]{1,2}\s*[\"']?(?:true|approved?|pass(?:ed)?|recommend|met)\b",
    ),
    (
        ("not ", "n't ", "never "),
        r"\b(?:do\s+not|don't|never)\s+(?:tell|inform|alert|mention|reveal)\s+(?:this\s+|it\s+|anything\s+)?(?:to\s+)?(?:the\s+)?(?:users?|reviewers?|humans?|officers?)\b",
    ),
    (
        ("system", "assistant", "instruction", "prompt", "<sys", "</sys", "<|", "inst]", "_of_turn"),
        r"<[ \t]{0,3}/?[ \t]{0,3}(?:system|assistant|instructions?|prompt|sys)[ \t]{0,3}>|<\|(?:im_start|im_end|system|user|assistant|endoftext|end_of_turn)\|>"
        r"|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|(?:^|\n)[ \t]{0,9}#{2,4}[ \t]{0,9}(?:system|instructions?|assistant|new instructions?)[ \t]{0,9}[:：]"
        r"|\b(?:BEGIN|END)\s+(?:SYSTEM|PROMPT|INSTRUCTIONS?)\b",
    ),
)

_MARKUP: Final = re.compile(
    r"<\s*(?:script|iframe|object|embed|svg|img|body|form|meta|link|base)\b[^<>]{0,300}(?:>|\bon\w{3,20}\s*=)|\bon(?:error|load|click|mouseover|focus)\s*=\s*[\"']?\w"
    r"|\b(?:java|vb)script[ \t]{0,9}:[ \t]{0,9}\S|\{\{[^{}\n]{1,80}[.*+(|'\"][^{}\n]{0,80}\}\}|\$\{(?:jndi|env|sys|T\()[^}\n]{0,80}\}|<%[=@]|<\?php",
    re.IGNORECASE,
)

_DIGIT: Final = "0-9０-９"
#: What must be there at all, and what is then odd.
_ODD: Final[tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]] = tuple(
    (re.compile(guard), re.compile(pattern))
    for guard, pattern in (
        (f"[{_DIGIT}]{{31}}", f"[{_DIGIT}]{{31,}}"),
        (f"[{_DIGIT}][,，.．][{_DIGIT}]", f"[{_DIGIT}](?:[,，.．]?[{_DIGIT}]){{59,}}"),
        (f"[{UNSEEN}]", f"[{_DIGIT}.,，．][{UNSEEN}]+(?=[{_DIGIT}.,，．])|[\u202a-\u202e\u2066-\u2069][{_DIGIT}]"),
        ("[０-９]", "[0-9][.,]?[０-９]|[０-９][.,．，]?[0-9]"),
        (
            "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20df\u20e5-\u20ea]",
            f"[{_DIGIT}][\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20df\u20e5-\u20ea]",
        ),
        ("[0-9][eE]", r"(?<![A-Za-z0-9])[0-9]{1,30}(?:\.[0-9]{1,20})?[eE][+-]?[0-9]{3,}(?![0-9A-Za-z])"),
        ("[\u0660-\u0ae6]", "[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef]"),
        ("[\U0001d7ce-\U0001d7ff]", "[\U0001d7ce-\U0001d7ff]"),
    )
)
_FIGURE: Final = re.compile(f"[{_DIGIT}.,，．{UNSEEN}]")
_FIGURES: Final = re.compile(f"[{_DIGIT}.,，．{UNSEEN}]+")
_NO_NUMBER: Final = re.compile(r"[-+]?(?:nan|inf|infinity|非数字)", re.IGNORECASE)
#: Places marked in one document; a flood of them is told all the same.
MOST: Final = 2000

INSTRUCTIONS: Final = "含有对审核程序或人工智能说话的文字（如要求忽略规则、直接通过），系统未予理会，请核对来由"
MARKUP: Final = "文字中含有网页或程序代码，系统只按文字处理，不会运行"
ODD_NUMBER: Final = "有数字的写法异常（夹有看不见的字符、全角半角混写或位数过多），系统未采用，请改为普通写法后重新上传"


def noticed(document: Document, name: str = "") -> Document:
    """``document`` with what stands in it, or in its ``name``, told as warnings. Doing it twice tells nothing twice."""
    if document.outcome not in (Outcome.OK, Outcome.OK_WARN, Outcome.PARTIAL):
        return document
    odd = _odd(document)
    marks = document.marks
    if fresh := set(odd) - set(marks):
        marks = tuple(sorted((*marks, *fresh), key=lambda m: (m.start, m.end)))
    aside = "\n".join((name, *(m.words for m in marks if m.words), *(value for _, value in document.about)))
    found = []
    for code, message, met in ((WarningCode.INSTRUCTIONS, INSTRUCTIONS, _spoken), (WarningCode.ACTIVE_CONTENT, MARKUP, _coded)):
        if (at := _plainly(met, document.text)) is not None:
            found.append(ReaderWarning(code, message + "。", _page(document, at)))
        elif _plainly(met, aside) is not None:
            found.append(ReaderWarning(code, message + "。"))
    if odd:
        found.append(
            ReaderWarning(
                WarningCode.ODD_NUMBER, ODD_NUMBER + "。", (document.page_of(odd[0].start) or 0) if document.paged else 0
            )
        )
    return warned(replace(document, marks=marks), *found)


def warned(document: Document, *more: ReaderWarning) -> Document:
    """A document that was read, with more to be said of it; what it says already is not said again."""
    told = {(w.code, w.message) for w in document.warnings}
    more = tuple(w for w in more if (w.code, w.message) not in told)
    if not more or document.outcome not in (Outcome.OK, Outcome.OK_WARN, Outcome.PARTIAL):
        return document
    joint = "；" if document.outcome is not Outcome.OK else "，但发现："
    message = document.message.rstrip("。") + joint + "；".join(w.message.rstrip("。") for w in more) + "。"
    outcome = Outcome.OK_WARN if document.outcome is Outcome.OK else document.outcome
    return replace(document, outcome=outcome, message=message, warnings=(*document.warnings, *more))


def _page(document: Document, at: int) -> int:
    return (document.page_of(at) or 0) if document.paged else 0


def _spoken(text: str) -> int | None:
    low = text.lower()
    found = (_compiled(pattern).search(text) for triggers, pattern in _SPOKEN if any(word in low for word in triggers))
    return min((match.start() for match in found if match), default=None)


def _coded(text: str) -> int | None:
    match = _MARKUP.search(text) if any(sign in text for sign in "<={$:") else None
    return match.start() if match else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _plainly(met: Callable[[str], int | None], text: str) -> int | None:
    """Where ``met`` finds something, also when written with wide letters, or with characters that cannot be seen between its own."""
    if (at := met(text)) is not None:
        return at
    bare = text.translate(_WIDE) if _WIDE_LETTER.search(text) else text
    if not _UNSEEN.search(bare):
        return met(bare) if bare is not text else None
    kept = [i for i, piece in enumerate(bare) if not _UNSEEN.match(piece)]
    at = met("".join(bare[i] for i in kept))
    return None if at is None else kept[at]


def _odd(document: Document) -> list[Mark]:
    """The figures no value may rest on."""
    spans = [match.span() for guard, odd in _ODD if guard.search(document.text) for match in _first(odd, document.text)]
    for table in document.tables:
        if table.sheet:
            spans += [(c.start, c.end) for c in table.cells if _NO_NUMBER.fullmatch(document.text[c.start : c.end].strip())]
    return [Mark("odd", start, end) for start, end in _whole(spans, document.text)]


def _whole(spans: list[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """The figures that the spans stand in, whole and each once: half a figure is another figure."""
    after = -1
    for start, end in sorted(set(spans))[:MOST]:
        if end <= after:
            continue
        while start > max(after, 0) and _FIGURE.match(text[start - 1]):
            start -= 1
        after = max(end, after)
        if match := _FIGURES.match(text, after):
            after = match.end()
        yield start, after


def _first(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    for count, match in enumerate(pattern.finditer(text)):
        if count >= MOST:
            return
        yield match
