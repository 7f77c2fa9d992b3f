"""Comparing packages with each other: time and memory at 1 000, 10 000 and 100 000, and one new package against all of the largest number.

Facts are synthetic. Signatures are made beforehand and not counted, as they are when packages are screened: people (names as frequent as real ones, birth
months, digests of numbers), serials, rooms, contracts, and the bands of some sixty windows of text. One package in a hundred shares something with another
one; form words, an office's telephone and a logo are in thousands. Each size runs in a process of its own, so peak memory is its own.

    python -m benchmarks.across [--sizes 1000,10000,100000] [--folder DIR] [--write]
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np

from flows import crosscheck, signatures
from flows.signatures import Index
from schemas.signature import Signature
from validators import joining, likeness
from validators.joining import Kind

SIZES: Final = (1_000, 10_000, 100_000)
DOCS: Final = Path(__file__).parent.parent / "docs" / "across.md"
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
_GIVEN: Final = (
    "安柏葆昌超辰承春聪达丹德迪东方芬锋凤福冠光广贵翰豪和恒宏洪鸿虎欢辉慧吉继佳家坚剑健江锦景靖敬举君康可宽兰乐立良亮林玲凌龙璐伦洛茂美萌民铭楠宁培佩品启谦乾青清庆全泉仁荣融锐润森珊善尚绍升胜圣诗世书舒双硕松太天田庭同彤威维武希熙贤祥翔向晓新鑫兴旭学彦阳业烨义艺毅银盈永友玉钰元远源跃越云韵泽展哲珍振震正之志智中忠舟祝卓"
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海燕春雪飞鹏宇浩晨婷欣怡嘉思雨子涵梓轩博雅琪瑶俊峰凯旋"
)
_TRADES: Final = (
    "控制工程",
    "食品科学",
    "应用化学",
    "机械工程",
    "材料学",
    "药学",
    "金融学",
    "工商管理",
    "电气工程",
    "计算机科学",
)
_TITLES: Final = ("工程师", "高级工程师", "研究员", "副研究员", "经济师", "助理研究员")
_TEXT: Final = "概念验证中试工艺设备材料参数性能试验样机企业团队项目技术评估方案流程数据产线批次反馈改进需求场景风险标准检测分析平台服务成果转化对接投资产业应用研发设计制造质量成本安全环保"


def synthetic(
    number: int, rng: random.Random, planted: dict[str, Any] | None
) -> tuple[dict[str, Any], np.ndarray[Any, np.dtype[np.uint64]]]:
    """A signature as its JSON object, and the keys that stand for its text beyond what its own paragraphs give."""
    place = {"document": "d1", "page": 3, "bbox": [70, 100, 500, 118], "quote": "……"}
    people = [
        {
            "name": rng.choice(_SURNAMES[: 1 + int(rng.random() ** 2 * len(_SURNAMES))]) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2, 2)))),
            "born": f"{rng.randint(1965, 2000)}-{rng.randint(1, 12):02d}", "full_time": True, "traits": [rng.choice(_TRADES), rng.choice(_TITLES)],
            "id_number": f"{rng.getrandbits(96):024x}" if number % 2 else None, "evidence": place,
        }
        for _ in range(12)
    ]  # fmt: skip
    things = [
        {
            "name": "仪器",
            "model": f"M-{rng.randint(1, 900)}",
            "serial": f"SN{rng.getrandbits(40)}",
            "maker": True,
            "evidence": place,
        }
        for _ in range(60)
    ]
    road = f"示范路{rng.randint(1, 5_000_000)}"
    rooms = [{"street": road, "building": "A", "room": str(200 + n), "shown": "……", "evidence": place} for n in range(4)]
    numbers = [
        {"kind": "contract", "digest": f"{rng.getrandbits(96):024x}", "shown": "HT", "about": "某公司", "evidence": place}
        for _ in range(12)
    ]
    numbers.append(
        {
            "kind": "phone",
            "digest": f"{rng.getrandbits(96):024x}" if number % 3 else "office",
            "shown": "139****0000",
            "evidence": place,
        }
    )
    texts = []
    if planted is not None or number % 50 == 0:  # of the others only the keys are ever looked at
        for _ in range(3):
            words = "".join(rng.choices(_TEXT, k=110)) + "。"
            texts.append({"words": words, "own": [[0, len(words)]], "evidence": place})
    whole: dict[str, Any] = {
        "schema": "chushen.signature/1", "id": f"s{number}", "name": f"申报包{number}", "sha256": f"{number:064x}",
        "applicants": [f"某科技{number}有限公司"], "documents": [{"id": "d1", "file": "申报书.pdf", "sha256": "0" * 64, "format": "pdf", "role": "form"}],
        "people": people, "things": things, "rooms": rooms, "numbers": numbers, "texts": texts,
    }  # fmt: skip
    if planted is not None:
        part = rng.choice(("people", "things", "rooms", "texts"))
        whole[part] = [*planted[part][:2], *whole[part][2:]]
    more = np.random.default_rng(number).integers(0, 2**63, 480 + 80, dtype=np.uint64) & np.uint64(0xFFFFFFFFFFFFFFF0)
    more[:480] |= np.uint64(Kind.TEXT)
    more[480:] |= np.uint64(Kind.SENTENCE)
    form = np.arange(1, 60, dtype=np.uint64) << np.uint64(4)  # the form's own words, in every package
    return whole, np.concatenate((more, form | np.uint64(Kind.TEXT), form | np.uint64(Kind.SENTENCE)))


def packed(whole: dict[str, Any], more: Any) -> bytes:
    front = {
        "id": whole["id"],
        "figures": [{"clause": "site.area", "key": "site.area", "value": "260", "limit": "200", "verdict": "met"}],
    }
    keys = np.unique(np.concatenate((_keys(whole), more)))
    rest = json.dumps(whole, ensure_ascii=False).encode()
    return signatures.packed(keys, json.dumps(front).encode(), rest)


def _keys(whole: dict[str, Any]) -> Any:
    """What ``joining.keys`` gives, without building the signature: checked against it for the first package of each run."""
    told = [joining.number(Kind.SERIAL, one["serial"]) for one in whole["things"]]
    for one in whole["people"]:
        told += [joining.number(Kind.BORN, one["name"], one["born"]), joining.number(Kind.NAME, one["name"])]
        told += [joining.number(Kind.ID_NUMBER, one["id_number"])] if one["id_number"] else []
    told += [joining.number(Kind.ROOM, one["street"], one["building"], one["room"]) for one in whole["rooms"]]
    told += [joining.number(Kind.PHONE if one["kind"] == "phone" else Kind.CONTRACT, one["digest"]) for one in whole["numbers"]]
    if not whole["texts"]:
        return np.array(told, np.uint64)
    texts = Signature.model_validate({**whole, "people": (), "things": (), "rooms": (), "numbers": ()}).texts
    bands = likeness.bands(texts) & np.uint64(0xFFFFFFFFFFFFFFF0) | np.uint64(Kind.TEXT)
    lines = np.array([one.key for text in texts for one in likeness.sentences(text)], np.uint64)
    return np.concatenate((np.array(told, np.uint64), bands, lines))


def make(count: int, folder: Path) -> list[Path]:
    """The packages' files; those a former run left in the folder whole are taken as they are."""
    rng = random.Random(20260415)
    kept: list[dict[str, Any]] = []
    paths = [folder / f"{number // 1000:03d}" / f"{number:06d}" for number in range(count)]
    if (folder / "made").is_file():
        return paths
    for number in range(count):
        whole, more = synthetic(number, rng, rng.choice(kept) if kept and number % 100 == 99 else None)
        if number == 0:
            assert np.array_equal(np.unique(_keys(whole)), joining.keys(Signature.model_validate(whole)))
        if number % 50 == 0:
            kept.append(whole)
        paths[number].parent.mkdir(exist_ok=True)
        paths[number].write_bytes(packed(whole, more))
    (folder / "made").touch()
    return paths


