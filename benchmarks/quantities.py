"""How long the quantity grammar takes, beside a bare search for digits in the same text in the same run.

python -m benchmarks.quantities
"""

import re
import timeit
from collections.abc import Callable, Sequence

from extractors.quantities import quantities, read_cell

WORDS = ("张三", "高级工程师", "概念验证中心", "技术研判", "兼职", "在库储备")
CELLS = ("512.36", "12", "1,260.5㎡", "3,500,000.00", "58.3%", "2025-07", "叁佰伍拾万元整", "3-5人", "2台（套）", "约350")
PROSE = (
    "中心对植保无人机开展失效模式排查，工艺窗口得以收窄，为轻量化结构件定型留出了余量。",
    "一是加强统筹协调；二是完善工作机制；三是进一步提升服务能力，统一管理，一体推进。",
)
SENTENCES = (
    "依托单位拥有仪器设备86台（套），原值5,123,600.00元（512.36万元），近三年服务收入突破500万元。",
    "本中试平台设在昆明市晋宁区范例大道66号科技园1号楼，房间5间，面积为4736平方米。",
    "公司成立于2015年9月14日，统一社会信用代码91650191MA1KB2CF14，注册资本1000万元，职工343人。",
    "聘请专家顾问十三人，含技术经纪（经理）人两人，外单位占58.3%，三年合计投入三百五十八万元。",
)
_DIGITS = re.compile(r"\d+")


def microseconds(work: Callable[[str], object], texts: Sequence[str]) -> float:
    """The best of five rounds, for one text."""
    timer = timeit.Timer(lambda: [work(text) for text in texts])
    rounds, _ = timer.autorange()
    return min(timer.repeat(5, rounds)) / rounds / len(texts) * 1e6


def main() -> None:
    rows: tuple[tuple[str, Callable[[str], object], Sequence[str]], ...] = (
        ("cell without a number", lambda text: read_cell(text, "万元"), WORDS),
        ("cell with a number", lambda text: read_cell(text, "万元"), CELLS),
        ("sentence without a number", quantities, PROSE),
        ("sentence with numbers", quantities, SENTENCES),
    )
    print(f"{'text':28}{'µs each':>10}{'findall µs':>12}{'ratio':>8}")
    for name, work, texts in rows:
        taken, digits = microseconds(work, texts), microseconds(_DIGITS.findall, texts)
        print(f"{name:28}{taken:10.1f}{digits:12.2f}{taken / digits:8.1f}")


if __name__ == "__main__":
    main()