def measure(count: int, folder: Path, *, one: bool) -> dict[str, Any]:
    """In a process of its own."""
    made = time.perf_counter()
    paths = make(count, folder)
    made = time.perf_counter() - made
    before = _peak()
    start, busy = time.perf_counter(), time.process_time()
    told, _ = crosscheck.compare(paths, folder / "joining")
    spent, busy = time.perf_counter() - start, time.process_time() - busy
    result: dict[str, Any] = {
        "packages": count, "seconds": round(spent, 2), "cpu_seconds": round(busy, 2), "peak_mb": round(_peak() / 1024), "peak_before_mb": round(before / 1024), "made_seconds": round(made),
        "planted": count // 100, "with_findings": sum(bool(found.findings) for found in told.values()), "with_leads": sum(bool(found.leads) for found in told.values()),
    }  # fmt: skip
    return result | (_one(count, paths, folder) if one else {})


def _one(count: int, paths: list[Path], folder: Path) -> dict[str, Any]:
    shutil.rmtree(folder / "index", ignore_errors=True)
    index = Index(folder / "index")
    start = time.perf_counter()
    index.add_packed(path.read_bytes() for path in paths)
    built = time.perf_counter() - start
    rng = random.Random(7)
    times = []
    for number in range(5):
        shared = json.loads(signatures.unpack(paths[number * 13].read_bytes()).model_dump_json())
        new = Signature.model_validate(synthetic(count + number, rng, shared)[0])
        start = time.perf_counter()
        found = crosscheck.against(new, index).told()
        times.append(time.perf_counter() - start)
        assert found, "the planted one was not found"
    size = sum(path.stat().st_size for path in (folder / "index").iterdir())
    return {"one_seconds": [round(one, 3) for one in times], "index_seconds": round(built, 1), "index_mb": round(size / 2**20)}


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--folder", type=Path, help="keep the packages made there for the next run")
    parser.add_argument("--write", action="store_true", help="put the table and the curve into docs/")
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--make", action="store_true", help=argparse.SUPPRESS)
    call = parser.parse_args()
    if call.only:
        with tempfile.TemporaryDirectory() as gone:
            folder = (call.folder or Path(gone)) / str(call.only)
            folder.mkdir(parents=True, exist_ok=True)
            if call.make:
                make(call.only, folder)
            else:
                print(json.dumps(measure(call.only, folder, one=True)))
        return
    rows = []
    for size in map(int, call.sizes.split(",")):
        order = [
            sys.executable,
            "-m",
            "benchmarks.across",
            "--only",
            str(size),
            *(["--folder", str(call.folder)] if call.folder else []),
        ]
        done = subprocess.run(order, check=True, stdout=subprocess.PIPE, text=True)
        rows.append(json.loads(done.stdout.splitlines()[-1]))
        print(json.dumps(rows[-1], ensure_ascii=False), flush=True)
    if call.write:
        write(rows)


def write(rows: list[dict[str, Any]]) -> None:
    """The table between the marks of docs/across.md, and the curve beside it."""
    begin, end = "<!-- measured -->", "<!-- /measured -->"
    lines = [
        "| packages | wall time | processor time | a package | peak memory | sharing something | one new against them | their index |",
        "| --: | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for row in rows:
        lines.append(
            f"| {row['packages']:,} | {row['seconds']:.1f} s | {row['cpu_seconds']:.1f} s | {1000 * row['seconds'] / row['packages']:.2f} ms | {row['peak_mb']} MB | {row['with_findings']:,} "
            f"| {max(row['one_seconds']):.2f} s | {row['index_mb']} MB |"
        )
    text = DOCS.read_text(encoding="utf-8")
    head, tail = text.split(begin)[0], text.split(end)[1]
    DOCS.write_text(head + "\n".join((begin, "", *lines, "", end)) + tail, encoding="utf-8")
    (DOCS.parent / "across.svg").write_text(curve(rows), encoding="utf-8")


def curve(rows: list[dict[str, Any]]) -> str:
    """Seconds over packages, both logarithmic; the dashed line is exactly linear from the first point."""
    import math

    def at(count: float, seconds: float) -> str:
        return f"{70 + 130 * (math.log10(count) - 2.7):.0f},{270 - 62 * (math.log10(max(seconds, 0.05)) + 1):.0f}"

    first = rows[0]
    points = " ".join(at(row["packages"], row["seconds"]) for row in rows)
    straight = " ".join(at(row["packages"], first["seconds"] * row["packages"] / first["packages"]) for row in rows)
    marks = "".join(
        f'<circle cx="{at(row["packages"], row["seconds"]).split(",")[0]}" cy="{at(row["packages"], row["seconds"]).split(",")[1]}" r="4" fill="#1f4e8c"/>'
        f'<text x="{int(at(row["packages"], 1).split(",")[0])}" y="290" text-anchor="middle">{row["packages"]:,}</text>'
        f'<text x="{int(at(row["packages"], 1).split(",")[0]) + 8}" y="{int(at(row["packages"], row["seconds"]).split(",")[1]) + 16}">{row["seconds"]:.1f} s, {row["peak_mb"]} MB</text>'
        for row in rows
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 310" width="520" height="310" font-family="sans-serif" font-size="12" fill="#1d2733">'
        '<rect width="520" height="310" fill="#fff"/><path d="M70 20V270H500" fill="none" stroke="#5a6675"/>'
        f'<polyline points="{straight}" fill="none" stroke="#b9c3cf" stroke-width="2" stroke-dasharray="6 5"/>'
        f'<polyline points="{points}" fill="none" stroke="#1f4e8c" stroke-width="2.5"/>{marks}'
        '<text x="80" y="34">seconds for the whole batch (logarithmic), dashed: linear</text><text x="500" y="306" text-anchor="end">packages</text></svg>\n'
    )


if __name__ == "__main__":
    main()
